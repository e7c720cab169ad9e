"""Stacked bars: ratings by question or by consortium, and returns by consortium."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.site.charts.base import (
    Box,
    ChartError,
    Drawing,
    draw_labels,
    labels_width,
    rank_label,
    require_columns,
    row_label,
    segment_legend,
)
from dagster_project.site.charts.marks import (
    AXIS_HEIGHT,
    Mark,
    Scale,
    axis,
    path,
    rect,
    text,
    text_width,
    ticks,
    to_tenths,
)
from dagster_project.site.colours import COVERAGE, INK, RATINGS, Segment
from dagster_project.site.formats import format_value

_WIDTH = 540
_STEP = 26
_BAR = 20
# Distance between two groups and between two sub-groups, in steps.
_GROUP_GAP, _SUBGROUP_GAP = 0.75, 0.22
# Smallest width in pixels of a segment with letter and count, and with both in a smaller size without a space.
_MIN_WIDTH, _MIN_COMPACT_WIDTH = 21.0, 13.0
# Pixels to the right of the bars for the brackets with their words, or for half of the last tick's label.
_BRACKET_WIDTH, _LAST_TICK = 108, 18


def draw_ratings(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw red, amber, green and `unrated` as one bar per row, with a bracket for each `confidence_group`."""
    return _draw_bars(rows, RATINGS, {"red", "amber", "green"}, options)


def draw_coverage(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw returned, rejected and not returned as one bar per row."""
    return _draw_bars(rows, COVERAGE, {segment.column for segment in COVERAGE}, options)


def _draw_bars(
    rows: list[dict[str, Any]], segments: Sequence[Segment], columns: set[str], options: Mapping[str, str]
) -> Drawing:
    require_columns(rows[0], {options.get("label", "short_reference"), *columns})
    present = [s for s in segments if not s.only_if_any or any(row.get(s.column) for row in rows)]
    as_share = options.get("scale") == "share"
    longest = 1.0 if as_share else max(sum(row[s.column] for s in present) for row in rows)
    tops = _bar_tops(rows)
    labels, ranks = [row_label(row, options) for row in rows], [rank_label(row) for row in rows]
    for label, row in zip(labels, rows, strict=True):
        if not any(row[s.column] for s in present):
            raise ChartError(f"the bar of {label} is empty")
    height = tops[-1] + _BAR + 4
    scale = Scale(0, longest, 0, _WIDTH)
    grid, below = axis(scale, ticks(0, longest, as_share=as_share), height, options.get("axis", ""))
    pieces = [
        piece
        for top, row in zip(tops, rows, strict=True)
        for piece in _draw_bar([(s, row[s.column]) for s in present], top, scale, as_share=as_share)
    ]
    brackets = _draw_brackets(rows, tops)
    marks = [
        *grid,
        *draw_labels(labels, ranks, [top + _BAR / 2 for top in tops]),
        *pieces,
        *brackets,
        *below,
    ]
    right = _WIDTH + (_BRACKET_WIDTH if brackets else _LAST_TICK)
    box = Box(labels_width(labels, ranks), 0, right, height + AXIS_HEIGHT)
    return Drawing(marks, box, segment_legend(present))


def _bar_tops(rows: list[dict[str, Any]]) -> list[float]:
    """Return the top of each bar in pixels, with gaps between groups and smaller gaps between sub-groups."""
    tops: list[float] = []
    step = 0.0
    for index, row in enumerate(rows):
        if index:
            before = rows[index - 1]
            step += 1
            if row.get("confidence_group") != before.get("confidence_group"):
                step += _GROUP_GAP
            elif row.get("confidence_subgroup") != before.get("confidence_subgroup"):
                step += _SUBGROUP_GAP
        tops.append(step * _STEP + 2)
    return tops


def _draw_brackets(rows: list[dict[str, Any]], tops: Sequence[float]) -> list[Mark]:
    """Draw a bracket with the group's name next to the bars of each group."""
    members: dict[str, list[float]] = {}
    for row, top in zip(rows, tops, strict=True):
        if row.get("confidence_group") is not None:
            members.setdefault(str(row["confidence_group"]), []).append(top)
    marks = []
    for group, inside in members.items():
        height = inside[-1] + _BAR - inside[0]
        words = [format_value("confidence_group", group), "confidence"]
        marks += [
            path(
                f"M{_WIDTH + 9},{to_tenths(inside[0])} h7 v{to_tenths(height)} h-7",
                fill="none",
                stroke=INK,
                stroke_width="2",
            ),
            # The middle of the first line is at `y`; half a line up centres both lines.
            text(_WIDTH + 24, inside[0] + height / 2 - 8, words, to="middle", bold=True),
        ]
    return marks


def _draw_bar(
    counts: Sequence[tuple[Segment, int]], top: float, scale: Scale, *, as_share: bool
) -> list[Mark]:
    """Draw one bar: its segments, each with letter and count."""
    total = sum(count for _, count in counts)
    start, boxes, words = 0.0, [], []
    for segment, count in counts:
        if not count:
            continue
        end = start + (count / total if as_share else count)
        left, width = scale(start), scale(end) - scale(start)
        boxes.append(rect(left, top, width, _BAR, segment.fill))
        label, size = _segment_label(segment.letter, count, width)
        if label:
            words.append(text(left + width / 2, top + _BAR / 2 + 0.5, label, align="middle", to="middle", size=size,
                              fill=segment.ink, bold=True))  # fmt: skip
        start = end
    return [*boxes, *words]


def _segment_label(letter: str, count: int, width: float) -> tuple[str, float]:
    """Return letter and count, and their size, if they fit into `width` pixels; for a long word only the count.

    A label that does not fit is empty; the table has the count.
    """
    words = f"{letter} {count}"
    if width >= (
        max(_MIN_WIDTH, 6.4 * len(words)) if len(letter) == 1 else text_width([words], size=11.5, bold=True)
    ):
        return words, 11.5
    if width >= _MIN_COMPACT_WIDTH and count < 10:
        return (f"{letter}{count}", 9) if len(letter) == 1 else (str(count), 11.5)
    return "", 9
