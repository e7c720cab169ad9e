"""From ratings then to ratings now: bands whose widths are numbers of committees."""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from dagster_project.site.charts import vega
from dagster_project.site.charts.base import ChartError, Drawing, key_of, require
from dagster_project.site.colours import INK, MISSING, RATINGS, Segment

_WIDTH, _HEIGHT, _NODE, _GAP = 540, 320, 92, 14
_ORDER: Mapping[str, Segment] = {s.column: s for s in (*RATINGS, MISSING)}


def flow(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Columns `rating_then`, `rating_now` (red, amber, green, unrated or not_returned) and `ratings`.

    Options `then` and `now` head the two sides. A band has the colour of where it comes from.
    """
    require(rows[0], {"rating_then", "rating_now", "ratings"})
    if unknown := sorted({str(r[c]) for r in rows for c in ("rating_then", "rating_now")} - set(_ORDER)):
        raise ChartError(f"the chart knows no rating {', '.join(unknown)}")
    total = sum(row["ratings"] for row in rows)
    if not total:
        raise ChartError("nothing flows: all ratings are 0")
    sides = [_side(rows, column) for column in ("rating_then", "rating_now")]
    scale = (_HEIGHT - _GAP * (max(len(side) for side in sides) - 1)) / total
    tops = [_tops(side, scale) for side in sides]
    nodes = [
        {"x": x, "y": tops[number][name], "height": count * scale, "middle": x + _NODE / 2,
         "text_y": tops[number][name] + count * scale / 2, "fill": _ORDER[name].fill, "ink": _ORDER[name].ink,
         "words": f"{name.replace('_', ' ').capitalize()} {count}" if count * scale >= 14 else ""}
        for number, (side, x) in enumerate(zip(sides, (0, _WIDTH - _NODE), strict=True))
        for name, count in side.items()
    ]  # fmt: skip
    # A value in a fence's option comes as text of a page; a drawing takes it as it is.
    heads = [
        {"x": _NODE / 2, "words": unescape(options.get("then", "Then"))},
        {"x": _WIDTH - _NODE / 2, "words": unescape(options.get("now", "Now"))},
    ]
    parts = {
        "data": [
            vega.table("bands", _bands(rows, tops, scale)),
            vega.table("nodes", nodes),
            vega.table("heads", heads),
        ],
        "marks": [
            vega.mark("path", "bands", path="{path}", fill="{fill}", fillOpacity=0.62, stroke=INK, strokeWidth=0.7),
            vega.mark("rect", "nodes", x="{x}", y="{y}", width=_NODE, height="{height}", fill="{fill}", stroke=INK),
            vega.mark("text", "nodes", x="{middle}", y="{text_y}", text="{words}", fill="{ink}", align="center",
                      baseline="middle", fontWeight="bold"),
            vega.mark("text", "bands", x="{x}", y="{y}", text="{words}", fill="{ink}", baseline="middle",
                      fontSize=11.5, fontWeight="bold"),
            vega.mark("text", "heads", x="{x}", y=-10, text="{words}", align="center", fontWeight="bold"),
        ],
    }  # fmt: skip
    used = [s for name, s in _ORDER.items() if any(name in side for side in sides)]
    return Drawing(vega.spec(_WIDTH, _HEIGHT, parts), key_of(used))


def _side(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, int]:
    counts = {name: sum(r["ratings"] for r in rows if r[column] == name) for name in _ORDER}
    return {name: count for name, count in counts.items() if count}


def _tops(side: Mapping[str, int], scale: float) -> dict[str, float]:
    tops, y = {}, 0.0
    for name, count in side.items():
        tops[name] = y
        y += count * scale + _GAP
    return tops


def _bands(
    rows: Sequence[Mapping[str, Any]], tops: Sequence[Mapping[str, float]], scale: float
) -> list[dict[str, Any]]:
    left, right = dict(tops[0]), dict(tops[1])
    start, end = _NODE, _WIDTH - _NODE
    bend = (start + end) / 2
    place = list(_ORDER)
    bands = []
    for row in sorted(rows, key=lambda r: (place.index(r["rating_then"]), place.index(r["rating_now"]))):
        if not row["ratings"]:
            continue
        then, now, width = row["rating_then"], row["rating_now"], row["ratings"] * scale
        a, b = left[then], right[now]
        path = (
            f"M{start},{a:.1f} C{bend:g},{a:.1f} {bend:g},{b:.1f} {end},{b:.1f} v{width:.1f} "
            f"C{bend:g},{b + width:.1f} {bend:g},{a + width:.1f} {start},{a + width:.1f} Z"
        )
        # A band is half see-through: black stands out on all of them but the darkest.
        bands.append({"path": path, "fill": _ORDER[then].fill, "ink": INK, "x": start + 8, "y": a + width / 2,
                      "words": str(row["ratings"]) if width >= 13 else ""})  # fmt: skip
        left[then] += width
        right[now] += width
    return bands
