"""The blank template: what a committee sees, what it may change, and that equal input gives equal bytes."""

import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from dagster_project.intake import labels
from dagster_project.intake.formats.properties import VERSION_PROPERTY
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.seeds import Questionnaire, load_questionnaire

SEEDS = Path(__file__).parents[2] / "dbt" / "seeds"
TITLE = "Self-evaluation 2016"
HEADER = [labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT]
FILLED = FilledReturn(
    "Somewhere",
    date(2016, 9, 14),
    (FilledAnswer(1, "Green", "=not a formula"), FilledAnswer(19, None, "Two\nlines")),
)
Writer = Callable[..., None]
WRITERS = pytest.mark.parametrize(
    ("writer", "suffix"), [(write_workbook, ".xlsx"), (write_document, ".docx")], ids=["xlsx", "docx"]
)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return load_questionnaire(SEEDS, "cse-2016")


def test_the_blank_workbook_is_ready_to_fill_in(questionnaire: Questionnaire, tmp_path: Path) -> None:
    write_workbook(questionnaire, TITLE, tmp_path / "blank.xlsx")
    workbook = load_workbook(tmp_path / "blank.xlsx")
    assert workbook.sheetnames == [labels.COVER_SHEET, labels.QUESTIONNAIRE_SHEET]

    cover = workbook[labels.COVER_SHEET]
    values = {row[0].value: row[1] for row in cover.iter_rows(min_row=6)}
    assert list(values) == [labels.COMMITTEE, labels.DATE_COMPLETED, labels.ROUND, labels.TEMPLATE_VERSION]
    assert values[labels.COMMITTEE].value is None
    assert not values[labels.COMMITTEE].protection.locked
    assert values[labels.TEMPLATE_VERSION].value == "cse-2016"
    assert values[labels.TEMPLATE_VERSION].protection.locked

    sheet = workbook[labels.QUESTIONNAIRE_SHEET]
    assert [cell.value for cell in sheet[1]] == HEADER
    questions = [row for row in sheet.iter_rows(min_row=2) if isinstance(row[0].value, int)]
    assert [row[0].value for row in questions] == list(range(1, 20))
    assert [row[1].value for row in questions] == [question.text for question in questionnaire.questions]
    for _, wording, rating, comment in questions:
        assert wording.protection.locked
        assert not rating.protection.locked
        assert not comment.protection.locked
        assert comment.alignment.wrap_text
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet.freeze_panes == "A2"

    (choices,) = sheet.data_validations.dataValidation
    assert choices.formula1 == '"Green,Amber,Red"'
    assert {str(cell) for cell in choices.sqref.ranges} == {row[2].coordinate for row in questions}


