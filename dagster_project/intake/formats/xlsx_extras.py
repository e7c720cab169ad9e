"""Content of a sheet of Excel beyond the values of its cells: notes, text boxes, struck text, symbols, formats.

Parts and elements are those of SpreadsheetML (ECMA-376, part 1, chapter 18). A part is parsed only
where a plain search finds such content: the template has none.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.grid import Note, Place, parse_cell_name
from dagster_project.intake.formats.relations import read_relations
from dagster_project.intake.formats.symbols import is_symbol_font, read_symbols
from dagster_project.intake.formats.xlsx_parts import WorkbookParts
from dagster_project.intake.formats.xml import local_name, parse
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.text import clean, decode_escapes

STRUCK, HIDDEN_BY_FORMAT, REPLACED_BY_FORMAT = (
    "struck through",
    "hidden by its format",
    "shown otherwise by its format",
)

_FIRST_DAY = datetime.datetime(1899, 12, 30)
_DATE_PART = re.compile(r"y+|m+|d+", re.IGNORECASE)
_IGNORED_IN_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN = {9: "0%", 10: "0.00%", 17: "mmm-yy"}
_STYLE_OF_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\bs="(\d+)"')


@dataclass(frozen=True)
class _Style:
    """Properties of a cell style that change the meaning of its text."""

    is_struck: bool = False
    font: str = ""
    number_format: str = ""

    @property
    def is_special(self) -> bool:
        return bool(self.is_struck or self.font or self.number_format)


@dataclass
class Extras:
    """By place: attached notes, doubts about what is seen, and texts that replace a cell's value."""

    notes: dict[Place, tuple[Note, ...]] = field(default_factory=dict)
    doubts: dict[Place, str] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)


def read_extras(parts: OfficeFile, names: WorkbookParts, part: str, start: Place) -> Extras:
    """The extras of the sheet in a part, by place from `start`."""
    extras = Extras()
    for place, note in _notes(parts, part):
        moved = (place[0] - start[0], place[1] - start[1])
        extras.notes[moved] = (*extras.notes.get(moved, ()), note)
    styles = {
        number: style for number, style in _styles(parts.get(names.styles, b"")).items() if style.is_special
    }
    struck = _struck_strings(parts.get(names.strings, b""))
    used = {int(number) for number in _STYLE_OF_CELL.findall(parts[part])} if styles else set()
    if not (struck or used & styles.keys() or b"strike" in parts[part]):
        return extras
    strings: list[str] | None = None
    for cell in parse(parts[part]).iter("{*}c"):
        style = styles.get(int(cell.get("s") or 0), _Style())
        value, kind = cell.findtext("{*}v") or "", cell.get("t") or "n"
        try:
            row, column = parse_cell_name(cell.get("r") or "")
        except ValueError:
            continue
        place = (row - start[0], column - start[1])
        has_struck_run = kind == "s" and value.isdecimal() and int(value) in struck
        if (style.is_struck and (value or len(cell))) or has_struck_run or _is_struck(cell):
            extras.doubts[place] = STRUCK
        if style.font and kind in ("s", "inlineStr", "str"):
            if strings is None:
                strings = _strings(parts.get(names.strings, b""))
            extras.texts[place] = read_symbols(_text(cell, value, kind, strings), style.font)
        elif style.number_format:
            _apply_format(extras, place, style.number_format, value, kind)
    return extras


def _apply_format(extras: Extras, place: Place, number_format: str, value: str, kind: str) -> None:
    sections = number_format.split(";")
    if kind in ("s", "inlineStr", "str"):
        text_section = sections[3] if len(sections) > 3 else "@"
        if not text_section.strip():
            extras.doubts[place] = HIDDEN_BY_FORMAT
        elif "@" not in text_section and text_section.casefold() != "general":
            extras.doubts[place] = REPLACED_BY_FORMAT
        return
    try:
        number = float(value)
    except ValueError:
        return
    if not sections[0].strip():
        extras.doubts[place] = HIDDEN_BY_FORMAT
    elif shown := _shown(number, sections[0]):
        extras.texts[place] = shown


def _shown(number: float, section: str) -> str:
    """A percentage, or a date of which only a part is shown, as the cell shows it; empty for any other number."""
    bare = _IGNORED_IN_FORMAT.sub("", section)
    if "%" in bare:
        decimals = len(bare.partition(".")[2].rstrip("% ").strip()) if "." in bare else 0
        return f"{number * 100:.{decimals}f}%"
    letters = {letter for part in _DATE_PART.findall(bare.casefold()) for letter in part}
    if "m" not in letters or letters >= {"d", "m", "y"} or set("hs") & set(bare.casefold()):
        return ""
    try:
        date = _FIRST_DAY + datetime.timedelta(days=number)
    except OverflowError:
        return ""
    return _DATE_PART.sub(lambda part: _date_part(date, part[0].casefold()), bare).strip()


