"""Workbooks of Excel that show something else than the values of their cells, or attach text to them."""

import re

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.intake.corpus.base import Book, case, packed, parts_of
from tests.intake.corpus.books import book, rewrite, rows_of

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@book("comment_as_a_note_of_its_cell")
def _(one: Book) -> None:
    one.table.cell(one.row(4), 4).value = None
    one.table.cell(one.row(4), 4).comment = Comment("Written in the note.", "A. Sender")


@book("note_on_the_rating")
def _(one: Book) -> None:
    one.rating(4).comment = Comment("Agreed on Monday.", "A. Sender")


@book("note_in_a_row_of_no_question")
def _(one: Book) -> None:
    one.table.cell(2, 1).comment = Comment("About the whole section.", "A. Sender")


@book("rating_struck_through")
def _(one: Book) -> None:
    one.rating(4).font = Font(strike=True)


@book("rating_partly_struck_through")
def _(one: Book) -> None:
    one.rating(4).value = CellRichText(TextBlock(InlineFont(strike=True), "Amber"), " Green")


@book("blank_rating_in_struck_font")
def _(one: Book) -> None:
    one.rating(4).value = None
    one.rating(4).font = Font(strike=True)


@book("ratings_ticked_in_webdings")
def _(one: Book) -> None:
    _tick(one, "a", "Webdings")


@book("ratings_ticked_in_wingdings_2")
def _(one: Book) -> None:
    _tick(one, "P", "Wingdings 2")


@book("ratings_ticked_in_an_unknown_letter")
def _(one: Book) -> None:
    _tick(one, "q", "Calibri")


def _tick(one: Book, letter: str, font: str) -> None:
    words = ("Red", "Amber", "Green")
    rows: list[list[object]] = []
    for row in rows_of(one):
        if row[0] == "No.":
            rows += [["No.", "Question", "Rating", None, None, "Comment"], [None, None, *words, None]]
        else:
            rows.append([*row[:2], *(letter if row[2] == word else None for word in words), row[3]])
    rewrite(one, rows)
    for line in one.table.iter_rows(min_row=3, min_col=3, max_col=5):
        for cell in line:
            if cell.value == letter:
                cell.font = Font(name=font)


@book("comments_of_a_percentage_and_a_month")
def _(one: Book) -> None:
    for number, value, number_format in ((4, 0.85, "0%"), (5, 42430, "mmm-yy"), (7, 0.1234, "0.0%")):
        cell = one.table.cell(one.row(number), 4)
        cell.value, cell.number_format = value, number_format


@book("rating_hidden_by_its_format")
def _(one: Book) -> None:
    one.rating(4).number_format = ";;;"


@book("rating_shown_as_another_by_its_format")
def _(one: Book) -> None:
    one.rating(4).number_format = 'General;General;General;"Green"'


@book("rating_in_an_accounting_format")
def _(one: Book) -> None:
    one.rating(4).number_format = '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-'


def _with_part(kind: str, name: str, content: str) -> bytes:
    """The base workbook with a part that its table refers to."""
    one = Book()
    one.table.cell(one.row(4), 4).value = None
    parts = parts_of(one.saved())
    sheet = next(part for part in parts if re.fullmatch(r"xl/worksheets/sheet2\.xml", part))
    relations = f"xl/worksheets/_rels/{sheet.rpartition('/')[2]}.rels"
    before = parts.get(relations, f'<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode()).decode()
    link = f'<Relationship Id="rId99" Type="{_OFFICE}/{kind}" Target="../{name}"/>'
    parts[relations] = before.replace("</Relationships>", f"{link}</Relationships>").encode()
    parts[f"xl/{name}"] = content.encode()
    return packed(parts)


def _drawing(row: int) -> bytes:
    return _with_part(
        "drawing",
        "drawings/drawing9.xml",
        '<d:wsDr xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:twoCellAnchor><d:from><d:col>3</d:col>'
        f"<d:row>{row - 1}</d:row></d:from><d:sp><d:txBody><a:p><a:r><a:t>Over the cell.</a:t></a:r></a:p></d:txBody>"
        "</d:sp></d:twoCellAnchor></d:wsDr>",
    )


case("comment_in_a_text_box.xlsx")(lambda: _drawing(Book().row(4)))
case("text_box_over_a_section_heading.xlsx")(lambda: _drawing(2))
case("comment_in_a_thread.xlsx")(
    lambda: _with_part(
        "threadedComment",
        "threadedComments/threadedComment1.xml",
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        f'<threadedComment ref="D{Book().row(4)}"><text>Said in a thread.</text></threadedComment></ThreadedComments>',
    )
)
