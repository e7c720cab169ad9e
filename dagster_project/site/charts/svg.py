"""Render a drawing as inline SVG: one `role="img"` with one name, and nothing inside that takes the focus."""

import html
import math

import drawsvg as draw

from dagster_project.site.charts.base import Drawing
from dagster_project.site.charts.marks import TEXT_SIZE
from dagster_project.site.colours import INK

# Pixels around a drawing, so that no outline is cut.
_PADDING = 3


def render_svg(drawing: Drawing, name: str, described_by: str) -> str:
    """Return a drawing as SVG text named `name`, which scales with its box and loads nothing.

    `described_by` is the id of the element that states the finding.
    """
    box = drawing.box
    left, top = (math.floor(-side - _PADDING) for side in (box.left, box.top))
    right, bottom = (math.ceil(side + _PADDING) for side in (box.right, box.bottom))
    canvas = draw.Drawing(
        right - left,
        bottom - top,
        origin=(left, top),
        role="img",
        # The library does not escape attributes.
        aria_label=html.escape(name),
        aria_describedby=described_by,
        fill=INK,
        font_size=TEXT_SIZE,
    )
    canvas.extend(drawing.marks)
    return str(canvas.as_svg(header="")).replace("<defs>\n</defs>\n", "")
