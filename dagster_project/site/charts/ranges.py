"""Dots on a line per row: a rank with its range, and a consortium beside the nation."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts import vega
from dagster_project.site.charts.base import Drawing, Key, label_of, rank_of, require
from dagster_project.site.colours import ACCENT, INK, PAPER, RULE, SPAN

_WIDTH = 540
_STEP = 26
_PANEL, _BETWEEN = 250, 44


def rank_range(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """A dot at the rank of each row, on a bar from `lowest_rank` to `highest_rank`.

    Where the query has them, a thin line from `bootstrap_low` to `bootstrap_high` lies behind the bar.
    """
    require(
        rows[0], {options.get("label", "short_reference"), "confidence_rank", "lowest_rank", "highest_rank"}
    )
    has_lines = all(row.get("bootstrap_low") is not None for row in rows)
    points = [
        {
            "y": (number + 0.5) * _STEP,
            "label": label_of(row, options),
            "rank_label": rank_of(row),
            "rank": row["confidence_rank"],
            # A bar of no length would vanish: it reaches a little beyond its ranks.
            "low": row["lowest_rank"] - 0.25,
            "high": row["highest_rank"] + 0.25,
            "line_low": row.get("bootstrap_low"),
            "line_high": row.get("bootstrap_high"),
        }
        for number, row in enumerate(rows)
    ]
    last = max(max(p["high"], p["line_high"] or 0, p["rank"]) for p in points)
    lines = vega.mark("rule", "points", x=vega.at("x", "line_low"), x2=vega.at("x", "line_high"), y="{y}",
                      stroke=RULE, strokeWidth=2)  # fmt: skip
    height = len(rows) * _STEP
    axis = vega.Axis("x", last, 0, _WIDTH, height, options.get("axis", ""), low=1, steps=10)
    grid, below = axis.marks()
    parts = {
        "data": [vega.table("points", points), axis.data()],
        "scales": [vega.linear("x", 0.5, last + 0.5, 0, _WIDTH)],
        "marks": [
            *grid,
            *_names(vega.room([p["label"] for p in points])),
            *([lines] if has_lines else []),
            vega.mark("rect", "points", x=vega.at("x", "low"), x2=vega.at("x", "high"), y="{y}", height=13,
                      yc="{y}", fill=SPAN, stroke=INK, strokeWidth=1),
            vega.mark("symbol", "points", x=vega.at("x", "rank"), y="{y}", size=62, fill=INK),
            *below,
        ],
    }  # fmt: skip
    key = (
        Key("●", "sign", "rank"),
        Key("\N{NO-BREAK SPACE}", "span", "where it lies with any one return left out"),
        *([Key("━", "sign quiet", "nine in ten draws with repeats")] if has_lines else []),
    )
    return Drawing(vega.spec(_WIDTH, height, parts), key)


def compare(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Two panels, share of red and share of green: a filled dot for the row, a ring for the whole.

    Needs `red_share`, `green_share`, `scotland_red_share` and `scotland_green_share`; `here` (option) names
    the filled dot. Rows with `is_small_base` have a square with a dashed line instead of a dot.
    """
    pairs = (("red", "Share rated red"), ("green", "Share rated green"))
    needed = [f"{prefix}{colour}_share" for colour, _ in pairs for prefix in ("", "scotland_")]
    require(rows[0], {options.get("label", "short_reference"), *needed})
    small = any(row.get("is_small_base") for row in rows)
    highest = max(float(row[column] or 0) for row in rows for column in needed)
    points = [
        {"y": (number + 0.5) * _STEP, "label": label_of({**row, "is_small_base": False}, options),
         "rank_label": rank_of(row), **{column: row[column] for column in needed}}
        for number, row in enumerate(rows)
    ]  # fmt: skip
    height, high = len(rows) * _STEP, min(1.0, highest + 0.04)
    data, scales = [vega.table("points", points)], []
    grids: list[vega.Spec] = []
    marks = _names(vega.room([p["label"] for p in points]))
    for number, (colour, title) in enumerate(pairs):
        left = number * (_PANEL + _BETWEEN)
        scale = f"x{number}"
        axis = vega.Axis(scale, high, left, _PANEL, height, title, as_share=True)
        grid, below = axis.marks()
        scales.append(vega.linear(scale, 0, high, left, left + _PANEL))
        data.append(axis.data())
        grids += grid
        here, there = vega.at(scale, f"{colour}_share"), vega.at(scale, f"scotland_{colour}_share")
        marks += [
            vega.mark("rule", "points", x=there, x2=here, y="{y}", stroke=RULE, strokeWidth=2.5,
                      strokeDash=[3, 3] if small else None),
            vega.mark("symbol", "points", x=there, y="{y}", size=70, fill=PAPER, stroke=INK, strokeWidth=2),
            vega.mark("symbol", "points", x=here, y="{y}", size=70, fill=ACCENT, stroke=INK, strokeWidth=1,
                      shape="square" if small else "circle"),
            *below,
        ]  # fmt: skip
    parts = {"data": data, "scales": scales, "marks": [*grids, *marks]}
    here_name = options.get("here", "here")
    key = (
        Key("■" if small else "●", "sign accent", f"{here_name}{' (small base)' if small else ''}"),
        Key("○", "sign", options.get("whole", "Scotland")),
    )
    return Drawing(vega.spec(2 * _PANEL + _BETWEEN, height, parts), key)


def _names(room: float) -> list[vega.Spec]:
    return [
        vega.mark("text", "points", x=-room, y="{y}", text="{label}", baseline="middle"),
        vega.mark("text", "points", x=-room - 9, y="{y}", text="{rank_label}", align="right", baseline="middle",
                  fontWeight="bold"),
    ]  # fmt: skip
