"""Conditions of the readers that only unusual returns meet, one per test."""

import io
import random
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
import pytest
from openpyxl.styles import PatternFill

from dagster_project.intake import labels
from dagster_project.intake.problems import Rejected
from dagster_project.intake.reading import read_return
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.template import Template

TEMPLATE = Template("cse-2016", {"one": 1, "two": 2}, {"sub-question": (1, 2)}, ("green", "red", "amber"))
HEADER = ("No.", "Question", "Rating", "Comment")
ROWS = [("Child Protection Committee", "Fife"), HEADER, (1, "One", "Green", "first"), (2, "Two", "Red", "")]
Rows = Sequence[Sequence[object]]


def written(path: Path, rows: Rows, *, hidden: Rows = ()) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    if hidden:
        sheet = book.create_sheet("Draft")
        sheet.sheet_state = "hidden"
        for row in hidden:
            sheet.append(list(row))
    book.save(path)
    return book


def read(path: Path) -> tuple[ReadReturn, list[str]]:
    found = read_return(path, TEMPLATE)
    codes = [problem.code for problem in found.problems if problem.code != "no_template_version"]
    return found, codes


def test_a_sub_question_with_the_number_of_its_question_belongs_to_it(tmp_path: Path) -> None:
    path = tmp_path / "numbered.xlsx"
    written(path, [*ROWS[:3], (1, "Sub-question", "", "and second"), ROWS[3]])
    found, codes = read(path)
    assert codes == []
    assert found.answers[0].comment_typed == "first\nand second"


def test_an_unknown_question_with_any_rating_is_reported_once(tmp_path: Path) -> None:
    path = tmp_path / "unknown.xlsx"
    written(path, [*ROWS, (77, "What?", "N/A", "")])
    assert read(path)[1] == ["unknown_question"]


def test_a_comment_that_is_a_rating_word_is_not_a_rating_outside_its_column(tmp_path: Path) -> None:
    path = tmp_path / "comment.xlsx"
    written(path, [*ROWS[:3], (2, "Two", "", "Red")])
    assert read(path)[1] == []


def test_another_committee_in_a_hidden_sheet_does_not_contradict_the_cover(tmp_path: Path) -> None:
    path = tmp_path / "hidden.xlsx"
    written(path, ROWS, hidden=[("Child Protection Committee", "Angus")])
    found, codes = read(path)
    assert (found.cover[labels.COMMITTEE], codes) == ("Fife", [])


def test_a_colour_over_two_questions_is_that_of_both(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = written(path, [*ROWS[:2], (1, "One", "", ""), (2, "Two", "", "")])
    assert book.active is not None
    book.active.merge_cells("C3:C4")
    book.active["C3"].fill = PatternFill("solid", fgColor="FF00B050")
    book.save(path)
    found, codes = read(path)
    assert [answer.rating_colour for answer in found.answers] == ["#00b050", "#00b050"]
    assert codes == ["rating_by_colour", "rating_by_colour"]


def test_a_table_of_another_width_does_not_continue_the_last_one(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Child Protection Committee: Fife")
    for rows in ([HEADER, ("1", "One", "Green", ""), ("2", "Two", "Red", "")], [("1", "Agreed", "Amber")]):
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    path = tmp_path / "signed.docx"
    document.save(str(path))
    found, codes = read(path)
    assert "repeated_question" not in codes
    assert [answer.rating_typed for answer in found.answers] == ["Green", "Red"]


def packed(parts: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


@pytest.mark.parametrize("start", [b" ", b"\xef\xbb\xbf"], ids=["space", "byte_order_mark"])
def test_entities_are_refused_in_a_part_of_any_name(start: bytes) -> None:
    part = start + b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'
    file = OfficeFile(packed({"xl/workbook.xml": b"<a/>", "xl/odd.part": part}))
    assert file["xl/workbook.xml"] == b"<a/>"
    with pytest.raises(Rejected, match="document type"):
        file["xl/odd.part"]


PART = b"<a>" + bytes(range(32, 127)) * 40 + b"</a>"


@pytest.mark.parametrize(
    ("field", "value"),
    [(16, 0x1234), (24, len(PART) - 1), (24, len(PART) + 1), (20, 40)],
    ids=["checksum", "more_than_declared", "less_than_declared", "cut_short_within"],
)
def test_a_part_that_differs_from_its_directory_entry_is_refused(field: int, value: int) -> None:
    content = bytearray(packed({"xl/workbook.xml": PART}))
    entry = content.index(b"PK\x01\x02")
    content[entry + field : entry + field + 4] = struct.pack("<L", value)
    with pytest.raises(Rejected, match="broken or cut short"):
        dict(OfficeFile(bytes(content)))
    content = bytearray(packed({"xl/workbook.xml": PART}))
    assert dict(OfficeFile(bytes(content))) == {"xl/workbook.xml": PART}


def test_a_part_at_another_offset_than_declared_is_refused() -> None:
    content = bytearray(packed({"xl/workbook.xml": PART}))
    entry = content.index(b"PK\x01\x02")
    content[entry + 42 : entry + 46] = struct.pack("<L", 7)
    with pytest.raises(Rejected, match="broken or cut short"):
        dict(OfficeFile(bytes(content)))


def test_parts_that_are_too_large_in_total_are_refused() -> None:
    part = b"<" + random.Random(5).randbytes(3_500_000).hex().encode()[1:]
    with pytest.raises(Rejected, match="it unpacks to 35,000,000 bytes"):
        dict(OfficeFile(packed({f"xl/{number}.xml": part for number in range(5)})))


def test_personal_data_is_reported_with_its_cell_and_never_repeated(tmp_path: Path) -> None:
    path = tmp_path / "personal.xlsx"
    rows = [
        *ROWS[:3],
        ("", "Sub-question", "", "Ring 0131 496 0123"),
        (2, "Two", "jo@fife.example", "EH6 6QQ"),
    ]
    written(path, rows)
    problems = [problem for problem in read(path)[0].problems if problem.code == "personal_data"]
    assert [(problem.cell, problem.message.partition(": ")[2]) for problem in problems] == [
        ("D4", "telephone number (1)."),
        ("C5", "e-mail address (1)."),
        ("D5", "postcode (1)."),
    ]
    assert "question 1 " in problems[0].message
    assert not any(text in str(problems) for text in ("0131", "jo@", "EH6"))
