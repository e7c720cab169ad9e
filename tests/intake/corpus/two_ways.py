"""Files that two programs could read in two ways, and files whose parts are in unusual places."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from functools import partial

from tests.intake.corpus import layouts
from tests.intake.corpus.base import SHEET, base, case, packed, parts_of, with_part
from tests.intake.corpus.books import COVER, plain_rows
from tests.intake.corpus.others import sheets

# Archives ------------------------------------------------------------------------------------------

_DOCUMENT = "word/document.xml"
_ALL_RED = parts_of(base(".xlsx"))[SHEET].replace(b">Green<", b">Red<").replace(b">Amber<", b">Red<")

for _name, _part in {
    "two_parts_whose_names_differ_in_case": "xl/worksheets/Sheet2.xml",
    "two_parts_whose_names_differ_in_slashes": "xl\\worksheets\\sheet2.xml",
    "two_parts_whose_names_differ_in_an_escape": "xl/worksheets/sheet%32.xml",
    "two_parts_whose_names_differ_in_a_dot": "xl/./worksheets/sheet2.xml",
    "two_parts_whose_names_differ_in_double_slashes": "xl//worksheets/sheet2.xml",
}.items():
    case(f"{_name}.xlsx")(lambda part=_part: packed(parts_of(base(".xlsx")) | {part: _ALL_RED}))  # type: ignore[misc]
case("two_documents_whose_names_differ_in_case.docx")(
    lambda: packed(parts_of(base(".docx")) | {"Word/Document.xml": parts_of(base(".docx"))[_DOCUMENT]})
)

_END = b"PK\x05\x06"


def _with_comment(content: bytes, comment: bytes) -> bytes:
    """The archive with a comment."""
    return content[:-2] + struct.pack("<H", len(comment)) + comment


def _moved(content: bytes, by: int) -> bytes:
    """An archive whose directory is right when the archive begins behind `by` other bytes."""
    end = content.rfind(_END)
    size, start = struct.unpack_from("<II", content, end + 12)
    moved = bytearray(content)
    place = start
    while place < start + size:
        offset, name, extra, comment = (
            struct.unpack_from("<I", content, place + 42)[0],
            *struct.unpack_from("<HHH", content, place + 28),
        )
        struct.pack_into("<I", moved, place + 42, offset + by)
        place += 46 + name + extra + comment
    struct.pack_into("<I", moved, end + 16, start + by)
    return bytes(moved)


def _all_red() -> bytes:
    return packed(parts_of(base(".xlsx")) | {SHEET: _ALL_RED})


case("comment_of_the_archive_is_an_archive.xlsx")(
    lambda: _with_comment(base(".xlsx"), _moved(_all_red(), len(base(".xlsx"))))
)
case("comment_of_the_archive_is_a_directory.xlsx")(
    lambda: _with_comment(base(".xlsx"), base(".xlsx")[base(".xlsx").find(b"PK\x01\x02") :])
)
case("comment_of_the_archive_is_a_directory.docx")(
    lambda: _with_comment(base(".docx"), base(".docx")[base(".docx").find(b"PK\x01\x02") :])
)
case("archive_behind_an_archive.xlsx")(lambda: base(".xlsx") + _moved(_all_red(), len(base(".xlsx"))))
case("comment_of_the_archive.xlsx")(lambda: _with_comment(base(".xlsx"), b"Made by our archive program"))


@case("part_that_the_directory_does_not_list.xlsx")
def _unlisted() -> bytes:
    part = packed({SHEET: _ALL_RED}).partition(b"PK\x01\x02")[0]
    return part + _moved(base(".xlsx"), len(part))


@case("embedded_workbook_stored_as_it_is.docx")
def _embedded() -> bytes:
    """A part that is an archive itself is not a second archive."""
    content = io.BytesIO(base(".docx"))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("word/embeddings/Workbook.xlsx", base(".xlsx")[:2_000])
    return content.getvalue()


@case("names_of_parts_in_capitals_with_backslashes.xlsx")
def _old_writer() -> bytes:
    """As some writers of .NET name parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts_of(base(".xlsx")).items():
            archive.writestr(name.replace("/", "\\").replace("xl\\", "XL\\"), part)
    return content.getvalue()


# Parts of XML --------------------------------------------------------------------------------------


