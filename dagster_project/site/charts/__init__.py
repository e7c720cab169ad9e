"""Draw charts from results.

A chart returns a drawing with its legend. `figures.py` adds titles, the data as a table, and the source.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dagster_project.site.charts import flow, grid, plane, ranges, stacked
from dagster_project.site.charts.base import ChartError, Drawing, LegendEntry
from dagster_project.site.queries import Result

__all__ = ["ChartError", "Drawing", "LegendEntry", "draw"]

_CHARTS: Mapping[str, Callable[[list[dict[str, Any]], Mapping[str, str]], Drawing]] = {
    "compare": ranges.draw_comparison,
    "coverage": stacked.draw_coverage,
    "flow": flow.draw_flow,
    "heat": grid.draw_heat_map,
    "polarity": plane.draw_polarity,
    "rank-range": ranges.draw_rank_ranges,
    "ratings": stacked.draw_ratings,
}


def draw(result: Result, options: Mapping[str, str]) -> Drawing:
    """Draw the chart of a result. Raises `ChartError` on an unknown type, a missing column or no rows."""
    kind = options.get("type", "")
    if kind not in _CHARTS:
        raise ChartError(f"unknown type of chart {kind!r} (known: {', '.join(sorted(_CHARTS))})")
    if not result.rows:
        raise ChartError("the query of the chart has no rows")
    return _CHARTS[kind](result.dicts(), options)
