"""The template as a Word document, blank or filled in."""

import io
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

from dagster_project.intake import labels
from dagster_project.intake.formats.properties import VERSION_PROPERTY
from dagster_project.intake.write.controls import add_custom_property, add_drop_down
from dagster_project.intake.write.filled import FilledReturn
from dagster_project.intake.write.package import NEUTRAL_TIME, write_package
from dagster_project.seeds import Questionnaire, Section

_HEADER = (labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT)
_COLUMN_WIDTHS = (Cm(1.3), Cm(9.2), Cm(2.8), Cm(12.4))


def write_document(
    questionnaire: Questionnaire, round_title: str, path: Path, filled: FilledReturn | None = None
) -> None:
    """Write the template to `path`, blank or filled in.

    Equal input gives equal bytes. Raises `OSError` when the file cannot be written.
    """
    filled = filled or FilledReturn()
    document = Document()
    _set_up(document, questionnaire, round_title)
    document.add_heading(round_title, level=0)
    words = ", ".join(f"{level.label} ({level.meaning})" for level in questionnaire.rating_scale)
    document.add_paragraph(
        f"Please rate every question: {words}. Add a short comment where it helps to explain the rating. "
        "Please name no person in a comment."
    )
    for cover_field in questionnaire.cover_fields:
        document.add_paragraph(cover_field.instruction)
    _add_cover(document, questionnaire, round_title, filled)
    for section in questionnaire.sections:
        document.add_heading(f"{section.number}. {section.title}", level=1)
        _add_section(document, questionnaire, section, filled)

    content = io.BytesIO()
    document.save(content)
    write_package(content.getvalue(), path)


def _set_up(document: WordDocument, questionnaire: Questionnaire, round_title: str) -> None:
    document.styles["Normal"].font.size = Pt(10)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21.0)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    properties = document.core_properties
    properties.title = f"{round_title}: questionnaire"
    properties.language = "en-GB"
    # A person can overwrite the printed version; a property survives editing.
    add_custom_property(document, VERSION_PROPERTY, questionnaire.template_version)
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = NEUTRAL_TIME
    properties.revision = 1


def _add_cover(
    document: WordDocument, questionnaire: Questionnaire, round_title: str, filled: FilledReturn
) -> None:
    date = filled.completed_on
    rows = (
        (labels.COMMITTEE, filled.committee_name),
        (labels.DATE_COMPLETED, f"{date.day} {date:%B %Y}" if date else ""),
        *((one.label, filled.cover.get(one.field, "")) for one in questionnaire.cover_fields),
        (labels.ROUND, round_title),
        (labels.TEMPLATE_VERSION, questionnaire.template_version),
    )
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for row_no, (label, value) in enumerate(rows):
        _add_row(table, (Cm(7), Cm(12)), "", value)
        _write_bold(table, row_no, 0, label)


def _add_section(
    document: WordDocument, questionnaire: Questionnaire, section: Section, filled: FilledReturn
) -> None:
    table = document.add_table(rows=0, cols=len(_HEADER), style="Table Grid")
    table.autofit = False
    _add_row(table, _COLUMN_WIDTHS, *("" for _ in _HEADER))
    for column, label in enumerate(_HEADER):
        _write_bold(table, 0, column, label)
    _repeat_header(table)
    for question in section.questions:
        if question.subheading:
            first, *_, last = table.add_row().cells
            first.merge(last)
            _write_bold(table, -1, 0, question.subheading)
        answer = filled.find_answer(question.number)
        _add_row(table, _COLUMN_WIDTHS, str(question.number), question.text, "", answer.comment)
        add_drop_down(
            table.rows[-1].cells[2].paragraphs[0],
            question.number,
            f"{labels.RATING} of question {question.number}",
            questionnaire.rating_labels,
            labels.RATING_PROMPT,
            answer.rating,
        )
        for part in question.sub_questions:
            _add_row(table, _COLUMN_WIDTHS, "", part.text, "", "")


def _add_row(table: Table, widths: tuple[Cm, ...], *texts: str) -> None:
    row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx does not annotate it
    for cell, width, text in zip(row.cells, widths, texts, strict=True):
        cell.width, cell.text = width, text


def _write_bold(table: Table, row: int, column: int, text: str) -> None:
    cell = table.rows[row].cells[column]
    cell.text = ""
    cell.paragraphs[0].add_run(text).bold = True


def _repeat_header(table: Table) -> None:
    """Repeat the first row on every page; screen readers announce it too."""
    cell = table.rows[0].cells[0].paragraphs[0].paragraph_format.element
    row = next(cell.iterancestors(qn("w:tr")))
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:tblHeader"))
    row.insert(0, properties)
