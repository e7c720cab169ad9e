"""Workbooks of Excel as people leave them: layouts, ratings, comments, committees, dates."""

import datetime
from collections.abc import Callable, Mapping
from functools import partial

from openpyxl.styles import Alignment, PatternFill
from openpyxl.styles.colors import Color

from dagster_project.questionnaire import labels
from tests.corpus import layouts
from tests.corpus.base import (
    COMMENTS,
    RATINGS,
    SHEET,
    Book,
    base,
    case,
    packed,
    parts_of,
    questionnaire,
    with_part,
)

Change = Callable[[Book], object]


def book(name: str) -> Callable[[Change], Change]:
    """Register a workbook that differs from the base by what a function does to it."""

    def register(change: Change) -> Change:
        def make() -> bytes:
            one = Book()
            change(one)
            return one.saved()

        case(f"{name}.xlsx")(make)
        return change

    return register


def rows_of(one: Book) -> list[list[object]]:
    return [[cell.value for cell in row] for row in one.table.iter_rows()]


def rewrite(one: Book, rows: list[list[object]], *, top: int = 1, left: int = 1) -> None:
    """The table anew, without merged cells."""
    for merged in list(one.table.merged_cells.ranges):
        one.table.unmerge_cells(str(merged))
    one.table.delete_rows(1, 100)
    for row_no, row in enumerate(rows, start=top):
        for column, value in enumerate(row, start=left):
            one.table.cell(row_no, column).value = value  # type: ignore[assignment]


def questions(rows: list[list[object]]) -> list[list[object]]:
    return [row for row in rows if isinstance(row[0], int)]


case("as_sent.xlsx")(lambda: base(".xlsx"))


@book("three_title_rows_above_the_table")
def _(one: Book) -> None:
    rewrite(one, [["Our return"], [None], ["see below"], *rows_of(one)])


@book("table_moved_down_and_right")
def _(one: Book) -> None:
    rewrite(one, rows_of(one), top=30, left=6)


@book("extra_column_before_the_rating")
def _(one: Book) -> None:
    rewrite(one, [[*row[:2], "checked", *row[2:]] for row in rows_of(one)])


@book("extra_column_at_the_left")
def _(one: Book) -> None:
    rewrite(one, [["x", *row] for row in rows_of(one)])


@book("extra_rows_between_questions")
def _(one: Book) -> None:
    note: list[object] = [None, "for internal use", None, None]
    rewrite(one, [line for row in rows_of(one) for line in (row, note)])


@book("columns_in_another_order")
def _(one: Book) -> None:
    rewrite(one, [[row[3], row[2], row[0], row[1]] for row in rows_of(one)])


@book("questions_in_reverse")
def _(one: Book) -> None:
    rows = rows_of(one)
    rewrite(one, [rows[0], *reversed(questions(rows))])


@book("section_headings_deleted")
def _(one: Book) -> None:
    rows = rows_of(one)
    rewrite(one, [rows[0], *questions(rows)])


@book("sub_questions_deleted")
def _(one: Book) -> None:
    parts = {part.text for question in questionnaire().questions for part in question.sub_questions}
    rewrite(one, [row for row in rows_of(one) if row[1] not in parts])


@book("sub_questions_commented")
def _(one: Book) -> None:
    for part in (1, 2, 3):
        one.table.cell(one.row(6) + part, 4).value = f"part {part}"


@book("sub_questions_rated")
def _(one: Book) -> None:
    one.rating(6).value = None
    one.table.cell(one.row(6) + 1, 3).value = "Green"


@book("question_deleted")
def _(one: Book) -> None:
    one.table.delete_rows(one.row(19))


@book("question_repeated_alike")
def _(one: Book) -> None:
    rows = rows_of(one)
    rewrite(one, [*rows, rows[-1]])


@book("question_repeated_otherwise")
def _(one: Book) -> None:
    rows = rows_of(one)
    rewrite(one, [*rows, [19, rows[-1][1], "Red", "Another answer"]])


@book("question_that_nobody_asked")
def _(one: Book) -> None:
    rewrite(one, [*rows_of(one), [20, "Anything else?", "Green", "No"]])


@book("numbers_with_q")
def _(one: Book) -> None:
    for number in RATINGS:
        one.table.cell(one.row(number), 1).value = f"Q{number}"


@book("numbers_with_stops")
def _(one: Book) -> None:
    for number in RATINGS:
        one.table.cell(one.row(number), 1).value = f"{number}."


