"""Styles of an OpenDocument sheet: what changes the meaning of a text, or makes it invisible."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from dagster_project.intake.formats.grid import INVISIBLE, STRUCK, is_similar_colour, parse_colour
from dagster_project.intake.formats.xml import parse_part

_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
MAX_PARENTS = 10
"""Styles that one style is made from: a file can name them in a circle."""


@dataclass(frozen=True)
class CellStyle:
    """Properties of a style with an effect on reading."""

    fill: str
    """Colour of the cell as `#rrggbb`, except shades of grey."""
    doubt: str
    """Why a text of this style is not what its sender sees or means."""


def read_styles(document: etree._Element, common: bytes) -> Mapping[str, CellStyle]:
    """Read the styles with an effect, by name: those of the document, and the common ones of another part."""
    roots = [parse_part(common), document] if common else [document]
    elements = {one.get(f"{_STYLE}name") or "": one for root in roots for one in root.iter(f"{_STYLE}style")}
    found = {}
    for name in elements:
        fill = (
            _find_property(elements, name, "table-cell-properties", f"{_FO}background-color") or ""
        ).lstrip("#")
        colour = (_find_property(elements, name, "text-properties", f"{_FO}color") or "").lstrip("#")
        struck = _find_property(elements, name, "text-properties", f"{_STYLE}text-line-through-style")
        background = fill if fill not in ("", "transparent") else "ffffff"
        doubt = INVISIBLE if is_similar_colour(colour, background) else ""
        style = CellStyle(parse_colour(fill) or "", STRUCK if struck not in (None, "none") else doubt)
        if style.fill or style.doubt:
            found[name] = style
    return found


def _find_property(
    elements: Mapping[str, etree._Element], name: str, group: str, attribute: str
) -> str | None:
    """Find a property of a style, or of the nearest style that it is made from."""
    for _ in range(MAX_PARENTS):
        style = elements.get(name)
        if style is None:
            return None
        for properties in style.iterchildren(f"{_STYLE}{group}"):
            if value := properties.get(attribute):
                return str(value)
        name = style.get(f"{_STYLE}parent-style-name") or ""
    return None
