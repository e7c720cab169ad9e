"""Documents of Word (.docx) as grids: the text between tables, and every table."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from dagster_project.intake.formats.docx_text import DOUBTS, TextReader, W
from dagster_project.intake.formats.grid import (
    COVERED,
    FREE_TEXT,
    PAGE_FOOTER,
    PAGE_HEADER,
    PARAGRAPH,
    TEXT_BOX,
    Grid,
    Marks,
    Note,
    Place,
    make_margin,
    name_table_cell,
    parse_colour,
)
from dagster_project.intake.formats.relations import find_main_part, read_relations
from dagster_project.intake.formats.xml import parse_part
from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_ROWS

_W = W
_EMBEDDED = (f"{_W}altChunk", f"{_W}subDoc")
_DRAWN = (f"{_W}drawing", f"{_W}pict", f"{_W}object")


def read_wordprocessing(parts: OfficeFile) -> Iterator[Grid]:
    """Read the text outside tables as a grid of one column, the headers and footers, then every table.

    Raises on a broken file.
    """
    name, _ = find_main_part(parts)
    document = parse_part(parts[name])
    if len(document.findall(f"{_W}body")) > 1:
        raise reject_unsafe("it holds two documents")
    if next(_iterate_children(document.find(f"{_W}body"), "altChunk", "subDoc"), None) is not None:
        raise reject_unsafe("it shows another file within it, which programs show in different ways")
    reader = TextReader(parts, name)
    yield _read_lines(document, reader)
    yield from _read_margins(parts, name, reader)
    grids: dict[etree._Element, Grid] = {}
    for number, table in enumerate(document.iter(f"{_W}tbl"), start=1):
        around = next(table.iterancestors(f"{_W}tbl"), None)
        grid = _read_table(table, f"table {number}", reader)
        grids[table] = replace(grid, around=grids[around] if around is not None else None)
        yield grids[table]


def _read_lines(document: etree._Element, reader: TextReader) -> Grid:
    """Read the paragraphs outside tables.

    What is in text boxes or below a table is stray until something reads it.
    """
    lines: list[tuple[str]] = []
    stray: dict[Place, Note] = {}
    is_below = False
    for paragraph in _iterate_children(document.find(f"{_W}body"), "p", "tbl"):
        is_below = is_below or paragraph.tag == f"{_W}tbl"
        if paragraph.tag == f"{_W}tbl":
            continue
        text = reader.read(paragraph)
        boxed = {line for box in text.boxes for line in box.split("\n")}
        for line in filter(None, map(str.strip, str(text).split("\n"))):
            if line in boxed or is_below:
                stray[len(lines), 0] = Note(TEXT_BOX if line in boxed else PARAGRAPH, line)
            lines.append((line,))
    return Grid(FREE_TEXT, tuple(lines), lambda row, _: f"paragraph {row + 1}", stray=stray)


def _read_margins(parts: OfficeFile, document: str, reader: TextReader) -> Iterator[Grid]:
    """Read the headers and footers of the pages, whose lines are stray."""
    for relation in read_relations(parts, document):
        name = {"/header": PAGE_HEADER, "/footer": PAGE_FOOTER}.get(relation.kind)
        if name and relation.target in parts:
            yield make_margin(FREE_TEXT, name, str(reader.read(parse_part(parts[relation.target]))))


def _read_table(table: etree._Element, name: str, reader: TextReader) -> Grid:
    rows: list[tuple[str, ...]] = []
    marks = Marks()
    merged: dict[Place, Place] = {}
    notes: dict[Place, tuple[Note, ...]] = {}
    doubts: dict[Place, str] = {}
    open_merges: dict[int, Place] = {}
    for element in _iterate_children(table, "tr"):
        if element.find(f"{_W}trPr/{_W}del") is not None:
            continue
        if len(rows) == MAX_ROWS:
            raise Rejected(
                "unsafe_file", f"The file was not read: a table has more than {MAX_ROWS:,} rows, the limit."
            )
        texts: list[str] = [""] * _read_number(element, "trPr/gridBefore")
        for cell in _iterate_children(element, "tc"):
            place = (len(rows), len(texts))
            text = ""
            if cell.find(f"{_W}tcPr/{_W}cellDel") is None:
                read = reader.read(cell)
                text = str(read)
                if read.notes:
                    notes[place] = tuple(read.notes)
                if doubt := next((one for one in DOUBTS if one in read.doubts), ""):
                    doubts[place] = doubt
                if next(cell.iter(*_EMBEDDED), None) is not None:
                    doubts[place] = "in an embedded document"
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is None:
                open_merges.pop(place[1], None)
            elif merge.get(f"{_W}val") == "restart":
                open_merges[place[1]] = place
            elif place[1] in open_merges:
                merged[place] = row, column = open_merges[place[1]]
                if text and text != rows[row][column]:
                    doubts[place] = COVERED
            _add_marks(cell, text, place, marks)
            span = max(_read_number(cell, "tcPr/gridSpan"), 1)
            texts.extend([text, *[""] * (span - 1)][: MAX_COLUMNS - len(texts)])
        rows.append(tuple(texts))
    return Grid(
        name, tuple(rows), name_table_cell, merged=merged, notes=notes, doubts=doubts, look=lambda: marks
    )


def _iterate_children(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield children with one of the tags, also in a content control, an insertion or a moved range."""
    wanted = [f"{_W}{tag}" for tag in tags]
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _iterate_children(content, *tags)
        elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            yield from _iterate_children(child, *tags)


def _add_marks(cell: etree._Element, text: str, place: Place, marks: Marks) -> None:
    if text:
        return
    for shade in cell.iter(f"{_W}shd"):
        if value := parse_colour(shade.get(f"{_W}fill") or ""):
            marks.colours[place] = value
            break
    if next(cell.iter(*_DRAWN), None) is not None:
        marks.unvalued[place] = "a picture or an object instead of text"


def _read_number(element: etree._Element, path: str) -> int:
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    text = found.get(f"{_W}val") or "" if found is not None else ""
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() and len(text) < 10 else 0