@book("numbers_with_brackets")
def _(one: Book) -> None:
    for number in RATINGS:
        one.table.cell(one.row(number), 1).value = f"Question {number})"


@book("number_column_deleted")
def _(one: Book) -> None:
    rewrite(one, [row[1:] for row in rows_of(one)])


@book("wording_column_deleted")
def _(one: Book) -> None:
    rewrite(one, [[row[0], *row[2:]] for row in rows_of(one)])


@book("numbers_within_the_wording")
def _(one: Book) -> None:
    rewrite(
        one,
        [[f"{row[0]}. {row[1]}" if isinstance(row[0], int) else row[1], *row[2:]] for row in rows_of(one)],
    )


@book("rows_renumbered_by_hand")
def _(one: Book) -> None:
    rows = rows_of(one)
    asked = questions(rows)
    rewrite(one, [rows[0], *([number, *row[1:]] for number, row in enumerate(reversed(asked), start=1))])


@book("headings_in_capitals")
def _(one: Book) -> None:
    for column in range(1, 5):
        one.table.cell(1, column).value = f" {str(one.table.cell(1, column).value).upper()} :"


@book("headings_as_people_say_them")
def _(one: Book) -> None:
    for column, text in enumerate(["Question no.", "Questions", "RAG rating", "Comments"], start=1):
        one.table.cell(1, column).value = text


@book("comment_column_deleted")
def _(one: Book) -> None:
    rewrite(one, [row[:3] for row in rows_of(one)])


@book("header_row_deleted")
def _(one: Book) -> None:
    one.table.delete_rows(1)


@book("sheets_renamed")
def _(one: Book) -> None:
    one.cover.title, one.table.title = "Sheet1", "Antworten 2"


@book("sheets_in_another_order")
def _(one: Book) -> None:
    one.book.move_sheet(one.table, -1)


@book("five_empty_sheets_first")
def _(one: Book) -> None:
    for number in range(5):
        one.book.create_sheet(f"Empty {number}", 0)


@book("chart_sheet")
def _(one: Book) -> None:
    one.book.create_chartsheet("Chart")


@book("questionnaire_hidden")
def _(one: Book) -> None:
    one.table.sheet_state = "hidden"


@book("questionnaire_very_hidden")
def _(one: Book) -> None:
    one.table.sheet_state = "veryHidden"


@book("blank_copy_of_the_questionnaire_left_in")
def _(one: Book) -> None:
    copy = one.book.copy_worksheet(one.table)
    for row in copy.iter_rows(min_row=2, min_col=3):
        for cell in row:
            if type(cell).__name__ == "Cell":
                cell.value = None


@book("blank_copy_before_the_questionnaire")
def _(one: Book) -> None:
    copy = one.book.copy_worksheet(one.table)
    for row in copy.iter_rows(min_row=2, min_col=3):
        for cell in row:
            if type(cell).__name__ == "Cell":
                cell.value = None
    one.book.move_sheet(copy, -2)


@book("draft_in_a_hidden_sheet")
def _(one: Book) -> None:
    copy = one.book.copy_worksheet(one.table)
    copy.sheet_state = "hidden"
    copy.cell(one.row(1), 3).value = "Red"
    one.book.move_sheet(copy, -2)


@book("two_questionnaires_that_differ")
def _(one: Book) -> None:
    copy = one.book.copy_worksheet(one.table)
    copy.cell(one.row(1), 3).value = "Red"


@book("rating_merged_over_two_questions")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(1), end_row=one.row(2), start_column=3, end_column=3)


@book("comment_merged_over_two_questions")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(1), end_row=one.row(2), start_column=4, end_column=4)


@book("comment_merged_over_sub_questions")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(6), end_row=one.row(6) + 3, start_column=4, end_column=4)


@book("number_merged_over_sub_questions")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(6), end_row=one.row(6) + 3, start_column=1, end_column=1)


@book("comment_merged_with_the_column_beside_it")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(3), end_row=one.row(3), start_column=4, end_column=6)


@book("a_thousand_empty_formatted_rows")
def _(one: Book) -> None:
    for row in range(100, 1_100):
        one.table.cell(row, 3).alignment = Alignment(wrap_text=True)


@book("cover_beside_the_table")
def _(one: Book) -> None:
    one.table["J3"], one.table["K3"] = labels.COMMITTEE, "Fife"
    one.table["J4"], one.table["K4"] = labels.DATE_COMPLETED, datetime.date(2016, 10, 3)
    one.book.remove(one.cover)


