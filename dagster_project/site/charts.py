"""Charts of results, drawn with Altair: what kinds there are, which columns each one needs.

A chart returns a drawing and the key to its segments; the figure around it (titles, table of the same
figures, source) is `figures.py`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from dagster_project.site import formats
from dagster_project.site.colours import COVERAGE, GRID, INK, PAPER, RATINGS, RULE, SPAN, Segment
from dagster_project.site.queries import Result

_WIDTH = 520
_BAR = 25
# Average width of a letter of a bar's label, in pixels: the room the labels get.
_LETTER = 7.0
# Below this many pixels a letter and a count do not fit into a segment; the table has them.
_NARROWEST = 19


class ChartError(Exception):
    """A query that does not have what its chart needs."""


@dataclass(frozen=True)
class Drawing:
    """A chart ready to render, and the segments that its key explains."""

    chart: alt.TopLevelMixin
    key: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class _Layout:
    """What all bars of a chart share: the longest bar's value, whether bars are shares, the words of the
    axis, and the pixels that labels get."""

    longest: float
    as_share: bool
    axis: str
    room: float


def draw(result: Result, options: Mapping[str, str]) -> Drawing:
    """The chart of a result. Raises `ChartError` on an unknown type, a missing column or no rows."""
    kind = options.get("type", "")
    if kind not in _KINDS:
        raise ChartError(f"unknown type of chart {kind!r} (known: {', '.join(sorted(_KINDS))})")
    if not result.rows:
        raise ChartError("the query of the chart has no rows")
    return _KINDS[kind](result.dicts(), options)


def _ratings(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Stacked red, amber, green (and `unrated`), one bar per row, bracketed by `confidence_group`."""
    return _stacked(rows, RATINGS, options)


