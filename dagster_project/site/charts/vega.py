"""The grammar that every chart is written in: Vega specifications, made of marks at given places.

Vega and not Vega-Lite: bars, labels and brackets share one layout, and there is one step less to compile.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dagster_project.site.colours import GRID, INK

Spec = dict[str, Any]
Row = Mapping[str, Any]

# Average width of a letter of a 13 pixel label, in pixels: the room that labels get.
LETTER = 6.6


def spec(width: float, height: float, parts: Mapping[str, Any]) -> Spec:
    """A whole drawing of `width` by `height` pixels, which grows by what stands around it.

    Marks of data without rows are left out: each mark costs a millisecond, drawn or not.
    """
    empty = {data["name"] for data in parts["data"] if not data["values"]}
    marks = [mark for mark in parts["marks"] if mark.get("from", {}).get("data") not in empty]
    return {
        "width": width,
        "height": height,
        "padding": 3,
        "autosize": {"type": "pad", "contains": "content"},
        "config": {
            "text": {"fill": INK, "fontSize": 13},
            "group": {"stroke": None},
        },
        **parts,
        "marks": marks,
    }


def linear(name: str, low: float, high: float, start: float, end: float) -> Spec:
    """A scale from values to pixels."""
    return {"name": name, "type": "linear", "zero": False, "domain": [low, high], "range": [start, end]}


@dataclass(frozen=True)
class Axis:
    """Where an axis lies: its scale's name, its highest value, its start and length, the drawing's height.

    It is drawn with marks: an axis of Vega's own costs as much time as everything else in a chart.
    """

    scale: str
    high: float
    start: float
    length: float
    height: float
    title: str
    low: float = 0
    as_share: bool = False
    steps: int = 5

    def data(self) -> Spec:
        """Its ticks, as a data set of the drawing."""
        step = _step(self.high - self.low, self.steps, whole=not self.as_share)
        count = int(self.high / step + 1e-9)
        values = [number * step for number in range(count + 1) if number * step >= self.low]
        labels = [f"{100 * value:.0f}%" if self.as_share else f"{value:.0f}" for value in values]
        return table(
            f"{self.scale}_ticks", [{"v": v, "label": t} for v, t in zip(values, labels, strict=True)]
        )

    def marks(self) -> tuple[list[Spec], list[Spec]]:
        """Grid lines, to be drawn first, and labels and title."""
        ticks, place = f"{self.scale}_ticks", at(self.scale, "v")
        title = {"type": "text", "encode": {"enter": {
            "x": {"value": self.start + self.length / 2}, "y": {"value": self.height + 38},
            "text": {"value": self.title}, "align": {"value": "center"}, "fill": {"value": INK},
            "fontSize": {"value": 12.5}}}}  # fmt: skip
        return (
            [mark("rule", ticks, x=place, y=0, y2=self.height, stroke=GRID)],
            [
                mark("text", ticks, x=place, y=self.height + 17, text="{label}", align="center", fontSize=12),
                title,
            ],
        )


def _step(span: float, steps: int, *, whole: bool) -> float:
    """The distance of ticks, 1, 2 or 5 times a power of ten, that gives at most about so many steps."""
    least = span / steps
    power: float = 10.0 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least - 1e-9)
    return max(1.0, step) if whole else step


def mark(kind: str, data: str, **channels: Any) -> Spec:
    """A mark per row of `data`. A channel is a column's name in `{}`, a place on a scale, or a value."""
    enter = {name: _channel(value) for name, value in channels.items() if value is not None}
    return {"type": kind, "from": {"data": data}, "encode": {"enter": enter}}


def at(scale: str, column: str, **more: Any) -> Spec:
    """The place of a column's value on a scale."""
    return {"scale": scale, "field": column, **more}


def table(name: str, rows: Sequence[Row]) -> Spec:
    """Rows as a data set of a drawing."""
    return {"name": name, "values": list(rows)}


def room(labels: Sequence[str]) -> float:
    """Pixels that the longest of these labels needs."""
    return LETTER * max(len(label) for label in labels) + 10


def _channel(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    if isinstance(value, str) and value.startswith("{") and value.endswith("}"):
        return {"field": value[1:-1]}
    return {"value": value}