def _in_sheet(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: with_part(layouts.xlsx([("a", COVER), ("b", plain_rows())]), SHEET, change)


def _rename(part: bytes, *, row: bytes, cell: bytes, hidden: bytes = b"") -> bytes:
    """Write the numbers of rows and the names of cells in another way, and the row `hidden` as hidden."""
    if hidden:
        part = part.replace(hidden, hidden + b' hidden="1"')
    part = re.sub(rb'(?<=<row) r="(\d+)"', row, part)
    return re.sub(rb'(?<=<c) r="[A-Z]+\d+"', cell, part)


_RATING_OF_4 = b'<c r="C5" t="inlineStr"><is><t>red</t></is></c>'
for _name, _change in {
    "two_tables_of_cells_in_a_sheet": lambda part: part.replace(
        b"</sheetData>", b"</sheetData><sheetData>" + _RATING_OF_4 + b"</sheetData>"
    ),
    "two_tables_of_cells_in_two_namespaces": lambda part: part.replace(
        b"<sheetData>", b'<x:sheetData xmlns:x="urn:other"/><sheetData>'
    ),
    "cell_written_twice": lambda part: part.replace(b'<c r="D5"', _RATING_OF_4 + b'<c r="D5"'),
    "cell_written_twice_in_small_letters": lambda part: part.replace(
        b'<c r="D5"', _RATING_OF_4.replace(b"C5", b"c5") + b'<c r="D5"'
    ),
    "cell_written_again_without_its_name": lambda part: part.replace(
        b'<c r="D5"', b'<c r="B5"/>' + _RATING_OF_4.replace(b' r="C5"', b"") + b'<c r="D5"'
    ),
    "row_written_twice": lambda part: part.replace(
        b'<row r="6">', b'<row r="5">' + _RATING_OF_4 + b'</row><row r="6">'
    ),
    "row_written_again_without_its_number": lambda part: part.replace(
        b'<row r="5">', b'<row r="4"/><row>' + _RATING_OF_4 + b'</row><row r="5">'
    ),
    "row_written_again_by_the_names_of_its_cells": lambda part: part.replace(
        b"</sheetData>", b"<row>" + _RATING_OF_4 + b"</row></sheetData>"
    ),
    "cell_within_another_row": lambda part: part.replace(b'<row r="7">', b'<row r="7">' + _RATING_OF_4),
}.items():
    case(f"{_name}.xlsx")(_in_sheet(_change))
case("table_of_cells_within_a_comment_of_xml.xlsx")(
    _in_sheet(lambda part: part.replace(b"<sheetData>", b"<!-- <sheetData> --><sheetData>"))
)
for _name, _row, _cell in (
    # As some libraries write rows.
    ("rows_numbered_behind_other_attributes", rb' ht="12.8" outlineLevel="0" r="\1"', rb"\g<0>"),
    ("rows_numbered_in_single_quotes", rb" r='\1'", rb"\g<0>"),
    ("rows_numbered_behind_a_line_break", rb'\n r="\1"', rb"\g<0>"),
    ("rows_without_numbers_and_cells_with_names", b"", rb"\g<0>"),
    ("rows_without_numbers_and_cells_without_names", b"", b""),
):
    case(f"{_name}.xlsx")(_in_sheet(partial(_rename, row=_row, cell=_cell)))
    case(f"{_name}_and_a_hidden_one.xlsx")(
        _in_sheet(partial(_rename, row=_row, cell=_cell, hidden=b'<row r="5"'))
    )


case("two_sheets_of_one_name.xlsx")(
    lambda: with_part(
        base(".xlsx"), "xl/workbook.xml", lambda part: part.replace(b'name="Cover"', b'name="QUESTIONNAIRE"')
    )
)
case("two_main_parts.xlsx")(
    lambda: with_part(
        packed(parts_of(base(".xlsx")) | {"xl/other.xml": parts_of(base(".xlsx"))["xl/workbook.xml"]}),
        "_rels/.rels",
        lambda part: part.replace(
            b"</Relationships>",
            b'<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships'
            b'/officeDocument" Target="xl/other.xml"/></Relationships>',
        ),
    )
)
case("two_relations_of_one_name.xlsx")(
    lambda: with_part(
        base(".xlsx"),
        "xl/_rels/workbook.xml.rels",
        lambda part: part.replace(b'Id="rId1"', b'Id="rId2"'),
    )
)
case("two_bodies.docx")(
    lambda: with_part(
        base(".docx"), _DOCUMENT, lambda part: part.replace(b"</w:body>", b"</w:body><w:body></w:body>")
    )
)


def _renamed(suffix: str, folder: str, other: str) -> bytes:
    """The base with its parts in another folder."""
    parts = {}
    for name, part in parts_of(base(suffix)).items():
        moved = f"{other}{name.removeprefix(folder)}" if name.startswith(folder) else name
        parts[moved] = part.replace(f"/{folder}".encode(), f"/{other}".encode()).replace(
            f'"{folder}'.encode(), f'"{other}'.encode()
        )
    return packed(parts)


case("parts_in_another_folder.xlsx")(lambda: _renamed(".xlsx", "xl/", "book/of/ours/"))
case("parts_in_another_folder.docx")(lambda: _renamed(".docx", "word/", "text/"))


@case("sheet_in_a_folder_of_its_own.xlsx")
def _sheet_elsewhere() -> bytes:
    parts = parts_of(base(".xlsx"))
    parts["answers/table.data"] = parts.pop(SHEET)
    for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
        parts[name] = parts[name].replace(b"/xl/worksheets/sheet2.xml", b"/answers/table.data")
    return packed(parts)


@case("sheet_that_no_relation_names.xlsx")
def _unrelated() -> bytes:
    return packed(parts_of(base(".xlsx")) | {"xl/worksheets/sheet9.xml": _ALL_RED})


_DOCTYPE = b'<!DOCTYPE a [<!ENTITY b "Red">]>'
for _encoding in ("utf-16", "utf-16-be", "utf-32", "cp037", "cp500"):
    case(f"document_type_in_{_encoding.replace('-', '_')}.docx")(
        lambda encoding=_encoding: with_part(  # type: ignore[misc]
            base(".docx"),
            _DOCUMENT,
            lambda part: (
                '<?xml version="1.0"?>' + _DOCTYPE.decode() + part.decode().partition("?>")[2]
            ).encode(encoding, errors="replace"),
        )
    )
case("document_type_behind_a_declared_utf_7.xlsx")(
    lambda: with_part(
        base(".xlsx"),
        SHEET,
        lambda part: b'<?xml version="1.0" encoding="UTF-7"?>+ADw-' + _DOCTYPE[1:] + part,
    )
)

# Spreadsheets of LibreOffice -----------------------------------------------------------------------

_ROW_OF_4 = "".join(
    f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    for text in ("4", "", "red", "From elsewhere")
)
_LINKED = (
    '<table:dde-links><table:dde-link><office:dde-source office:dde-application="soffice" '
    'office:dde-topic="other.ods" office:dde-item="Questionnaire.A1:D30"/><table:table>'
    f"<table:table-row>{_ROW_OF_4}</table:table-row></table:table></table:dde-link></table:dde-links>"
)


def _in_ods(old: bytes, new: str) -> Callable[[], bytes]:
    return lambda: with_part(
        layouts.ods(sheets()), "content.xml", lambda part: part.replace(old, new.encode())
    )


case("table_of_a_link_to_another_file.ods")(
    _in_ods(b"</office:spreadsheet>", f"{_LINKED}</office:spreadsheet>")
)
case("two_spreadsheets.ods")(
    _in_ods(
        b"</office:body>",
        f"<office:spreadsheet><table:table><table:table-row>{_ROW_OF_4}</table:table-row></table:table>"
        "</office:spreadsheet></office:body>",
    )
)
case("sheet_linked_to_another_file.ods")(
    _in_ods(
        b'<table:table table:name="Questionnaire">',
        '<table:table table:name="Questionnaire"><table:table-source xmlns:x="http://www.w3.org/1999/xlink" '
        'x:href="other.ods" table:table-name="Questionnaire"/>',
    )
)
_COLUMNS = {
    "column_of_ratings_hidden": '<table:table-column table:number-columns-repeated="2"/><table:table-column '
    'table:visibility="collapse"/><table:table-column/>',
    "column_of_ratings_hidden_in_a_group": '<table:table-column table:number-columns-repeated="2"/>'
    '<table:table-column-group table:display="false"><table:table-column table:visibility="collapse"/>'
    "</table:table-column-group><table:table-column/>",
    "column_of_ratings_filtered": "<table:table-columns><table:table-column "
    'table:number-columns-repeated="2"/><table:table-column table:visibility="filter"/></table:table-columns>',
}
for _name, _columns in _COLUMNS.items():
    case(f"{_name}.ods")(_in_ods(b'table:name="Questionnaire">', f'table:name="Questionnaire">{_columns}'))


def _with_hidden_draft() -> bytes:
    rows = [[*row[:2], "Rating" if row is plain_rows()[0] else "red", *row[2:]] for row in plain_rows()]
    rows[0][2] = "Rating"
    content = layouts.ods([("Cover", COVER), ("Questionnaire", rows)])
    columns = _COLUMNS["column_of_ratings_hidden"]
    return with_part(
        content,
        "content.xml",
        lambda part: part.replace(
            b'table:name="Questionnaire">', f'table:name="Questionnaire">{columns}'.encode()
        ),
    )


case("hidden_draft_before_the_ratings.ods")(_with_hidden_draft)

# Limits count what is read -------------------------------------------------------------------------

case("unnamed_empty_cells.xlsx")(
    _in_sheet(
        lambda part: part.replace(b"</sheetData>", b"<row>" + b"<c/>" * 100_000 + b"</row></sheetData>")
    )
)
