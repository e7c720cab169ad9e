"""What every chart is made of: marks at given places, scales and axes.

A drawing's own coordinates are pixels; its bars begin at 0, 0 and what stands around them lies beyond.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import drawsvg as draw

from dagster_project.site.colours import GRID, INK

Mark: TypeAlias = draw.DrawingElement

SIZE = 13
"""Pixels of a text that says nothing else; a drawing has it once, and so has its ink."""

AXIS_ROOM = 44
"""Pixels that an axis needs below a drawing: labels and title."""

# Average widths of a letter and of a bold one, as parts of the text's size, in the widest of the fonts that readers
# may have: the room that words get.
_LETTER, _BOLD_LETTER = 0.58, 0.66
# How far below its middle or its top a text's line lies, as parts of its size.
_BELOW = {"line": 0.0, "middle": 0.3, "top": 0.79, "bottom": -0.21}
# Half the width of a dot.
_DOT = 4.2


def room(words: Sequence[str], *, size: float = SIZE, bold: bool = False) -> float:
    """Pixels that the longest of these words needs."""
    return max((len(word) for word in words), default=0) * size * (_BOLD_LETTER if bold else _LETTER)


def number(value: float) -> str:
    """A place or a length as a drawing writes it: to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def rect(x: float, y: float, width: float, height: float, fill: str) -> Mark:
    """A box with an outline."""
    return draw.Rectangle(*map(number, (x, y, width, height)), fill=fill, stroke=INK)


def rule(x: float, y: float, x2: float, y2: float, stroke: str, **looks: str) -> Mark:
    """A straight line."""
    return draw.Line(*map(number, (x, y, x2, y2)), stroke=stroke, **looks)


def path(commands: str, **looks: str) -> Mark:
    """Any line or shape."""
    return draw.Path(commands, **looks)


def dot(x: float, y: float, fill: str, *, square: bool = False, **looks: str) -> Mark:
    """A small filled circle, or a square of about the same size."""
    if square:
        return draw.Rectangle(number(x - _DOT), number(y - _DOT), 2 * _DOT, 2 * _DOT, fill=fill, **looks)
    return draw.Circle(number(x), number(y), _DOT, fill=fill, **looks)


def text(
    x: float,
    y: float,
    words: str | Sequence[str],
    *,
    align: str = "start",
    to: str = "line",
    size: float = SIZE,
    bold: bool = False,
    **looks: str,
) -> Mark:
    """Words at a place, or lines of them, which stand one below the other.

    `align` is SVG's `start`, `middle` or `end`; `to` says what of the first line lies at `y`: the `line` that its
    letters stand on, its `middle`, `top` or `bottom`.
    """
    if align != "start":
        looks["text_anchor"] = align
    if bold:
        looks["font_weight"] = "bold"
    own_size = None if size == SIZE else size
    return draw.Text(words, own_size, number(x), number(y + _BELOW[to] * size), line_height=1.25, **looks)


@dataclass(frozen=True)
class Scale:
    """From values to pixels: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, *, steps: int = 5, as_share: bool = False) -> list[tuple[float, str]]:
    """Round values from `low` to `high`, about so many, with their labels: per cents, or whole numbers."""
    step = _step(high - low, steps, whole=not as_share)
    values = [count * step for count in range(int(high / step + 1e-9) + 1)]
    return [
        (value, f"{100 * value:.0f}%" if as_share else f"{value:.0f}") for value in values if value >= low
    ]


def axis(
    scale: Scale, values: Sequence[tuple[float, str]], height: float, title: str
) -> tuple[list[Mark], list[Mark]]:
    """Of a scale from left to right below a drawing of that height: lines of a grid, which lie behind all
    else, and labels with a title."""
    places = [(scale(value), label) for value, label in values]
    middle = (scale(scale.low) + scale(scale.high)) / 2
    return (
        [path("".join(f"M{number(x)},0V{number(height)}" for x, _ in places), stroke=GRID)],
        [
            *(text(x, height + 17, label, align="middle", size=12) for x, label in places),
            text(middle, height + 38, title, align="middle", size=12.5),
        ],
    )


def _step(span: float, steps: int, *, whole: bool) -> float:
    """The distance of ticks, 1, 2 or 5 times a power of ten, that gives at most about so many steps."""
    least = span / steps
    power: float = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least - 1e-9)
    return max(1.0, step) if whole else step
