"""Content of a sheet of Excel beyond the values of its cells: notes, text boxes, struck text, symbols, formats.

Parts and elements are those of SpreadsheetML (ECMA-376, part 1, chapter 18). A part is parsed only
where a plain search finds such content: the template has none.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.grid import (
    INVISIBLE,
    PAGE_FOOTER,
    PAGE_HEADER,
    STRUCK,
    TEXT_BOX,
    Note,
    Place,
    parse_cell_name,
)
from dagster_project.intake.formats.relations import read_relations
from dagster_project.intake.formats.symbols import read_symbols
from dagster_project.intake.formats.xlsx_parts import WorkbookParts
from dagster_project.intake.formats.xlsx_styles import CellStyle, is_on, is_white, read_styles
from dagster_project.intake.formats.xml import get_local_name, parse_part
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.text import clean_text, decode_escapes

_PLAIN = CellStyle()
_STYLE_OF_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\bs="(\d+)"')


_CODE = re.compile(r'&(&|"[^"]*"|K[0-9A-F]{6}|K\d\d[+-]\d{3}|\d+|[A-Z])', re.IGNORECASE)
"""A code in the text of a header or footer: a position, a font, a colour, or what the program inserts."""


@dataclass
class Extras:
    """By place: attached notes, doubts about what is seen, formats of numbers, and texts of symbols."""

    notes: dict[Place, tuple[Note, ...]] = field(default_factory=dict)
    doubts: dict[Place, str] = field(default_factory=dict)
    formats: dict[Place, str] = field(default_factory=dict)
    symbols: dict[Place, str] = field(default_factory=dict)


def read_extras(parts: OfficeFile, names: WorkbookParts, part: str, start: Place) -> Extras:
    """Read the extras of the sheet in a part, by place from `start`."""
    extras = Extras()
    for place, note in _read_notes(parts, part):
        moved = (place[0] - start[0], place[1] - start[1])
        extras.notes[moved] = (*extras.notes.get(moved, ()), note)
    styles = {
        number: style
        for number, style in read_styles(parts.get(names.styles, b""), parts.get(names.theme, b"")).items()
        if style.is_shown_differently
    }
    marked = _find_marked_strings(parts.get(names.strings, b""))
    used = {int(number) for number in _STYLE_OF_CELL.findall(parts[part])} if styles else set()
    if not (marked or used & styles.keys() or b"rPr" in parts[part]):
        return extras
    strings: list[str] | None = None
    for cell in parse_part(parts[part]).iter("{*}c"):
        style = styles.get(int(cell.get("s") or 0), _PLAIN)
        value, kind = cell.findtext("{*}v") or "", cell.get("t") or "n"
        try:
            row, column = parse_cell_name(cell.get("r") or "")
        except ValueError:
            continue
        place = (row - start[0], column - start[1])
        string = marked.get(int(value), "") if kind == "s" and value.isdecimal() else _find_mark(cell)
        if (style.is_struck and (value or len(cell))) or string == STRUCK:
            extras.doubts[place] = STRUCK
        elif (style.is_invisible and (value or len(cell))) or (string == INVISIBLE and not style.fill):
            extras.doubts[place] = INVISIBLE
        if style.symbol_font and kind in ("s", "inlineStr", "str"):
            if strings is None:
                strings = _read_strings(parts.get(names.strings, b""))
            extras.symbols[place] = read_symbols(_read_text(cell, value, kind, strings), style.symbol_font)
        elif style.number_format:
            extras.formats[place] = style.number_format
    return extras


def _find_mark(text: etree._Element) -> str:
    """Find why a part of a rich text may not be what its sender means, or is not seen; empty if neither."""
    for properties in text.iter("{*}rPr"):
        if is_on(properties.find("{*}strike")):
            return STRUCK
        if is_white(properties):
            return INVISIBLE
    return ""


@lru_cache(maxsize=4)
def _find_marked_strings(part: bytes) -> Mapping[int, str]:
    """Find the shared strings of which a part has such a mark, by number."""
    if b"rPr" not in part:
        return {}
    marks = {number: _find_mark(item) for number, item in enumerate(parse_part(part).iterfind("{*}si"))}
    return {number: mark for number, mark in marks.items() if mark}


@lru_cache(maxsize=4)
def _read_strings(part: bytes) -> list[str]:
    if not part:
        return []
    return [
        "".join(text.text or "" for text in item.iter("{*}t")) for item in parse_part(part).iterfind("{*}si")
    ]


def _read_text(cell: etree._Element, value: str, kind: str, strings: list[str]) -> str:
    if kind == "s":
        return strings[int(value)] if value.isdecimal() and int(value) < len(strings) else ""
    return value if kind == "str" else "".join(text.text or "" for text in cell.iter("{*}t"))


def _read_notes(parts: OfficeFile, part: str) -> Iterator[tuple[Place, Note]]:
    """Read notes, threaded comments and text boxes of a sheet, by place in the sheet."""
    targets = [(relation.kind, relation.target) for relation in read_relations(parts, part)]
    threaded: set[Place] = set()
    for kind, target in targets:
        if kind == "/threadedComment" and target in parts:
            for comment in parse_part(parts[target]).iter("{*}threadedComment"):
                place = parse_cell_name(comment.get("ref") or "")
                threaded.add(place)
                yield place, Note("Threaded comment", clean_text("".join(comment.find("{*}text").itertext())))
    for kind, target in targets:
        if target not in parts:
            continue
        if kind == "/comments":
            for comment in parse_part(parts[target]).iter("{*}comment"):
                place = parse_cell_name(comment.get("ref") or "")
                # A threaded comment has a note as well, for older programs.
                if place not in threaded:
                    yield (
                        place,
                        Note(
                            "Cell note",
                            clean_text(
                                decode_escapes("".join(text.text or "" for text in comment.iter("{*}t")))
                            ),
                        ),
                    )
        elif kind == "/drawing":
            yield from _read_text_boxes(parse_part(parts[target]))


def _read_text_boxes(drawing: etree._Element) -> Iterator[tuple[Place, Note]]:
    for anchor in drawing:
        lines = ["".join(text.text or "" for text in line.iter("{*}t")) for line in anchor.iter("{*}p")]
        if text := clean_text("\n".join(lines)):
            origin = anchor.find("{*}from")
            numbers = {get_local_name(one): one.text or "0" for one in origin} if origin is not None else {}
            yield (int(numbers.get("row", 0)), int(numbers.get("col", 0))), Note(TEXT_BOX, text)


def read_margins(part: bytes) -> Iterator[tuple[str, str]]:
    """Read the texts of a sheet's page headers and footers, without codes, each with what it is."""
    if b"headerFooter" not in part:
        return
    for element in parse_part(part).iterfind("{*}headerFooter/*"):
        source = PAGE_HEADER if get_local_name(element).endswith("Header") else PAGE_FOOTER
        yield source, decode_escapes(_CODE.sub(_replace_code, element.text or ""))


def _replace_code(code: re.Match[str]) -> str:
    return {"&": "&", "L": "\n", "C": "\n", "R": "\n"}.get(code[1].upper(), "")
