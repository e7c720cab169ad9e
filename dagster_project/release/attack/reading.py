"""Read the open data of a release as an attacker does: the Parquet files, nothing else."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from pyarrow import parquet

from dagster_project.release.attack.totals import RATINGS, Flow, Published, Question, Source, Total

Row: TypeAlias = Mapping[str, Any]

_WEIGHTS = {"mean_score": (("green", 2), ("amber", 1))}
_COUNTED = {"count", "share", "mean_score"}
_PER_RETURN = {"share", "mean_score"}
_COMPARISON = re.compile(r"(?:(<=|>=|<|>) )?(-?[\d.]+)(?: ([+-][\d.]+))?")
_MAX_ROUNDING = 0.02
"""Largest error of a sum over a consortium that was published as a rounded mean or share."""

_DERIVED = ("polarisation", "green_rank", "red_rank", "rank_sum", "confidence_rank")
"""Columns of a consortium that depend on counts of all three ratings."""


def read_published(folder: Path, successions: Iterable[tuple[str, str, str]] = ()) -> Published:
    """Read ratings' totals from the Parquet files in `folder`.

    `successions` are rounds, committees and the committees that succeeded them: it is public which committees merged.
    """
    return _Reader(folder, successions).read()


class _Reader:
    def __init__(self, folder: Path, successions: Iterable[tuple[str, str, str]]) -> None:
        self._folder = folder
        self._successions = list(successions)
        self._published = Published()
        self._consortia: dict[tuple[str, str], frozenset[str]] = {}

    def read(self) -> Published:
        self._read_returns()
        self._read_predecessors()
        self._read_national()
        self._read_consortia()
        self._read_changes()
        self._read_consortium_changes()
        self._read_claims()
        for row in self._read_rows("mart_suppression"):
            if row["has_consent"]:
                self._published.consented.add(row["round_id"])
            if not row["protects_from_insiders"]:
                self._published.without_insiders.add(row["round_id"])
        for row in self._read_rows("mart_rank_robustness"):
            if row.get("rank_duplicates_once") is not None:
                ranks = self._published.ranks_once.setdefault(row["round_id"], {})
                ranks[row["question_no"]] = row["rank_duplicates_once"]
        return self._published

    def _read_rows(self, table: str) -> Iterator[Row]:
        path = self._folder / f"{table}.parquet"
        if path.exists():
            yield from parquet.read_table(path).to_pylist()

    def _read_returns(self) -> None:
        names = {
            (row["round_id"], row["committee_name"]): row["committee_id"]
            for row in self._read_rows("dim_committee_round")
        }
        answered: dict[str, set[str]] = defaultdict(set)
        members: dict[tuple[str, str], set[str]] = defaultdict(set)
        groups: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for row in self._read_rows("mart_return_status"):
            if row["return_status"] != "returned":
                continue
            answered[row["round_id"]].add(row["committee_id"])
            members[row["round_id"], row["consortium_code"]].add(row["committee_id"])
            if row["duplicate_of_committee_name"] is not None:
                original = names[row["round_id"], row["duplicate_of_committee_name"]]
                groups[row["round_id"]].setdefault(original, {original}).add(row["committee_id"])
        self._published.answered = {round_id: frozenset(found) for round_id, found in answered.items()}
        self._consortia = {key: frozenset(found) for key, found in members.items()}
        self._published.duplicates = {
            round_id: [frozenset(group) for group in found.values()] for round_id, found in groups.items()
        }

    def _read_predecessors(self) -> None:
        committees: dict[str, set[str]] = defaultdict(set)
        for row in self._read_rows("dim_committee_round"):
            committees[row["round_id"]].add(row["committee_id"])
        for row in self._read_rows("dim_round"):
            round_id, before = row["round_id"], row["previous_round_id"]
            found = {one: [one] for one in committees[round_id] & committees.get(before, set())}
            merged: dict[str, list[str]] = defaultdict(list)
            for succeeded_in, origin, successor in self._successions:
                if succeeded_in == round_id:
                    merged[successor].append(origin)
            self._published.predecessors[round_id] = {
                one: tuple(sorted(origins)) for one, origins in (found | merged).items()
            }
        for row in self._read_rows("mart_round_change"):
            self._published.pairs[row["round_id"], row["question_no"]] = (
                row["previous_round_id"],
                row["previous_question_no"],
            )

    def _add_counts(
        self, question: Question, members: frozenset[str], row: Row, suffix: str, source: Source
    ) -> bool:
        """Add the counts and shares of a row; returns whether all three counts are known."""
        is_complete = True
        for rating in RATINGS:
            count = row.get(f"{rating}{suffix}")
            share = row.get(f"{rating}_share{suffix}")
            if count is None and share is not None:
                count = round(share * len(members))
            if count is None:
                is_complete = False
            else:
                self._published.totals.append(Total(question, members, ((rating, 1),), count, count, source))
        if (rated := row.get(f"rated{suffix}")) is not None:
            every = tuple((one, 1) for one in RATINGS)
            self._published.totals.append(Total(question, members, every, rated, rated, source))
        return is_complete

    def _read_national(self) -> None:
        for row in self._read_rows("mart_question_ranking"):
            key = (row["round_id"], row["question_no"])
            source = Source("mart_question_ranking", _format_key(*key))
            self._add_counts(key, self._published.answered.get(key[0], frozenset()), row, "", source)

    def _read_consortia(self) -> None:
        for row in self._read_rows("mart_consortium_ranking"):
            key = (row["round_id"], row["question_no"])
            members = self._consortia.get((key[0], row["consortium_code"]), frozenset())
            source = Source("mart_consortium_ranking", _format_key(*key, row["consortium_code"]))
            is_complete = self._add_counts(key, members, row, "", source)
            if not is_complete and any(row[column] is not None for column in _DERIVED):
                self._published.unchecked.append(source)

    def _read_changes(self) -> None:
        every = frozenset(RATINGS)
        for row in self._read_rows("mart_round_change"):
            then, now = (
                (row["previous_round_id"], row["previous_question_no"]),
                (row["round_id"], row["question_no"]),
            )
            source = Source("mart_round_change", _format_key(*now))
            figures = [(row["matched"], every, every)]
            for rating in RATINGS:
                figures.append((row[f"matched_{rating}_then"], frozenset({rating}), every))
                figures.append((row[f"matched_{rating}_now"], every, frozenset({rating})))
            for committees, ratings_then, ratings_now in figures:
                if committees is not None:
                    self._published.flows.append(
                        Flow(
                            then, now, ratings_then, ratings_now, committees, self._list_pairs(now[0]), source
                        )
                    )
        for row in self._read_rows("mart_rating_flow"):
            now = (row["round_id"], row["question_no"])
            if row["committees"] is not None:
                self._published.flows.append(
                    Flow(
                        self._published.pairs[now], now, frozenset({row["rating_then"]}),
                        frozenset({row["rating_now"]}), row["committees"], self._list_pairs(now[0]),
                        Source("mart_rating_flow", _format_key(*now)),
                    )
                )  # fmt: skip

    def _list_pairs(self, round_id: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        answered = self._published.answered.get(round_id, frozenset())
        origins = self._published.predecessors[round_id]
        return tuple((one, origins[one]) for one in sorted(answered & origins.keys()))

    def _read_consortium_changes(self) -> None:
        for row in self._read_rows("mart_consortium_change"):
            now = (row["round_id"], row["question_no"])
            source = Source("mart_consortium_change", _format_key(*now, row["consortium_code"]))
            questions = [("_now", now)]
            if now in self._published.pairs:
                questions.append(("_then", self._published.pairs[now]))
            for suffix, question in questions:
                members = self._consortia.get((question[0], row["consortium_code"]), frozenset())
                self._add_counts(question, members, row, suffix, source)

    def _read_claims(self) -> None:
        names = {row["consortium_code"]: row["consortium_name"] for row in self._read_rows("dim_consortium")}
        for row in self._read_rows("mart_claim_check"):
            if row["consortium_code"] is None or row["question_no"] is None or row["metric"] not in _COUNTED:
                continue
            compared = _COMPARISON.fullmatch(row["expected"] or "")
            if row["actual"] is not None:
                is_printed = bool(
                    row["is_hard"] and row["metric"] == "count" and compared and not compared[1]
                )
                self._add_claim(row, row["consortium_code"], "=", float(row["actual"]), is_printed=is_printed)
            elif row["verdict"] == "agrees" and compared:
                bound = float(compared[2]) + float(compared[3] or 0)
                self._add_claim(row, row["consortium_code"], compared[1] or "=", bound)
            # The other side of a comparison is the value of the consortium that the statement names.
            others = [
                code
                for code, name in names.items()
                if code != row["consortium_code"] and f"the {name}" in row["paraphrase"]
            ]
            if compared and len(others) == 1:
                self._add_claim(row, others[0], "=", float(compared[2]))

    def _add_claim(
        self, row: Row, consortium_code: str, comparison: str, bound: float, *, is_printed: bool = False
    ) -> None:
        members = self._consortia.get((row["round_id"], consortium_code), frozenset())
        weights = _WEIGHTS.get(row["metric"], ((row["rating"], 1),))
        scale = len(members) if row["metric"] in _PER_RETURN else 1
        largest = max(weight for _, weight in weights) * len(members)
        self._published.totals.append(
            Total(
                (row["round_id"], row["question_no"]), members, weights,
                *_find_limits(comparison, bound * scale, largest), Source("mart_claim_check", row["claim_id"]),
                is_public=is_printed,
            )
        )  # fmt: skip


def _find_limits(comparison: str, bound: float, largest: int) -> tuple[int, int]:
    """Find the least and the largest integer that satisfy a comparison, allowing for rounding."""
    below, above = math.floor(bound + _MAX_ROUNDING), math.ceil(bound - _MAX_ROUNDING)
    match comparison:
        case "=":
            return above, below
        case "<=":
            return 0, below
        case "<":
            return 0, above - 1
        case ">":
            return below + 1, largest
        case _:
            return above, largest


def _format_key(round_id: str, question_no: int, consortium_code: str | None = None) -> str:
    area = f", consortium {consortium_code}" if consortium_code else ""
    return f"round {round_id}, question {question_no}{area}"
