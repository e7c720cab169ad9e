"""Styles of the cells of a workbook: what changes the meaning of a text, or makes it invisible."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.grid import is_similar_colour, parse_colour
from dagster_project.intake.formats.number_formats import BUILT_IN, is_plain
from dagster_project.intake.formats.symbols import is_symbol_font
from dagster_project.intake.formats.xml import get_local_name, parse_part

# Colours of a theme in the order of the numbers in a cell's style.
_THEME = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6")
_SYSTEM = {64: "000000", 65: "ffffff"}
_Colour = tuple[str, str]
"""`rrggbb` and the tint that is applied to it."""
_WHITE, _BLACK = ("ffffff", ""), ("000000", "")


@dataclass(frozen=True)
class CellStyle:
    """Properties of a cell style; a style without any of them is plain."""

    fill: str = ""
    """Colour of the cell as `#rrggbb`, except shades of grey."""
    is_struck: bool = False
    is_invisible: bool = False
    """Whether its text has the colour of its background."""
    symbol_font: str = ""
    number_format: str = ""

    @property
    def is_shown_differently(self) -> bool:
        """Whether its text is not shown as it is stored."""
        return bool(self.is_struck or self.is_invisible or self.symbol_font or self.number_format)


@lru_cache(maxsize=4)
def read_styles(styles: bytes, theme: bytes) -> Mapping[int, CellStyle]:
    """Read the cell styles by number, as cells name them."""
    if not styles:
        return {}
    root = parse_part(styles)
    colours = _read_theme(theme)
    formats = {
        int(one.get("numFmtId") or 0): one.get("formatCode") or ""
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fills = [_read_fill(fill, colours) for fill in root.iterfind("{*}fills/{*}fill")]
    fonts = root.findall("{*}fonts/{*}font")
    found = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        fill_no, font_no = int(style.get("fillId") or 0), int(style.get("fontId") or 0)
        fill = fills[fill_no] if fill_no < len(fills) else _WHITE
        font = fonts[font_no] if font_no < len(fonts) else None
        code = int(style.get("numFmtId") or 0)
        number_format = formats.get(code, BUILT_IN.get(code, ""))
        found[number] = CellStyle(
            fill=(parse_colour(fill[0]) or "") if fill else "",
            is_struck=font is not None and is_on(font.find("{*}strike")),
            is_invisible=fill is not None and _is_invisible(font, fill, colours),
            symbol_font=_read_symbol_font(font),
            number_format="" if is_plain(number_format) else number_format,
        )
    return found


def is_on(element: etree._Element | None) -> bool:
    """Return whether a property is set."""
    return element is not None and element.get("val") not in ("0", "false")


def is_white(properties: etree._Element | None) -> bool:
    """Return whether a part of a text has white letters."""
    colour = properties.find("{*}color") if properties is not None else None
    found = _read_colour(colour, {0: "ffffff"}) if colour is not None else None
    return found is not None and not found[1] and is_similar_colour(found[0], _WHITE[0])


def _read_fill(fill: etree._Element, theme: Mapping[int, str]) -> _Colour | None:
    """Read the colour of a fill; white where there is none, None where it is a pattern or not known."""
    pattern = fill.find("{*}patternFill")
    if pattern is None or pattern.get("patternType") in (None, "none"):
        return _WHITE if fill.find("{*}gradientFill") is None else None
    return _read_colour(pattern.find("{*}fgColor"), theme)


def _is_invisible(font: etree._Element | None, fill: _Colour, theme: Mapping[int, str]) -> bool:
    colour = font.find("{*}color") if font is not None else None
    shown = _read_colour(colour, theme) if colour is not None else _BLACK
    return shown is not None and shown[1] == fill[1] and is_similar_colour(shown[0], fill[0])


def _read_colour(element: etree._Element | None, theme: Mapping[int, str]) -> _Colour | None:
    if element is None:
        return None
    tint = element.get("tint") or ""
    if rgb := element.get("rgb"):
        return rgb[-6:].lower(), tint
    if index := element.get("indexed"):
        return _read_indexed(int(index)), tint
    number = element.get("theme")
    return (theme[int(number)].lower(), tint) if number and int(number) in theme else None


def _read_indexed(index: int) -> str:
    if index in _SYSTEM:
        return _SYSTEM[index]
    # Imported here: few programs use indexed colours, and the import takes 0.3 s.
    from openpyxl.styles.colors import COLOR_INDEX

    return COLOR_INDEX[index][-6:].lower() if index < len(COLOR_INDEX) else ""


def _read_theme(part: bytes) -> dict[int, str]:
    if not part:
        return {}
    found = {}
    for element in parse_part(part).iter():
        name = get_local_name(element)
        if name in _THEME and len(element):
            found[_THEME.index(name)] = element[0].get("lastClr") or element[0].get("val") or ""
    return found


def _read_symbol_font(font: etree._Element | None) -> str:
    name = font.find("{*}name") if font is not None else None
    value = name.get("val") or "" if name is not None else ""
    return value if is_symbol_font(value) else ""