@book("cover_values_below_their_labels")
def _(one: Book) -> None:
    one.cover.delete_rows(1, 20)
    for row, text in enumerate([labels.COMMITTEE, "Fife", labels.DATE_COMPLETED, "2016-10-03"], start=1):
        one.cover.cell(row, 1, text)


@book("cover_label_and_value_in_one_cell")
def _(one: Book) -> None:
    one.cover.delete_rows(1, 20)
    one.cover["A1"] = f"{labels.COMMITTEE}: Fife"
    one.cover["A2"] = f"{labels.DATE_COMPLETED}: 3/10/2016"


@book("version_overwritten_on_the_cover")
def _(one: Book) -> None:
    one.on_cover(labels.TEMPLATE_VERSION).value = "final FINAL"


def _without_property(content: bytes) -> bytes:
    parts = parts_of(content)
    del parts["docProps/custom.xml"]
    return packed(parts)


case("version_on_the_cover_alone.xlsx")(lambda: _without_property(base(".xlsx")))


@case("version_nowhere.xlsx")
def _nowhere() -> bytes:
    one = Book()
    one.on_cover(labels.TEMPLATE_VERSION).value = None
    return _without_property(one.saved())


case("template_of_another_round.xlsx")(
    lambda: with_part(
        base(".xlsx"), "docProps/custom.xml", lambda part: part.replace(b"cse-2016", b"cse-2013")
    )
)


# Ratings as they are typed -------------------------------------------------------------------------


def all_ratings(name: str, words: Mapping[str, str]) -> None:
    """Register a workbook whose ratings are all typed in other words."""

    def change(one: Book) -> None:
        for number, rating in RATINGS.items():
            one.rating(number).value = words[rating]

    book(name)(change)


MEANINGS = {"green": "in place", "amber": "getting there", "red": "not in place"}
IN_OTHER_WORDS: dict[str, Callable[[str], str]] = {
    "ratings_in_capitals": str.upper,
    "ratings_in_lower_case": str.lower,
    "ratings_as_one_letter": lambda rating: rating[0].upper(),
    "ratings_with_spaces_around": lambda rating: f"  {rating}   ",
    "ratings_with_hard_spaces": lambda rating: f"\u00a0{rating.title()}\u2003",
    "ratings_with_zero_width_spaces": lambda rating: f"{rating[:2]}\u200b{rating[2:]}\ufeff",
    "ratings_with_direction_marks": lambda rating: f"\u200f{rating}\u200e",
    "ratings_with_full_stops": lambda rating: f"{rating.capitalize()}.",
    "ratings_with_line_breaks": lambda rating: f"{rating}\n",
    "ratings_as_meanings": lambda rating: MEANINGS[rating],
    "ratings_with_meanings": lambda rating: f"{rating.upper()}  ({MEANINGS[rating]})",
    "ratings_with_meanings_after_a_dash": lambda rating: f"{rating} - {MEANINGS[rating]}",
}
for _name, _word in IN_OTHER_WORDS.items():
    all_ratings(_name, {rating: _word(rating) for rating in MEANINGS})

for _name, _typed in {
    "rating_amber_slash_green": "Amber/Green",
    "rating_n_a": "N/A",
    "rating_not_known": "not known",
    "rating_three": 3,
    "rating_question_mark": "?",
    "rating_tick": "\u2713",
    "rating_true": True,
    "rating_a_date": datetime.date(2016, 10, 3),
    "rating_green_circle": "\U0001f7e2",
    "rating_a_whole_sentence": "We would say green, if the plan of last year were finished. " * 5,
    "rating_looks_like_markup": "<b>Green</b>",
    "rating_misspelled": "Gren",
    "rating_in_cyrillic_lookalikes": "Re\u0501",
}.items():
    book(_name)(lambda one, typed=_typed: setattr(one.rating(4), "value", typed))  # type: ignore[misc]

book("rating_blank")(lambda one: setattr(one.rating(4), "value", None))
book("rating_of_spaces")(lambda one: setattr(one.rating(4), "value", "   "))


@book("rating_beside_its_column")
def _(one: Book) -> None:
    one.rating(4).value = None
    one.table.cell(one.row(4), 6).value = "Green"


