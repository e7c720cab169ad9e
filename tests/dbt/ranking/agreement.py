"""Compares the ranking tables of a database with what the answers of its rounds give."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

from tools.recompute.compare import compare_tables, read_rows
from tools.recompute.marts import make_coverage, make_marts
from tools.recompute.round import Round
from tools.recompute.statistics import COUNTED, count_ratings, rank_by_sum

NAMES = {
    "question_key",
    "short_reference",
    "public_label",
    "consortium_name",
    "other_question_key",
    "other_short_reference",
    "has_comment",
    "is_counted",
}
"""Columns that are not recomputed: names, and facts about an answer that no ranking uses."""


def assert_rankings_agree(rounds: list[Round], database: Path, resamples: int = 5000) -> None:
    """Compare every column of rankings, robustness, stability, pairs and reliability.

    `resamples` are those that the database was built with.
    """
    consortia = [str(row["consortium_code"]) for row in read_rows(database, "dim_consortium")]
    made = [make_marts(one, consortia, resamples) for one in rounds]
    for table in made[0]:
        recomputed = [row for marts in made for row in marts[table]]
        result = compare_tables(table, recomputed, read_rows(database, table))
        assert result.differences == {}
        assert result.not_recomputed <= NAMES, table


def assert_coverage_agrees(rounds: list[Round], database: Path) -> None:
    """Compare every count of `mart_coverage`."""
    authorities = Counter(row["committee_id"] for row in read_rows(database, "dim_local_authority"))
    published = {
        (row["round_id"], row["consortium_code"]): row for row in read_rows(database, "mart_coverage")
    }
    for one in rounds:
        rows = list(make_coverage(one, authorities))
        own = [published[row["round_id"], row["consortium_code"]] for row in rows]
        assert compare_tables("mart_coverage", rows, own).differences == {}


def assert_change_agrees(rounds: list[Round], database: Path) -> tuple[int, int]:
    """`mart_round_change` and `mart_rating_flow`. Returns how many questions were compared, and how many shown."""
    found = {(row["round_id"], row["question_no"]): row for row in read_rows(database, "mart_round_change")}
    flows: dict[tuple[str, int], Counter[tuple[str, str]]] = {}
    for row in read_rows(database, "mart_rating_flow"):
        flow = flows.setdefault((row["round_id"], row["question_no"]), Counter())
        flow[row["rating_then"], row["rating_now"]] = row["committees"]
    compared = shown = 0
    for then, now in pairwise(rounds):
        questions = sorted(now.comparable & set(range(1, then.questions + 1)))
        before, after = (
            {question: counts[question] for question in questions}
            for counts in (count_ratings(one, set(one.answers)) for one in (then, now))
        )
        rank_then, rank_now = rank_by_sum(before)[3], rank_by_sum(after)[3]
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
