"""A grid of ranks: rows against columns, the rank in every cell, shaded by the quarter it lies in."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts import vega
from dagster_project.site.charts.base import Drawing, Key, label_of, rank_of, require
from dagster_project.site.colours import INK, QUARTERS

_CELL, _ROW = 112, 26


def heat(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """One row of the query per cell: `confidence_rank`, the row's label, and the column in option `columns`.

    Rows and columns come in the order of the query; a column with `is_small_base` is marked as such.
    """
    column = options.get("columns", "")
    require(rows[0], {options.get("label", "short_reference"), "confidence_rank", column})
    down: dict[str, int] = {}
    across: dict[str, bool] = {}
    last = max(row["confidence_rank"] for row in rows)
    cells = []
    for row in rows:
        label, head = label_of({**row, "is_small_base": False}, options), str(row[column])
        across.setdefault(head, bool(row.get("is_small_base")))
        quarter = _quarter(row["confidence_rank"], last)
        cells.append({
            "x": list(across).index(head) * _CELL, "y": down.setdefault(label, len(down)) * _ROW,
            "words": rank_of(row), "fill": QUARTERS[quarter][0], "ink": QUARTERS[quarter][1],
        })  # fmt: skip
    names = [{"y": y * _ROW + _ROW / 2, "label": label} for label, y in down.items()]
    heads = [
        {"x": (number + 0.5) * _CELL, "words": head, "note": "small base" if small else ""}
        for number, (head, small) in enumerate(across.items())
    ]
    middle_x, middle_y = {"field": "x", "offset": _CELL / 2}, {"field": "y", "offset": _ROW / 2}
    parts = {
        "data": [vega.table("cells", cells), vega.table("names", names), vega.table("heads", heads)],
        "marks": [
            vega.mark("text", "names", x=-vega.room(list(down)), y="{y}", text="{label}", baseline="middle"),
            vega.mark("text", "heads", x="{x}", y=-22, text="{words}", align="center", fontWeight="bold"),
            vega.mark("text", "heads", x="{x}", y=-8, text="{note}", align="center", fontSize=11.5),
            vega.mark("rect", "cells", x="{x}", y="{y}", width=_CELL, height=_ROW, fill="{fill}", stroke=INK),
            vega.mark("text", "cells", x=middle_x, y=middle_y, text="{words}", align="center", baseline="middle",
                      fill="{ink}", fontWeight="bold"),
        ],
    }  # fmt: skip
    return Drawing(vega.spec(len(across) * _CELL, len(down) * _ROW, parts), _key(last))


def _quarter(rank: int, last: int) -> int:
    return min(3, (rank - 1) * 4 // last)


def _key(last: int) -> tuple[Key, ...]:
    entries = []
    for quarter in range(4):
        inside = [rank for rank in range(1, last + 1) if _quarter(rank, last) == quarter]
        if inside:
            words = f"rank {inside[0]}" + (f" to {inside[-1]}" if len(inside) > 1 else "")
            entries.append(Key("\N{NO-BREAK SPACE}", f"quarter-{quarter + 1}", words))
    return tuple(entries)
