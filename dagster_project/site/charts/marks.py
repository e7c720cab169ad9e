"""Marks, scales and axes.

Coordinates are pixels. The bars of a drawing begin at 0, 0; labels and axes are outside.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import drawsvg as draw

from dagster_project.site.colours import GRID, INK

Mark: TypeAlias = draw.DrawingElement

TEXT_SIZE = 13
"""Pixels of a text without a size of its own. The drawing sets this size once, and the colour of text as well."""

AXIS_HEIGHT = 44
"""Pixels that an axis needs below a drawing: labels and title."""

# Average width of a letter and of a bold letter, relative to the size of the text, in the widest of the fonts
# that readers may have.
_LETTER_WIDTH, _BOLD_LETTER_WIDTH = 0.58, 0.66
# Distance from a point of the text down to its baseline, relative to its size.
_TO_BASELINE = {"baseline": 0.0, "middle": 0.3, "top": 0.79, "bottom": -0.21}
# Half the width of a dot.
_DOT_RADIUS = 4.2


def text_width(words: Sequence[str], *, size: float = TEXT_SIZE, bold: bool = False) -> float:
    """Return the pixels that the longest of these words needs."""
    letter = _BOLD_LETTER_WIDTH if bold else _LETTER_WIDTH
    return max((len(word) for word in words), default=0) * size * letter


def to_tenths(value: float) -> str:
    """Return a coordinate or a length rounded to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def rect(x: float, y: float, width: float, height: float, fill: str) -> Mark:
    """Return a box with an outline."""
    return draw.Rectangle(*map(to_tenths, (x, y, width, height)), fill=fill, stroke=INK)


def line(x: float, y: float, x2: float, y2: float, stroke: str, **attributes: str) -> Mark:
    """Return a straight line."""
    return draw.Line(*map(to_tenths, (x, y, x2, y2)), stroke=stroke, **attributes)


def path(commands: str, **attributes: str) -> Mark:
    """Return any line or shape."""
    return draw.Path(commands, **attributes)


def dot(x: float, y: float, fill: str, *, square: bool = False, **attributes: str) -> Mark:
    """Return a small filled circle, or a square of about the same size."""
    radius = _DOT_RADIUS
    if square:
        corner = to_tenths(x - radius), to_tenths(y - radius)
        return draw.Rectangle(*corner, 2 * radius, 2 * radius, fill=fill, **attributes)
    return draw.Circle(to_tenths(x), to_tenths(y), radius, fill=fill, **attributes)


def text(
    x: float,
    y: float,
    words: str | Sequence[str],
    *,
    align: str = "start",
    to: str = "baseline",
    size: float = TEXT_SIZE,
    bold: bool = False,
    **attributes: str,
) -> Mark:
    """Return a text, or lines of text one below the other.

    `align` is SVG's `start`, `middle` or `end`. `to` is the part of the first line that is at `y`: its
    `baseline`, `middle`, `top` or `bottom`.
    """
    if align != "start":
        attributes["text_anchor"] = align
    if bold:
        attributes["font_weight"] = "bold"
    own_size = None if size == TEXT_SIZE else size
    baseline = to_tenths(y + _TO_BASELINE[to] * size)
    return draw.Text(words, own_size, to_tenths(x), baseline, line_height=1.25, **attributes)


@dataclass(frozen=True)
class Scale:
    """Maps values to pixels: `low` to `start`, `high` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the coordinate of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, *, steps: int = 5, as_share: bool = False) -> list[tuple[float, str]]:
    """Return about `steps` round values from `low` to `high` with labels: per cents, or whole numbers."""
    # One value has a span of 0, for which no step fits.
    step = _tick_step((high - low) or 1, steps, whole=not as_share)
    values = [count * step for count in range(int(high / step + 1e-9) + 1)]
    return [
        (value, f"{100 * value:.0f}%" if as_share else f"{value:.0f}") for value in values if value >= low
    ]


def axis(
    scale: Scale, values: Sequence[tuple[float, str]], height: float, title: str
) -> tuple[list[Mark], list[Mark]]:
    """Return the grid lines of a horizontal scale, which belong behind all other marks, and its labels and title."""
    labels = [(scale(value), label) for value, label in values]
    middle = (scale(scale.low) + scale(scale.high)) / 2
    return (
        [path("".join(f"M{to_tenths(x)},0V{to_tenths(height)}" for x, _ in labels), stroke=GRID)],
        [
            *(text(x, height + 17, label, align="middle", size=12) for x, label in labels),
            text(middle, height + 38, title, align="middle", size=12.5),
        ],
    )


def _tick_step(span: float, steps: int, *, whole: bool) -> float:
    """Return the distance between ticks, 1, 2 or 5 times a power of ten, that gives at most about `steps`."""
    least = span / steps
    power: float = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least - 1e-9)
    return max(1.0, step) if whole else step
