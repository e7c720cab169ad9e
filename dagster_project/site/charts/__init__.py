"""Draw charts from results.

A drawing function returns a `Chart`. `page.py` renders it for pages, at any width; `file.py` as a picture.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dagster_project.site.charts import bars, grid, ranges
from dagster_project.site.charts.file import render_picture
from dagster_project.site.charts.model import Chart, ChartError
from dagster_project.site.charts.page import render_legend, render_plot
from dagster_project.site.queries import Result

__all__ = ["Chart", "ChartError", "draw_chart", "render_legend", "render_picture", "render_plot"]

_CHARTS: Mapping[str, Callable[[list[dict[str, Any]], Mapping[str, str]], Chart]] = {
    "compare": ranges.draw_comparison,
    "coverage": bars.draw_coverage,
    "heat": grid.draw_heat_map,
    "rank-range": ranges.draw_rank_ranges,
    "ratings": bars.draw_ratings,
    "then-and-now": ranges.draw_then_and_now,
}


def draw_chart(result: Result, options: Mapping[str, str]) -> Chart:
    """Draw the chart of a result. Raises `ChartError` on an unknown type, a missing column or no rows."""
    kind = options.get("type", "")
    if kind not in _CHARTS:
        raise ChartError(f"unknown type of chart {kind!r} (known: {', '.join(sorted(_CHARTS))})")
    if not result.rows:
        raise ChartError("the query of the chart has no rows")
    return _CHARTS[kind](result.to_dicts(), options)