def test_sub_questions_have_room_for_a_comment_but_no_number_and_no_rating(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    write_workbook(questionnaire, TITLE, tmp_path / "blank.xlsx")
    sheet = load_workbook(tmp_path / "blank.xlsx")[labels.QUESTIONNAIRE_SHEET]
    texts = {part.text for question in questionnaire.questions for part in question.sub_questions}
    rows = [row for row in sheet.iter_rows(min_row=2) if row[1].value in texts]
    assert len(rows) == 10
    for number, _, rating, comment in rows:
        assert number.value is None
        assert rating.protection.locked
        assert not comment.protection.locked


def test_the_version_survives_when_the_cover_is_overwritten(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    write_workbook(questionnaire, TITLE, tmp_path / "blank.xlsx")
    workbook = load_workbook(tmp_path / "blank.xlsx")
    workbook[labels.COVER_SHEET]["B9"] = "mistyped"
    workbook.save(tmp_path / "edited.xlsx")
    properties = load_workbook(tmp_path / "edited.xlsx").custom_doc_props  # type: ignore[attr-defined]  # stubs lag
    assert {item.name: item.value for item in properties.props} == {VERSION_PROPERTY: "cse-2016"}

    write_document(questionnaire, TITLE, tmp_path / "blank.docx")
    document = Document(str(tmp_path / "blank.docx"))
    document.tables[0].cell(3, 1).text = "mistyped"
    document.save(str(tmp_path / "edited.docx"))
    read = read_return(tmp_path / "edited.docx", load_template(SEEDS, "cse-2016"))
    assert read.cover[labels.TEMPLATE_VERSION] == "mistyped"
    assert read.properties.template_version == "cse-2016"


def test_every_rating_of_the_document_is_a_list_of_the_seeds_words(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    write_document(questionnaire, TITLE, tmp_path / "filled.docx", FILLED)
    controls = list(Document(str(tmp_path / "filled.docx")).element.body.iter(qn("w:sdt")))
    assert len(controls) == 19
    for control in controls:
        entries = control.iter(qn("w:listItem"))
        assert [entry.get(qn("w:displayText")) for entry in entries] == ["Green", "Amber", "Red"]
    shown = ["".join(text.text for text in control.iter(qn("w:t"))) for control in controls]
    assert shown == ["Green", *[labels.RATING_PROMPT] * 18]
    prompts = [control.find(f".//{qn('w:showingPlcHdr')}") is not None for control in controls]
    assert prompts == [False, *[True] * 18]
    names = {control.find(f".//{qn('w:alias')}").get(qn("w:val")) for control in controls}
    assert len(names) == 19, "a screen reader would read out the same name twice"


def test_answers_are_in_the_row_of_their_question(questionnaire: Questionnaire, tmp_path: Path) -> None:
    write_workbook(questionnaire, TITLE, tmp_path / "filled.xlsx", FILLED)
    workbook = load_workbook(tmp_path / "filled.xlsx")
    cover = {row[0].value: row[1].value for row in workbook[labels.COVER_SHEET].iter_rows(min_row=6)}
    assert cover[labels.COMMITTEE] == "Somewhere"
    assert cover[labels.DATE_COMPLETED] == datetime(2016, 9, 14)
    rows = {row[0].value: row for row in workbook[labels.QUESTIONNAIRE_SHEET].iter_rows()}
    assert rows[1][2].value == "Green"
    assert (rows[1][3].value, rows[1][3].data_type) == ("=not a formula", "s")
    assert (rows[19][2].value, rows[19][3].value) == (None, "Two\nlines")
    assert rows[2][2].value is None

    write_document(questionnaire, TITLE, tmp_path / "filled.docx", FILLED)
    cover_table, *sections = Document(str(tmp_path / "filled.docx")).tables
    assert [cell.text for cell in cover_table.column_cells(1)] == [
        "Somewhere", "14 September 2016", TITLE, "cse-2016"
    ]  # fmt: skip
    assert len(sections) == 6
    assert all([cell.text for cell in table.rows[0].cells] == HEADER for table in sections)
    cells = {row.cells[0].text: row.cells for table in sections for row in table.rows}
    assert cells["1"][3].text == "=not a formula"
    assert cells["19"][3].text == "Two\nlines"
    assert {text for text in cells if text.isdigit()} == {str(number) for number in range(1, 20)}


@WRITERS
def test_equal_input_gives_equal_bytes(
    questionnaire: Questionnaire, tmp_path: Path, writer: Writer, suffix: str
) -> None:
    writer(questionnaire, TITLE, tmp_path / f"one{suffix}", FILLED)
    # Zip members and core properties would carry the time of writing: let two seconds, the zip's grain, pass.
    time.sleep(2.1)
    writer(questionnaire, TITLE, tmp_path / f"two{suffix}", FILLED)
    assert (tmp_path / f"one{suffix}").read_bytes() == (tmp_path / f"two{suffix}").read_bytes()


@WRITERS
def test_the_properties_name_nobody(
    questionnaire: Questionnaire, tmp_path: Path, writer: Writer, suffix: str
) -> None:
    writer(questionnaire, TITLE, tmp_path / f"blank{suffix}")
    with zipfile.ZipFile(tmp_path / f"blank{suffix}") as package:
        core = package.read("docProps/core.xml").decode()
    for name in ("openpyxl", "python-docx", "creator>o", "lastModifiedBy>p"):
        assert name not in core
    assert "1980-01-01T00:00:00Z" in core
