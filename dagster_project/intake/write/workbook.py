"""The template as an Excel workbook, blank or filled in."""

import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dagster_project.intake import labels
from dagster_project.intake.formats.properties import VERSION_PROPERTY
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.package import write_package
from dagster_project.seeds import Question, Questionnaire

_COLUMN_WIDTHS = {"A": 6, "B": 62, "C": 14, "D": 80}
_HEADING = PatternFill("solid", fgColor="FF1F3A5F")
_SUBHEADING = PatternFill("solid", fgColor="FFDCE6F1")
_LABEL = PatternFill("solid", fgColor="FFF2F2F2")
_EDGE = Side(style="thin", color="FFBFBFBF")
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_UNLOCKED = Protection(locked=False)
# Rows get a height, because not every program fits them to long texts.
_CHARACTERS_PER_WIDTH = 1.1
_LINE_POINTS = 15.0
_NUMBER_WORDS = {2: "two", 3: "three", 4: "four"}


def write_workbook(
    questionnaire: Questionnaire, round_title: str, path: Path, filled: FilledReturn | None = None
) -> None:
    """Write the template to `path`, blank or filled in.

    Wording is locked without a password, so that nobody changes it by accident. Equal input gives equal bytes.
    Raises `OSError` when the file cannot be written.
    """
    filled = filled or FilledReturn()
    workbook = Workbook()
    cover = workbook.active
    assert isinstance(cover, Worksheet)
    cover.title = labels.COVER_SHEET
    _fill_cover(cover, questionnaire, round_title, filled)
    _fill_questionnaire(workbook.create_sheet(labels.QUESTIONNAIRE_SHEET), questionnaire, filled)

    workbook.properties.creator = None
    workbook.properties.title = f"{round_title}: questionnaire"
    workbook.properties.language = "en-GB"
    # A person can overwrite the printed version; a property survives editing.
    version = StringProperty(name=VERSION_PROPERTY, value=questionnaire.template_version)
    workbook.custom_doc_props.append(version)  # type: ignore[attr-defined]  # the stubs lag behind

    content = io.BytesIO()
    workbook.save(content)
    write_package(content.getvalue(), path)


def _fill_cover(
    sheet: Worksheet, questionnaire: Questionnaire, round_title: str, filled: FilledReturn
) -> None:
    sheet.column_dimensions["A"].width = 32
    sheet.column_dimensions["B"].width = 60
    _write_text(sheet, "A1", round_title).font = Font(bold=True, size=16)
    words = ", ".join(f"{level.label} ({level.meaning})" for level in questionnaire.rating_scale)
    number = _NUMBER_WORDS[2 + len(questionnaire.cover_fields)]
    instructions = (
        f"Please rate every question on the sheet '{labels.QUESTIONNAIRE_SHEET}': {words}.",
        "Add a short comment where it helps to explain the rating. Please name no person in a comment.",
        *(cover_field.instruction for cover_field in questionnaire.cover_fields),
        f"Complete the {number} open cells below, save the file and return it.",
    )
    for row, text in enumerate(instructions, start=2):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
        _write_text(sheet, f"A{row}", text).alignment = _WRAPPED
        sheet.row_dimensions[row].height = 2 * _LINE_POINTS

    rows = (
        (labels.COMMITTEE, filled.committee_name or None, True),
        (labels.DATE_COMPLETED, filled.completed_on, True),
        *((one.label, filled.cover.get(one.field), True) for one in questionnaire.cover_fields),
        (labels.ROUND, round_title, False),
        (labels.TEMPLATE_VERSION, questionnaire.template_version, False),
    )
    for row, (label, value, is_unlocked) in enumerate(rows, start=3 + len(instructions)):
        name = _write_text(sheet, f"A{row}", label)
        name.font, name.fill, name.border = Font(bold=True), _LABEL, _BOX
        cell = sheet.cell(row, 2, value)
        cell.border, cell.alignment = _BOX, Alignment(horizontal="left", wrap_text=True)
        if label == labels.DATE_COMPLETED:
            cell.number_format = "d mmmm yyyy"
        if is_unlocked:
            cell.protection = _UNLOCKED
    sheet.protection.sheet = True
    _set_up_print(sheet, landscape=False)


