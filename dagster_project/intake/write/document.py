"""The template as a Word document, blank or with a committee's answers. Layout only; reading is elsewhere."""

import io
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell, _Row

from dagster_project.intake import labels
from dagster_project.intake.formats.properties import VERSION_PROPERTY
from dagster_project.intake.write.controls import add_custom_property, add_drop_down
from dagster_project.intake.write.filled import FilledReturn
from dagster_project.intake.write.package import NEUTRAL_TIME, write_package
from dagster_project.seeds import Questionnaire, Section

_HEADER = (labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT)
_WIDTHS = (Cm(1.3), Cm(9.2), Cm(2.8), Cm(12.4))


def write_document(
    questionnaire: Questionnaire, round_title: str, path: Path, filled: FilledReturn | None = None
) -> None:
    """Write the template to `path`: blank, or with one committee's answers.

    Equal input gives equal bytes. Raises `OSError` when the file cannot be written.
    """
    document = Document()
    _set_up(document, questionnaire, round_title)
    document.add_heading(round_title, level=0)
    words = ", ".join(f"{level.label} ({level.meaning})" for level in questionnaire.rating_scale)
    document.add_paragraph(
        f"Please rate every question: {words}. Add a short comment where it helps to explain the rating. "
        "Please name no person in a comment."
    )
    for one in questionnaire.cover_fields:
        document.add_paragraph(one.instruction)
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
    # The printed version can be overwritten by hand; this one survives editing.
    add_custom_property(document, VERSION_PROPERTY, questionnaire.template_version)
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = NEUTRAL_TIME
    properties.revision = 1


def _add_cover(
    document: WordDocument, questionnaire: Questionnaire, round_title: str, filled: FilledReturn | None
) -> None:
    date = filled.completed_on if filled else None
    completed = f"{date.day} {date:%B %Y}" if date else ""
    rows = (
        (labels.COMMITTEE, filled.committee_name if filled else ""),
        (labels.DATE_COMPLETED, completed),
        *(
            (one.label, (filled.cover if filled else {}).get(one.field, ""))
            for one in questionnaire.cover_fields
        ),
        (labels.ROUND, round_title),
        (labels.TEMPLATE_VERSION, questionnaire.template_version),
    )
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    table.autofit = False
    for label, value in rows:
        name, cell = table.add_row().cells
        name.width, cell.width = Cm(7), Cm(12)
        _bold(name, label)
        cell.text = value


def _add_section(
    document: WordDocument, questionnaire: Questionnaire, section: Section, filled: FilledReturn | None
) -> None:
    table = document.add_table(rows=1, cols=len(_HEADER), style="Table Grid")
    table.autofit = False
    for cell, label in zip(table.rows[0].cells, _HEADER, strict=True):
        _bold(cell, label)
    # A table over several pages repeats its header, which screen readers announce as well.
    paragraph = table.cell(0, 0).paragraphs[0].paragraph_format.element
    [row_element] = paragraph.iterancestors(qn("w:tr"))
    row_element.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for question in section.questions:
        if question.subheading:
            first, *_, last = table.add_row().cells
            _bold(first.merge(last), question.subheading)
        answer = filled.answer(question.number) if filled else None
        row = _add_row(table, str(question.number), question.text, "", answer.comment if answer else "")
        add_drop_down(
            row.cells[2],
            question.number,
            f"{labels.RATING} of question {question.number}",
            questionnaire.rating_labels,
            labels.RATING_PROMPT,
            answer.rating if answer else None,
        )
        for part in question.sub_questions:
            _add_row(table, "", part.text, "", "")
    for row in table.rows:
        if all(cell.grid_span == 1 for cell in row.cells):
            for cell, width in zip(row.cells, _WIDTHS, strict=True):
                cell.width = width


def _add_row(table: Table, *texts: str) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = text
    return row


def _bold(cell: _Cell, text: str) -> None:
    cell.text = ""
    cell.paragraphs[0].add_run(text).bold = True
