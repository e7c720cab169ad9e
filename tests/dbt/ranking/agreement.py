"""Asks of a database whether its ranking marts say what the answers of its rounds say."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.dbt.ranking.random_rounds import Round
from tests.dbt.ranking.recompute import (
    COUNTED,
    Counts,
    Ranks,
    Resamples,
    count,
    draw_missing,
    groups,
    label,
    ours,
    ranks,
    remark,
    resample,
    rows,
    subgroups,
    tied_otherwise,
)

DEPRECATED = {
    "lowest_rank": "best_rank_left_out",
    "highest_rank": "worst_rank_left_out",
    "rank_dense": "rank_colours_dense",
    "rank_modified": "rank_colours_modified",
    "rank_fractional": "rank_colours_fractional",
    "bootstrap_low": "best_rank_resampled",
    "bootstrap_high": "worst_rank_resampled",
}
"""Old names of columns of `mart_rank_robustness`, each with the new one."""


def assert_rankings_agree(rounds: list[Round], database: Path) -> None:
    """`mart_question_ranking` and `mart_consortium_ranking`."""
    national = {(r["round_id"], r["question_no"]): r for r in rows(database, "from mart_question_ranking")}
    consortium = {
        (r["round_id"], r["consortium_code"], r["question_no"]): r
        for r in rows(database, "from mart_consortium_ranking")
    }
    codes = [str(r["consortium_code"]) for r in rows(database, "from dim_consortium")]
    assert len(national) == sum(one.questions for one in rounds)
    assert len(consortium) == len(codes) * len(national)
    for one in rounds:
        for code in ("all", *codes):
            members = {name for name in one.answers if code in ("all", one.consortium[name])}
            counts = count(one, members)
            green, red, total, rank = ours(counts)
            joint = Counter(rank.values())
            group = groups(total)
            part = subgroups(total, group)
            for question, c in counts.items():
                place = (one.round_id, code, question)
                row = national[one.round_id, question] if code == "all" else consortium[place]
                assert row["returns"] == len(members), place
                assert row["rated"] == sum(c[rating] for rating in COUNTED), place
                assert all(row[rating] == c[rating] for rating in COUNTED), place
                assert row["blank"] == c["blank"], place
                for rating in COUNTED:
                    share = row[f"{rating}_share"]
                    assert (share is None) == (not members), place
                    assert share is None or abs(share - c[rating] / len(members)) < 1e-6, place
                assert (row["polarisation"] is None) == (not members), place
                if members:
                    polarisation = 4 * c["green"] * c["red"] / len(members) ** 2
                    assert abs(row["polarisation"] - polarisation) < 1e-6, place
                assert row["green_rank"] == green.get(question), place
                assert row["red_rank"] == red.get(question), place
                assert row["rank_sum"] == total.get(question), place
                assert row["confidence_rank"] == rank.get(question), place
                assert row["has_few_ratings"] == (row["rated"] < 0.8 * len(members)), place
                assert row["is_joint"] == (question in rank and joint[rank[question]] > 1), place
                if code == "all":
                    assert row["confidence_group"] == group.get(question), place
                    assert row["confidence_subgroup"] == part.get(question), place
                    assert row["report_label"] == label(rank, question), place
                    assert row["comment"] == remark(counts, len(members), group, question), place
                else:
                    assert row["is_small_base"] == (len(members) < 5), place


def assert_robustness_agrees(rounds: list[Round], database: Path, resamples: int = 5000) -> None:
    """`mart_rank_robustness`, `mart_group_stability`, `mart_rank_pair` and `mart_ranking_reliability`, every column.

    `resamples` are those that they were built with.
    """
    marts = {(r["round_id"], r["question_no"]): r for r in rows(database, "from mart_rank_robustness")}
    stability = {(r["round_id"], r["question_no"]): r for r in rows(database, "from mart_group_stability")}
    reliability = {r["round_id"]: r for r in rows(database, "from mart_ranking_reliability")}
    compared: dict[str, list[dict[str, Any]]] = {one.round_id: [] for one in rounds}
    for row in rows(database, "from mart_rank_pair"):
        compared[row["round_id"]].append(row)
    for one in rounds:
        everyone = set(one.answers)
        missing = len(one.consortium) - len(one.answers)
        counts = count(one, everyone)
        reported = count(one, everyone, estimated=False)
        blanks = {
            rating: {q: c + Counter({rating: c["blank"]}) for q, c in reported.items()} for rating in COUNTED
        }
        green, red, total, rank = ours(counts)
        left_out = [ours(count(one, everyone - {name})) for name in sorted(everyone)]
        resampled, drawn = resample(one, resamples), draw_missing(one, resamples)
        best, worst = (
            {
                q: ours({o: c + Counter({own if o == q else others: missing}) for o, c in counts.items()})[
                    3
                ].get(q)
                for q in counts
            }
            for own, others in (("green", "red"), ("red", "green"))
        )
        expected: dict[str, dict[int, int | None]] = {
            "confidence_rank": {**rank},
            "best_rank_left_out": {
                q: min((r[q] for *_, r in left_out if q in r), default=None) for q in counts
            },
            "worst_rank_left_out": {
                q: max((r[q] for *_, r in left_out if q in r), default=None) for q in counts
            },
            "rank_duplicates_once": {**ours(count(one, everyone - one.duplicates.keys()))[3]},
            "rank_reported_only": {**ours(reported)[3]},
            "rank_blank_red": {**ours(blanks["red"])[3]},
            "rank_blank_green": {**ours(blanks["green"])[3]},
            "rank_net": {**ranks(counts, lambda c: c["red"] - c["green"])},
            "rank_mean_score": {
                **ranks(counts, lambda c: -Fraction(2 * c["green"] + c["amber"], sum_ratings(c)))
            },
            "rank_green_alone": {**green},
            "rank_red_alone": {**red},
            "rank_shares": {**rank_shares(counts)},
            "rank_reported_shares": {**rank_shares(reported)},
            **{
                f"rank_colours_{way}": {**tied_otherwise(counts, way)}
                for way in ("dense", "modified", "fractional")
            },
            "best_rank_resampled": {q: resampled.interval(q)[0] for q in counts},
            "worst_rank_resampled": {q: resampled.interval(q)[1] for q in counts},
            "best_rank_missing": best,
            "worst_rank_missing": worst,
            "best_rank_missing_drawn": {q: drawn.interval(q)[0] if drawn else None for q in counts},
            "worst_rank_missing_drawn": {q: drawn.interval(q)[1] if drawn else None for q in counts},
        }
        for question in counts:
            row = marts[one.round_id, question]
            names = row.keys() - {"round_id", "question_no", "question_key", "short_reference"}
            assert names == expected.keys() | DEPRECATED.keys()
            for column in names:
                value = expected[DEPRECATED.get(column, column)].get(question)
                assert row[column] == value, (one.round_id, question, column)
        assert_stability_agrees(
            [stability[one.round_id, question] for question in counts],
            {"left_out": [groups(sums) for *_, sums, _ in left_out], "resample": resampled.groups()},
        )
        assert_pairs_agree(compared[one.round_id], resampled)
        published = groups(total)
        regrouped = [
            sum(group != published[q] for q, group in groups(sums).items()) for *_, sums, _ in left_out
        ]
        row = reliability[one.round_id]
        assert (row["returns"], row["missing_returns"]) == (len(everyone), missing)
        assert (row["left_out_runs"], row["resamples"]) == (len(everyone), resamples)
        assert row["regrouping_runs"] == sum(number > 0 for number in regrouped)
        assert row["most_questions_regrouped"] == max(regrouped)


def sum_ratings(counts: Counter[str]) -> int:
    return sum(counts[rating] for rating in COUNTED)


def rank_shares(counts: Counts) -> Ranks:
    """Ranks by the sum of the ranks by share of green and by share of red among the ratings."""
    green = ranks(counts, lambda c: -Fraction(c["green"], sum_ratings(c)))
    red = ranks(counts, lambda c: Fraction(c["red"], sum_ratings(c)))
    total = {q: green[q] + red[q] for q in green}
    return {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def assert_stability_agrees(published: list[dict[str, Any]], runs: dict[str, list[dict[int, str]]]) -> None:
    for row in published:
        assert (row["left_out_runs"], row["resamples"]) == (len(runs["left_out"]), len(runs["resample"]))
        for kind, found in runs.items():
            for group in ("high", "medium", "low"):
                times = sum(run.get(row["question_no"]) == group for run in found)
                share = row[f"{kind}_{group}_share"]
                assert abs(share - times / len(found)) < 1e-6, (row["question_no"], kind, group)


def assert_pairs_agree(published: list[dict[str, Any]], resampled: Resamples) -> None:
    questions = resampled.rank.shape[1]
    assert len(published) == questions * (questions - 1) / 2
    for row in published:
        order = resampled.order(row["question_no"], row["other_question_no"])
        shares = [row[f"{way}_share"] for way in ("above", "equal", "below")]
        assert row["pair_resamples"] == sum(order)
        assert shares == [round(times / sum(order), 6) if sum(order) else None for times in order]
        assert row["has_clear_order"] == (sum(order) > 0 and max(order[0], order[2]) / sum(order) >= 0.95)


def assert_coverage_agrees(rounds: list[Round], database: Path) -> None:
    """`mart_coverage`, every count."""
    marts = {(r["round_id"], r["consortium_code"]): r for r in rows(database, "from mart_coverage")}
    areas = Counter(r["committee_id"] for r in rows(database, "from dim_local_authority"))
    for one in rounds:
        for code in {"all", *one.consortium.values()}:
            invited = {name for name, own in one.consortium.items() if code in ("all", own)}
            returned = invited & one.answers.keys()
            row = marts[one.round_id, code]
            assert [row[column] for column in ("invited", "returned", "not_returned", "rejected")] == [
                len(invited),
                len(returned),
                len(invited - returned),
                0,
            ]
            assert row["distinct_contents"] == len(returned - one.duplicates.keys())
            assert row["local_authorities"] == sum(areas[name] for name in invited)
            assert row["local_authorities_covered"] == sum(areas[name] for name in returned)


def assert_change_agrees(rounds: list[Round], database: Path) -> tuple[int, int]:
    """`mart_round_change` and `mart_rating_flow`. Returns how many questions were compared, and how many shown."""
    found = {
        (row["round_id"], row["question_no"]): row
        for row in rows(database, "select * from marts.mart_round_change")
    }
    flows: dict[tuple[str, int], Counter[tuple[str, str]]] = {}
    for row in rows(database, "select * from marts.mart_rating_flow"):
        flow = flows.setdefault((row["round_id"], row["question_no"]), Counter())
        flow[row["rating_then"], row["rating_now"]] = row["committees"]
    compared = shown = 0
    for then, now in pairwise(rounds):
        questions = sorted(now.comparable & set(range(1, then.questions + 1)))
        before, after = (
            {question: counts[question] for question in questions}
            for counts in (count(one, set(one.answers)) for one in (then, now))
        )
        rank_then, rank_now = ours(before)[3], ours(after)[3]
        for question in questions:
            row = found.pop((now.round_id, question))
            compared += 1
            was, became = (
                {name: answers[question] for name, answers in one.answers.items() if answers[question]}
                for one in (then, now)
            )
            both = was.keys() & became.keys()
            assert (row["only_then"], row["only_now"]) == (len(was) - len(both), len(became) - len(both))
            assert (row["matched"], row["unclear_before"]) == (len(both), 0)
            assert [row[f"{colour}_then"] for colour in COUNTED] == [before[question][c] for c in COUNTED]
            assert [row[f"{colour}_now"] for colour in COUNTED] == [after[question][c] for c in COUNTED]
            assert row["compared_rank_then"] == rank_then.get(question)
            assert row["compared_rank_now"] == rank_now.get(question)
            outside = [{given[name] for name in given.keys() - both} for given in (was, became)]
            is_withheld = len(both) < 5 or any(len(colours) == 1 for colours in outside)
            assert row["is_withheld"] == is_withheld
            steps = [COUNTED.index(str(was[n])) - COUNTED.index(str(became[n])) for n in both]
            moves = [sum(s > 0 for s in steps), sum(s == 0 for s in steps), sum(s < 0 for s in steps)]
            published = [row[name] for name in ("moved_up", "stayed", "moved_down")]
            assert published == ([None] * 3 if is_withheld else moves)
            flow = Counter((str(was[name]), str(became[name])) for name in both)
            assert flows.get((now.round_id, question), Counter()) == (Counter() if is_withheld else flow)
            shown += not is_withheld
    assert found == {}
    return compared, shown
