"""The readers on files that people could send: found by labels, text as typed, problems instead of crashes."""

import datetime
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.security import limits
from dagster_project.intake.template import Template, load_template
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import REPOSITORY
from dagster_project.seeds import Questionnaire, load_questionnaire
from tests.intake.corpus.base import base, parts_of

WRITERS = {".xlsx": write_workbook, ".docx": write_document}


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questionnaire(REPOSITORY / "dbt" / "seeds", "cse-2016")


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template(REPOSITORY / "dbt" / "seeds", "cse-2016")


def template_of_two() -> Template:
    return Template("cse-2016", {"one": 1, "two": 2}, {"sub-question": (1, 2)}, ("green", "red", "amber"))


@pytest.fixture(scope="module")
def filled() -> FilledReturn:
    ratings = ["Green", "amber (getting there)", None, "  Red ", "N/A"]
    return FilledReturn(
        "Forth Valley",
        datetime.date(2016, 10, 3),
        tuple(
            FilledAnswer(n, ratings[n % 5], f"Comment {n}:\nsecond line" if n % 2 else "")
            for n in range(1, 20)
        ),
    )


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_filled_template_is_read_back(
    suffix: str, questionnaire: Questionnaire, filled: FilledReturn, template: Template, tmp_path: Path
) -> None:
    path = tmp_path / f"return{suffix}"
    WRITERS[suffix](questionnaire, "Self-evaluation 2016", path, filled)
    read = read_return(path, template)
    assert {(problem.code, problem.message) for problem in read.problems} == {
        ("not_a_rating", "'N/A' is not a rating.")
    }
    assert read.cover[labels.COMMITTEE] == "Forth Valley"
    assert read.cover[labels.DATE_COMPLETED].startswith(("2016-10-03", "3 October 2016"))
    assert read.cover[labels.TEMPLATE_VERSION] == "cse-2016"
    got = [(answer.question_no, answer.rating_typed, answer.comment_typed) for answer in read.answers]
    assert got == [(a.question_no, (a.rating or "").strip(), a.comment) for a in filled.answers]


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_blank_template_has_one_problem_no_committee(
    suffix: str, questionnaire: Questionnaire, template: Template, tmp_path: Path
) -> None:
    path = tmp_path / f"blank{suffix}"
    WRITERS[suffix](questionnaire, "Self-evaluation 2016", path)
    read = read_return(path, template)
    assert read.answers == []
    assert [problem.kind.code for problem in read.problems] == ["no_committee"]


