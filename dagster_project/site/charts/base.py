"""What all charts share: the drawing with its legend, the labels of rows, the error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.site.charts.marks import Mark, text, text_width
from dagster_project.site.colours import Segment

# Pixels between a rank, a label and the bar.
_GAP = 9.0


class ChartError(Exception):
    """The result does not have what its chart needs."""


@dataclass(frozen=True)
class LegendEntry:
    """One entry of a legend: a sign, the CSS class of its colours, and its meaning."""

    sign: str
    look: str
    words: str


@dataclass(frozen=True)
class Box:
    """How many pixels a drawing extends from its origin to each side."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Drawing:
    """A chart ready to render: its marks in the order of drawing, its extent, and its legend."""

    marks: Sequence[Mark]
    box: Box
    legend: tuple[LegendEntry, ...] = ()


def require_columns(row: Mapping[str, Any], columns: Iterable[str]) -> None:
    """Raise `ChartError` unless the row has all these columns."""
    if missing := sorted(set(columns) - set(row)):
        raise ChartError(f"the chart needs column {', '.join(missing)}")


def segment_legend(segments: Iterable[Segment]) -> tuple[LegendEntry, ...]:
    """Return the legend of bar segments."""
    return tuple(
        LegendEntry(
            s.letter if len(s.letter) == 1 else "\N{NO-BREAK SPACE}",
            f"segment-{s.column.replace('_', '-')}",
            s.words,
        )
        for s in segments
    )


def rank_label(row: Mapping[str, Any]) -> str:
    """Return the rank of a row: `8`, or `=8` if it is joint; empty if the row has none."""
    if row.get("confidence_rank") is None:
        return ""
    return f"{'=' if row.get('is_joint') else ''}{row['confidence_rank']}"


def row_label(row: Mapping[str, Any], options: Mapping[str, str]) -> str:
    """Return the label of a row: `Q17 Consent education`, or `East (small base)`."""
    label = str(row[options.get("label", "short_reference")])
    if row.get("question_no") is not None:
        label = f"Q{row['question_no']} {label}"
    return f"{label} (small base)" if row.get("is_small_base") else label


def labels_width(labels: Sequence[str], ranks: Sequence[str]) -> float:
    """Return the pixels that `draw_labels` needs to the left of the rows."""
    # An equals sign is wider than a letter.
    return text_width(labels) + _GAP + (text_width(ranks, bold=True) + _GAP + 4 if any(ranks) else 0)


def draw_labels(labels: Sequence[str], ranks: Sequence[str], middles: Sequence[float]) -> list[Mark]:
    """Draw the label of each row, and before it the rank if the row has one, at the rows' `middles`."""
    left = -text_width(labels) - _GAP
    return [
        *(text(left, y, label, to="middle") for label, y in zip(labels, middles, strict=True)),
        *(
            text(left - _GAP, y, rank, align="end", to="middle", bold=True)
            for rank, y in zip(ranks, middles, strict=True)
            if rank
        ),
    ]
