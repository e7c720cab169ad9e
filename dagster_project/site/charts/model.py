"""What a chart consists of: rows of marks on one or more panels. `page.py` and `file.py` render it.

Positions are fractions of a panel's width, so that a page can draw a chart at any width.
"""

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from dagster_project.site.formats import format_value

WHOLE = "Scotland"
"""The name of rows and columns that are about all consortia together."""


class ChartError(Exception):
    """The result does not have what its chart needs."""


@dataclass(frozen=True)
class Bar:
    """A box from `start` to `end` in the colours of `look`. If its text does not fit, `letter` is left out first."""

    start: float
    end: float
    look: str
    text: str = ""
    letter: str = ""


@dataclass(frozen=True)
class Line:
    """A thin line from `start` to `end`."""

    start: float
    end: float
    is_dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """A point; its look is one of `LOOKS`. `small` is a square and `whole` is a ring."""

    LOOKS: ClassVar = frozenset({"rank", "here", "small", "whole"})

    at: float
    look: str


Mark: TypeAlias = Bar | Line | Dot


@dataclass(frozen=True)
class Panel:
    """A column of marks: its heading, the labels of its axis, and the consortium that it is about."""

    heading: str = ""
    ticks: Sequence[tuple[float, str]] = ()
    consortium: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a chart: its marks by panel, and `values`, which state in words what the marks show.

    `target` is the page to which the label links. Rows of one `group` are next to each other.
    """

    label: str
    values: str
    marks: Sequence[Sequence[Mark]]
    rank: str = ""
    target: str = ""
    group: str = ""
    consortium: str = ""


@dataclass(frozen=True)
class LegendEntry:
    """One entry of a legend: the look of its mark, its letter, and its meaning."""

    look: str
    words: str
    letter: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart ready to render. `axis` is the title of the axis."""

    rows: Sequence[Row]
    panels: Sequence[Panel]
    legend: Sequence[LegendEntry] = ()
    axis: str = ""


def require_columns(row: Mapping[str, Any], columns: Iterable[str]) -> None:
    """Raise `ChartError` unless the row has all these columns."""
    if missing := sorted(set(columns) - set(row)):
        raise ChartError(f"the chart needs column {', '.join(missing)}")


def get_option(options: Mapping[str, str], name: str, default: str = "") -> str:
    """Return an option as plain text: values in options are escaped for HTML, and renderers escape again."""
    return html.unescape(options.get(name, default))


def format_rank(row: Mapping[str, Any]) -> str:
    """Return the rank of a row: `8`, or `=8` if it is joint; empty if the row has none."""
    if row.get("confidence_rank") is None:
        return ""
    return f"{'=' if row.get('is_joint') else ''}{row['confidence_rank']}"


def name_consortium(name: object) -> str:
    """Return the name of a consortium; empty for Scotland and for none."""
    return "" if name in (None, WHOLE) else str(name)


def describe_row(row: Mapping[str, Any], options: Mapping[str, str]) -> dict[str, str]:
    """Return label (`Q17 Consent education`, or `East (small base)`), link and consortium of a row."""
    column = options.get("label", "public_label")
    name = format_value(column, row[column], row)
    label = f"Q{row['question_no']} {name}" if row.get("question_no") is not None else name
    return {
        "label": f"{label} (small base)" if row.get("is_small_base") else label,
        "target": row.get(f"{column}_link") or "",
        "consortium": name_consortium(row.get("consortium_name")),
    }
