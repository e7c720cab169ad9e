"""A grid of ranks: rows against columns, the rank in every cell, shaded by the quarter it lies in."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts.base import Box, Drawing, Key, label_of, names, names_room, rank_of, require
from dagster_project.site.charts.marks import Mark, rect, text
from dagster_project.site.colours import QUARTERS

_CELL, _ROW = 112, 26
# Pixels above the cells: the names of the columns and, below them, which has a small base.
_HEAD = 36


def heat(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """One row of the query per cell: `confidence_rank`, the row's label, and the column in option `columns`.

    Rows and columns come in the order of the query; a column with `is_small_base` is marked as such.
    """
    column = options.get("columns", "")
    require(rows[0], {options.get("label", "short_reference"), "confidence_rank", column})
    down: dict[str, int] = {}
    across: dict[str, bool] = {}
    last = max(row["confidence_rank"] for row in rows)
    cells: list[Mark] = []
    for row in rows:
        label, head = label_of({**row, "is_small_base": False}, options), str(row[column])
        across.setdefault(head, bool(row.get("is_small_base")))
        x, y = list(across).index(head) * _CELL, down.setdefault(label, len(down)) * _ROW
        fill, ink = QUARTERS[_quarter(row["confidence_rank"], last)]
        cells += [
            rect(x, y, _CELL, _ROW, fill),
            text(x + _CELL / 2, y + _ROW / 2, rank_of(row), align="middle", to="middle", fill=ink, bold=True),
        ]
    no_ranks = [""] * len(down)
    heads: list[Mark] = []
    for number, (head, small) in enumerate(across.items()):
        middle = (number + 0.5) * _CELL
        heads.append(text(middle, -22, head, align="middle", bold=True))
        if small:
            heads.append(text(middle, -8, "small base", align="middle", size=11.5))
    marks = [*names(list(down), no_ranks, [(place + 0.5) * _ROW for place in down.values()]), *heads, *cells]
    box = Box(names_room(list(down), no_ranks), _HEAD, len(across) * _CELL, len(down) * _ROW)
    return Drawing(marks, box, _key(last))


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
