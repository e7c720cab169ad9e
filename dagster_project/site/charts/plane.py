"""Two shares against each other: where questions lie between confident, divided and under way."""

from collections.abc import Mapping
from typing import Any

from dagster_project.site.charts import vega
from dagster_project.site.charts.base import Drawing, require
from dagster_project.site.colours import ACCENT, GRID, INK, RULE

_SIDE = 520
_CORNERS = (
    {"x": 0.0, "y": 1.0, "words": "confident", "align": "left", "baseline": "top"},
    {"x": 1.0, "y": 0.0, "words": "not in place", "align": "right", "baseline": "bottom"},
    {"x": 0.0, "y": 0.0, "words": "under way (amber)", "align": "left", "baseline": "bottom"},
)


def polarity(rows: list[dict[str, Any]], _options: Mapping[str, str]) -> Drawing:
    """Share of red against share of green, one point per place; questions in one place share its label.

    Both axes have the same scale: on the diagonal line there is no amber, and the nearer its middle, the
    more divided the returns are.
    """
    require(rows[0], {"question_no", "red_share", "green_share"})
    places: dict[tuple[float, float], list[int]] = {}
    for row in rows:
        places.setdefault((float(row["red_share"]), float(row["green_share"])), []).append(row["question_no"])
    points: list[dict[str, Any]] = [
        {"red": red, "green": green, "words": ", ".join(f"Q{number}" for number in sorted(questions))}
        for (red, green), questions in sorted(places.items())
    ]
    for point in points:
        # A label goes to the left of its point where the next point would cover it.
        crowded = any(
            0 < other["red"] - point["red"] < 0.09 and abs(other["green"] - point["green"]) < 0.03
            for other in points
        )
        point |= {"align": "right", "dx": -8} if crowded else {"align": "left", "dx": 8}
    highest = min(1.0, max(max(place) for place in places) + 0.08)
    corners = [
        {**corner, "x": corner["x"] * highest, "y": corner["y"] * highest}  # type: ignore[operator]
        for corner in _CORNERS
    ]
    edge = [
        {"x": max(0.0, 1 - highest), "y": min(1.0, highest)},
        {"x": min(1.0, highest), "y": max(0.0, 1 - highest)},
    ]
    axis = {"format": "%", "tickCount": 6, "tickMinStep": 0.1, "grid": True, "ticks": False, "labelPadding": 5,
            "labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12.5,
            "titleFontWeight": "normal", "titlePadding": 7, "gridColor": GRID, "domainColor": RULE}  # fmt: skip
    parts = {
        "data": [
            vega.table("points", points),
            vega.table("corners", corners),
            vega.table("edge", [{**edge[0], "x2": edge[1]["x"], "y2": edge[1]["y"]}]),
        ],
        "scales": [vega.linear("x", -0.02, highest, 0, _SIDE), vega.linear("y", 0, highest, _SIDE * 0.8, 0)],
        "axes": [
            {"scale": "x", "orient": "bottom", "title": "Share of red ratings", **axis},
            {"scale": "y", "orient": "left", "title": "Share of green ratings", **axis},
        ],
        "marks": [
            vega.mark("rule", "edge", x=vega.at("x", "x"), y=vega.at("y", "y"), x2=vega.at("x", "x2"),
                      y2=vega.at("y", "y2"), stroke=RULE, strokeDash=[5, 4]),
            vega.mark("text", "corners", x=vega.at("x", "x"), y=vega.at("y", "y"), text="{words}", align="{align}",
                      baseline="{baseline}", fill=RULE, fontStyle="italic",
                      dx={"signal": "datum.align === 'left' ? 7 : -7"},
                      dy={"signal": "datum.baseline === 'top' ? 7 : -7"}),
            vega.mark("symbol", "points", x=vega.at("x", "red"), y=vega.at("y", "green"), size=75, fill=ACCENT,
                      stroke=INK),
            vega.mark("text", "points", x=vega.at("x", "red"), y=vega.at("y", "green"), text="{words}", dx="{dx}",
                      align="{align}", baseline="middle", fontWeight="bold", fontSize=12.5),
        ],
    }  # fmt: skip
    return Drawing(vega.spec(_SIDE, _SIDE * 0.8, parts))
