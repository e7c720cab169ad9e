"""Texts that belong to no answer: closing words below the questions, page headers and footers, free paragraphs."""

import csv
import io

from docx.oxml import parse_xml

from tests.intake.corpus import layouts
from tests.intake.corpus.base import Book, Document, case
from tests.intake.corpus.books import COVER, book, plain_rows
from tests.intake.corpus.documents import RUN, W, document

CLOSING = {
    "thanks": [["Thank you for your time."]],
    "thanks_and_a_signature": [[], ["Signed:", "J. Smith, Lead Officer"], ["", "Thank you", "", ""]],
    "thanks_in_the_column_of_comments": [["Any other comments", "", "", "We thank all agencies."]],
    "closing_words_in_two_columns": [["Other", "We would welcome training for all agencies."]],
    "closing_words_that_name_a_question": [["As to question 4, we now have a protocol."]],
    "closing_words_with_a_rating": [["Overall", "How we see ourselves", "Green", ""]],
    "closing_words_that_are_a_rating": [["Overall", "Amber"]],
    "closing_words_with_a_number": [["20", "And our own question", "Red", "More to do."]],
}
for _name, _rows in CLOSING.items():

    def _below(one: Book, rows: list[list[str]] = _rows) -> None:
        for row in rows:
            one.table.append(row)

    book(f"{_name}_below_the_questions")(_below)

    def _below_in_word(rows: list[list[str]] = _rows) -> bytes:
        padded = [[*row, *[""] * (4 - len(row))] for row in rows]
        return layouts.docx([("a", COVER), ("b", [*plain_rows(), *padded])])

    case(f"{_name}_below_the_questions.docx")(_below_in_word)


@case("thanks_below_the_records.csv")
def _thanks() -> bytes:
    heading, *rows = plain_rows()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([*COVER, heading, *rows, [], ["Thank you for your time.", "", "", ""]])
    return text.getvalue().encode()


def _line(text: str) -> str:
    return f"<w:p {W}>{RUN.format(text)}</w:p>"


for _name, _text in {
    "free_paragraph_below_the_table": "We would welcome training for all agencies.",
    "free_paragraph_that_names_a_question": "Q4: we now have a protocol.",
    "free_paragraph_of_a_rating": "Amber",
    "free_paragraph_with_a_committee": "Child Protection Committee: Fife",
    "free_paragraph_that_ends_with_a_value_of_the_cover": "More help is needed for all agencies in Fife",
    "free_paragraph_that_begins_with_a_label_of_the_cover": "CPC: chaired by the Director",
    "free_paragraph_of_many_digits": f"{'0141 496 0000 ' * 20}{'7' * 60} is not the number of a page",
}.items():

    def _paragraph(one: Document, text: str = _text) -> None:
        one.document.element.body.insert(-1, parse_xml(_line(text)))

    document(_name)(_paragraph)


@document("free_paragraph_between_two_tables")
def _(one: Document) -> None:
    one.row(4).table._tbl.addnext(parse_xml(_line("These are our strengths.")))


@document("free_paragraph_in_a_content_control")
def _(one: Document) -> None:
    control = f"<w:sdt {W}><w:sdtContent>{_line('What else we would say.')}</w:sdtContent></w:sdt>"
    one.document.element.body.insert(-1, parse_xml(control))


@document("texts_in_header_and_footer")
def _(one: Document) -> None:
    section = one.document.sections[0]
    section.header.paragraphs[0].text = "Draft of the sub-group, not agreed"
    section.footer.paragraphs[0].text = "Agreed by the chair"


@document("answer_in_a_header")
def _(one: Document) -> None:
    one.document.sections[0].header.paragraphs[0].text = "Question 4 is still under discussion"


@document("committee_and_page_in_header_and_footer")
def _(one: Document) -> None:
    section = one.document.sections[0]
    section.header.paragraphs[0].text = "Fife"
    section.footer.paragraphs[0].text = "Page 3 of 12"


def _set_margin(one: Book, name: str, text: str) -> None:
    part = getattr(one.table, name)
    part.left.text, part.left.font = text, "Arial,Bold"


@book("texts_in_header_and_footer")
def _(one: Book) -> None:
    _set_margin(one, "oddHeader", "Draft of the sub-group, not agreed")
    _set_margin(one, "oddFooter", "Page &P of &N")


@book("header_of_a_page_that_names_a_question")
def _(one: Book) -> None:
    _set_margin(one, "evenHeader", "Question 7 is red for us")
