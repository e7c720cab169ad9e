"""Dots on one line per row: a rank with its range, or a consortium compared with Scotland."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts.base import (
    Box,
    Drawing,
    LegendEntry,
    draw_labels,
    labels_width,
    rank_label,
    require_columns,
    row_label,
)
from dagster_project.site.charts.marks import AXIS_HEIGHT, Mark, Scale, axis, dot, line, rect, ticks
from dagster_project.site.colours import ACCENT, INK, PAPER, RULE, SPAN

_WIDTH = 540
_STEP = 26
_SPAN = 13
_PANEL, _BETWEEN = 250, 44
# Half of the last tick's label.
_LAST_TICK = 18


def draw_rank_ranges(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw a dot at the rank of each row, on a bar from `best_rank_left_out` to `worst_rank_left_out`.

    If the query has `best_rank_resampled` and `worst_rank_resampled`, a thin line behind the bar shows that interval.
    A row without a range, such as a question that one return rates, has its dot only.
    """
    require_columns(
        rows[0],
        {
            options.get("label", "short_reference"),
            "confidence_rank",
            "best_rank_left_out",
            "worst_rank_left_out",
        },
    )
    has_lines = all(row.get("best_rank_resampled") is not None for row in rows)
    # Each bar extends a quarter of a rank to both sides, so that a range of one rank is visible.
    middles = [(number + 0.5) * _STEP for number in range(len(rows))]
    spans = [
        (row["best_rank_left_out"] - 0.25, row["worst_rank_left_out"] + 0.25, y)
        for row, y in zip(rows, middles, strict=True)
        if row["best_rank_left_out"] is not None
    ]
    lines = [(row["best_rank_resampled"], row["worst_rank_resampled"]) for row in rows] if has_lines else []
    highest = [row["confidence_rank"] for row in rows]
    last = max([*highest, *(high for _, high, _ in spans), *(high for _, high in lines)])
    scale = Scale(0.5, last + 0.5, 0, _WIDTH)
    height = len(rows) * _STEP
    grid, below = axis(scale, ticks(1, last, steps=10), height, options.get("axis", ""))
    labels, ranks = [row_label(row, options) for row in rows], [rank_label(row) for row in rows]
    marks = [
        *grid,
        *draw_labels(labels, ranks, middles),
        *(
            line(scale(low), y, scale(high), y, RULE, stroke_width="2")
            for (low, high), y in zip(lines, middles, strict=False)
        ),
        *(rect(scale(low), y - _SPAN / 2, scale(high) - scale(low), _SPAN, SPAN) for low, high, y in spans),
        *(dot(scale(row["confidence_rank"]), y, INK) for row, y in zip(rows, middles, strict=True)),
        *below,
    ]
    key = (
        LegendEntry("●", "sign", "rank"),
        LegendEntry("\N{NO-BREAK SPACE}", "span", "range if any one return is left out"),
        *([LegendEntry("━", "sign quiet", "interval (resampling)")] if has_lines else []),
    )
    return Drawing(marks, Box(labels_width(labels, ranks), 0, _WIDTH + _LAST_TICK, height + AXIS_HEIGHT), key)


def draw_comparison(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw two panels, share of red and share of green: a filled dot for the row, a ring for the whole.

    Needs `red_share`, `green_share`, `scotland_red_share` and `scotland_green_share`. The option `here` names
    the filled dot. Rows with `is_small_base` have a square with a dashed line instead of a dot.
    """
    pairs = (("red", "Share rated red"), ("green", "Share rated green"))
    needed = [f"{prefix}{colour}_share" for colour, _ in pairs for prefix in ("", "scotland_")]
    require_columns(rows[0], {options.get("label", "short_reference"), *needed})
    small = any(row.get("is_small_base") for row in rows)
    high = min(1.0, max(float(row[column] or 0) for row in rows for column in needed) + 0.04)
    middles = [(number + 0.5) * _STEP for number in range(len(rows))]
    height = len(rows) * _STEP
    labels = [row_label({**row, "is_small_base": False}, options) for row in rows]
    ranks = [rank_label(row) for row in rows]
    dashes = {"stroke_dasharray": "3 3"} if small else {}
    behind: list[Mark] = []
    marks = draw_labels(labels, ranks, middles)
    for number, (colour, title) in enumerate(pairs):
        left = number * (_PANEL + _BETWEEN)
        scale = Scale(0, high, left, left + _PANEL)
        grid, below = axis(scale, ticks(0, high, as_share=True), height, title)
        behind += grid
        for row, y in zip(rows, middles, strict=True):
            here, there = scale(row[f"{colour}_share"]), scale(row[f"scotland_{colour}_share"])
            marks += [
                line(there, y, here, y, RULE, stroke_width="2.5", **dashes),
                dot(there, y, PAPER, stroke=INK, stroke_width="2"),
                dot(here, y, ACCENT, stroke=INK, square=small),
            ]
        marks += below
    here_name = options.get("here", "here")
    key = (
        LegendEntry("■" if small else "●", "sign accent", f"{here_name}{' (small base)' if small else ''}"),
        LegendEntry("○", "sign", options.get("whole", "Scotland")),
    )
    right = 2 * _PANEL + _BETWEEN + _LAST_TICK
    return Drawing([*behind, *marks], Box(labels_width(labels, ranks), 0, right, height + AXIS_HEIGHT), key)
