"""What every kind of chart is made of: a drawing with its key, its label beside a row, its error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.site.charts.marks import Mark, room, text
from dagster_project.site.colours import Segment

# Pixels between a rank, a label and what they belong to.
_GAP = 9.0


class ChartError(Exception):
    """A query that does not have what its chart needs."""


@dataclass(frozen=True)
class Key:
    """One entry of a key: a sign, the class of its colours, and what it means."""

    sign: str
    look: str
    words: str


@dataclass(frozen=True)
class Box:
    """Pixels that a drawing reaches from its 0, 0."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Drawing:
    """A chart ready to render: its marks in the order of drawing, what holds them all, and the key to it."""

    marks: Sequence[Mark]
    box: Box
    key: tuple[Key, ...] = ()


def require(row: Mapping[str, Any], columns: Iterable[str]) -> None:
    """Raise `ChartError` unless the row has all these columns."""
    if missing := sorted(set(columns) - set(row)):
        raise ChartError(f"the chart needs column {', '.join(missing)}")


def key_of(segments: Iterable[Segment]) -> tuple[Key, ...]:
    """The key of bar segments."""
    return tuple(
        Key(
            s.letter if len(s.letter) == 1 else "\N{NO-BREAK SPACE}",
            f"segment-{s.column.replace('_', '-')}",
            s.words,
        )
        for s in segments
    )


def rank_of(row: Mapping[str, Any]) -> str:
    """The rank that stands before a row: `8`, or `=8` where it is shared; empty where rows have none."""
    if row.get("confidence_rank") is None:
        return ""
    return f"{'=' if row.get('is_joint') else ''}{row['confidence_rank']}"


def label_of(row: Mapping[str, Any], options: Mapping[str, str]) -> str:
    """What names a row: `Q17 Consent education`, or `East (small base)`."""
    label = str(row[options.get("label", "short_reference")])
    if row.get("question_no") is not None:
        label = f"Q{row['question_no']} {label}"
    return f"{label} (small base)" if row.get("is_small_base") else label


def names_room(labels: Sequence[str], ranks: Sequence[str]) -> float:
    """Pixels that `names` needs to the left of its rows."""
    # A sign of equality is wider than a letter.
    return room(labels) + _GAP + (room(ranks, bold=True) + _GAP + 4 if any(ranks) else 0)


def names(labels: Sequence[str], ranks: Sequence[str], places: Sequence[float]) -> list[Mark]:
    """What stands before rows with their middles at `places`: a label, and before it a rank where a row has one."""
    left = -room(labels) - _GAP
    return [
        *(text(left, y, label, to="middle") for label, y in zip(labels, places, strict=True)),
        *(
            text(left - _GAP, y, rank, align="end", to="middle", bold=True)
            for rank, y in zip(ranks, places, strict=True)
            if rank
        ),
    ]
