"""Workbooks of Excel whose ratings are typed in other words, shown by colour, or come from formulas."""

import datetime
from collections.abc import Callable, Mapping

from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

from tests.intake.corpus.base import (
    RATINGS,
    SHEET,
    Book,
    case,
    with_part,
)
from tests.intake.corpus.books import book


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
    "ratings_as_circles": {"green": "🟢", "amber": "🟠", "red": "🔴"}.__getitem__,
    "ratings_as_circles_with_yellow": {"green": "🟢", "amber": "🟡", "red": "🔴"}.__getitem__,
    "ratings_as_squares": {"green": "🟩", "amber": "🟨", "red": "🟥"}.__getitem__,
    "ratings_as_hearts": {"green": "💚", "amber": "🧡", "red": "❤\ufe0f"}.__getitem__,
    "ratings_as_circles_and_words": {"green": "🟢 Green", "amber": "Amber 🟠", "red": "🔴Red"}.__getitem__,
    "ratings_in_quotation_marks": lambda rating: f"\u201c{rating.capitalize()}\u201d",
    "ratings_in_straight_quotation_marks": lambda rating: f"'{rating.capitalize()}'",
    "ratings_in_brackets": lambda rating: f"[{rating.upper()}]",
    "ratings_in_round_brackets": lambda rating: f"({rating})",
    "ratings_between_dashes": lambda rating: f"- {rating.capitalize()} -",
    "ratings_behind_a_long_dash": lambda rating: f"\u2013 {rating.capitalize()}",
    "ratings_with_text_in_brackets": lambda rating: f"{rating.capitalize()} (see comment)",
    "ratings_with_text_after_a_dash": lambda rating: f"{rating.capitalize()} \u2013 evidence attached",
    "ratings_with_text_on_the_next_line": lambda rating: f"{rating.capitalize()}\nagreed in May",
    "ratings_with_meanings_and_text": lambda rating: f"{rating} ({MEANINGS[rating]}), see comment",
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
    "rating_of_a_word_and_another_circle": "🟢 Amber",
    "rating_of_two_circles": "🟢🔴",
    "rating_of_a_white_circle": "⚪",
    "rating_with_another_in_brackets": "Amber (was red)",
    "rating_with_a_doubt_behind_it": "Green?",
    "rating_with_a_question_behind_it": "Green (to be confirmed?)",
    "rating_denied_behind_it": "Green - not yet",
    "rating_moving_to_another": "Amber, moving to green",
    "rating_between_two_dashes_and_another": "Amber - Green",
    "rating_in_cyrillic_lookalikes": "Re\u0501",
}.items():
    book(_name)(lambda one, typed=_typed: setattr(one.rating(4), "value", typed))  # type: ignore[misc]

book("rating_blank")(lambda one: setattr(one.rating(4), "value", None))
book("rating_of_spaces")(lambda one: setattr(one.rating(4), "value", "   "))


@book("rating_next_to_its_column")
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


# Formulas


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
