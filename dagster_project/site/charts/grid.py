"""A grid of ranks: one rank per cell, shaded by quarter."""

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
    name_consortium,
    require_columns,
)

_BLANK = "\N{EN DASH}"


def draw_heat_map(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Chart:
    """Draw one cell per row of the query: `confidence_rank`, the row's label, and the column in option `columns`.

    Rows and columns keep the order of the query. A column with `is_small_base` is marked. A cell without a rank has a
    dash, which the legend explains with the option `empty`.
    """
    column = options.get("columns", "")
    require_columns(rows[0], {options.get("label", "public_label"), "confidence_rank", column})
    small = {str(row[column]): bool(row.get("is_small_base")) for row in rows}
    last = max((row["confidence_rank"] for row in rows if row["confidence_rank"]), default=0)
    described: dict[str, dict[str, str]] = {}
    ranks: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in rows:
        words = describe_row({**row, "is_small_base": False, "consortium_name": None}, options)
        described.setdefault(words["label"], words)
        cells = ranks.setdefault(words["label"], {})
        if row["confidence_rank"] is not None:
            cells[str(row[column])] = row
    drawn = [
        Row(
            **words,
            values=", ".join(
                f"{name} {format_rank(cells[name]) if name in cells else get_option(options, 'empty')}"
                for name in small
            ),
            marks=[_draw_cell(cells.get(name), last) for name in small],
        )
        for words, cells in ((words, ranks[label]) for label, words in described.items())
    ]
    panels = [
        Panel(f"{name} (small base)" if is_small else name, consortium=name_consortium(name))
        for name, is_small in small.items()
    ]
    is_complete = all(name in cells for cells in ranks.values() for name in small)
    blanks = [] if is_complete else [LegendEntry("blank", get_option(options, "empty"), _BLANK)]
    return Chart(drawn, panels, [*_list_quarters(last), *blanks])


def _draw_cell(row: Mapping[str, Any] | None, last: int) -> Sequence[Bar]:
    if row is None:
        return [Bar(0, 1, "blank", _BLANK)]
    return [Bar(0, 1, f"quarter-{_find_quarter(row['confidence_rank'], last) + 1}", format_rank(row))]


def _find_quarter(rank: int, last: int) -> int:
    return min(3, (rank - 1) * 4 // last)


def _list_quarters(last: int) -> list[LegendEntry]:
    entries = []
    for quarter in range(4):
        inside = [rank for rank in range(1, last + 1) if _find_quarter(rank, last) == quarter]
        if inside:
            words = f"rank {inside[0]}" + (f" to {inside[-1]}" if len(inside) > 1 else "")
            entries.append(LegendEntry(f"quarter-{quarter + 1}", words))
    return entries
