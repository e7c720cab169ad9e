"""Returns that mix several of the things that senders do."""

import datetime
import io
import re

import docx
from docx.oxml import parse_xml
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill

from dagster_project.intake import labels
from tests.intake.corpus import layouts
from tests.intake.corpus.base import (
    COMMENTS,
    RATINGS,
    SHEET,
    Book,
    Document,
    base,
    case,
    questionnaire,
    with_part,
)
from tests.intake.corpus.books import COVER, book, plain_rows, questions, rewrite, rows_of
from tests.intake.corpus.documents import RUN, W, document, put

FILLS = {"green": "FF00B050", "amber": "FFFFC000", "red": "FFFF0000"}


@book("merged_ratings_and_a_hidden_row_below")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(1), end_row=one.row(2), start_column=3, end_column=3)
    one.table.row_dimensions[one.row(7)].hidden = True


@book("rating_and_comment_in_one_merged_cell")
def _(one: Book) -> None:
    row = one.row(4)
    one.rating(4).value = "Amber: Comment on question 4."
    one.comment(4).value = None
    one.table.merge_cells(start_row=row, end_row=row, start_column=3, end_column=4)


@book("comments_one_column_further_right")
def _(one: Book) -> None:
    rewrite(one, [[*row[:3], None, row[3]] if isinstance(row[0], int) else row for row in rows_of(one)])


@book("comments_one_column_further_right_under_a_heading_of_its_own")
def _(one: Book) -> None:
    moved = [[*row[:3], None, row[3]] if isinstance(row[0], int) else row for row in rows_of(one)]
    rewrite(one, [[*row, "Further text"] if row[0] == labels.NUMBER else row for row in moved])


@book("comments_in_a_sheet_of_their_own")
def _(one: Book) -> None:
    sheet = one.book.create_sheet("Comments")
    sheet.append([labels.NUMBER, labels.COMMENT])
    for number in RATINGS:
        sheet.append([number, COMMENTS[number]])
        one.comment(number).value = None


@book("comment_in_a_sheet_that_the_cell_refers_to")
def _(one: Book) -> None:
    one.comment(4).value = "See the sheet Q4."
    one.book.create_sheet("Q4")["A1"] = "The whole story of our toolkit."


@book("two_tables_next_to_each_other")
def _(one: Book) -> None:
    header = [labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT]
    rows = questions(rows_of(one))
    left = rows[:10]
    right: list[list[object]] = [*rows[10:], [None] * 4]
    both: list[list[object]] = [[*a, None, *b] for a, b in zip(left, right, strict=True)]
    rewrite(one, [[*header, None, *header], *both])


@book("half_of_the_rows_filtered_away")
def _(one: Book) -> None:
    one.table.auto_filter.ref = "A1:D60"
    for number in range(1, 20, 2):
        one.table.row_dimensions[one.row(number)].hidden = True


case("row_of_no_height.xlsx")(
    lambda: with_part(
        base(".xlsx"), SHEET, lambda part: re.sub(rb'(<row r="7"[^>]*?ht=)"[^"]*"', rb'\1"0"', part)
    )
)


def _draft_of_no_width() -> bytes:
    one = Book()
    rows = [row for row in rows_of(one) if row[0] == labels.NUMBER or isinstance(row[0], int)]
    rewrite(one, [[*row[:2], row[2] if row[0] == labels.NUMBER else "Red", *row[2:]] for row in rows])
    one.table.column_dimensions["C"].width = 11.25
    return with_part(one.saved(), SHEET, lambda part: part.replace(b'width="11.25"', b'width="0"'))


case("draft_ratings_in_a_column_of_no_width.xlsx")(_draft_of_no_width)


@book("sheet_protected_and_from_right_to_left")
def _(one: Book) -> None:
    one.table.protection.sheet = True
    one.table.sheet_view.rightToLeft = True


@book("numbers_as_texts_with_zeros")
def _(one: Book) -> None:
    for number in RATINGS:
        one.table.cell(one.row(number), 1).value = f"{number:02d}"


@book("numbers_with_decimals_as_texts")
def _(one: Book) -> None:
    for number in RATINGS:
        one.table.cell(one.row(number), 1).value = f"{number}.0"


