"""A chart as one inline SVG: one `role="img"`, one name, nothing inside that a screen reader could enter."""

import html
import math

import drawsvg as draw

from dagster_project.site.charts import Drawing
from dagster_project.site.charts.marks import SIZE
from dagster_project.site.colours import INK

# Pixels around a drawing, so that no outline is cut.
_PADDING = 3


def render(drawing: Drawing, name: str, described_by: str) -> str:
    """A drawing as SVG text named `name`. It scales down with its box; nothing in it loads anything.

    `described_by` is the id of the sentence that says what the drawing finds.
    """
    box = drawing.box
    left, top = (math.floor(-side - _PADDING) for side in (box.left, box.top))
    right, bottom = (math.ceil(side + _PADDING) for side in (box.right, box.bottom))
    canvas = draw.Drawing(
        right - left,
        bottom - top,
        origin=(left, top),
        role="img",
        # The library writes attributes as they are.
        aria_label=html.escape(name),
        aria_describedby=described_by,
        fill=INK,
        font_size=SIZE,
    )
    canvas.extend(drawing.marks)
    return str(canvas.as_svg(header="")).replace("<defs>\n</defs>\n", "")
