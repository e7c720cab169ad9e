"""Every measure of the ranking marts, computed anew in plain Python on 200 invented rounds."""

import shutil
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.home import REPOSITORY, VARIABLE, Home
from dagster_project.raw.tables import create_tables
from dagster_project.transform.project import invoke
from tests.ranking.random_rounds import Round, invent, write

ROUNDS = 200
COUNTED = ("green", "amber", "red")
Counts = dict[int, Counter[str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Round], Path]:
    """The rounds, and the database that dbt built of them."""
    root = tmp_path_factory.mktemp("random")
    shutil.copytree(REPOSITORY / "dbt" / "seeds", root / "dbt" / "seeds")
    rounds = invent(seed=20, count=ROUNDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(root))
        home = Home.current()
        home.prepare()
        with duckdb.connect(str(home.build_database)) as connection:
            create_tables(connection)
        write(rounds, home.seeds, home.build_database)
        result = invoke(["build", "--exclude-resource-type", "unit_test"])
        failed = [
            (one.node.name, one.message) for one in result.result if one.status not in ("success", "pass")
        ]
        assert failed == []
    return rounds, home.build_database


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def count(one: Round, members: set[str]) -> Counts:
    return {
        question: Counter(one.answers[name][question] or "blank" for name in members)
        for question in range(1, one.questions + 1)
    }


def ranks(counts: Counts, better: Callable[[Counter[str]], Any]) -> dict[int, int]:
    """Standard competition ranks of the rated questions; a smaller key is better."""
    rated = {question: better(c) for question, c in counts.items() if sum(c[rating] for rating in COUNTED)}
    return {question: 1 + sum(key < own for key in rated.values()) for question, own in rated.items()}


