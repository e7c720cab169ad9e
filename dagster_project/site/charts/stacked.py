"""Stacked bars: ratings by question or by consortium, and returns by consortium."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.site import formats
from dagster_project.site.charts import vega
from dagster_project.site.charts.base import ChartError, Drawing, key_of, label_of, rank_of, require
from dagster_project.site.colours import COVERAGE, INK, RATINGS, Segment

_WIDTH = 540
_STEP = 26
_BAR = 20
# In steps: what parts two groups, and two sub-groups of one.
_GAP, _SMALL_GAP = 0.75, 0.22
# Pixels that a segment needs for its letter and count, and for the two without a space in a smaller size.
_WIDE, _COMPACT = 21.0, 13.0


@dataclass(frozen=True)
class _Bars:
    """What all bars share: their segments, the longest bar's value, and whether bars are shares."""

    segments: Sequence[Segment]
    longest: float
    as_share: bool


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
    bars = _Bars(present, longest, as_share)
    places, brackets = _places(rows)
    labels = [label_of(row, options) for row in rows]
    room = vega.room(labels)
    names = [{"y": y + _BAR / 2, "words": label} for y, label in zip(places, labels, strict=True)]
    ranks = [
        {"y": name["y"], "words": rank_of(row)} for name, row in zip(names, rows, strict=True) if rank_of(row)
    ]
    pieces = [
        piece
        for y, label, row in zip(places, labels, rows, strict=True)
        for piece in _pieces(row, y, label, bars)
    ]
    height = places[-1] + _BAR + 4
    axis = vega.Axis("x", longest, 0, _WIDTH, height, options.get("axis", ""), as_share=as_share)
    lines, below = axis.marks()
    parts = {
        "data": [vega.table("names", names), vega.table("ranks", ranks), vega.table("pieces", pieces),
                 vega.table("brackets", brackets), axis.data()],
        "scales": [vega.linear("x", 0, longest, 0, _WIDTH)],
        "marks": [
            *lines,
            vega.mark("text", "names", x=-room, y="{y}", text="{words}", baseline="middle"),
            vega.mark("text", "ranks", x=-room - 9, y="{y}", text="{words}", align="right", baseline="middle",
                      fontWeight="bold"),
            vega.mark("rect", "pieces", x=vega.at("x", "start"), x2=vega.at("x", "end"), y="{y}", height=_BAR,
                      fill="{fill}", stroke=INK, strokeWidth=1),
            vega.mark("text", "pieces", x=vega.at("x", "middle"), y="{text_y}", text="{words}", fill="{ink}",
                      align="center", baseline="middle", fontSize="{size}", fontWeight="bold"),
            vega.mark("path", "brackets", x=_WIDTH + 9, y="{y}", path="{path}", stroke=INK, strokeWidth=2),
            vega.mark("text", "brackets", x=_WIDTH + 24, y="{middle}", text="{words}", baseline="middle",
                      fontWeight="bold", lineHeight=16),
            *below,
        ],
    }  # fmt: skip
    return Drawing(vega.spec(_WIDTH, height, parts), key_of(present))


def _places(rows: list[dict[str, Any]]) -> tuple[list[float], list[dict[str, Any]]]:
    """Where each bar begins, in pixels from the top, and the brackets that hold groups of them together."""
    places: list[float] = []
    held: dict[str, list[float]] = {}
    step = 0.0
    for number, row in enumerate(rows):
        group = row.get("confidence_group")
        if number:
            step += 1
            if group != rows[number - 1].get("confidence_group"):
                step += _GAP
            elif row.get("confidence_subgroup") != rows[number - 1].get("confidence_subgroup"):
                step += _SMALL_GAP
        places.append(step * _STEP + 2)
        if group is not None:
            held.setdefault(str(group), []).append(places[-1])
    brackets = []
    for group, inside in held.items():
        height = inside[-1] + _BAR - inside[0]
        words = [formats.text("confidence_group", group), "confidence"]
        # Two lines are centred on their first one's middle.
        middle = inside[0] + height / 2 - 8
        brackets.append(
            {"y": inside[0], "path": f"M0,0 h7 v{height:g} h-7", "middle": middle, "words": words}
        )
    return places, brackets


def _pieces(row: Mapping[str, Any], y: float, label: str, bars: _Bars) -> list[dict[str, Any]]:
    total = sum(row[s.column] for s in bars.segments)
    if not total:
        raise ChartError(f"the bar of {label} is empty")
    start, pieces = 0.0, []
    for segment in bars.segments:
        count = row[segment.column]
        if not count:
            continue
        end = start + (count / total if bars.as_share else count)
        words, size = _words(segment.letter, count, (end - start) / bars.longest * _WIDTH)
        pieces.append({"start": start, "end": end, "middle": (start + end) / 2, "y": y, "text_y": y + _BAR / 2 + 0.5,
                       "fill": segment.fill, "ink": segment.ink, "words": words, "size": size})  # fmt: skip
        start = end
    return pieces


def _words(letter: str, count: int, width: float) -> tuple[str, float]:
    """Letter and count as they fit into `width` pixels, and their size. What fits nowhere is in the table."""
    if width >= max(_WIDE, 6.4 * len(f"{letter} {count}")):
        return f"{letter} {count}", 11.5
    if width >= _COMPACT and len(letter) == 1 and count < 10:
        return f"{letter}{count}", 9
    return "", 9
