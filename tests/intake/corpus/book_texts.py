"""Workbooks of Excel with odd covers, versions, names of committees, dates and comments."""

import datetime

from dagster_project.intake import labels
from tests.intake.corpus.base import (
    Book,
    base,
    case,
    packed,
    parts_of,
    with_part,
)
from tests.intake.corpus.books import Change, book


@book("cover_next_to_the_table")
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


@case("version_missing.xlsx")
def _version_missing() -> bytes:
    one = Book()
    one.on_cover(labels.TEMPLATE_VERSION).value = None
    return _without_property(one.saved())


case("template_of_another_round.xlsx")(
    lambda: with_part(
        base(".xlsx"), "docProps/custom.xml", lambda part: part.replace(b"cse-2016", b"cse-2013")
    )
)


for _name, _text in {
    "comment_begins_with_equals": "=SUM(A1:A9) is not a formula",
    "comment_with_script": "<script>alert(1)</script> [x](javascript:alert(1))",
    "comment_with_line_breaks": "one\ntwo\r\nthree",
    "comment_in_gaelic_and_arabic": "D\u00f2chas \u0645\u0631\u062d\u0628\u0627 \U0001f469\u200d\U0001f467",
    "comment_in_decomposed_letters": "Do\u0300chas e\u0301",
    "comment_turned_right_to_left": "\u202eneerg\u202c",
    "comment_as_long_as_a_cell_holds": "x" * 32_767,
    "comment_of_escaped_control_characters": "bell _x0007_ null _x0000_ half _xD800_",
    "comment_with_personal_data": "Ask jo@fife.example or ring 0131 496 0123; CHI 0101701233, AB123456C, EH6 6QQ",
    "comment_of_a_number": "12345678901234567890",
}.items():

    def _comment(one: Book, text: str = _text) -> None:
        one.comment(4).value = text
        one.comment(4).data_type = "s"

    book(_name)(_comment)


for _name, _signed in {
    "committee_by_alias_scottish_borders": "Scottish Borders",
    "committee_by_alias_of_three_parts": "Falkirk, Stirling & Clacks",
    "committee_by_alias_clacks": "Clacks",
    "committee_by_alias_eilean_siar": "Eilean Siar",
    "committee_with_accents": "Comhairle nan Eile\u0300an Siar",
    "committee_with_and_for_ampersand": "East and Midlothian",
    "committee_with_its_long_name": "The FIFE  Child Protection Committee",
    "committee_with_council": "Fife Council",
    "committee_with_a_slash": "Perth/Kinross",
    "committee_with_a_plus": "Dumfries+Galloway",
    "committee_with_a_comma": "Argyll, Bute",
    "committee_turned_around": "Edinburgh, City of",
    "committee_city_first": "City of Glasgow",
    "committee_with_a_point_of_the_compass_behind": "Ayrshire, North",
    "committee_with_its_long_name_first": "Child Protection Committee of Fife",
    "committee_with_its_label_before_it": "CPC: Fife",
    "committee_with_letters_and_stops": "C.P.C. for Moray",
    "committee_by_two_of_its_authorities": "Clackmannanshire and Stirling",
    "committee_by_other_two_of_its_authorities": "Stirling/Falkirk",
    "committee_of_two_committees": "Fife and Moray",
    "committee_with_a_digit": "Fife 2",
    "committee_in_greek_letters": "\u03a6\u03ac\u03b9\u03c6",
    "committee_in_cyrillic_letters": "\u0424\u0430\u0439\u0444",
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
    "date_with_a_short_weekday": "Tues 4 Oct 2016",
    "date_with_a_four_letter_month": "Weds 28 Sept 2016",
    "date_with_an_apostrophe": "12 Oct '16",
    "date_with_a_curly_apostrophe": "12 Oct \u201916",
    "date_in_numbers_with_a_time": "12/10/2016 14:30",
    "date_in_numbers_with_a_time_of_the_afternoon": "25/10/2016 2.30pm",
    "date_with_a_zone": "2016-10-12T14:30:00Z",
    "date_of_one_number_twice": "10/10/2016",
    "date_with_the_month_first": "10/25/2016",
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


def _add_text(place: str, text: str) -> Change:
    """A change that types a text into a cell of the cover, the table or a new sheet behind them."""

    def change(one: Book) -> None:
        sheet, cell = place.split("!")
        chosen = {"cover": one.cover, "table": one.table}.get(sheet) or one.book.create_sheet(sheet)
        chosen[cell] = text

    return change


for _name, _place, _text in (
    ("minutes_of_the_committee_on_the_cover", "cover!A9", "CPC: minutes of May"),
    ("minutes_of_the_committee_above_its_name", "cover!D1", "CPC: minutes of May"),
    ("minutes_of_the_committee_in_a_sheet", "Minutes!A1", "CPC: minutes of May"),
    ("minutes_of_the_committee_next_to_a_comment", "table!F7", "CPC: minutes of May"),
    ("minutes_of_the_committee_as_a_comment", "table!D7", "CPC: minutes of May"),
    ("heading_of_minutes_behind_the_table", "table!A60", "Committee: approved in May"),
):
    book(_name)(_add_text(_place, _text))


def _name_in_text(name: str, *texts: str) -> None:
    """Register a workbook whose cover has these texts and no cell next to the label."""

    def change(one: Book) -> None:
        value = one.on_cover(labels.COMMITTEE)
        one.cover.cell(value.row, value.column - 1).value = value.value = None
        for number, text in enumerate(texts, start=20):
            one.cover.cell(number, 1).value = text

    book(name)(change)


_name_in_text("minutes_before_a_name_without_a_cell_of_its_own", "CPC: minutes of May", "CPC: Fife")
_name_in_text("minutes_without_a_name", "CPC: minutes of May")
_name_in_text("committee_twice_in_text", "CPC: Angus", "CPC: Fife")
_name_in_text("committee_twice_in_text_and_in_other_words", "CPC: Fife", "Committee: Fife Council")


@book("committee_missing_and_minutes_in_another_sheet")
def _(one: Book) -> None:
    one.on_cover(labels.COMMITTEE).value = None
    sheet = one.book.create_sheet("Group")
    for row in (["Name", "Committee"], ["A", "Steering"], ["B", "Training"]):
        sheet.append(row)


@book("list_of_people_with_a_column_of_committees")
def _(one: Book) -> None:
    sheet = one.book.create_sheet("People", 0)
    for row in (["Committee", "Role", "Name"], ["Chair", "Police", "x"], ["Member", "Health", "y"]):
        sheet.append(row)