def by_colour(name: str, colours: Mapping[str, Color | str], numbers: Mapping[int, str] = RATINGS) -> None:
    """Register a workbook whose ratings are fills and nothing else."""

    def change(one: Book) -> None:
        for number, rating in numbers.items():
            one.rating(number).value = None
            one.rating(number).fill = PatternFill("solid", fgColor=colours[rating])

    book(name)(change)


by_colour("rating_by_colour_only", {"green": "FF00B050", "amber": "FFFFC000", "red": "FFFF0000"})
by_colour("rating_by_light_colour_only", {"green": "FFC6EFCE", "amber": "FFFFEB9C", "red": "FFFFC7CE"})
by_colour("rating_by_yellow_only", {"amber": "FFFFFF00"}, {4: "amber"})
by_colour(
    "rating_by_theme_colour_only", {"green": Color(theme=6), "red": Color(theme=5)}, {3: "green", 5: "red"}
)
by_colour(
    "rating_by_indexed_colour_only",
    {"green": Color(indexed=11), "red": Color(indexed=10)},
    {3: "green", 5: "red"},
)
by_colour("rating_cell_grey_and_blank", {"amber": "FFD9D9D9"}, {4: "amber"})
by_colour("rating_cell_blue_and_blank", {"amber": "FF4472C4"}, {4: "amber"})


@book("rating_word_and_another_colour")
def _(one: Book) -> None:
    one.rating(4).fill = PatternFill("solid", fgColor="FFFF0000")


# Formulas ------------------------------------------------------------------------------------------


def with_formula(name: str, cell: str, *, question: int = 4, column: str = "C") -> None:
    """Register a workbook in which one cell is `cell`, in the XML of the format; `@` is its address."""

    def make() -> bytes:
        one = Book()
        address = f"{column}{one.row(question)}"
        marked = one.rating(question) if column == "C" else one.comment(question)
        marked.value = "MARKED"
        start = f'<c r="{address}"'.encode()

        def change(part: bytes) -> bytes:
            begin = part.index(start)
            end = part.index(b"</c>", begin) + 4
            return part[:begin] + cell.replace("@", address).encode() + part[end:]

        return with_part(one.saved(), SHEET, change)

    case(f"{name}.xlsx")(make)


