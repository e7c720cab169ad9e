"""Workbooks of Excel in which people have moved, added, merged, hidden or deleted something."""

from openpyxl.styles import Alignment

from tests.intake.corpus.base import (
    RATINGS,
    Book,
    base,
    case,
    questionnaire,
)
from tests.intake.corpus.books import book, questions, rewrite, rows_of

case("as_sent.xlsx")(lambda: base(".xlsx"))


@book("three_title_rows_above_the_table")
def _(one: Book) -> None:
    rewrite(one, [["Our return"], [None], ["see below"], *rows_of(one)])


@book("table_moved_down_and_right")
def _(one: Book) -> None:
    rewrite(one, rows_of(one), top=30, left=6)


HEADINGS = {
    "headings_of_rag_status": ("RAG status", "Comments / evidence"),
    "headings_with_the_words_of_the_scale": ("Rating (Red/Amber/Green)", "Evidence and commentary"),
    "headings_of_colours_alone": ("Red / Amber / Green", "Rationale"),
    "headings_of_letters_alone": ("R/A/G", "Reason for rating"),
    "headings_that_explain_the_scale": (
        "Rating: Green = in place, Amber = getting there, Red = not in place",
        "Why this rating?",
    ),
}
for _name, (_rating, _comment) in HEADINGS.items():

    def _headed(one: Book, rating: str = _rating, comment: str = _comment) -> None:
        rows = rows_of(one)
        rewrite(one, [[*rows[0][:2], rating, comment], *rows[1:]])

    book(_name)(_headed)


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


@book("comment_merged_with_the_next_column")
def _(one: Book) -> None:
    one.table.merge_cells(start_row=one.row(3), end_row=one.row(3), start_column=4, end_column=6)


@book("a_thousand_empty_formatted_rows")
def _(one: Book) -> None:
    for row in range(100, 1_100):
        one.table.cell(row, 3).alignment = Alignment(wrap_text=True)


@book("two_rating_columns_that_differ")
def _(one: Book) -> None:
    rewrite(
        one, [[*row[:3], "Rating" if row[0] == "No." else row[2] and "Red", *row[3:]] for row in rows_of(one)]
    )


@book("two_rating_columns_that_agree")
def _(one: Book) -> None:
    rewrite(one, [[*row[:3], row[2], *row[3:]] for row in rows_of(one)])


@book("second_rating_column_never_filled_in")
def _(one: Book) -> None:
    rewrite(one, [[*row[:3], "RAG status" if row[0] == "No." else None, *row[3:]] for row in rows_of(one)])


@book("ratings_crossed_in_columns_of_colours")
def _(one: Book) -> None:
    words = ("Green", "Amber", "Red")
    rewrite(
        one,
        [
            [*row[:2], *words, row[3]]
            if row[0] == "No."
            else [*row[:2], *("X" if row[2] == word else None for word in words), row[3]]
            for row in rows_of(one)
        ],
    )


@book("rating_crossed_twice_in_columns_of_colours")
def _(one: Book) -> None:
    words = ("Green", "Amber", "Red")
    rewrite(
        one,
        [
            [*row[:2], *words, row[3]]
            if row[0] == "No."
            else [
                *row[:2],
                *("x" if row[2] == word or (row[0] == 4 and word == "Red") else None for word in words),
                row[3],
            ]
            for row in rows_of(one)
        ],
    )


@book("rating_of_three_boxes_with_one_ticked")
def _(one: Book) -> None:
    one.rating(4).value = "☐ Green  ☒ Amber  ☐ Red"


@book("rating_of_three_boxes_none_ticked")
def _(one: Book) -> None:
    one.rating(4).value = "Green ☐ Amber ☐ Red ☐"


@book("action_plan_with_numbers_and_ratings")
def _(one: Book) -> None:
    one.rating(5).value = None
    plan = one.book.create_sheet("Action plan")
    for row in (
        ["No.", "Action", "RAG", "Comments"],
        *([n, f"Do {n}", "Green", "Soon"] for n in range(1, 8)),
    ):
        plan.append(row)


@book("question_blank_and_answered_in_last_years_sheet")
def _(one: Book) -> None:
    copy = one.book.copy_worksheet(one.table)
    copy.title = "2015"
    one.rating(5).value = None
    one.table.cell(one.row(5), 4).value = None


