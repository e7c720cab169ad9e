"""Dots on a line per row: a rank with its range, and a consortium beside the nation."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts.base import (
    Box,
    Drawing,
    Key,
    label_of,
    names,
    names_room,
    rank_of,
    require,
)
from dagster_project.site.charts.marks import AXIS_ROOM, Mark, Scale, axis, dot, rect, rule, ticks
from dagster_project.site.colours import ACCENT, INK, PAPER, RULE, SPAN

_WIDTH = 540
_STEP = 26
_SPAN = 13
_PANEL, _BETWEEN = 250, 44
# Half of the last tick's label.
_LAST_TICK = 18


def rank_range(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """A dot at the rank of each row, on a bar from `lowest_rank` to `highest_rank`.

    Where the query has them, a thin line from `bootstrap_low` to `bootstrap_high` lies behind the bar.
    """
    require(
        rows[0], {options.get("label", "short_reference"), "confidence_rank", "lowest_rank", "highest_rank"}
    )
    has_lines = all(row.get("bootstrap_low") is not None for row in rows)
    # A bar of no length would vanish: it reaches a little beyond its ranks.
    spans = [(row["lowest_rank"] - 0.25, row["highest_rank"] + 0.25) for row in rows]
    lines = [(row["bootstrap_low"], row["bootstrap_high"]) for row in rows] if has_lines else []
    last = max(*(high for _, high in [*spans, *lines]), *(row["confidence_rank"] for row in rows))
    places = [(number + 0.5) * _STEP for number in range(len(rows))]
    scale = Scale(0.5, last + 0.5, 0, _WIDTH)
    height = len(rows) * _STEP
    grid, below = axis(scale, ticks(1, last, steps=10), height, options.get("axis", ""))
    labels, ranks = [label_of(row, options) for row in rows], [rank_of(row) for row in rows]
    marks = [
        *grid,
        *names(labels, ranks, places),
        *(
            rule(scale(low), y, scale(high), y, RULE, stroke_width="2")
            for (low, high), y in zip(lines, places, strict=False)
        ),
        *(
            rect(scale(low), y - _SPAN / 2, scale(high) - scale(low), _SPAN, SPAN)
            for (low, high), y in zip(spans, places, strict=True)
        ),
        *(dot(scale(row["confidence_rank"]), y, INK) for row, y in zip(rows, places, strict=True)),
        *below,
    ]
    key = (
        Key("●", "sign", "rank"),
        Key("\N{NO-BREAK SPACE}", "span", "where it lies with any one return left out"),
        *([Key("━", "sign quiet", "nine in ten draws with repeats")] if has_lines else []),
    )
    return Drawing(marks, Box(names_room(labels, ranks), 0, _WIDTH + _LAST_TICK, height + AXIS_ROOM), key)


def compare(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Two panels, share of red and share of green: a filled dot for the row, a ring for the whole.

    Needs `red_share`, `green_share`, `scotland_red_share` and `scotland_green_share`; `here` (option) names
    the filled dot. Rows with `is_small_base` have a square with a dashed line instead of a dot.
    """
    pairs = (("red", "Share rated red"), ("green", "Share rated green"))
    needed = [f"{prefix}{colour}_share" for colour, _ in pairs for prefix in ("", "scotland_")]
    require(rows[0], {options.get("label", "short_reference"), *needed})
    small = any(row.get("is_small_base") for row in rows)
    high = min(1.0, max(float(row[column] or 0) for row in rows for column in needed) + 0.04)
    places = [(number + 0.5) * _STEP for number in range(len(rows))]
    height = len(rows) * _STEP
    labels = [label_of({**row, "is_small_base": False}, options) for row in rows]
    ranks = [rank_of(row) for row in rows]
    dashes = {"stroke_dasharray": "3 3"} if small else {}
    behind: list[Mark] = []
    marks = names(labels, ranks, places)
    for number, (colour, title) in enumerate(pairs):
        left = number * (_PANEL + _BETWEEN)
        scale = Scale(0, high, left, left + _PANEL)
        grid, below = axis(scale, ticks(0, high, as_share=True), height, title)
        behind += grid
        for row, y in zip(rows, places, strict=True):
            here, there = scale(row[f"{colour}_share"]), scale(row[f"scotland_{colour}_share"])
            marks += [
                rule(there, y, here, y, RULE, stroke_width="2.5", **dashes),
                dot(there, y, PAPER, stroke=INK, stroke_width="2"),
                dot(here, y, ACCENT, stroke=INK, square=small),
            ]
        marks += below
    here_name = options.get("here", "here")
    key = (
        Key("■" if small else "●", "sign accent", f"{here_name}{' (small base)' if small else ''}"),
        Key("○", "sign", options.get("whole", "Scotland")),
    )
    right = 2 * _PANEL + _BETWEEN + _LAST_TICK
    return Drawing([*behind, *marks], Box(names_room(labels, ranks), 0, right, height + AXIS_ROOM), key)
