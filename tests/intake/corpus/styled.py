"""Texts that a conditional format, a default style or a common style hides or strikes out, and documents with forms."""

from copy import deepcopy
from typing import Any

from openpyxl.formatting.rule import CellIsRule, FormulaRule, Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from tests.intake.corpus import layouts
from tests.intake.corpus.base import Book, Document, case, packed, parts_of
from tests.intake.corpus.books import COVER, book, plain_rows
from tests.intake.corpus.documents import RUN, document, put

# The functions of openpyxl that make rules have no types.
make_rule: Any = FormulaRule
make_comparison: Any = CellIsRule
WHITE, STRUCK = Font(color="FFFFFFFF"), Font(strike=True)
GREEN = PatternFill(bgColor="FF00B050")
CONDITIONS: dict[str, Any] = {
    "white_where_it_is_amber": make_comparison(operator="equal", formula=['"Amber"'], font=WHITE),
    "white_where_it_is_red": make_comparison(operator="equal", formula=['"Red"'], font=WHITE),
    "white_by_a_formula": make_rule(formula=["$A4>0"], font=WHITE),
    "white_on_green": make_rule(formula=["TRUE"], font=WHITE, fill=GREEN),
    "white_where_it_is_blank": Rule(type="containsBlanks", dxf=DifferentialStyle(font=WHITE)),
    "struck_out": make_rule(formula=["TRUE"], font=STRUCK),
    "hidden_by_a_format": Rule(
        type="expression",
        formula=["TRUE"],
        dxf=DifferentialStyle(numFmt=NumberFormat(numFmtId=170, formatCode=";;;")),
    ),
}
for _name, _rule in CONDITIONS.items():

    def _rating(one: Book, rule: Any = _rule) -> None:
        one.table.conditional_formatting.add(f"C1:C{one.row(4)}", rule)

    book(f"ratings_by_condition_{_name}")(_rating)


@book("comment_by_condition_white")
def _(one: Book) -> None:
    one.table.conditional_formatting.add(one.comment(4).coordinate, make_rule(formula=["TRUE"], font=WHITE))


@book("rating_by_condition_white_in_a_coloured_cell")
def _(one: Book) -> None:
    one.rating(4).fill = PatternFill("solid", fgColor="FFFFC000")
    one.table.conditional_formatting.add(one.rating(4).coordinate, make_rule(formula=["TRUE"], font=WHITE))


STYLE = '<style:style style:name="{}" style:family="table-cell" {}>{}</style:style>'
LETTERS = "<style:text-properties {}/>"
WHITE_LETTERS = LETTERS.format('fo:color="#ffffff"')
AMBER_CELL = '<style:table-cell-properties fo:background-color="#ffc000"/>'


def ods(
    style: str, *, of_row: str = "", of_column: str = "", rating: str = "Amber", common: bool = False
) -> bytes:
    """A sheet whose row 4, or whose column of ratings, has a default style."""
    rows = [[*row[:2], rating, row[3]] if row[0] == "4" else row for row in plain_rows()]
    content = layouts.ods([("Cover", COVER), ("Answers", rows)], styles="" if common else style)
    parts = parts_of(content)
    text = parts["content.xml"].decode()
    place = text.index('table:name="Answers">') + len('table:name="Answers">')
    start = text.rindex("<table:table-row>", 0, text.index(plain_rows()[4][1]))
    columns = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column {}/><table:table-column/>'
    )
    default = 'table:default-cell-style-name="{}"'
    row = f"<table:table-row {default.format(of_row)}>" if of_row else "<table:table-row>"
    column = columns.format(default.format(of_column)) if of_column else ""
    text = text[:place] + column + text[place:start] + row + text[start + len("<table:table-row>") :]
    parts["content.xml"] = text.encode()
    if common:
        parts["styles.xml"] = (
            f"<office:document-styles {layouts.ODS_NAMES}><office:styles>{style}</office:styles>"
            "</office:document-styles>"
        ).encode()
    return packed(parts)