@book("all_ratings_by_colour_only")
def _(one: Book) -> None:
    for number, rating in RATINGS.items():
        one.rating(number).value = None
        one.rating(number).fill = PatternFill("solid", fgColor=FILLS[rating])


@book("ratings_as_numbers_with_conditional_colours")
def _(one: Book) -> None:
    for number, rating in RATINGS.items():
        one.rating(number).value = ["red", "amber", "green"].index(rating) + 1
    for value, rating in enumerate(("red", "amber", "green"), start=1):
        rule = CellIsRule("equal", [str(value)], fill=PatternFill(bgColor=FILLS[rating]))  # type: ignore[no-untyped-call]
        one.table.conditional_formatting.add("C1:C60", rule)


for _name, _prompt in {
    "of_word": "Choose an item.",
    "of_our_own": "Choose a rating",
    "of_a_form": "Please select",
    "between_dashes": "-- Select --",
    "of_new_word": "Click or tap here to enter text.",
}.items():

    def _prompted(one: Book, prompt: str = _prompt) -> None:
        one.rating(4).value = one.comment(5).value = prompt

    book(f"prompts_{_name}_left_in_the_cells")(_prompted)

    def _prompted_in_word(one: Document, prompt: str = _prompt) -> None:
        put(one.row(4).cells[2], f"<w:p>{RUN.format(prompt)}</w:p>")
        put(one.row(5).cells[3], f"<w:p>{RUN.format(prompt)}</w:p>")

    document(f"prompts_{_name}_left_in_the_cells")(_prompted_in_word)


@book("rating_with_the_number_of_a_footnote")
def _(one: Book) -> None:
    one.rating(4).value = CellRichText("Amber", TextBlock(InlineFont(vertAlign="superscript"), "1"))


for _name, _date in {
    "french": "3 octobre 2016",
    "german": "3. M\u00e4rz 2016",
    "welsh": "3 Hydref 2016",
    "gaelic": "3 Dàmhair 2016",
}.items():

    def _dated(one: Book, date: str = _date) -> None:
        one.on_cover(labels.DATE_COMPLETED).value = date

    book(f"date_in_{_name}")(_dated)


@book("date_in_a_chinese_format")
def _(one: Book) -> None:
    cell = one.on_cover(labels.DATE_COMPLETED)
    cell.value, cell.number_format = datetime.date(2016, 10, 3), '[$-804]yyyy"年"m"月"d"日"'


@document("two_documents_one_behind_the_other")
def _(one: Document) -> None:
    other = docx.Document(io.BytesIO(base(".docx")))
    body = one.document.element.body
    for element in list(other.element.body)[:-1]:
        for text in element.iter("{*}t"):
            if text.text in ("Fife", "Green"):
                text.text = {"Fife": "Angus", "Green": "Red"}[text.text]
        body.insert(len(body) - 1, element)


def _tick_in_columns() -> bytes:
    rows = [[labels.NUMBER, labels.QUESTION, "Red", "Amber", "Green", labels.COMMENT]]
    for q in questionnaire().questions:
        marks = ["TICK" if word == RATINGS[q.number] else "" for word in ("red", "amber", "green")]
        rows.append([str(q.number), q.text, *marks, COMMENTS[q.number]])
    text = b'<w:t xml:space="preserve">TICK</w:t>'
    tick = b'<w:sym w:font="Wingdings" w:char="F0FC"/>'
    content = layouts.docx([("a", COVER), ("b", rows)])
    return with_part(content, "word/document.xml", lambda part: part.replace(text, tick))


case("ratings_ticked_in_wingdings_in_three_columns.docx")(_tick_in_columns)


@document("rating_in_a_table_of_boxes_in_its_cell")
def _(one: Document) -> None:
    cells = "".join(f"<w:tc><w:p>{RUN.format(t)}</w:p></w:tc>" for t in ("☐ Green", "☒ Amber", "☐ Red"))
    put(one.row(4).cells[2], f"<w:tbl><w:tr>{cells}</w:tr></w:tbl><w:p/>")


