"""A chart as one inline SVG: one `role="img"`, one name, nothing inside that a screen reader could enter."""

import re
import xml.etree.ElementTree as ET

import vl_convert

from dagster_project.site.charts.vega import Spec

_NAMESPACE = "http://www.w3.org/2000/svg"
# What Vega writes for its own runtime and for its own idea of accessibility.
_NOISE = frozenset({"aria-hidden", "aria-label", "aria-roledescription", "class", "pointer-events", "role",
                    "font-family", "opacity", "stroke-miterlimit"})  # fmt: skip
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def render(spec: Spec, name: str, described_by: str) -> str:
    """A Vega drawing as SVG text named `name`. It scales down with its box; nothing in it loads anything.

    `described_by` is the id of the sentence that says what the drawing finds.
    """
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(vl_convert.vega_to_svg(spec))  # noqa: S314 - our own drawing
    _clean(root)
    _prune(root)
    root.attrib = {
        "viewBox": root.attrib["viewBox"],
        "width": root.attrib["width"],
        "role": "img",
        "aria-label": name,
        "aria-describedby": described_by,
    }
    return ET.tostring(root, encoding="unicode")


def _clean(element: ET.Element) -> None:
    for node in element.iter():
        for attribute in _NOISE & set(node.attrib):
            if attribute != "opacity" or node.attrib[attribute] == "1":
                del node.attrib[attribute]
        for attribute, value in node.attrib.items():
            node.attrib[attribute] = _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.1f}", value)


def _prune(element: ET.Element) -> None:
    """Drop what draws nothing: hidden or empty paths, texts without a word, groups left without content."""
    for child in list(element):
        _prune(child)
        tag = child.tag.removeprefix(f"{{{_NAMESPACE}}}")
        undrawn = tag == "path" and (
            child.get("display") == "none" or ("stroke" not in child.attrib and "fill" not in child.attrib)
        )
        wordless = tag == "text" and not "".join(child.itertext()).strip()
        if undrawn or wordless or (tag == "g" and len(child) == 0):
            element.remove(child)