def test_a_moved_table_with_other_columns_is_found_by_its_labels(template: Template, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["F2"], sheet["H2"] = "child protection  committee:", "Fife"
    for column, text in enumerate(["Comment", "Checked by", "RATING", "No."], start=4):
        sheet.cell(9, column, text)
    for number in reversed(range(1, 20)):
        for column, value in enumerate([f"c{number}", "x", "Amber", f"Q{number}."], start=4):
            sheet.cell(10 + number, column, value)
    path = tmp_path / "moved.xlsx"
    book.save(path)
    read = read_return(path, template)
    assert [problem.code for problem in read.problems] == ["no_template_version"]
    assert read.cover[labels.COMMITTEE] == "Fife"
    assert {answer.question_no: answer.comment_typed for answer in read.answers} == {
        n: f"c{n}" for n in template.numbers
    }
    assert next(a.cell for a in read.answers if a.question_no == 1) == "F11"


def test_an_answer_may_be_a_word_of_the_cover(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Child Protection Committee", "Fife"],
        ["Comment", "No.", "Question", "Rating"],
        ["Committee", 1, "One", "Green"],
        ["Committee: Angus", 2, "Two", "Red"],
    ):
        sheet.append(row)
    path = tmp_path / "cover_words.xlsx"
    book.save(path)
    read = read_return(path, template_of_two())
    assert read.cover[labels.COMMITTEE] == "Fife"
    assert [problem.code for problem in read.problems] == ["no_template_version"]


def test_comments_under_a_sub_question_belong_to_its_question(template: Template, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Child Protection Committee", "Fife"],
        ["No.", "Question", "Rating", "Comment"],
        [1, "One", "Green", "first"],
        [None, "Sub-question", None, "and second"],
        [2, "Two", "Red", None],
    ):
        sheet.append(row)
    path = tmp_path / "sub.xlsx"
    book.save(path)
    read = read_return(path, template_of_two())
    assert [answer.comment_typed for answer in read.answers] == ["first\nand second", ""]


def test_a_question_twice_unknown_or_missing_is_a_problem_with_its_place(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Child Protection Committee", "Fife"],
        ["No.", "Question", "Rating", "Comment"],
        [1, "One", "Green", "first"],
        [1, "One", "Red", "again"],
        [77, "What?", "Red", ""],
    ):
        sheet.append(row)
    path = tmp_path / "odd.xlsx"
    book.save(path)
    read = read_return(path, template_of_two())
    assert [(a.question_no, a.rating_typed) for a in read.answers] == [(1, "Green")]
    assert [(p.kind.code, p.kind.severity, p.cell) for p in read.problems] == [
        ("repeated_question", "reject_answer", "C4"),
        ("unknown_question", "reject_answer", "C5"),
        ("missing_question", "leaves_blank", ""),
        ("no_template_version", "inform", ""),
    ]
    assert all(problem.kind.remedy for problem in read.problems)


def test_tracked_changes_and_content_controls_are_read_as_they_are_seen(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    for cell, text in zip(table.rows[0].cells, ["No.", "Question", "Rating", "Comment"], strict=True):
        cell.text = text
    cover = document.add_table(rows=1, cols=2)
    cover.rows[0].cells[0].text, cover.rows[0].cells[1].text = "Child Protection Committee", "Fife"
    for row, number in zip(table.rows[1:], "12", strict=True):
        row.cells[0].text = number
    path = tmp_path / "tracked.docx"
    document.save(str(path))
    rating = "<w:p><w:del><w:r><w:delText>Red</w:delText></w:r></w:del><w:ins><w:r><w:t>Green</w:t></w:r></w:ins></w:p>"
    chosen = "<w:sdt><w:sdtContent><w:p><w:r><w:t>Amber</w:t></w:r></w:p></w:sdtContent></w:sdt><w:p/>"
    _replace_empty_cells(path, row=1, column=2, content=rating)
    _replace_empty_cells(path, row=2, column=2, content=chosen)
    read = read_return(path, template_of_two())
    assert [answer.rating_typed for answer in read.answers] == ["Green", "Amber"]


def _replace_empty_cells(path: Path, *, row: int, column: int, content: str) -> None:
    from lxml import etree

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = etree.fromstring(parts["word/document.xml"])
    cell = body.findall(f".//{{{space}}}tr")[row].findall(f"{{{space}}}tc")[column]
    for paragraph in cell.findall(f"{{{space}}}p"):
        cell.remove(paragraph)
    for element in etree.fromstring(f'<w:x xmlns:w="{space}">{content}</w:x>'):
        cell.append(element)
    parts["word/document.xml"] = etree.tostring(body)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


@pytest.mark.parametrize("prompt", ["Choose a rating", "choose an item."])
def test_a_prompt_without_its_mark_is_a_blank(prompt: str, tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=4)
    for row, texts in zip(
        table.rows,
        (["No.", "Question", "Rating", "Comment"], ["1", "One", prompt, ""], ["2", "Two", "Red", prompt]),
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    path = tmp_path / "prompt.docx"
    document.save(str(path))
    read = read_return(path, template_of_two())
    assert "not_a_rating" not in {problem.code for problem in read.problems}


HOSTILE = {
    "empty.xlsx": b"",
    "not_a_zip.docx": b"Dear colleague, ...",
    "cut_short.xlsx": b"PK\x03\x04\x14\x00",
    "old_format.xls": b"\xd0\xcf\x11\xe0",
    "no_suffix": b"Green",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_not_a_return_is_rejected_with_a_remedy(
    name: str, template: Template, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    read = read_return(path, template)
    assert read.is_rejected
    assert read.answers == []
    assert all(problem.message and problem.kind.remedy for problem in read.problems)


def _zip(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


_TABLE = "xl/worksheets/sheet2.xml"
UNSAFE = {
    "zip_bomb": {_TABLE: b"0" * (limits.MAX_MEMBER_BYTES + 1)},
    "packed_too_tightly": {_TABLE: b"a" * 4_000_000},
    "outside": {"../../evil.xml": b"<a/>"},
    "entities": {"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
    "far_cell": {_TABLE: b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row>'},
    "far_cell_with_prefix": {_TABLE: b'<x:sheetData><x:row r="1"><x:c r="XFD1"><x:v>1</x:v></x:c></x:row>'},
    "far_cell_in_other_quotes": {_TABLE: b"<sheetData><row r='1'><c s='1' r='XFD1'><v>1</v></c></row>"},
    "far_row": {_TABLE: b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row>'},
}


@pytest.mark.parametrize("name", UNSAFE)
def test_a_file_beyond_a_limit_is_not_opened(name: str, template: Template, tmp_path: Path) -> None:
    suffix = ".docx" if "word/document.xml" in UNSAFE[name] else ".xlsx"
    parts = parts_of(base(suffix)) | UNSAFE[name]
    read = read_return(_zip(tmp_path / f"{name}{suffix}", parts), template)
    assert [problem.kind.code for problem in read.problems] == ["unsafe_file"]


BROKEN = {
    "no_workbook.xlsx": {"xl/styles.xml": b"<a/>"},
    "not_well_formed.docx": {"word/document.xml": b"<w:document"},
    "no_document.docx": {"word/styles.xml": b"<a/>"},
    "not_well_formed.ods": {"content.xml": b"<a><b></a>"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_rejected_in_the_same_process(name: str, template: Template, tmp_path: Path) -> None:
    read = read_return(_zip(tmp_path / name, BROKEN[name]), template)
    assert [problem.code for problem in read.problems] == ["unreadable_file"]


def test_a_file_with_a_thousand_problems_lists_the_first(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["No.", "Question", "Rating", "Comment"])
    sheet.append([1, "one", "Red", ""])
    for number in range(3, 900):
        sheet.append([number, "What?", "Red", ""])
    path = tmp_path / "many.xlsx"
    book.save(path)
    read = read_return(path, template_of_two())
    assert len(read.problems) == limits.MAX_PROBLEMS + 1
    assert read.problems[0].code == "no_committee" and read.problems[-1].code == "more_problems"