@document("rating_deleted_with_nothing_in_its_place")
def _(one: Document) -> None:
    text = "<w:r><w:delText>Amber</w:delText></w:r>"
    put(one.row(4).cells[2], f"<w:p><w:del w:id='1'>{text}</w:del></w:p>")


@document("rating_of_which_only_the_format_was_changed")
def _(one: Document) -> None:
    change = "<w:rPrChange w:id='1'><w:rPr><w:strike/></w:rPr></w:rPrChange>"
    put(one.row(4).cells[2], f"<w:p><w:r><w:rPr><w:b/>{change}</w:rPr><w:t>Amber</w:t></w:r></w:p>")


@document("rating_changed_twice_by_two_people")
def _(one: Document) -> None:
    put(
        one.row(4).cells[2],
        f"<w:p><w:ins w:id='1'><w:del w:id='2'><w:r><w:delText>Red</w:delText></w:r></w:del></w:ins>"
        f"<w:ins w:id='3'>{RUN.format('Amber')}</w:ins></w:p>",
    )


@document("rating_from_right_to_left")
def _(one: Document) -> None:
    put(
        one.row(4).cells[2],
        "<w:p><w:pPr><w:bidi/></w:pPr><w:r><w:rPr><w:rtl/></w:rPr><w:t>Amber</w:t></w:r></w:p>",
    )
    one.row(4).table._tbl.tblPr.append(parse_xml(f"<w:bidiVisual {W}/>"))


@document("rating_and_comment_in_one_cell")
def _(one: Document) -> None:
    first, second = one.row(4).cells[2:4]
    merged = first.merge(second)
    put(merged, f"<w:p>{RUN.format('Amber')}</w:p><w:p>{RUN.format('Comment on question 4.')}</w:p>")


@document("numbers_by_automatic_numbering")
def _(one: Document) -> None:
    for number in RATINGS:
        put(one.row(number).cells[0], "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:p>")


@document("comment_with_a_picture_alone")
def _(one: Document) -> None:
    put(one.row(4).cells[3], "<w:p><w:r><w:drawing/></w:r></w:p>")


def _glued() -> bytes:
    other = [[text.replace("Fife", "Angus") for text in row] for row in COVER]
    return layouts.longform([*COVER, *plain_rows(), [], *other, *plain_rows()]).encode()


case("two_returns_glued.csv")(_glued)
case("tabs_of_unicode_text.csv")(
    lambda: layouts.longform([["Self-evaluation 2016"], *COVER, [], *plain_rows()], delimiter="\t").encode(
        "utf-16"
    )
)

_FIRST_ROW = (
    '<table:table-row table:number-rows-repeated="3" table:visibility="collapse"><table:table-cell '
    'table:number-columns-repeated="4"/></table:table-row>'
)
_QUESTION_4 = '<table:table-row table:visibility="{}" table:number-rows-repeated="{}">{}</table:table-row>'


def _cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _repeated(visibility: str, times: int) -> bytes:
    rows = plain_rows()
    four = "".join(map(_cell, (rows[4][0], rows[4][1].replace("&", "&amp;"), "Amber", COMMENTS[4])))
    raw = _FIRST_ROW + _QUESTION_4.format(visibility, times, four)
    return layouts.ods([("Cover", COVER), ("Questionnaire", [*rows[:4], *rows[5:]])], raw=raw)


case("row_repeated.ods")(lambda: _repeated("visible", 2))
case("row_repeated_and_hidden.ods")(lambda: _repeated("collapse", 2))

_HTML = "<html><body><table>{}</table></body></html>"


def _page() -> bytes:
    cells = ("".join(f"<td>{text}</td>" for text in row) for row in [*COVER, *plain_rows()])
    return _HTML.format("".join(f"<tr>{row}</tr>" for row in cells)).encode()


case("page_of_html.xls")(_page)
case("page_of_html.xlsx")(_page)
case("page_of_html.csv")(_page)
case("text_document.odt")(lambda: layouts.ods([("Cover", COVER), ("b", plain_rows())]))
case("rich_text.rtf")(lambda: rb"{\rtf1\ansi Fife \par Green}")
case("rich_text.docx")(lambda: rb"{\rtf1\ansi Fife \par Green}")
