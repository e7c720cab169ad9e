"""Stacked bars: ratings by question or by consortium, and returns by consortium."""

from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.site import formats
from dagster_project.site.charts.base import (
    Box,
    ChartError,
    Drawing,
    key_of,
    label_of,
    names,
    names_room,
    rank_of,
    require,
)
from dagster_project.site.charts.marks import (
    AXIS_ROOM,
    Mark,
    Scale,
    axis,
    number,
    path,
    rect,
    room,
    text,
    ticks,
)
from dagster_project.site.colours import COVERAGE, INK, RATINGS, Segment

_WIDTH = 540
_STEP = 26
_BAR = 20
# In steps: what parts two groups, and two sub-groups of one.
_APART, _A_LITTLE_APART = 0.75, 0.22
# Pixels that a segment needs for its letter and count, and for the two without a space in a smaller size.
_WIDE, _COMPACT = 21.0, 13.0
# Pixels to the right of the bars: the brackets with their words, or half of the last tick's label.
_BRACKET_ROOM, _LAST_TICK = 108, 18


def ratings(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Red, amber, green (and `unrated`), one bar per row, bracketed by `confidence_group`."""
    return _stacked(rows, RATINGS, {"red", "amber", "green"}, options)


def coverage(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Returned, rejected and not returned, one bar per row."""
    return _stacked(rows, COVERAGE, {segment.column for segment in COVERAGE}, options)


def _stacked(
    rows: list[dict[str, Any]], segments: Sequence[Segment], columns: set[str], options: Mapping[str, str]
) -> Drawing:
    require(rows[0], {options.get("label", "short_reference"), *columns})
    present = [s for s in segments if not s.only_if_any or any(row.get(s.column) for row in rows)]
    as_share = options.get("scale") == "share"
    longest = 1.0 if as_share else max(sum(row[s.column] for s in present) for row in rows)
    tops = _tops(rows)
    labels, ranks = [label_of(row, options) for row in rows], [rank_of(row) for row in rows]
    for label, row in zip(labels, rows, strict=True):
        if not any(row[s.column] for s in present):
            raise ChartError(f"the bar of {label} is empty")
    height = tops[-1] + _BAR + 4
    scale = Scale(0, longest, 0, _WIDTH)
    grid, below = axis(scale, ticks(0, longest, as_share=as_share), height, options.get("axis", ""))
    pieces = [
        piece
        for top, row in zip(tops, rows, strict=True)
        for piece in _pieces([(s, row[s.column]) for s in present], top, scale, as_share=as_share)
    ]
    brackets = _brackets(rows, tops)
    marks = [
        *grid,
        *names(labels, ranks, [top + _BAR / 2 for top in tops]),
        *pieces,
        *brackets,
        *below,
    ]
    right = _WIDTH + (_BRACKET_ROOM if brackets else _LAST_TICK)
    box = Box(names_room(labels, ranks), 0, right, height + AXIS_ROOM)
    return Drawing(marks, box, key_of(present))


def _tops(rows: list[dict[str, Any]]) -> list[float]:
    """Where each bar begins, in pixels from the top: groups stand apart, and sub-groups a little."""
    tops: list[float] = []
    step = 0.0
    for place, row in enumerate(rows):
        if place:
            before = rows[place - 1]
            step += 1
            if row.get("confidence_group") != before.get("confidence_group"):
                step += _APART
            elif row.get("confidence_subgroup") != before.get("confidence_subgroup"):
                step += _A_LITTLE_APART
        tops.append(step * _STEP + 2)
    return tops


def _brackets(rows: list[dict[str, Any]], tops: Sequence[float]) -> list[Mark]:
    """What holds the bars of a group together, and names the group."""
    held: dict[str, list[float]] = {}
    for row, top in zip(rows, tops, strict=True):
        if row.get("confidence_group") is not None:
            held.setdefault(str(row["confidence_group"]), []).append(top)
    marks = []
    for group, inside in held.items():
        height = inside[-1] + _BAR - inside[0]
        words = [formats.text("confidence_group", group), "confidence"]
        marks += [
            path(
                f"M{_WIDTH + 9},{number(inside[0])} h7 v{number(height)} h-7",
                fill="none",
                stroke=INK,
                stroke_width="2",
            ),
            # Two lines are centred on their first one's middle.
            text(_WIDTH + 24, inside[0] + height / 2 - 8, words, to="middle", bold=True),
        ]
    return marks


def _pieces(counts: Sequence[tuple[Segment, int]], top: float, scale: Scale, *, as_share: bool) -> list[Mark]:
    """One bar: its segments, each with letter and count."""
    total = sum(count for _, count in counts)
    start, boxes, words = 0.0, [], []
    for segment, count in counts:
        if not count:
            continue
        end = start + (count / total if as_share else count)
        left, width = scale(start), scale(end) - scale(start)
        boxes.append(rect(left, top, width, _BAR, segment.fill))
        said, size = _words(segment.letter, count, width)
        if said:
            words.append(text(left + width / 2, top + _BAR / 2 + 0.5, said, align="middle", to="middle", size=size,
                              fill=segment.ink, bold=True))  # fmt: skip
        start = end
    return [*boxes, *words]


def _words(letter: str, count: int, width: float) -> tuple[str, float]:
    """Letter and count as they fit into `width` pixels, and their size; of a long word, only the count.

    What fits nowhere is in the table.
    """
    words = f"{letter} {count}"
    if width >= (max(_WIDE, 6.4 * len(words)) if len(letter) == 1 else room([words], size=11.5, bold=True)):
        return words, 11.5
    if width >= _COMPACT and count < 10:
        return (f"{letter}{count}", 9) if len(letter) == 1 else (str(count), 11.5)
    return "", 9
