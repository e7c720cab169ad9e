"""Returns with a canary in every text that a person could type, and a search for canaries that is its own."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import duckdb
import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from dagster_project.intake import labels

CANARY = "zqcanary"
FILE_CANARY = "zqfile"


def full_workbook(source: Path, target: Path, committee: str, mark: str) -> None:
    """A copy of a returned workbook with a canary in every text but the labels, the numbers and the committee."""
    book: Any = openpyxl.load_workbook(source)
    number = 0

    def canary() -> str:
        nonlocal number
        number += 1
        words = " ".join(f"word{mark}{number}x{place}" for place in range(9))
        return f"{CANARY}{mark}{number} <b>{words}</b> {CANARY}@fife.example"

    known = {labels.COMMITTEE, labels.DATE_COMPLETED, labels.ROUND, labels.TEMPLATE_VERSION}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            neighbours = {cell.coordinate: left.value for left, cell in pairwise(row)}
            for cell in row:
                if sheet.title == labels.COVER_SHEET:
                    label = neighbours.get(cell.coordinate)
                    if label == labels.COMMITTEE:
                        cell.value = committee
                    elif label in known - {labels.TEMPLATE_VERSION}:
                        cell.value = canary()
        if sheet.title == labels.QUESTIONNAIRE_SHEET:
            header = next(row for row in sheet.iter_rows() if labels.RATING in [cell.value for cell in row])
            columns = {str(cell.value): cell.column for cell in header}
            for row in sheet.iter_rows(min_row=header[0].row + 1):
                for name in (labels.RATING, labels.COMMENT):
                    cell = row[columns[name] - 1]
                    if not isinstance(cell, MergedCell):
                        cell.value = canary()
                        cell.comment = Comment(canary(), canary())
            # A question that nobody asked, and a column of the sender's own.
            sheet.cell(sheet.max_row + 1, columns[labels.NUMBER]).value = 77
            sheet.cell(sheet.max_row, columns[labels.QUESTION]).value = canary()
            sheet.cell(sheet.max_row, columns[labels.RATING]).value = "Green"
            sheet.cell(header[0].row, sheet.max_column + 1).value = canary()
        sheet.oddHeader.center.text = canary()
        sheet.oddFooter.center.text = canary()
        sheet.title = f"{CANARY}{mark}sheet{number}"[:31]
    book.create_sheet(f"{CANARY}{mark}extra").append([canary(), canary()])
    book.defined_names[f"{CANARY}{mark}name"] = DefinedName(f"{CANARY}{mark}name", attr_text="'Cover'!$A$1")
    for name in ("title", "subject", "creator", "keywords", "description", "lastModifiedBy", "category"):
        setattr(book.properties, name, canary())
    book.custom_doc_props.append(StringProperty(name=f"{CANARY}{mark}property", value=canary()))
    book.save(target)


def full_document(source: Path, target: Path, before: str, committee: str) -> None:
    """A copy of a returned document with a canary in every comment, paragraph, header and property."""
    document = docx.Document(str(source))
    number = 0
    for table in document.tables:
        column = None
        for row in table.rows:
            texts = [cell.text.strip() for cell in row.cells]
            if labels.COMMENT in texts:
                column = texts.index(labels.COMMENT)
            elif column is not None:
                number += 1
                words = " ".join(f"docx{number}x{place}" for place in range(9))
                row.cells[column].text = f"{CANARY}docx{number} {words}"
            for cell, text in zip(row.cells, texts, strict=True):
                if text == before:
                    cell.text = committee
    document.add_paragraph(f"{CANARY}paragraph")
    document.sections[0].header.paragraphs[0].text = f"{CANARY}header"
    for name in ("title", "subject", "author", "keywords", "comments", "last_modified_by", "category"):
        setattr(document.core_properties, name, f"{CANARY}{name}")
    document.save(str(target))


def holding(folder: Path, canary: str) -> list[str]:
    """Files under a folder that contain a canary, by place."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [
        path.relative_to(folder).as_posix() for path in paths if any(canary in text for text in _texts(path))
    ]


def _texts(path: Path) -> Iterator[str]:
    if path.suffix in (".duckdb", ".parquet"):
        with duckdb.connect() as connection:
            if path.suffix == ".parquet":
                connection.execute(f"create view file as from '{path}'")
                found = [("memory", "main", "file")]
            else:
                connection.execute(f"attach '{path}' as release (read_only)")
                found = connection.execute(
                    "select database_name, schema_name, table_name from duckdb_tables() where database_name = 'release'"
                ).fetchall()
            for place in found:
                yield str(connection.execute('from "{}"."{}"."{}"'.format(*place)).fetchall()).lower()
    yield from _unpacked(path.read_bytes())


def _unpacked(content: bytes) -> Iterator[str]:
    yield content.decode("latin-1").lower()
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _unpacked(archive.read(name))
