"""Charts of results: what kinds there are, which columns each one needs.

A chart returns a drawing and the key to it; the figure around it (titles, table of the same figures,
source) is `figures.py`'s.
"""

from collections.abc import Callable, Mapping
from typing import Any

from dagster_project.site.charts import flow, grid, plane, ranges, stacked
from dagster_project.site.charts.base import ChartError, Drawing, Key
from dagster_project.site.result import Result

__all__ = ["ChartError", "Drawing", "Key", "draw"]

_KINDS: Mapping[str, Callable[[list[dict[str, Any]], Mapping[str, str]], Drawing]] = {
    "compare": ranges.compare,
    "coverage": stacked.coverage,
    "flow": flow.flow,
    "heat": grid.heat,
    "polarity": plane.polarity,
    "rank-range": ranges.rank_range,
    "ratings": stacked.ratings,
}


def draw(result: Result, options: Mapping[str, str]) -> Drawing:
    """The chart of a result. Raises `ChartError` on an unknown type, a missing column or no rows."""
    kind = options.get("type", "")
    if kind not in _KINDS:
        raise ChartError(f"unknown type of chart {kind!r} (known: {', '.join(sorted(_KINDS))})")
    if not result.rows:
        raise ChartError("the query of the chart has no rows")
    return _KINDS[kind](result.dicts(), options)
