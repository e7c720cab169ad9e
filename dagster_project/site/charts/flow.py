"""Bands from earlier ratings to present ratings; their widths are numbers of committees."""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from dagster_project.site.charts.base import Box, ChartError, Drawing, require_columns, segment_legend
from dagster_project.site.charts.marks import Mark, path, rect, text
from dagster_project.site.colours import INK, MISSING, RATINGS, Segment

_WIDTH, _HEIGHT, _NODE, _GAP = 540, 320, 92, 14
# Pixels above the bands for the headings of the two sides.
_HEAD = 24
# Smallest height in pixels of a node with words, and of a band with its count.
_MIN_WORDS_HEIGHT, _MIN_COUNT_HEIGHT = 14, 13
_ORDER: Mapping[str, Segment] = {s.column: s for s in (*RATINGS, MISSING)}


def draw_flow(rows: list[dict[str, Any]], options: Mapping[str, str]) -> Drawing:
    """Draw columns `rating_then`, `rating_now` (red, amber, green, unrated or not_returned) and `ratings`.

    Options `then` and `now` are the headings of the two sides. A band has the colour of the earlier rating.
    """
    require_columns(rows[0], {"rating_then", "rating_now", "ratings"})
    if unknown := sorted({str(r[c]) for r in rows for c in ("rating_then", "rating_now")} - set(_ORDER)):
        raise ChartError(f"the chart has no colour for rating {', '.join(unknown)}")
    total = sum(row["ratings"] for row in rows)
    if not total:
        raise ChartError("all ratings are 0")
    sides = [_count_by_rating(rows, column) for column in ("rating_then", "rating_now")]
    scale = (_HEIGHT - _GAP * (max(len(side) for side in sides) - 1)) / total
    tops = [_stack(side, scale) for side in sides]
    nodes: list[Mark] = []
    for side, top, x in zip(sides, tops, (0, _WIDTH - _NODE), strict=True):
        for name, count in side.items():
            height = count * scale
            nodes.append(rect(x, top[name], _NODE, height, _ORDER[name].fill))
            if height >= _MIN_WORDS_HEIGHT:
                words = f"{name.replace('_', ' ').capitalize()} {count}"
                nodes.append(text(x + _NODE / 2, top[name] + height / 2, words, align="middle", to="middle",
                                  fill=_ORDER[name].ink, bold=True))  # fmt: skip
    # A value in an option is escaped for HTML; a drawing escapes its texts itself.
    heads = [
        text(0, -10, unescape(options.get("then", "Then")), bold=True),
        text(_WIDTH, -10, unescape(options.get("now", "Now")), align="end", bold=True),
    ]
    used = [s for name, s in _ORDER.items() if any(name in side for side in sides)]
    return Drawing(
        [*_draw_bands(rows, tops, scale), *nodes, *heads],
        Box(0, _HEAD, _WIDTH, _HEIGHT),
        segment_legend(used),
    )


def _count_by_rating(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, int]:
    counts = {name: sum(r["ratings"] for r in rows if r[column] == name) for name in _ORDER}
    return {name: count for name, count in counts.items() if count}


def _stack(side: Mapping[str, int], scale: float) -> dict[str, float]:
    tops, y = {}, 0.0
    for name, count in side.items():
        tops[name] = y
        y += count * scale + _GAP
    return tops


def _draw_bands(
    rows: Sequence[Mapping[str, Any]], tops: Sequence[Mapping[str, float]], scale: float
) -> list[Mark]:
    left, right = dict(tops[0]), dict(tops[1])
    start, end = _NODE, _WIDTH - _NODE
    curve_x = (start + end) / 2
    order = list(_ORDER)
    bands, counts = [], []
    for row in sorted(rows, key=lambda r: (order.index(r["rating_then"]), order.index(r["rating_now"]))):
        if not row["ratings"]:
            continue
        then, now, width = row["rating_then"], row["rating_now"], row["ratings"] * scale
        a, b = left[then], right[now]
        commands = (
            f"M{start},{a:.1f} C{curve_x:g},{a:.1f} {curve_x:g},{b:.1f} {end},{b:.1f} v{width:.1f} "
            f"C{curve_x:g},{b + width:.1f} {curve_x:g},{a + width:.1f} {start},{a + width:.1f} Z"
        )
        # Black text needs contrast on every band, so bands are partly transparent.
        bands.append(
            path(commands, fill=_ORDER[then].fill, fill_opacity="0.62", stroke=INK, stroke_width="0.7")
        )
        if width >= _MIN_COUNT_HEIGHT:
            counts.append(
                text(start + 8, a + width / 2, str(row["ratings"]), to="middle", size=11.5, bold=True)
            )
        left[then] += width
        right[now] += width
    return [*bands, *counts]
