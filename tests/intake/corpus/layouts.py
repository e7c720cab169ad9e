"""Rows of text as files of every format, written by hand: quick, and free of what a library would tidy up."""

import csv
import io
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from tests.intake.corpus.base import packed

Rows = Sequence[Sequence[str]]
Sheets = Sequence[tuple[str, Rows]]

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def xlsx(sheets: Sheets, *, hidden: Sequence[str] = (), shared: bool = False) -> bytes:
    strings: list[str] = []
    parts: dict[str, str] = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
    }
    listed = ""
    relations = []
    for number, (name, rows) in enumerate(sheets, start=1):
        state = ' state="hidden"' if name in hidden else ""
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}"{state} r:id="rId{number}"/>'
        relations.append(("worksheet", f"worksheets/sheet{number}.xml"))
        parts[f"xl/worksheets/sheet{number}.xml"] = _worksheet(rows, strings if shared else None)
    if shared:
        relations.append(("sharedStrings", "sharedStrings.xml"))
        texts = "".join(f'<si><r><t xml:space="preserve">{_x(text)}</t></r></si>' for text in strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_S}">{texts}</sst>'
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_S}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = _relations(relations)
    return packed({name: (_XML + part).encode() for name, part in parts.items()})


def _worksheet(rows: Rows, strings: list[str] | None) -> str:
    body = ""
    for row_no, row in enumerate(rows, start=1):
        cells = ""
        for column, text in enumerate(row):
            address = f"{chr(65 + column)}{row_no}"
            if text and strings is None:
                cells += f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{_x(text)}</t></is></c>'
            elif text and strings is not None:
                strings.append(text)
                cells += f'<c r="{address}" t="s"><v>{len(strings) - 1}</v></c>'
        body += f'<row r="{row_no}">{cells}</row>'
    return f'<worksheet xmlns="{_S}"><sheetData>{body}</sheetData></worksheet>'


def docx(sheets: Sheets) -> bytes:
    tables = ""
    for _, rows in sheets:
        body = "".join(
            "<w:tr>" + "".join(f"<w:tc>{_paragraphs(text)}</w:tc>" for text in row) + "</w:tr>"
            for row in rows
        )
        tables += f"<w:tbl>{body}</w:tbl><w:p/>"
    return packed(
        {
            "[Content_Types].xml": f'{_XML}<Types xmlns="{_TYPES}"/>'.encode(),
            "_rels/.rels": _relations([("officeDocument", "word/document.xml")]).encode(),
            "word/document.xml": (
                f'{_XML}<w:document xmlns:w="{_W}"><w:body>{tables}</w:body></w:document>'
            ).encode(),
        }
    )


def _paragraphs(text: str) -> str:
    lines = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{_x(line)}</w:t></w:r></w:p>' for line in text.split("\n")
    )
    return lines or "<w:p/>"


ODS_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "table": "table",
        "text": "text",
        "style": "style",
        "fo": "xsl-fo-compatible",
    }.items()
)


def ods(sheets: Sheets, *, styles: str = "", raw: str = "") -> bytes:
    """`raw` is put at the end of the last sheet as it is."""
    tables = ""
    for number, (name, rows) in enumerate(sheets, start=1):
        body = "".join(
            "<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>" for row in rows
        )
        last = raw if number == len(sheets) else ""
        tables += f"<table:table table:name={quoteattr(name)}>{body}{last}</table:table>"
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": (
                f"{_XML}<office:document-content {ODS_NAMES}><office:automatic-styles>{styles}"
                f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
                "</office:spreadsheet></office:body></office:document-content>"
            ).encode(),
        }
    )


def _ods_cell(text: str) -> str:
    if text.startswith("<table:"):
        return text
    if not text:
        return "<table:table-cell/>"
    lines = "".join(f"<text:p>{_ods_spaces(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def _ods_spaces(line: str) -> str:
    return _x(line).replace("\t", "<text:tab/>").replace("  ", ' <text:s text:c="1"/>')


def longform(rows: Rows, *, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def _relations(relations: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'


def _x(text: str) -> str:
    return escape(text)