with_formula("formula_with_its_result", '<c r="@" t="str"><f>"Am"&amp;"ber"</f><v>Amber</v></c>')
with_formula("formula_on_another_workbook", '<c r="@" t="str"><f>[1]Sheet1!A1</f><v>Amber</v></c>')
with_formula("formula_that_calls_a_program", '<c r="@" t="str"><f>cmd|"/c calc"!A1</f><v>Amber</v></c>')
with_formula("formula_without_result", '<c r="@"><f>"Am"&amp;"ber"</f><v></v></c>')
with_formula("formula_without_value_element", '<c r="@"><f>A1</f></c>')
with_formula("formula_that_came_to_an_error", '<c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
with_formula("error_typed_as_value", '<c r="@" t="e"><v>#REF!</v></c>')
with_formula("comment_formula_without_result", '<c r="@"><f>A1</f></c>', column="D")
with_formula(
    "rating_in_rich_text",
    '<c r="@" t="inlineStr"><is><r><t>Am</t></r><r><rPr><b/></rPr><t>ber</t></r></is></c>',
)

# Comments ------------------------------------------------------------------------------------------

for _name, _text in {
    "comment_begins_with_equals": "=SUM(A1:A9) is not a formula",
    "comment_with_script": "<script>alert(1)</script> [x](javascript:alert(1))",
    "comment_with_line_breaks": "one\ntwo\r\nthree",
    "comment_in_gaelic_and_arabic": "D\u00f2chas \u0645\u0631\u062d\u0628\u0627 \U0001f469\u200d\U0001f467",
    "comment_in_decomposed_letters": "Do\u0300chas e\u0301",
    "comment_turned_right_to_left": "\u202eneerg\u202c",
    "comment_as_long_as_a_cell_holds": "x" * 32_767,
    "comment_of_escaped_control_characters": "bell _x0007_ null _x0000_ half _xD800_",
    "comment_of_a_number": "12345678901234567890",
}.items():

    def _comment(one: Book, text: str = _text) -> None:
        one.comment(4).value = text
        one.comment(4).data_type = "s"

    book(_name)(_comment)

# Committees and dates ------------------------------------------------------------------------------

for _name, _signed in {
    "committee_by_alias_scottish_borders": "Scottish Borders",
    "committee_by_alias_of_three_parts": "Falkirk, Stirling & Clacks",
    "committee_by_alias_clacks": "Clacks",
    "committee_by_alias_eilean_siar": "Eilean Siar",
    "committee_with_accents": "Comhairle nan Eile\u0300an Siar",
    "committee_with_and_for_ampersand": "East and Midlothian",
    "committee_with_its_long_name": "The FIFE  Child Protection Committee",
    "committee_with_council": "Fife Council",
    "committee_misspelled": "Invercylde",
    "committee_misspelled_with_a_sibling": "South Aryshire",
    "committee_with_a_short_point_of_the_compass": "E. Renfrewshire",
    "committee_with_another_point_of_the_compass": "West Renfrewshire",
    "committee_between_two": "Wast Dunbartonshire",
    "committee_cut_short": "Aberdeensh",
    "committee_of_half_a_name": "Ayrshire",
    "committee_unknown": "Narnia",
    "committee_like_a_path": "../../../etc/passwd",
    "committee_like_a_formula": '=HYPERLINK("http://example.org","Fife")',
    "committee_like_sql": "Fife'; drop table committees; --",
    "committee_named_by_a_local_authority": "Clackmannanshire",
    "committee_blank": None,
    "committee_contradicted_by_the_name_angus": "Fife",
    "committee_confirmed_by_the_name_fife": "Fife",
}.items():

    def _committee(one: Book, text: str | None = _signed) -> None:
        one.on_cover(labels.COMMITTEE).value = text
        one.on_cover(labels.COMMITTEE).data_type = "s"

    book(_name)(_committee)


@book("committee_twice_and_not_the_same")
def _(one: Book) -> None:
    one.table["J3"], one.table["K3"] = labels.COMMITTEE, "Angus"


for _name, _date in {
    "date_in_words": "3 October 2016",
    "date_day_first": "03/10/2016",
    "date_of_short_year": "3.10.16",
    "date_with_weekday_and_ordinal": "Monday, 3rd Oct. 2016",
    "date_as_a_number": 42646,
    "date_with_a_time": datetime.datetime(2016, 10, 3, 14, 30),
    "date_missing": None,
    "date_in_no_way_a_date": "some time in autumn",
    "date_that_does_not_exist": "31/02/2016",
}.items():

    def _dated(one: Book, date: object = _date) -> None:
        cell = one.on_cover(labels.DATE_COMPLETED)
        cell.number_format = "General"
        cell.value = date  # type: ignore[assignment]

    book(_name)(_dated)

# XML of other programs -----------------------------------------------------------------------------

case("dimension_too_small.xlsx")(
    lambda: with_part(
        base(".xlsx"), SHEET, lambda part: part.replace(b'<dimension ref="A1:D42"', b'<dimension ref="A1:A1"')
    )
)
case("dimension_too_large.xlsx")(
    lambda: with_part(
        base(".xlsx"),
        SHEET,
        lambda part: part.replace(b'<dimension ref="A1:D42"', b'<dimension ref="A1:ZZ4999"'),
    )
)


def _strict() -> bytes:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    parts = parts_of(base(".xlsx"))
    return packed(
        {
            name: part.replace(usual + b"spreadsheetml/2006/main", strict + b"spreadsheetml/main").replace(
                usual + b"officeDocument/2006/", strict + b"officeDocument/"
            )
            for name, part in parts.items()
        }
    )


case("strict_open_xml.xlsx")(_strict)

HEADER = [labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT]
COVER = [
    [labels.COMMITTEE, "Fife"],
    [labels.DATE_COMPLETED, "2016-10-03"],
    [labels.TEMPLATE_VERSION, "cse-2016"],
]


def plain_rows() -> list[list[str]]:
    """The base's answers as rows of text."""
    return [
        HEADER,
        *([str(q.number), q.text, RATINGS[q.number], COMMENTS[q.number]] for q in questionnaire().questions),
    ]


case("written_by_another_program.xlsx")(lambda: layouts.xlsx([("a", COVER), ("b", plain_rows())]))
case("written_with_shared_strings.xlsx")(
    lambda: layouts.xlsx([("a", COVER), ("b", plain_rows())], shared=True)
)
case("one_sheet_for_everything.xlsx")(lambda: layouts.xlsx([("a", [*COVER, *plain_rows()])]))
_with_macros = partial(
    lambda: packed(parts_of(base(".xlsx")) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"})
)
case("macros.xlsm")(_with_macros)
case("macros_under_another_name.xlsx")(_with_macros)
case("without_macros.xlsm")(lambda: base(".xlsx"))
