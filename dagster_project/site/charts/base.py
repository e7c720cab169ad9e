"""What every kind of chart is made of: a drawing with its key, its label beside a row, its error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dagster_project.site.charts.vega import Spec
from dagster_project.site.colours import Segment


class ChartError(Exception):
    """A query that does not have what its chart needs."""


@dataclass(frozen=True)
class Key:
    """One entry of a key: a sign, the class of its colours, and what it means."""

    sign: str
    look: str
    words: str


@dataclass(frozen=True)
class Drawing:
    """A chart ready to render, and the key to it."""

    spec: Spec
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