@book("question_deleted_and_the_others_renumbered")
def _(one: Book) -> None:
    rows = rows_of(one)
    asked = [row for row in questions(rows) if row[0] != 3]
    rewrite(one, [rows[0], *([number, *row[1:]] for number, row in enumerate(asked, start=1))])


@book("rows_renumbered_and_one_wording_unknown")
def _(one: Book) -> None:
    rows = rows_of(one)
    asked = [
        [*row[:1], "Something else", *row[2:]] if row[0] == 9 else row
        for row in questions(rows)
        if row[0] != 3
    ]
    rewrite(one, [rows[0], *([number, *row[1:]] for number, row in enumerate(asked, start=1))])


@book("wording_of_one_question_replaced")
def _(one: Book) -> None:
    one.table.cell(one.row(7), 2).value = "What we do about briefing"


@book("wordings_abridged")
def _(one: Book) -> None:
    for question in questionnaire().questions:
        words = question.text.split()
        one.table.cell(one.row(question.number), 2).value = " ".join(words[: max(12, len(words) * 2 // 3)])


@book("any_other_comments_at_the_end")
def _(one: Book) -> None:
    rewrite(one, [*rows_of(one), [None, "Any other comments", None, "We would welcome training."]])


@book("signature_below_the_table")
def _(one: Book) -> None:
    rewrite(one, [*rows_of(one), ["Signed", None, None, "A. Chair"]])


@book("comments_under_an_unknown_heading")
def _(one: Book) -> None:
    one.table.cell(1, 4).value = "What we do"


@book("comments_under_the_heading_evidence")
def _(one: Book) -> None:
    one.table.cell(1, 4).value = "Supporting evidence and notes"


@book("comments_in_two_columns")
def _(one: Book) -> None:
    one.table.cell(1, 5).value = "Narrative"
    one.table.cell(one.row(4), 5).value = "Police: another view."


@book("comment_typed_under_the_wording")
def _(one: Book) -> None:
    cell = one.table.cell(one.row(4), 2)
    cell.value = f"{cell.value}\nWe have a toolkit."
    one.table.cell(one.row(4), 4).value = None


@book("question_in_two_parts_4a_and_4b")
def _(one: Book) -> None:
    rows = rows_of(one)
    at = next(place for place, row in enumerate(rows) if row[0] == 4)
    parts = [["4a", *rows[at][1:]], ["4b", rows[at][1], "Red", "Tools: none"]]
    rewrite(one, [*rows[:at], *parts, *rows[at + 1 :]])


@book("heading_repeated_in_merged_cells")
def _(one: Book) -> None:
    heading = "1.2 Practitioners and agencies are provided with information"
    repeated: list[object] = [heading] * 4
    rewrite(one, [line for row in rows_of(one) for line in (row, repeated)])


@book("row_of_a_question_hidden")
def _(one: Book) -> None:
    one.table.row_dimensions[one.row(4)].hidden = True


@book("column_of_ratings_hidden")
def _(one: Book) -> None:
    one.table.column_dimensions["C"].hidden = True


@book("draft_ratings_in_a_hidden_column")
def _(one: Book) -> None:
    rewrite(
        one, [[*row[:2], "Rating" if row[0] == "No." else row[2] and "Red", *row[2:]] for row in rows_of(one)]
    )
    one.table.column_dimensions["C"].hidden = True


def _add_last_year(one: Book, place: int) -> None:
    """Leave question 5 blank and add a sheet in which every question is red."""
    one.rating(5).value = one.comment(5).value = None
    sheet = one.book.create_sheet("Last year", place)
    for row in rows_of(one):
        sheet.append([*row[:2], "Red", "Old."] if isinstance(row[0], int) else row)


book("last_year_before_the_questionnaire")(lambda one: _add_last_year(one, 0))
book("last_year_behind_the_questionnaire")(lambda one: _add_last_year(one, 2))


@book("text_right_of_the_comment_without_a_heading")
def _(one: Book) -> None:
    one.table.cell(one.row(4), 5).value = "Not under any heading."


@book("column_of_texts_under_another_heading")
def _(one: Book) -> None:
    one.table["E1"] = "Next steps"
    one.table.cell(one.row(4), 5).value = "We plan a toolkit for next year."


@book("general_remark_below_the_last_question")
def _(one: Book) -> None:
    last = one.table.max_row
    one.table.cell(last + 1, 1).value = "Any other comments"
    one.table.cell(last + 2, 1).value = "We would welcome more training."
