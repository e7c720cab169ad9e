"""A grid of ranks: one rank per cell, shaded by quarter."""

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
from dagster_project.site.charts.marks import Mark, rect, text
from dagster_project.site.colours import QUARTERS

_CELL, _ROW = 112, 26
# Pixels above the cells for the names of the columns and, below them, "small base".
_HEAD = 36


def draw_heat_map(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw one cell per row of the query: `confidence_rank`, the row's label, and the column in option `columns`.

    Rows and columns keep the order of the query. A column with `is_small_base` is marked. A null rank is a blank cell.
    """
    column = options.get("columns", "")
    require_columns(rows[0], {options.get("label", "short_reference"), "confidence_rank", column})
    down: dict[str, int] = {}
    across: dict[str, bool] = {}
    last = max((row["confidence_rank"] for row in rows if row["confidence_rank"]), default=0)
    cells: list[Mark] = []
    for row in rows:
        label, head = row_label({**row, "is_small_base": False}, options), str(row[column])
        across.setdefault(head, bool(row.get("is_small_base")))
        x, y = list(across).index(head) * _CELL, down.setdefault(label, len(down)) * _ROW
        if row["confidence_rank"] is None:
            continue
        fill, ink = QUARTERS[_quarter(row["confidence_rank"], last)]
        cells += [
            rect(x, y, _CELL, _ROW, fill),
            text(
                x + _CELL / 2, y + _ROW / 2, rank_label(row), align="middle", to="middle", fill=ink, bold=True
            ),
        ]
    no_ranks = [""] * len(down)
    heads: list[Mark] = []
    for number, (head, small) in enumerate(across.items()):
        middle = (number + 0.5) * _CELL
        heads.append(text(middle, -22, head, align="middle", bold=True))
        if small:
            heads.append(text(middle, -8, "small base", align="middle", size=11.5))
    marks = [
        *draw_labels(list(down), no_ranks, [(index + 0.5) * _ROW for index in down.values()]),
        *heads,
        *cells,
    ]
    box = Box(labels_width(list(down), no_ranks), _HEAD, len(across) * _CELL, len(down) * _ROW)
    return Drawing(marks, box, _quarter_legend(last))


def _quarter(rank: int, last: int) -> int:
    return min(3, (rank - 1) * 4 // last)


def _quarter_legend(last: int) -> tuple[LegendEntry, ...]:
    entries = []
    for quarter in range(4):
        inside = [rank for rank in range(1, last + 1) if _quarter(rank, last) == quarter]
        if inside:
            words = f"rank {inside[0]}" + (f" to {inside[-1]}" if len(inside) > 1 else "")
            entries.append(LegendEntry("\N{NO-BREAK SPACE}", f"quarter-{quarter + 1}", words))
    return tuple(entries)
