"""Asks of a database whether its ranking marts say what the answers of its rounds say."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from tests.dbt.ranking.random_rounds import Round
from tests.dbt.ranking.recompute import (
    COUNTED,
    bootstrap,
    count,
    groups,
    label,
    ours,
    ranks,
    remark,
    rows,
    subgroups,
    tied_otherwise,
)

ROBUSTNESS = {
    "round_id", "question_no", "question_key", "short_reference", "confidence_rank", "lowest_rank", "highest_rank",
    "rank_duplicates_once", "rank_reported_only", "rank_blank_red", "rank_blank_green", "rank_net",
    "rank_mean_score", "rank_green_alone", "rank_red_alone", "rank_dense", "rank_modified", "rank_fractional",
    "bootstrap_low", "bootstrap_high",
}  # fmt: skip
"""Every column that is compared here: a new one has to be computed here, too."""


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
                assert row["is_joint"] == (question in rank and joint[rank[question]] > 1), place
                if code == "all":
                    assert row["confidence_group"] == group.get(question), place
                    assert row["confidence_subgroup"] == part.get(question), place
                    assert row["report_label"] == label(rank, question), place
                    assert row["comment"] == remark(counts, len(members), group, question), place
                else:
                    assert row["is_small_base"] == (len(members) < 5), place


def assert_robustness_agrees(rounds: list[Round], database: Path, resamples: int = 500) -> None:
    """`mart_rank_robustness`, every column; `resamples` are those that it was built with."""
    marts = {(r["round_id"], r["question_no"]): r for r in rows(database, "from mart_rank_robustness")}
    for one in rounds:
        everyone = set(one.answers)
        counts = count(one, everyone)
        reported = count(one, everyone, estimated=False)
        left_out = [ours(count(one, everyone - {name}))[3] for name in sorted(everyone)]
        blanks = {
            rating: {q: c + Counter({rating: c["blank"]}) for q, c in reported.items()} for rating in COUNTED
        }
        green, red, _, rank = ours(counts)
        expected = {
            "confidence_rank": rank,
            "rank_duplicates_once": ours(count(one, everyone - one.duplicates))[3],
            "rank_reported_only": ours(reported)[3],
            "rank_blank_red": ours(blanks["red"])[3],
            "rank_blank_green": ours(blanks["green"])[3],
            "rank_net": ranks(counts, lambda c: c["red"] - c["green"]),
            "rank_mean_score": ranks(
                counts, lambda c: -Fraction(2 * c["green"] + c["amber"], sum(c[rating] for rating in COUNTED))
            ),
            "rank_green_alone": green,
            "rank_red_alone": red,
            **{f"rank_{way}": tied_otherwise(counts, way) for way in ("dense", "modified", "fractional")},
        }
        interval = bootstrap(one, resamples)
        for question in counts:
            row = marts[one.round_id, question]
            place = (one.round_id, question)
            assert set(row) == ROBUSTNESS
            found = [other[question] for other in left_out if question in other]
            assert row["lowest_rank"] == min(found, default=None), place
            assert row["highest_rank"] == max(found, default=None), place
            for column, values in expected.items():
                assert row[column] == values.get(question), (*place, column)
            bounds = (row["bootstrap_low"], row["bootstrap_high"])
            assert bounds == interval.get(question, (None, None)), place


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
            assert row["distinct_contents"] == len(returned - one.duplicates)
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
