"""Small sets of open data files, calculated from ratings, with figures withheld as a test says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

RATINGS = ("green", "amber", "red")

Ratings = Mapping[str, Sequence[str]]
"""Ratings of each committee, by question; the first letter of a committee is its consortium."""


def write_files(
    folder: Path,
    ratings: Ratings,
    *,
    withheld: Sequence[tuple[str, int, str]] = (),
    duplicates: Mapping[str, str] | None = None,
    ranks_once: Sequence[int] = (),
    rank: int | None = None,
    statements: Sequence[tuple[str, int, str, str]] = (),
) -> Path:
    """Write the files of one round. `withheld` are consortium, question and rating of counts that are null.

    `statements` that agree have a consortium, a question, a rating and a comparison of its count.
    """
    questions = range(1, len(next(iter(ratings.values()))) + 1)
    consortia = sorted({committee[0] for committee in ratings})
    _write(folder, "dim_round", [{"round_id": "r", "previous_round_id": None}])
    _write(
        folder,
        "dim_committee_round",
        [{"round_id": "r", "committee_id": one, "committee_name": one.upper()} for one in ratings],
    )
    _write(
        folder,
        "mart_return_status",
        [
            {
                "round_id": "r", "committee_id": one, "consortium_code": one[0], "return_status": "returned",
                "duplicate_of_committee_name": (duplicates or {}).get(one, "").upper() or None,
            }
            for one in ratings
        ],
    )  # fmt: skip
    _write(folder, "mart_question_ranking", [_count(ratings, "", question, ()) for question in questions])
    _write(
        folder,
        "mart_consortium_ranking",
        [
            {
                **_count(ratings, consortium, question, withheld),
                "consortium_code": consortium, "polarisation": None, "green_rank": None, "red_rank": None,
                "rank_sum": None, "confidence_rank": rank,
            }
            for consortium in consortia
            for question in questions
        ],
    )  # fmt: skip
    if statements:
        _write(
            folder, "dim_consortium", [{"consortium_code": one, "consortium_name": one} for one in consortia]
        )
        _write(
            folder,
            "mart_claim_check",
            [
                {
                    "round_id": "r", "claim_id": str(number), "consortium_code": consortium, "question_no": question,
                    "metric": "count", "rating": rating, "expected": expected, "actual": None, "verdict": "agrees",
                    "is_hard": True, "paraphrase": "",
                }
                for number, (consortium, question, rating, expected) in enumerate(statements)
            ],
        )  # fmt: skip
    if ranks_once:
        _write(
            folder,
            "mart_rank_robustness",
            [
                {"round_id": "r", "question_no": question, "rank_duplicates_once": rank_once}
                # A question that nobody rated has no rank.
                for question, rank_once in zip(questions, ranks_once, strict=False)
            ],
        )
    return folder


def _count(
    ratings: Ratings, consortium: str, question: int, withheld: Sequence[tuple[str, int, str]]
) -> dict[str, Any]:
    members = [given for committee, given in ratings.items() if committee.startswith(consortium)]
    counts = Counter(given[question - 1] for given in members)
    return {
        "round_id": "r", "question_no": question, "rated": sum(counts[one] for one in RATINGS),
        **{one: None if (consortium, question, one) in withheld else counts[one] for one in RATINGS},
    }  # fmt: skip


def _write(folder: Path, table: str, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.Table.from_pylist(rows), folder / f"{table}.parquet")
