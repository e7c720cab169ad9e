"""Text of a Word document in the colour of its background.

A run has its own colour, that of its style or that of its paragraph's style. Elements are those of WordprocessingML.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.grid import is_similar_colour
from dagster_project.intake.formats.xml import parse_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WHITE = "ffffff"


@lru_cache(maxsize=4)
def read_style_colours(styles: bytes) -> Mapping[str, str]:
    """Read the colour of letters by style, where a style has one."""
    if not styles:
        return {}
    found = {
        style.get(f"{_W}styleId", ""): _get_attribute(style, "rPr/color")
        for style in parse_part(styles).iter(f"{_W}style")
        if style.get(f"{_W}type") in ("character", "paragraph")
    }
    return {name: colour for name, colour in found.items() if colour}


def has_colours(document: bytes, styles: Mapping[str, str]) -> bool:
    """Return whether a text of a document can have the colour of its background.

    A plain search saves the look at each run.
    """
    return (
        b":color " in document
        or (bool(styles) and b":shd " in document)
        or any(is_similar_colour(colour, _WHITE) for colour in set(styles.values()))
    )


def is_invisible(run: etree._Element, styles: Mapping[str, str]) -> bool:
    """Return whether the text of a run has the colour of its background."""
    # A program chooses a visible colour where none is given.
    colour = next(filter(None, _find_colours(run, styles)), "")
    if not colour or _get_attribute(run, "rPr/highlight", default="none") != "none":
        return False
    return is_similar_colour(colour, next(filter(None, _find_backgrounds(run)), _WHITE))


def _find_colours(run: etree._Element, styles: Mapping[str, str]) -> Iterator[str]:
    yield _get_attribute(run, "rPr/color")
    yield styles.get(_get_attribute(run, "rPr/rStyle"), "")
    paragraph = next(run.iterancestors(f"{_W}p"), None)
    if paragraph is not None:
        yield styles.get(_get_attribute(paragraph, "pPr/pStyle"), "")


def _find_backgrounds(run: etree._Element) -> Iterator[str]:
    for element, path in ((run, "rPr/shd"), *((one, "pPr/shd") for one in run.iterancestors(f"{_W}p"))):
        yield _get_attribute(element, path, "fill")
    for cell in run.iterancestors(f"{_W}tc"):
        yield _get_attribute(cell, "tcPr/shd", "fill")


def _get_attribute(element: etree._Element, path: str, attribute: str = "val", default: str = "") -> str:
    """Return an attribute of a property; the default where it is not given or chosen by the program."""
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    value = found.get(f"{_W}{attribute}") if found is not None else None
    return value if value and value != "auto" else default