def ours(counts: Counts) -> tuple[dict[int, int], dict[int, int], dict[int, int], dict[int, int]]:
    green, red = ranks(counts, lambda c: -c["green"]), ranks(counts, lambda c: c["red"])
    total = {question: green[question] + red[question] for question in green}
    return green, red, total, {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def groups(total: dict[int, int]) -> dict[int, str]:
    steps = sorted(set(total.values()))
    gaps = sorted(((b - a, -a, b) for a, b in pairwise(steps)), reverse=True)[:2]
    cuts = [at for _, _, at in gaps]
    names = {0: ["medium"], 1: ["high", "low"], 2: ["high", "medium", "low"]}[len(cuts)]
    return {question: names[sum(at <= s for at in cuts)] for question, s in total.items()}


def test_the_invented_rounds_have_every_awkward_shape(built: tuple[list[Round], Path]) -> None:
    rounds, _ = built
    assert {one.questions for one in rounds} >= {1, 40}
    assert any(len(one.answers) == 1 for one in rounds)
    assert any(
        set(one.consortium.values()) - {one.consortium[name] for name in one.answers} for one in rounds
    )
    assert any(
        not any(a[q] for a in one.answers.values()) for one in rounds for q in range(1, one.questions + 1)
    )


def test_national_and_consortium_rankings_agree(built: tuple[list[Round], Path]) -> None:
    rounds, database = built
    national = {
        (row["round_id"], row["question_no"]): row
        for row in rows(database, "from marts.mart_question_ranking")
    }
    consortium = {
        (row["round_id"], row["consortium_code"], row["question_no"]): row
        for row in rows(database, "from marts.mart_consortium_ranking")
    }
    assert len(national) == sum(one.questions for one in rounds)
    assert len(consortium) == 4 * len(national)
    for one in rounds:
        for code in ("all", *"NWEX"):
            members = {name for name in one.answers if code in ("all", one.consortium[name])}
            counts = count(one, members)
            green, red, total, rank = ours(counts)
            joint = Counter(rank.values())
            group = groups(total)
            for question, c in counts.items():
                row = (
                    national[one.round_id, question]
                    if code == "all"
                    else consortium[one.round_id, code, question]
                )
                place = (one.round_id, code, question)
                assert row["returns"] == len(members), place
                assert row["rated"] == sum(c[rating] for rating in COUNTED), place
                assert all(row[rating] == c[rating] for rating in COUNTED), place
                assert row["blank"] == c["blank"], place
                for rating in COUNTED:
                    share = row[f"{rating}_share"]
                    assert (share is None) == (not members), place
                    assert share is None or abs(share - c[rating] / len(members)) < 1e-6, place
                assert row["green_rank"] == green.get(question), place
                assert row["red_rank"] == red.get(question), place
                assert row["rank_sum"] == total.get(question), place
                assert row["confidence_rank"] == rank.get(question), place
                assert row["is_joint"] == (question in rank and joint[rank[question]] > 1), place
                if code == "all":
                    assert row["confidence_group"] == group.get(question), place
                    assert row["report_label"] == label(rank, question), place
                else:
                    assert row["is_small_base"] == (len(members) < 5), place


def label(rank: dict[int, int], question: int) -> str | None:
    if question not in rank:
        return None
    own, tied = rank[question], list(rank.values()).count(rank[question])
    return str(len(rank) if tied > 1 and own + tied - 1 == len(rank) else own)


def test_robustness_agrees(built: tuple[list[Round], Path]) -> None:
    rounds, database = built
    marts = {(r["round_id"], r["question_no"]): r for r in rows(database, "from marts.mart_rank_robustness")}
    for one in rounds:
        everyone = set(one.answers)
        counts = count(one, everyone)
        left_out = [ours(count(one, everyone - {name}))[3] for name in sorted(everyone)]
        red_blanks = {q: Counter(c) + Counter(red=c["blank"]) for q, c in counts.items()}
        green_blanks = {q: Counter(c) + Counter(green=c["blank"]) for q, c in counts.items()}
        alternatives = {
            "rank_reported_only": ours(counts)[3],
            "rank_duplicates_once": ours(counts)[3],
            "rank_blank_red": ours(red_blanks)[3],
            "rank_blank_green": ours(green_blanks)[3],
            "rank_net": ranks(counts, lambda c: c["red"] - c["green"]),
            "rank_mean_score": ranks(
                counts, lambda c: -Fraction(2 * c["green"] + c["amber"], sum(c[rating] for rating in COUNTED))
            ),
            "rank_green_alone": ours(counts)[0],
            "rank_red_alone": ours(counts)[1],
            "rank_dense": dense(counts),
        }
        for question in counts:
            row = marts[one.round_id, question]
            place = (one.round_id, question)
            found = [rank[question] for rank in left_out if question in rank]
            assert row["lowest_rank"] == (min(found) if found else None), place
            assert row["highest_rank"] == (max(found) if found else None), place
            for column, rank in alternatives.items():
                assert row[column] == rank.get(question), (*place, column)
            assert row["bootstrap_low"] is None or row["bootstrap_low"] <= row["bootstrap_high"], place


def dense(counts: Counts) -> dict[int, int]:
    def places(key: Callable[[Counter[str]], int]) -> dict[int, int]:
        rated = {q: key(c) for q, c in counts.items() if sum(c[rating] for rating in COUNTED)}
        steps = sorted(set(rated.values()))
        return {q: steps.index(value) for q, value in rated.items()}

    green, red = places(lambda c: -c["green"]), places(lambda c: c["red"])
    total = {q: green[q] + red[q] for q in green}
    return {q: 1 + sum(s < own for s in total.values()) for q, own in total.items()}


def test_coverage_agrees(built: tuple[list[Round], Path]) -> None:
    rounds, database = built
    marts = {(r["round_id"], r["consortium_code"]): r for r in rows(database, "from marts.mart_coverage")}
    for one in rounds:
        for code in {"all", *one.consortium.values()}:
            invited = {name for name, own in one.consortium.items() if code in ("all", own)}
            returned = invited & one.answers.keys()
            row = marts[one.round_id, code]
            assert (row["invited"], row["returned"], row["not_returned"], row["rejected"]) == (
                len(invited),
                len(returned),
                len(invited - returned),
                0,
            )


def test_change_between_rounds_agrees(built: tuple[list[Round], Path]) -> None:
    rounds, database = built
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
            told = [row[name] for name in ("moved_up", "stayed", "moved_down")]
            assert told == ([None] * 3 if is_withheld else moves)
            flow = Counter((str(was[name]), str(became[name])) for name in both)
            assert flows.get((now.round_id, question), Counter()) == (Counter() if is_withheld else flow)
            shown += not is_withheld
    assert found == {}
    assert compared > 1000 and shown > 100
