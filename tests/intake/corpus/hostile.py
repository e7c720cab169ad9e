"""Files that are broken, are something else, or ask for more than a return can need."""

import io
import random
import zipfile
from collections.abc import Mapping

from dagster_project.intake.security import limits
from tests.intake.corpus import layouts
from tests.intake.corpus.base import SHEET, base, case, packed, parts_of, with_part
from tests.intake.corpus.books import COVER, plain_rows

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Something else ------------------------------------------------------------------------------------

case("zero_bytes.xlsx")(lambda: b"")
case("zero_bytes.docx")(lambda: b"")
case("zero_bytes.csv")(lambda: b"")
case("cut_off_in_the_middle.xlsx")(lambda: base(".xlsx")[: len(base(".xlsx")) // 2])
case("cut_off_in_the_middle.docx")(lambda: base(".docx")[: len(base(".docx")) // 2])
case("cut_off_at_the_end.xlsx")(lambda: base(".xlsx")[:-10])
case("noise.xlsx")(lambda: random.Random(1).randbytes(5_000))
case("noise.docx")(lambda: random.Random(2).randbytes(5_000))
case("noise.ods")(lambda: random.Random(3).randbytes(5_000))
case("noise.csv")(lambda: random.Random(4).randbytes(5_000))
case("a_letter.docx")(lambda: b"Dear colleague, please find our return attached.")
case("a_pdf.xlsx")(lambda: b"%PDF-1.7\n%...")
case("a_web_page.xlsx")(lambda: b"<html><table><tr><td>Green</td></tr></table></html>")
case("an_rtf_document.docx")(lambda: b"{\\rtf1 Green}")
case("a_document_in_disguise.xlsx")(lambda: base(".docx"))
case("a_workbook_in_disguise.docx")(lambda: base(".xlsx"))
case("a_workbook_in_disguise.ods")(lambda: base(".xlsx"))
case("a_zip_of_returns.xlsx")(lambda: packed({"Fife.xlsx": base(".xlsx")}))
case("of_an_old_excel.xlsx")(lambda: OLE + bytes(2_000))
case("of_an_old_excel.xls")(lambda: OLE + bytes(2_000))
case("of_an_old_word.doc")(lambda: OLE + bytes(2_000))
case("text.txt")(lambda: b"Green")
case("scan.pdf")(lambda: b"%PDF-1.7")
case("voice_memo.m4a")(lambda: b"\0\0\0\x1cftypM4A ")
case("returns.zip")(lambda: b"PK\x05\x06" + bytes(18))
case("message.eml")(lambda: b"Subject: our return")
case("half_downloaded.xlsx.crdownload")(lambda: b"PK\x03\x04")
case("link_to_our_return.url")(lambda: b"[InternetShortcut]\nURL=file:///return.xlsx\n")
case("no_ending")(lambda: base(".xlsx"))
case("CAPITAL_ENDING.XLSX")(lambda: base(".xlsx"))
case("with_password.xlsx")(lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
case("with_password.docx")(lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
case("README.md")(lambda: b"# Notes")
case("~$as_sent.xlsx")(lambda: b"\x05owner")
case(".DS_Store")(lambda: b"\x00\x00\x00\x01Bud1")
case("Thumbs.db")(lambda: OLE)


@case("with_zip_password.xlsx")
def _encrypted() -> bytes:
    content = bytearray(base(".xlsx"))
    # The bit that says that a part is encrypted, in the head of each part and in the list of parts.
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + place] |= 1
            start = content.find(mark, start + 4)
    return bytes(content)


# Beyond the limits ---------------------------------------------------------------------------------

_ROWS = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(1, 200_001)).encode()


def _sheet(content: bytes) -> bytes:
    return with_part(
        layouts.xlsx([("a", COVER), ("b", plain_rows())]),
        SHEET,
        lambda part: part.replace(b"</sheetData>", content + b"</sheetData>"),
    )


case("part_of_twenty_megabytes.xlsx")(lambda: _sheet(b" " * 20_000_000))
case("packed_a_thousand_to_one.xlsx")(lambda: _sheet(b" " * 7_000_000))
case("unread_part_packed_a_thousand_to_one.xlsx")(
    lambda: packed(parts_of(base(".xlsx")) | {"xl/x.xml": b"a" * 4_000_000})
)
case("forty_megabytes_that_nothing_reads.xlsx")(
    lambda: packed(
        parts_of(base(".xlsx")) | {f"xl/x{n}.xml": random.Random(n).randbytes(50_000) * 100 for n in range(8)}
    )
)
case("three_thousand_parts.xlsx")(
    lambda: packed(parts_of(base(".xlsx")) | {f"x{n}.xml": b"" for n in range(3_000)})
)
case("file_beyond_the_limit.xlsx")(lambda: bytes(limits.MAX_FILE_BYTES + 1))
case("two_hundred_thousand_empty_rows.xlsx")(lambda: _sheet(_ROWS))
case("five_megabytes_in_one_cell.xlsx")(
    lambda: layouts.xlsx(
        [("a", COVER), ("b", [*plain_rows()[:-1], [*plain_rows()[-1][:3], _noise(5_000_000)]])]
    )
)
case("cells_at_both_ends_of_the_sheet.xlsx")(
    lambda: _sheet(b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')
)
case("cell_outside_any_row.xlsx")(lambda: _sheet(b'<c r="A1"><v>1</v></c>'))
case("cell_in_the_last_column.xlsx")(lambda: _sheet(b'<row r="99"><c r="XFD99"><v>1</v></c></row>'))
case("far_cell_with_strange_spacing.xlsx")(
    lambda: _sheet(b"<row\tr = '99'><c\nr = 'XFD99'><v>1</v></c></row>")
)
case("far_cell_written_with_entities.xlsx")(
    lambda: _sheet(b'<row r="&#49;048576"><c r="&#88;FD1048576"><v>1</v></c></row>')
)
case("far_cell_behind_a_bracket_in_an_attribute.xlsx")(
    lambda: _sheet(b'<row spans=">" r="1048576"><c cm=">" r="XFD1048576"><v>1</v></c></row>')
)
case("empty_cell_of_a_row_beyond_any_number.xlsx")(
    lambda: _sheet(b'<row r="99999999999999999999"><c r="A1"/></row>')
)
case("rows_without_numbers.xlsx")(lambda: _sheet(b"<row><c><v>1</v></c></row>" * 20_000))

_CELL = b"<c><v>1</v></c>"
for _name, _content in {
    "cells_without_names_in_one_row": b"<row>" + _CELL * 5_000 + b"</row>",
    "row_without_number_behind_the_last_one": b'<row r="1048576"/><row>' + _CELL + b"</row>",
    "cell_without_name_behind_the_last_one": b'<row r="60"><c r="XFD60"/>' + _CELL + b"</row>",
    "number_of_a_cell_beyond_that_of_its_row": b'<row r="60"><c r="A1048576"><v>1</v></c></row>',
    "far_cell_with_two_names": b'<row r="60"><c r="A60" r="XFD1048576"><v>1</v></c></row>',
    "far_cell_with_its_name_in_another_attribute": b"<row r='60'><c cm=' r=\"A1\"' r='XFD60'><v>1</v></c></row>",
    "far_row_behind_a_comment_of_xml": b'<row r="1048576"/><!--<row r="1"/>--><row>' + _CELL + b"</row>",
}.items():
    case(f"{_name}.xlsx")(lambda content=_content: _sheet(content))  # type: ignore[misc]

for _name, _content in {
    "empty_cell_in_the_last_place": b'<row r="1048576"><c r="XFD1048576" s="1"/></row>',
    "empty_cell_with_an_end_in_the_last_place": b'<row r="1048576"><c r="XFD1048576" s="1"></c></row>',
    "empty_cells_in_the_last_columns": b'<row r="60"><c r="XFC60" s="1"/><c r="XFD60" s="1"/></row>',
    "empty_rows_to_the_hundred_thousandth": b"".join(
        b'<row r="%d" s="1"/>' % row for row in range(60, 100_000)
    ),
    "row_without_number_at_the_end": b"<row><c/></row>",
}.items():
    case(f"{_name}.xlsx")(lambda content=_content: _sheet(content))  # type: ignore[misc]


def _with_pictures(suffix: str, parts: Mapping[str, bytes]) -> bytes:
    return packed(parts_of(base(suffix)) | dict(parts))


_PHOTOGRAPH = random.Random(5).randbytes(1_000) * 12_000
case("photographs_of_forty_megabytes.xlsx")(
    lambda: _with_pictures(".xlsx", {f"xl/media/image{n}.jpeg": _PHOTOGRAPH for n in range(4)})
)
case("photographs_of_forty_megabytes.docx")(
    lambda: _with_pictures(".docx", {f"word/media/image{n}.jfif": _PHOTOGRAPH for n in range(4)})
)
case("blank_picture_packed_tightly.docx")(
    lambda: _with_pictures(".docx", {"word/media/image1.bmp": bytes(40_000_000)})
)
case("embedded_workbook.docx")(
    lambda: _with_pictures(".docx", {"word/embeddings/Microsoft_Excel.xlsx": _PHOTOGRAPH})
)


def _binary_workbook() -> bytes:
    parts = parts_of(base(".xlsx"))
    return packed(
        {name.replace(".xml", ".bin") if name.startswith("xl/") else name: b"\x83\x01" for name in parts}
    )


@case("billions_of_shared_texts.xlsx")
def billions_of_shared_texts() -> bytes:
    """A workbook for which calamine allocates terabytes and aborts its process."""
    texts = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="99999999999"/>'
    )
    return with_part(
        packed(parts_of(base(".xlsx")) | {"xl/sharedStrings.xml": texts}),
        "xl/_rels/workbook.xml.rels",
        lambda part: part.replace(
            b"</Relationships>",
            b'<Relationship Id="texts" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships'
            b'/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        ),
    )


_OLD = {"workbook": "Workbook", "document": "WordDocument"}
for _suffix in (".xlsx", ".docx", ".csv"):
    case(f"binary_workbook{_suffix}")(_binary_workbook)
    for _kind, _stream in _OLD.items():
        case(f"{_kind}_of_office_97{_suffix}")(
            lambda stream=_stream: OLE + bytes(600) + f"{stream}\0".encode("utf-16-le") + bytes(600)  # type: ignore[misc]
        )
case("xml_of_excel_2003.xlsx")(lambda: b'<?xml version="1.0"?><Workbook/>')
case("a_table_of_ten_thousand_rows.docx")(
    lambda: layouts.docx([("a", COVER), ("b", plain_rows() + [["", "", "", ""]] * 10_000)])
)
case("brackets_that_never_close.xlsx")(lambda: _sheet(_noise(1000).encode() + b"<c " * 1_000_000))


def _noise(length: int) -> str:
    letters = random.Random(length)
    return "".join(letters.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=length))


# XML that bites ------------------------------------------------------------------------------------

_BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def _declared(suffix: str, name: str, declaration: bytes, use: bytes) -> bytes:
    def change(part: bytes) -> bytes:
        head, sep, tail = part.partition(b"?>")
        assert sep
        return head + sep + declaration + tail.replace(b"Amber", use, 1)

    return with_part(base(suffix), name, change)


case("entities_within_entities.docx")(lambda: _declared(".docx", "word/document.xml", _BOMB, b"&b;"))
case("entity_from_outside.docx")(lambda: _declared(".docx", "word/document.xml", _OUTSIDE, b"&a;"))
case("entity_from_outside.xlsx")(
    lambda: packed(
        parts_of(base(".xlsx"))
        | {"xl/workbook.xml": b'<?xml version="1.0"?>' + _OUTSIDE + b"<workbook>&a;</workbook>"}
    )
)
case("entity_declared_after_a_long_comment.docx")(
    lambda: _declared(".docx", "word/document.xml", b"<!--" + b"x" * 9_000 + b"-->" + _OUTSIDE, b"&a;")
)
case("part_in_utf_16.docx")(
    lambda: with_part(
        base(".docx"),
        "word/document.xml",
        lambda part: (
            part.decode().replace('encoding="UTF-8"', "").replace("encoding='UTF-8'", "").encode("utf-16")
        ),
    )
)
case("part_in_an_unknown_encoding.docx")(
    lambda: with_part(base(".docx"), "word/document.xml", lambda part: part.replace(b"UTF-8", b"IBM037", 1))
)
case("a_hundred_thousand_levels.docx")(
    lambda: with_part(
        base(".docx"),
        "word/document.xml",
        lambda part: part.replace(b"<w:body>", b"<w:body>" + b"<w:sdt><w:sdtContent>" * 100_000, 1),
    )
)
case("a_thousand_tables_in_each_other.docx")(
    lambda: with_part(
        base(".docx"),
        "word/document.xml",
        lambda part: part.replace(
            b"<w:body>", b"<w:body>" + b"<w:tbl><w:tr><w:tc>" * 60 + b"</w:tc></w:tr></w:tbl>" * 60, 1
        ),
    )
)
case("xml_not_closed.docx")(lambda: with_part(base(".docx"), "word/document.xml", lambda part: part[:-20]))
case("xml_not_closed.xlsx")(lambda: with_part(base(".xlsx"), SHEET, lambda part: part[:-200]))
case("xml_ends_among_the_questions.xlsx")(
    lambda: with_part(base(".xlsx"), SHEET, lambda part: part[: len(part) // 2])
)
case("without_its_workbook.xlsx")(lambda: _without(base(".xlsx"), "xl/workbook.xml"))
case("without_its_table.xlsx")(lambda: _without(base(".xlsx"), SHEET))
case("without_its_document.docx")(lambda: _without(base(".docx"), "word/document.xml"))
case("shared_string_that_is_not_there.xlsx")(
    lambda: _sheet(b'<row r="99"><c r="A99" t="s"><v>4000000000</v></c></row>')
)
case("number_that_is_no_number.xlsx")(lambda: _sheet(b'<row r="99"><c r="A99"><v>1e99999x</v></c></row>'))
case("part_that_points_outside.xlsx")(
    lambda: packed(parts_of(base(".xlsx")) | {"../../outside.xml": b"<a/>"})
)
case("part_that_points_to_the_root.xlsx")(
    lambda: packed(parts_of(base(".xlsx")) | {"/etc/outside.xml": b"<a/>"})
)
case("part_that_points_outside_backwards.xlsx")(
    lambda: packed(parts_of(base(".xlsx")) | {"..\\outside.xml": b"<a/>"})
)
case("embedded_object_and_outside_link.xlsx")(
    lambda: packed(
        parts_of(base(".xlsx"))
        | {
            "xl/embeddings/oleObject1.bin": OLE,
            "xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd"/></externalLink>',
        }
    )
)


@case("two_parts_of_one_name.xlsx")
def _twice() -> bytes:
    content = io.BytesIO(base(".xlsx"))
    with zipfile.ZipFile(content, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(SHEET, b"<worksheet/>")
    return content.getvalue()


@case("size_of_a_part_is_a_lie.xlsx")
def _lie() -> bytes:
    content = bytearray(base(".xlsx"))
    with zipfile.ZipFile(io.BytesIO(base(".xlsx"))) as archive:
        size = archive.getinfo(SHEET).file_size
    wrong = (size // 2).to_bytes(4, "little")
    return bytes(content).replace(size.to_bytes(4, "little"), wrong)


def _without(content: bytes, name: str) -> bytes:
    parts = parts_of(content)
    del parts[name]
    return packed(parts)
