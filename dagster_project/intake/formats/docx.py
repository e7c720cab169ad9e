"""Documents of Word (.docx) as grids: every table, and the text between them.

Text is what the reader of the document sees: tracked insertions, moves to a place, chosen entries of
lists count; deletions, moves away, prompts and alternative drawings do not.
"""

from collections.abc import Iterator

from lxml import etree

from dagster_project.intake.formats.grid import Grid, Marks, Place, colour, table_cell
from dagster_project.intake.formats.xml import parse
from dagster_project.intake.problems import Rejected
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_ROWS
from dagster_project.intake.text import clean

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_GLYPHS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_DRAWN = (f"{_W}drawing", f"{_W}pict", f"{_W}object")


def read_wordprocessing(parts: OfficeFile) -> Iterator[Grid]:
    """The text outside tables as a grid of one column, then every table. Raises on a broken file."""
    document = parse(parts[_main_part(parts)])
    lines = tuple(
        (text,)
        for paragraph in document.iterfind(f"{_W}body/{_W}p")
        if (text := clean("".join(_pieces(paragraph))))
    )
    yield Grid("text", lines, lambda row, _: f"paragraph {row + 1}")
    for number, table in enumerate(document.iter(f"{_W}tbl"), start=1):
        yield _table(table, f"table {number}")


def _main_part(parts: OfficeFile) -> str:
    if "word/document.xml" in parts or "_rels/.rels" not in parts:
        return "word/document.xml"
    for relation in parse(parts["_rels/.rels"]):
        if relation.get("Type", "").endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _table(table: etree._Element, name: str) -> Grid:
    rows: list[tuple[str, ...]] = []
    marks = Marks()
    merged: dict[Place, Place] = {}
    open_merges: dict[int, Place] = {}
    for element in _children(table, "tr"):
        if element.find(f"{_W}trPr/{_W}del") is not None:
            continue
        if len(rows) == MAX_ROWS:
            raise Rejected(
                "unsafe_file", f"The file was not read: a table has more than {MAX_ROWS:,} rows, the limit."
            )
        texts: list[str] = [""] * _value(element, "trPr/gridBefore")
        for cell in _children(element, "tc"):
            place = (len(rows), len(texts))
            text = "" if cell.find(f"{_W}tcPr/{_W}cellDel") is not None else _cell_text(cell)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merge is None:
                open_merges.pop(place[1], None)
            elif merge.get(f"{_W}val") == "restart":
                open_merges[place[1]] = place
            elif place[1] in open_merges:
                merged[place] = open_merges[place[1]]
            _mark(cell, text, place, marks)
            span = max(_value(cell, "tcPr/gridSpan"), 1)
            texts.extend([text, *[""] * (span - 1)][: MAX_COLUMNS - len(texts)])
        rows.append(tuple(texts))
    return Grid(name, tuple(rows), table_cell, merged=merged, look=lambda: marks)


def _children(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Children of a kind, also those that stand in a content control, an insertion or a moved range."""
    for child in element:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from _children(content, tag)
        elif child.tag in (f"{_W}ins", f"{_W}moveTo", f"{_W}customXml"):
            yield from _children(child, tag)


def _cell_text(cell: etree._Element) -> str:
    paragraphs = ["".join(_pieces(paragraph)) for paragraph in _paragraphs(cell)]
    return clean("\n".join(paragraphs))


def _paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag == f"{_W}p":
            yield child
        elif child.tag not in _GONE and not _is_prompt(child):
            yield from _paragraphs(child)


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _GLYPHS:
            yield _GLYPHS[child.tag]
        elif child.tag == f"{_W}ddList":
            yield _chosen(child)
        elif child.tag not in _GONE and not _is_prompt(child):
            yield from _pieces(child)


def _chosen(entries: etree._Element) -> str:
    """What an old drop-down field shows: its text stands nowhere else."""
    texts = [entry.get(f"{_W}val") or "" for entry in entries.iterchildren(f"{_W}listEntry")]
    number = max(_value(entries, "result"), 0)
    return texts[number] if number < len(texts) else ""


def _is_prompt(element: etree._Element) -> bool:
    """Whether it is a content control that still shows its prompt, such as "Choose an item."."""
    return element.tag == f"{_W}sdt" and element.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None


def _mark(cell: etree._Element, text: str, place: Place, marks: Marks) -> None:
    if text:
        return
    for shade in cell.iter(f"{_W}shd"):
        if value := colour(shade.get(f"{_W}fill") or ""):
            marks.colours[place] = value
            break
    if next(cell.iter(*_DRAWN), None) is not None:
        marks.unvalued[place] = "a picture or an object instead of text"


def _value(element: etree._Element, path: str) -> int:
    found = element.find("/".join(f"{_W}{name}" for name in path.split("/")))
    text = found.get(f"{_W}val") or "" if found is not None else ""
    return min(int(text), MAX_COLUMNS) if text.isascii() and text.isdigit() and len(text) < 10 else 0
