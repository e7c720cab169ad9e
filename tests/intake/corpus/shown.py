"""Cells that show another text than they have, or none: number formats, and letters in the colour of the background."""

import datetime

from docx.oxml import parse_xml
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color

from tests.intake.corpus import layouts
from tests.intake.corpus.base import Book, Document, case
from tests.intake.corpus.books import book
from tests.intake.corpus.documents import RUN, W, document, put
from tests.intake.corpus.others import sheets

NUMBERS: dict[str, tuple[object, str]] = {
    "a_distance": (12.5, '0.0"km"'),
    "an_amount": (1234.5, "£#,##0.00"),
    "an_amount_of_a_locale": (-1234.5, "[$£-809]#,##0.00;[Red]([$£-809]#,##0.00)"),
    "thousands": (1234567, "#,##0"),
    "a_rounded_number": (2.49, "0"),
    "millions": (1_250_000, '0.0,,"m"'),
    "a_duration": (datetime.timedelta(hours=42, minutes=5), "[h]:mm"),
    "a_weekday": (datetime.datetime(2016, 10, 3), 'dddd" the "d'),
    "a_date_in_german": (datetime.datetime(2016, 10, 3), "[$-407]d. mmmm yyyy"),
    "four_sections": (12.5, "0.0;-0.0;0;@"),
    "accounts_with_a_zero": (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"0_-;_-@_-'),
    "a_fraction": (2.5, "# ?/?"),
    "a_power_of_ten": (12345, "0.00E+00"),
    "a_word_by_condition": (2, '[<2]"none";[<5]"a few";"many"'),
    "a_month_in_german": (datetime.datetime(2016, 10, 3), "[$-407]mmmm yyyy"),
    "a_time_of_a_day": (datetime.datetime(2016, 10, 3, 14, 30), "h:mm"),
    "an_invisible_number": (12.5, ";;;"),
    "text_alone": (12.5, ";;;@"),
    "an_invisible_negative_number": (-3, '0" of 10";;0'),
    "a_number_in_white": (12.5, "[White]0.0"),
    "an_invisible_text": ("Not seen.", ";;;"),
    "a_text_with_a_text_of_its_own": ("Seen", '@" (draft)"'),
    "a_text_in_white": ("Not seen.", "[White]@"),
}
for _name, (_value, _format) in NUMBERS.items():

    def _comment(one: Book, value: object = _value, number_format: str = _format) -> None:
        cell = one.comment(4)
        cell.value, cell.number_format = value, number_format  # type: ignore[assignment]

    book(f"comment_in_a_format_of_{_name}")(_comment)

for _name, _format in {
    "rating_by_condition": '[=1]"Red";[=2]"Amber";"Green"',
    "rating_as_a_word_of_the_format": '"Green"',
}.items():

    def _rating(one: Book, number_format: str = _format) -> None:
        cell = one.rating(4)
        cell.value, cell.number_format = 3, number_format

    book(_name)(_rating)


@book("numbers_of_questions_by_their_format")
def _(one: Book) -> None:
    for number in range(1, 20):
        one.table.cell(one.row(number), 1).number_format = '"Q"0")"'


@book("month_counted_from_1904")
def _(one: Book) -> None:
    one.book.epoch = datetime.datetime(1904, 1, 1)
    cell = one.comment(4)
    cell.value, cell.number_format = datetime.datetime(2016, 10, 3), "mmm-yy"


WHITE = {
    "white": (Font(color="FFFFFFFF"), None),
    "white_of_the_theme": (Font(color=Color(theme=0)), None),
    "the_colour_of_its_fill": (Font(color="FF00B050"), PatternFill("solid", fgColor="FF00B050")),
    "nearly_white": (Font(color="FFFAFAFA"), None),
    "white_by_index": (Font(color=Color(indexed=9)), PatternFill("solid", fgColor="FFFFFFFF")),
}
for _name, (_font, _fill) in WHITE.items():

    def _white(one: Book, font: Font = _font, fill: PatternFill | None = _fill) -> None:
        for cell in (one.comment(4), one.rating(4)):
            cell.font = font
            if fill:
                cell.fill = fill

    book(f"answer_in_{_name}")(_white)


@book("answer_in_white_on_green")
def _(one: Book) -> None:
    one.rating(6).font = Font(color="FFFFFFFF")
    one.rating(6).fill = PatternFill("solid", fgColor="FF00B050")


@book("comment_partly_in_white")
def _(one: Book) -> None:
    one.comment(4).value = CellRichText("Seen. ", TextBlock(InlineFont(color=Color("FFFFFFFF")), "Not seen."))


@book("rating_in_a_white_font_and_another_next_to_it")
def _(one: Book) -> None:
    one.rating(4).value = CellRichText(TextBlock(InlineFont(color=Color("FFFFFFFF")), "Red "), "Amber")


_WHITE_RUN = "<w:r><w:rPr><w:color w:val='FFFFFF'/>{}</w:rPr><w:t>{}</w:t></w:r>"
document("comment_in_white")(
    lambda one: put(one.row(4).cells[3], f"<w:p>{_WHITE_RUN.format('', 'No.')}</w:p>")
)
document("comment_partly_in_white")(
    lambda one: put(one.row(4).cells[3], f"<w:p>{RUN.format('Seen.')}{_WHITE_RUN.format('', 'No.')}</w:p>")
)
document("rating_in_white")(
    lambda one: put(one.row(4).cells[2], f"<w:p>{_WHITE_RUN.format('', 'Amber')}</w:p>")
)
document("rating_in_white_on_a_highlight")(
    lambda one: put(
        one.row(4).cells[2],
        f"<w:p>{_WHITE_RUN.format('<w:highlight w:val=' + chr(39) + 'darkGreen' + chr(39) + '/>', 'Amber')}</w:p>",
    )
)


def _shade(one: Document, letters: str, ground: str) -> None:
    """A rating of question 4 in these letters, in a cell with this ground."""
    cell = one.row(4).cells[2]
    put(cell, f"<w:p><w:r><w:rPr><w:color w:val='{letters}'/></w:rPr><w:t>Amber</w:t></w:r></w:p>")
    shade = parse_xml(f"<w:shd {W} w:val='clear' w:color='auto' w:fill='{ground}'/>")
    cell._tc.get_or_add_tcPr().append(shade)


document("rating_in_the_colour_of_its_cell")(lambda one: _shade(one, "FFC000", "FFC000"))
document("rating_in_white_on_a_coloured_cell")(lambda one: _shade(one, "FFFFFF", "C55A11"))


@document("rating_in_white_by_a_style")
def _(one: Document) -> None:
    styles = one.document.styles.element
    styles.append(
        parse_xml(
            f"<w:style {W} w:type='character' w:styleId='Pale'><w:name w:val='Pale'/>"
            "<w:rPr><w:color w:val='FFFFFF'/></w:rPr></w:style>"
        )
    )
    run = "<w:r><w:rPr><w:rStyle w:val='Pale'/></w:rPr><w:t>Amber</w:t></w:r>"
    put(one.row(4).cells[2], f"<w:p>{run}</w:p>")


ODS_STYLES = (
    '<style:style style:name="white" style:family="table-cell"><style:text-properties fo:color="#ffffff"/>'
    "</style:style>"
    '<style:style style:name="pale" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<style:style style:name="same" style:family="table-cell"><style:table-cell-properties '
    'fo:background-color="#ffc000"/><style:text-properties fo:color="#ffc000"/></style:style>'
    '<style:style style:name="struck" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
)
_AMBER = '<table:table-cell table:style-name="{}" office:value-type="string"><text:p>Amber</text:p></table:table-cell>'
for _name, _sheets in {
    "rating_in_white": sheets(_AMBER.format("white")),
    "rating_in_the_colour_of_its_cell": sheets(_AMBER.format("same")),
    "rating_struck_through": sheets(_AMBER.format("struck")),
    "comment_partly_in_white": sheets(
        comment='<table:table-cell office:value-type="string"><text:p>Seen. <text:span text:style-name="pale">Not seen.'
        "</text:span></text:p></table:table-cell>"
    ),
    "comment_hidden_by_its_format": sheets(
        comment='<table:table-cell office:value-type="float" office:value="12.5"><text:p/></table:table-cell>'
    ),
}.items():
    case(f"{_name}.ods")(lambda chosen=_sheets: layouts.ods(chosen, styles=ODS_STYLES))  # type: ignore[misc]
