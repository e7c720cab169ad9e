"""From ratings then to ratings now: bands whose widths are numbers of committees."""

from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from dagster_project.site.charts.base import Box, ChartError, Drawing, key_of, require
from dagster_project.site.charts.marks import Mark, path, rect, text
from dagster_project.site.colours import INK, MISSING, RATINGS, Segment

_WIDTH, _HEIGHT, _NODE, _GAP = 540, 320, 92, 14
# Pixels above the bands: what heads the two sides.
_HEAD = 24
# Pixels that a word needs of a node or a band.
_WORD, _COUNT = 14, 13
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
    nodes: list[Mark] = []
    for side, top, x in zip(sides, tops, (0, _WIDTH - _NODE), strict=True):
        for name, count in side.items():
            height = count * scale
            nodes.append(rect(x, top[name], _NODE, height, _ORDER[name].fill))
            if height >= _WORD:
                words = f"{name.replace('_', ' ').capitalize()} {count}"
                nodes.append(text(x + _NODE / 2, top[name] + height / 2, words, align="middle", to="middle",
                                  fill=_ORDER[name].ink, bold=True))  # fmt: skip
    # A value in a fence's option comes as text of a page; a drawing takes it as it is.
    heads = [
        text(0, -10, unescape(options.get("then", "Then")), bold=True),
        text(_WIDTH, -10, unescape(options.get("now", "Now")), align="end", bold=True),
    ]
    used = [s for name, s in _ORDER.items() if any(name in side for side in sides)]
    return Drawing([*_bands(rows, tops, scale), *nodes, *heads], Box(0, _HEAD, _WIDTH, _HEIGHT), key_of(used))


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
) -> list[Mark]:
    left, right = dict(tops[0]), dict(tops[1])
    start, end = _NODE, _WIDTH - _NODE
    bend = (start + end) / 2
    place = list(_ORDER)
    bands, counts = [], []
    for row in sorted(rows, key=lambda r: (place.index(r["rating_then"]), place.index(r["rating_now"]))):
        if not row["ratings"]:
            continue
        then, now, width = row["rating_then"], row["rating_now"], row["ratings"] * scale
        a, b = left[then], right[now]
        commands = (
            f"M{start},{a:.1f} C{bend:g},{a:.1f} {bend:g},{b:.1f} {end},{b:.1f} v{width:.1f} "
            f"C{bend:g},{b + width:.1f} {bend:g},{a + width:.1f} {start},{a + width:.1f} Z"
        )
        # A band is half see-through: black stands out on all of them but the darkest.
        bands.append(
            path(commands, fill=_ORDER[then].fill, fill_opacity="0.62", stroke=INK, stroke_width="0.7")
        )
        if width >= _COUNT:
            counts.append(
                text(start + 8, a + width / 2, str(row["ratings"]), to="middle", size=11.5, bold=True)
            )
        left[then] += width
        right[now] += width
    return [*bands, *counts]