STYLES = {
    "ratings_in_white_by_the_style_of_their_column": {
        "style": STYLE.format("w", "", WHITE_LETTERS),
        "of_column": "w",
    },
    "answer_in_white_by_the_style_of_its_row": {"style": STYLE.format("w", "", WHITE_LETTERS), "of_row": "w"},
    "answer_struck_through_by_the_style_of_its_row": {
        "style": STYLE.format("s", "", LETTERS.format('style:text-line-through-style="solid"')),
        "of_row": "s",
    },
    "rating_by_the_colour_of_its_column_only": {
        "style": STYLE.format("a", "", AMBER_CELL),
        "of_column": "a",
        "rating": "",
    },
    "answer_in_white_by_a_common_style": {
        "style": STYLE.format("w", "", WHITE_LETTERS) + STYLE.format("v", 'style:parent-style-name="w"', ""),
        "of_row": "v",
        "common": True,
    },
    "answer_in_styles_made_from_each_other": {
        "style": STYLE.format("v", 'style:parent-style-name="w"', "")
        + STYLE.format("w", 'style:parent-style-name="v"', ""),
        "of_row": "v",
    },
}
for _name, _options in STYLES.items():
    case(f"{_name}.ods")(lambda options=_options: ods(**options))  # type: ignore[misc]


# Documents with forms, boxes and tables within tables.
BOX = (
    '<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    '<w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr><w:sdtContent>' + RUN + "</w:sdtContent></w:sdt>"
)


def boxes(*ticked: bool) -> str:
    """A line of three check boxes, each followed by its word."""
    pairs = zip(("Green", "Amber", "Red"), ticked, strict=True)
    return "".join(
        BOX.format(int(is_on), "\u2612" if is_on else "\u2610") + RUN.format(f" {word} ")
        for word, is_on in pairs
    )


FORMS = {
    "rating_of_check_boxes_with_one_ticked": f"<w:p>{boxes(False, True, False)}</w:p>",
    "rating_of_check_boxes_with_none_ticked": f"<w:p>{boxes(False, False, False)}</w:p>",
    "rating_of_check_boxes_with_two_ticked": f"<w:p>{boxes(True, True, False)}</w:p>",
    "rating_with_two_words_one_struck_through": (
        f"<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Green</w:t></w:r>{RUN.format(' Amber')}</w:p>"
    ),
    "rating_in_a_nested_table_of_three_colours": (
        "<w:tbl><w:tr>"
        + "".join(f"<w:tc><w:p>{RUN.format(word)}</w:p></w:tc>" for word in ("Green", "Amber", "Red"))
        + "</w:tr><w:tr>"
        + "".join(f"<w:tc><w:p>{RUN.format(mark)}</w:p></w:tc>" for mark in ("", "x", ""))
        + "</w:tr></w:tbl><w:p/>"
    ),
    "rating_over_two_lines_of_two_people": f"<w:p>{RUN.format('Amber')}</w:p><w:p>{RUN.format('Red (police)')}</w:p>",
    "rating_with_a_soft_hyphen": "<w:p><w:r><w:t>Am</w:t><w:softHyphen/><w:t>ber</w:t></w:r></w:p>",
    "rating_of_a_formula_field": (
        '<w:p><w:fldSimple w:instr=" MERGEFIELD Rating ">' + RUN.format("Amber") + "</w:fldSimple></w:p>"
    ),
}
for _name, _content in FORMS.items():

    def _form(one: Document, content: str = _content) -> None:
        put(one.row(4).cells[2], content)

    document(_name)(_form)

COMMENTS_IN_XML = {
    "comment_of_a_nested_table_with_numbers": (
        "<w:tbl>"
        + "".join(
            f"<w:tr><w:tc><w:p>{RUN.format(n)}</w:p></w:tc><w:tc><w:p>{RUN.format('Red')}</w:p></w:tc></w:tr>"
            for n in (5, 6)
        )
        + "</w:tbl><w:p/>"
    ),
    "comment_in_a_list": "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/></w:numPr></w:pPr>"
    + RUN.format("One")
    + "</w:p>",
    "comment_with_no_break_hyphen": "<w:p><w:r><w:t>up</w:t><w:noBreakHyphen/><w:t>to</w:t></w:r></w:p>",
    "comment_deleted_by_a_reviewer": (
        "<w:p><w:del w:id='1'><w:r><w:delText>Old.</w:delText></w:r></w:del>" + RUN.format("New.") + "</w:p>"
    ),
}
for _name, _content in COMMENTS_IN_XML.items():

    def _comment(one: Document, content: str = _content) -> None:
        put(one.row(4).cells[3], content)

    document(_name)(_comment)


@document("row_of_a_question_copied")
def _(one: Document) -> None:
    row = one.row(4)._tr
    row.addnext(deepcopy(row))
