"""A check of published counts by plain arithmetic, without the attack's code and without a solver."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

COLOURS = ("green", "amber", "red")

Key = tuple[str, str]
"""Round and number of a question."""


def find_leaks(folder: Path, printed: Sequence[tuple[str, str, str]] = ()) -> Iterator[str]:
    """Yield counts in CSV files from which a rating follows.

    `printed` are round, question and consortium of counts that a report printed.
    """
    national = {_key(row): _counts(row) for row in _read(folder, "mart_question_ranking")}
    consortia: dict[Key, list[dict[str, str]]] = defaultdict(list)
    for row in _read(folder, "mart_consortium_ranking"):
        consortia[_key(row)].append(row)
    for key, rows in consortia.items():
        shown = [row for row in rows if all(row[colour] for colour in COLOURS)]
        hidden = [row for row in rows if row not in shown and int(row["rated"])]
        for row in shown:
            if (*key, row["consortium_code"]) not in printed and is_revealing(_counts(row)):
                yield f"{key}: {row['consortium_code']} has {_counts(row)}"
        rest = [
            whole - sum(_counts(row)[place] for row in shown) for place, whole in enumerate(national[key])
        ]
        if hidden and (len(hidden) == 1 or is_revealing(rest)):
            yield f"{key}: {', '.join(row['consortium_code'] for row in hidden)} have {rest} together"
        yield from _find_narrow(key, hidden, rest)
        for row in hidden:
            if row["confidence_rank"] or row["polarisation"]:
                yield f"{key}: {row['consortium_code']} has a rank and suppressed counts"


def find_changes(before: Path, after: Path) -> Iterator[str]:
    """Yield questions whose national counts differ between two releases by the ratings of very few returns."""
    earlier = {_key(row): _counts(row) for row in _read(before, "mart_question_ranking")}
    for row in _read(after, "mart_question_ranking"):
        if (then := earlier.get(_key(row))) and then != _counts(row):
            added = [now - count for now, count in zip(_counts(row), then, strict=True)]
            if min(added) >= 0 and is_revealing(added):
                yield f"{_key(row)}: {added} in between"


def is_revealing(counts: Sequence[int]) -> bool:
    """Whether all returns, or all but one, have one rating: that one can subtract its own."""
    return 0 < sum(counts) <= max(counts) + 1


def _find_narrow(key: Key, hidden: Sequence[Mapping[str, str]], rest: Sequence[int]) -> Iterator[str]:
    """Yield hidden rows in which only one rating is possible, from what the other rows leave."""
    for row in hidden:
        unknown = [place for place, colour in enumerate(COLOURS) if not row[colour]]
        room = int(row["rated"]) - sum(int(row[colour]) for colour in COLOURS if row[colour])
        left = {
            place: rest[place] - sum(int(other[COLOURS[place]] or 0) for other in hidden) for place in unknown
        }
        if room > 0 and sum(count > 1 for count in left.values()) < 2:
            yield f"{key}: {row['consortium_code']} has room for one rating only"


def _read(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _key(row: Mapping[str, str]) -> Key:
    return row["round_id"], row["question_no"]


def _counts(row: Mapping[str, str]) -> list[int]:
    return [int(row[colour]) for colour in COLOURS]