def _fill_questionnaire(sheet: Worksheet, questionnaire: Questionnaire, filled: FilledReturn) -> None:
    for letter, width in _COLUMN_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    choices = DataValidation(
        type="list",
        formula1=f'"{",".join(questionnaire.rating_labels)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=labels.RATING,
        error=f"Please choose one of {', '.join(questionnaire.rating_labels)}.",
    )
    sheet.add_data_validation(choices)

    for column, label in enumerate((labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT), start=1):
        cell = sheet.cell(1, column, label)
        cell.font, cell.fill, cell.border = Font(bold=True), _LABEL, _BOX
    row = 2
    for section in questionnaire.sections:
        _write_band(
            sheet, row, f"{section.number}. {section.title}", _HEADING, Font(bold=True, color="FFFFFFFF")
        )
        row += 1
        for question in section.questions:
            if question.subheading:
                _write_band(sheet, row, question.subheading, _SUBHEADING, Font(bold=True))
                row += 1
            row = _write_question(sheet, row, question, filled.find_answer(question.number), choices)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.protection.sheet = True
    # Long comments need higher rows.
    sheet.protection.formatRows = False
    _set_up_print(sheet, landscape=True)


def _write_question(
    sheet: Worksheet, row: int, question: Question, answer: FilledAnswer, choices: DataValidation
) -> int:
    """Write a question and its sub-questions. Returns the next free row."""
    rating = _write_row(sheet, row, question.number, question.text, answer.rating, answer.comment)
    rating.protection = _UNLOCKED
    choices.add(rating)
    for part in question.sub_questions:
        row += 1
        _write_row(sheet, row, None, part.text, None, "")
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top", indent=1)
    return row + 1


def _write_row(
    sheet: Worksheet, row: int, number: int | None, text: str, rating: str | None, comment: str
) -> Cell:
    """Write one row of the table. Returns its rating cell."""
    sheet.cell(row, 1, number)
    _write_text(sheet, f"B{row}", text)
    _write_text(sheet, f"C{row}", rating)
    _write_text(sheet, f"D{row}", comment or None).protection = _UNLOCKED
    for column in range(1, 5):
        sheet.cell(row, column).alignment = _WRAPPED
        sheet.cell(row, column).border = _BOX
    lines = max(_count_lines(text, _COLUMN_WIDTHS["B"]), _count_lines(comment, _COLUMN_WIDTHS["D"]))
    sheet.row_dimensions[row].height = _LINE_POINTS * (lines + 0.4)
    cell = sheet.cell(row, 3)
    assert isinstance(cell, Cell)
    return cell


def _write_band(sheet: Worksheet, row: int, text: str, fill: PatternFill, font: Font) -> None:
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
    cell = _write_text(sheet, f"A{row}", text)
    cell.font, cell.fill, cell.alignment = font, fill, _WRAPPED
    sheet.row_dimensions[row].height = _LINE_POINTS * (_count_lines(text, sum(_COLUMN_WIDTHS.values())) + 0.4)


def _write_text(sheet: Worksheet, address: str, value: str | None) -> Cell:
    cell = sheet[address]
    assert isinstance(cell, Cell)
    if value is not None:
        cell.value = value
        # Otherwise openpyxl writes a comment that begins with an equals sign as a formula.
        cell.data_type = "s"
    return cell


def _count_lines(text: str, width: float) -> int:
    return sum(1 + int(len(line) // (width * _CHARACTERS_PER_WIDTH)) for line in text.split("\n"))


def _set_up_print(sheet: Worksheet, *, landscape: bool) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    assert sheet.oddFooter is not None
    sheet.oddFooter.center.text = "Page &P of &N"
