"""Stacked bars: ratings by question, by consortium or by earlier rating, and returns by consortium."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.site.charts.model import (
    Bar,
    Chart,
    LegendEntry,
    Panel,
    Row,
    describe_row,
    format_rank,
    get_option,
    require_columns,
)
from dagster_project.site.charts.scale import Scale, list_count_ticks
from dagster_project.site.colours import COVERAGE, RATINGS, Segment
from dagster_project.site.formats import format_value


def draw_ratings(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw red, amber, green and `unrated` as one bar per row, under a heading for each `confidence_group` and
    `confidence_subgroup`.

    With `scale="share"` all bars have the same length. A row whose counts are null has the option `empty` instead.
    """
    return _draw_bars(rows, RATINGS, options)


def draw_coverage(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw returned, rejected and not returned as one bar per row."""
    return _draw_bars(rows, COVERAGE, options)


def _draw_bars(rows: list[dict[str, Any]], segments: Sequence[Segment], options: Mapping[str, str]) -> Chart:
    required = {segment.column for segment in segments if segment.column != "unrated"}
    require_columns(rows[0], {options.get("label", "public_label"), *required})
    shown = [s for s in segments if not s.only_if_any or any(row.get(s.column) for row in rows)]
    as_share = options.get("scale") == "share"
    totals = [sum(row[s.column] or 0 for s in shown) for row in rows]
    scale = Scale(0, 1 if as_share else max(*totals, 1))
    sub_groups = {row["confidence_subgroup"] for row in rows if row.get("confidence_subgroup")}
    drawn = [
        Row(
            **describe_row(row, options),
            rank=format_rank(row),
            group=_name_group(row, has_sub_groups=len(sub_groups) > 1),
            values=_describe_counts(row, shown, options),
            marks=[_stack_bars(row, shown, scale, total if as_share else 1)],
        )
        for row, total in zip(rows, totals, strict=True)
    ]
    legend = [LegendEntry(_name_look(s), s.words, s.letter if len(s.letter) == 1 else "") for s in shown]
    panel = Panel(ticks=list_count_ticks(scale, as_share=as_share))
    return Chart(drawn, [panel], legend, get_option(options, "axis"))


def _name_look(segment: Segment) -> str:
    return f"segment-{segment.column.replace('_', '-')}"


def _name_group(row: Mapping[str, Any], *, has_sub_groups: bool) -> str:
    """Return `High confidence`, `Medium confidence, sub-group 2`, or an empty text."""
    group, sub_group = row.get("confidence_group"), row.get("confidence_subgroup")
    name = f"{format_value('confidence_group', group)} confidence" if group else ""
    return f"{name}, sub-group {sub_group}" if name and sub_group and has_sub_groups else name


def _is_suppressed(row: Mapping[str, Any], segments: Sequence[Segment]) -> bool:
    return any(row[segment.column] is None for segment in segments)


def _describe_counts(row: Mapping[str, Any], segments: Sequence[Segment], options: Mapping[str, str]) -> str:
    if _is_suppressed(row, segments):
        return get_option(options, "empty")
    return ", ".join(f"{row[s.column]} {s.words.split(':')[0]}" for s in segments)


def _stack_bars(row: Mapping[str, Any], segments: Sequence[Segment], scale: Scale, whole: int) -> list[Bar]:
    if _is_suppressed(row, segments):
        return []
    bars, start = [], 0.0
    for segment in segments:
        if count := row[segment.column]:
            end = start + count / whole
            bars.append(Bar(scale(start), scale(end), _name_look(segment), str(count), segment.letter))
            start = end
    return bars