def _coverage(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Stacked returned, rejected and not returned, one bar per row."""
    return _stacked(rows, COVERAGE, options)


def _stacked(rows: list[dict[str, Any]], segments: Sequence[Segment], options: Mapping[str, str]) -> Drawing:
    required = {"red", "amber", "green"} if segments is RATINGS else {s.column for s in segments}
    needed = {options.get("label", "short_reference"), *required}
    if missing := sorted(needed - set(rows[0])):
        raise ChartError(f"the chart needs column {', '.join(missing)}")
    present = [s for s in segments if not s.only_if_any or any(row.get(s.column) for row in rows)]
    as_share = options.get("scale") == "share"
    layout = _Layout(
        longest=1.0 if as_share else max(sum(row[s.column] for s in present) for row in rows),
        as_share=as_share,
        axis=options.get("axis", ""),
        room=12 + _LETTER * max(len(_label(row, options)) for row in rows),
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row.get("confidence_group", "")), []).append(row)
    parts = []
    for number, (group, members) in enumerate(groups.items(), start=1):
        bars = [bar for row in members for bar in _bars(row, present, options, layout)]
        last = number == len(groups)
        title = f"{formats.text('confidence_group', group)} confidence" if group else ""
        parts.append(_bar_group(bars, title, layout, last))
    chart = alt.vconcat(*parts, spacing=36, bounds="flush") if len(parts) > 1 else parts[0]
    return Drawing(_styled(chart), tuple(present))


def _label(row: Mapping[str, Any], options: Mapping[str, str]) -> str:
    """What stands beside a bar: `=8  Q17 Consent education`, or `East (small base)`."""
    label = str(row[options.get("label", "short_reference")])
    if "question_no" in row:
        label = f"Q{row['question_no']} {label}"
    if "confidence_rank" in row:
        label = f"{'=' if row.get('is_joint') else ''}{row['confidence_rank']}.  {label}"
    if row.get("is_small_base"):
        label = f"{label} (small base)"
    return label


def _bars(
    row: Mapping[str, Any], segments: Sequence[Segment], options: Mapping[str, str], layout: _Layout
) -> list[dict[str, Any]]:
    label = _label(row, options)
    total = sum(row[s.column] for s in segments)
    if not total:
        raise ChartError(f"the bar of {label} is empty")
    start, bars = 0.0, []
    for segment in segments:
        count = row[segment.column]
        if not count:
            continue
        end = start + (count / total if layout.as_share else count)
        words = f"{segment.letter} {count}"
        wide = (end - start) / layout.longest * _WIDTH >= max(_NARROWEST, 6.2 * len(words))
        bars.append({"label": label, "start": start, "end": end, "middle": (start + end) / 2,
                     "fill": segment.fill, "ink": segment.ink, "words": words if wide else ""})  # fmt: skip
        start = end
    return bars


def _bar_group(
    bars: list[dict[str, Any]], title: str, layout: _Layout, last: bool
) -> alt.LayerChart | alt.FacetChart:
    x_axis = alt.Axis(
        title=layout.axis if last else None,
        labels=last,
        format="%" if layout.as_share else "d",
        tickCount=5,
        gridColor=GRID,
        domain=False,
        ticks=False,
    )
    x_scale = alt.Scale(domain=[0, layout.longest], nice=False)
    y_axis = alt.Axis(
        minExtent=layout.room,
        maxExtent=layout.room,
        labelLimit=0,
        labelFontSize=13,
        labelPadding=8,
        # The axis line, drawn as a bracket, holds a group's bars together.
        domain=bool(title),
        domainColor=INK,
        domainWidth=2,
        ticks=False,
    )
    y = alt.Y("label:N", sort=None, title=None, axis=y_axis)
    base = alt.Chart(alt.InlineData(values=bars)).encode(y=y)
    rectangles = base.mark_bar(stroke=INK, strokeWidth=1, height={"band": 0.82}).encode(
        x=alt.X("start:Q", axis=x_axis, scale=x_scale), x2="end:Q", color=alt.Color("fill:N", scale=None)
    )
    words = base.mark_text(fontSize=11.5, fontWeight="bold").encode(
        x=alt.X("middle:Q", axis=x_axis, scale=x_scale), text="words:N", color=alt.Color("ink:N", scale=None)
    )
    layered = alt.layer(rectangles, words).properties(width=_WIDTH, height=alt.Step(_BAR))
    if not title:
        return layered
    return layered.properties(title=alt.Title(title, anchor="start", fontSize=14, color=INK, offset=5))


def _polarity(rows: list[dict[str, Any]], _options: Mapping[str, str]) -> Drawing:
    """Share of red against share of green, one point per place; questions in one place share its label."""
    if missing := sorted({"question_no", "red_share", "green_share"} - set(rows[0])):
        raise ChartError(f"the chart needs column {', '.join(missing)}")
    places: dict[tuple[float, float], list[int]] = {}
    for row in rows:
        places.setdefault((float(row["red_share"]), float(row["green_share"])), []).append(row["question_no"])
    points = [
        {"red": red, "green": green, "words": ", ".join(f"Q{number}" for number in sorted(questions))}
        for (red, green), questions in sorted(places.items())
    ]
    highest = max(max(place) for place in places)
    scale = alt.Scale(domain=[0, min(1.0, highest + 0.08)], nice=False)

    def axis(title: str) -> alt.Axis:
        return alt.Axis(
            title=title, format="%", tickCount=6, gridColor=GRID, domainColor=RULE, tickColor=RULE
        )

    base = alt.Chart(alt.InlineData(values=points)).encode(
        x=alt.X("red:Q", scale=scale, axis=axis("Share of red ratings")),
        y=alt.Y("green:Q", scale=scale, axis=axis("Share of green ratings")),
    )
    dots = base.mark_circle(size=60, color=INK, opacity=1)
    words = base.mark_text(align="left", dx=7, fontSize=12.5, color=INK).encode(text="words:N")
    return Drawing(_styled(alt.layer(dots, words).properties(width=_WIDTH + 100, height=400)))


def _rank_range(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """A dot at the rank of each row, on a bar from `lowest_rank` to `highest_rank`.

    Where the query has them, a thin line from `bootstrap_low` to `bootstrap_high` lies behind the bar.
    """
    needed = {options.get("label", "short_reference"), "confidence_rank", "lowest_rank", "highest_rank"}
    if missing := sorted(needed - set(rows[0])):
        raise ChartError(f"the chart needs column {', '.join(missing)}")
    points = [
        {
            "label": _label(row, options),
            "rank": row["confidence_rank"],
            # A bar of no length would vanish: it reaches a little beyond its ranks.
            "low": row["lowest_rank"] - 0.2,
            "high": row["highest_rank"] + 0.2,
            "line_low": row.get("bootstrap_low"),
            "line_high": row.get("bootstrap_high"),
        }
        for row in rows
    ]
    last = max(max(p["high"], p["line_high"] or 0, p["rank"]) for p in points)
    room = 12 + _LETTER * max(len(p["label"]) for p in points)
    scale = alt.Scale(domain=[0.5, last + 0.5], nice=False)
    x_axis = alt.Axis(
        title=options.get("axis", ""), format="d", tickMinStep=1, gridColor=GRID, domain=False, ticks=False
    )
    y_axis = alt.Axis(
        minExtent=room,
        maxExtent=room,
        labelLimit=0,
        labelFontSize=13,
        labelPadding=8,
        domain=False,
        ticks=False,
    )
    base = alt.Chart(alt.InlineData(values=points)).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=y_axis)
    )
    lines = base.mark_rule(color=RULE, strokeWidth=1.5).encode(
        x=alt.X("line_low:Q", scale=scale), x2="line_high:Q"
    )
    bars = base.mark_bar(color=SPAN, stroke=INK, strokeWidth=1, height=11).encode(
        x=alt.X("low:Q", axis=x_axis, scale=scale), x2="high:Q"
    )
    dots = base.mark_circle(color=INK, size=55, opacity=1).encode(x=alt.X("rank:Q", scale=scale))
    layers = [lines, bars, dots] if any(p["line_low"] is not None for p in points) else [bars, dots]
    return Drawing(_styled(alt.layer(*layers).properties(width=_WIDTH, height=alt.Step(_BAR))))


def _styled(chart: Any) -> alt.TopLevelMixin:
    styled = (
        chart.properties(background=PAPER, padding=10)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=INK, labelFontSize=12, titleFontSize=12.5, titleFontWeight="normal"
        )
        .configure(font="Arial, sans-serif")
    )
    assert isinstance(styled, alt.TopLevelMixin)
    return styled


_KINDS: Mapping[str, Callable[[list[dict[str, Any]], Mapping[str, str]], Drawing]] = {
    "coverage": _coverage,
    "polarity": _polarity,
    "rank-range": _rank_range,
    "ratings": _ratings,
}