def _date_part(date: datetime.datetime, part: str) -> str:
    if part[0] == "y":
        return f"{date:%Y}" if len(part) > 2 else f"{date:%y}"
    if part[0] == "m":
        return {1: str(date.month), 2: f"{date:%m}", 3: f"{date:%b}"}.get(len(part), f"{date:%B}")
    return {1: str(date.day), 2: f"{date:%d}", 3: f"{date:%a}"}.get(len(part), f"{date:%A}")


@lru_cache(maxsize=4)
def _styles(part: bytes) -> Mapping[int, _Style]:
    """The cell styles by number."""
    if not part:
        return {}
    root = parse(part)
    formats = {
        int(one.get("numFmtId") or 0): one.get("formatCode") or ""
        for one in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [(_is_on(font.find("{*}strike")), _font_name(font)) for font in root.iterfind("{*}fonts/{*}font")]
    found = {}
    for number, style in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        font = int(style.get("fontId") or 0)
        is_struck, name = fonts[font] if font < len(fonts) else (False, "")
        code = int(style.get("numFmtId") or 0)
        number_format = formats.get(code, _BUILT_IN.get(code, ""))
        found[number] = _Style(is_struck, name, number_format if _is_special(number_format) else "")
    return found


def _is_special(number_format: str) -> bool:
    """Whether a format can show something else than the value: a percentage, part of a date, a text of its own."""
    sections = number_format.split(";")
    return bool(
        number_format
        and (
            not all(section.strip() for section in sections) or len(sections) > 3 or _shown(1.5, sections[0])
        )
    )


def _font_name(font: etree._Element) -> str:
    name = font.find("{*}name")
    value = name.get("val") or "" if name is not None else ""
    return value if is_symbol_font(value) else ""


def _is_on(element: etree._Element | None) -> bool:
    return element is not None and element.get("val") not in ("0", "false")


def _is_struck(element: etree._Element) -> bool:
    return any(_is_on(one) for one in element.iter("{*}strike"))


@lru_cache(maxsize=4)
def _struck_strings(part: bytes) -> frozenset[int]:
    """Numbers of the shared strings of which a part is struck through."""
    if b"strike" not in part:
        return frozenset()
    return frozenset(number for number, item in enumerate(parse(part).iterfind("{*}si")) if _is_struck(item))


@lru_cache(maxsize=4)
def _strings(part: bytes) -> list[str]:
    if not part:
        return []
    return ["".join(text.text or "" for text in item.iter("{*}t")) for item in parse(part).iterfind("{*}si")]


def _text(cell: etree._Element, value: str, kind: str, strings: list[str]) -> str:
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    return value if kind == "str" else "".join(text.text or "" for text in cell.iter("{*}t"))


def _notes(parts: OfficeFile, part: str) -> Iterator[tuple[Place, Note]]:
    """Notes, threaded comments and text boxes of a sheet, by place in the sheet."""
    targets = [(relation.kind, relation.target) for relation in read_relations(parts, part)]
    threaded: set[Place] = set()
    for kind, target in targets:
        if kind == "/threadedComment" and target in parts:
            for comment in parse(parts[target]).iter("{*}threadedComment"):
                place = parse_cell_name(comment.get("ref") or "")
                threaded.add(place)
                yield place, Note("Threaded comment", clean("".join(comment.find("{*}text").itertext())))
    for kind, target in targets:
        if target not in parts:
            continue
        if kind == "/comments":
            for comment in parse(parts[target]).iter("{*}comment"):
                place = parse_cell_name(comment.get("ref") or "")
                # A threaded comment has a note as well, for older programs.
                if place not in threaded:
                    yield (
                        place,
                        Note(
                            "Cell note",
                            clean(decode_escapes("".join(text.text or "" for text in comment.iter("{*}t")))),
                        ),
                    )
        elif kind == "/drawing":
            yield from _text_boxes(parse(parts[target]))


def _text_boxes(drawing: etree._Element) -> Iterator[tuple[Place, Note]]:
    for anchor in drawing:
        lines = ["".join(text.text or "" for text in line.iter("{*}t")) for line in anchor.iter("{*}p")]
        if text := clean("\n".join(lines)):
            origin = anchor.find("{*}from")
            numbers = {local_name(one): one.text or "0" for one in origin} if origin is not None else {}
            yield (int(numbers.get("row", 0)), int(numbers.get("col", 0))), Note("Text box", text)
