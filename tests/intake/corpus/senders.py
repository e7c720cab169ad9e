"""More that senders do: summaries, moderation, tables of other people, totals, exports of other programs."""

from collections.abc import Callable

from tests.intake.corpus import layouts
from tests.intake.corpus.base import RATINGS, Document, case, questionnaire
from tests.intake.corpus.books import COVER, HEADER, plain_rows
from tests.intake.corpus.documents import RUN, document, put

Rows = list[list[str]]
WORDINGS = {one.number: one.text for one in questionnaire().questions}


def both(name: str) -> Callable[[Callable[[Rows], list[Rows]]], Callable[[Rows], list[Rows]]]:
    """Register a workbook, an OpenDocument sheet and a document with the tables that a function makes of the rows."""

    def register(make: Callable[[Rows], list[Rows]]) -> Callable[[Rows], list[Rows]]:
        for suffix, writer in ((".xlsx", layouts.xlsx), (".ods", layouts.ods), (".docx", layouts.docx)):

            def write_file(writer: Callable[[layouts.Sheets], bytes] = writer) -> bytes:
                tables = [COVER, *make(plain_rows())]
                return writer([(f"Sheet {number}", rows) for number, rows in enumerate(tables, start=1)])

            case(f"{name}{suffix}")(write_file)
        return make

    return register


def without(rows: Rows, number: int = 4) -> Rows:
    """The rows with a blank rating and comment of a question."""
    return [[*row[:2], "", ""] if row[0] == str(number) else row for row in rows]


# 1. A blank question is not filled from elsewhere.
@both("blank_and_a_log_of_moderation")
def _(rows: Rows) -> list[Rows]:
    log = [
        ["No.", "Moderated rating", "Reason"],
        ["4", "Red", "Changed by the panel."],
        ["5", "Red", "Changed."],
    ]
    return [without(rows), log]


@both("blank_and_a_dashboard_before")
def _(rows: Rows) -> list[Rows]:
    return [[["Q", "RAG"], *([str(n), "Red"] for n in RATINGS)], without(rows)]


@both("blank_and_ratings_of_a_partner")
def _(rows: Rows) -> list[Rows]:
    partner = [["No.", "Police Scotland", "RAG", "Evidence"]]
    return [
        without(rows),
        [*partner, *([str(n), "View of the police", "Red", "Theirs."] for n in range(1, 8))],
    ]


@both("blank_and_a_register_of_risks")
def _(rows: Rows) -> list[Rows]:
    risks = [
        ["Risk no.", "Risk", "Rating", "Mitigation"],
        *([str(n), f"Risk {n}", "Red", "Plan."] for n in (3, 4, 5)),
    ]
    return [without(rows), risks]


@both("blank_and_the_return_of_2015_below")
def _(rows: Rows) -> list[Rows]:
    old = [["Our return of 2015"], HEADER, *([row[0], row[1], "Red", "Old."] for row in rows[1:])]
    return [[*without(rows), [""], *old]]


@both("blank_and_a_count_of_ratings")
def _(rows: Rows) -> list[Rows]:
    return [
        without(rows),
        [["Row Labels", "Count of Rating"], ["Green", "6"], ["4", "Red"], ["Grand Total", "18"]],
    ]


# 2. An answer never lands at another question.
@both("sorted_without_the_column_of_numbers")
def _(rows: Rows) -> list[Rows]:
    ordered = sorted(rows[1:], key=lambda row: row[2])
    return [[HEADER, *([str(n), *row[1:]] for n, row in enumerate(ordered, start=1))]]


@both("local_question_inserted_and_the_others_renumbered")
def _(rows: Rows) -> list[Rows]:
    own = ["5", "Does our committee have a local plan for taxis and hotels?", "Red", "Our own question."]
    return [[*rows[:5], own, *([str(int(row[0]) + 1), *row[1:]] for row in rows[5:])]]


@both("wordings_cut_short_and_numbers_shifted_from_ten")
def _(rows: Rows) -> list[Rows]:
    cut = [[row[0], row[1][:60], *row[2:]] for row in rows[1:]]
    return [[HEADER, *cut[:9], *([str(int(row[0]) - 1), *row[1:]] for row in cut[10:])]]


@both("wording_over_two_rows_and_the_answer_in_the_second")
def _(rows: Rows) -> list[Rows]:
    first, second = ["4", rows[4][1][:50], "", ""], ["", rows[4][1][50:], *rows[4][2:]]
    return [[*rows[:4], first, second, *rows[5:]]]


@both("numbers_written_in_other_ways")
def _(rows: Rows) -> list[Rows]:
    ways = ("Question {}", "No. {}", "Q.{}", "{}:", "#{}", "Qu {}", "({})", "{}.0")
    return [[HEADER, *([ways[n % len(ways)].format(row[0]), *row[1:]] for n, row in enumerate(rows[1:]))]]


@both("wordings_in_another_language")
def _(rows: Rows) -> list[Rows]:
    return [
        [HEADER, *([row[0], f"A bheil plana aig a' chomataidh? ({row[0]})", *row[2:]] for row in rows[1:])]
    ]


# 3. Ambiguous ratings are flagged.
def second_rating(first: str, second: str) -> Callable[[Rows], list[Rows]]:
    def make(rows: Rows) -> list[Rows]:
        other = {"4": "Red" if RATINGS[4] != "red" else "Green"}
        return [
            [
                ["No.", "Question", first, second, "Comment"],
                *([row[0], row[1], row[2], other.get(row[0], row[2]), row[3]] for row in rows[1:]),
            ]
        ]

    return make


for _name, _first, _second in (
    ("self_rating_and_moderated_rating", "Self rating", "Moderated rating"),
    ("ratings_of_two_years", "Rating 2016", "Rating 2015"),
    ("draft_rating_and_final_rating", "Draft RAG", "Final RAG"),
    ("rating_of_the_chair_and_of_the_committee", "Chair's rating", "Committee rating"),
    ("current_rating_and_target_rating", "Current rating", "Target rating"),
    ("rating_and_direction_of_travel", "RAG", "Direction of travel (RAG)"),
):
    both(_name)(second_rating(_first, _second))


@both("two_rows_of_headings_over_two_ratings")
def _(rows: Rows) -> list[Rows]:
    [made] = second_rating("Self", "Moderated")(rows)
    return [[["", "", "Rating", "", ""], *made]]


@both("three_words_with_one_between_stars")
def _(rows: Rows) -> list[Rows]:
    return [[[*row[:2], "Green / *Amber* / Red", row[3]] if row[0] == "4" else row for row in rows]]


@both("words_true_and_false_under_three_colours")
def _(rows: Rows) -> list[Rows]:
    marks = (
        [str(RATINGS[int(row[0])] == one).upper() for one in ("red", "amber", "green")] for row in rows[1:]
    )
    heading = ["No.", "Question", "Red", "Amber", "Green", "Comment"]
    return [[heading, *([*row[:2], *own, row[3]] for row, own in zip(rows[1:], marks, strict=True))]]


@document("three_words_with_one_highlighted")
def _(one: Document) -> None:
    chosen = '<w:r><w:rPr><w:highlight w:val="yellow"/></w:rPr><w:t>Amber</w:t></w:r>'
    put(one.row(4).cells[2], f"<w:p>{RUN.format('Green ')}{chosen}{RUN.format(' Red')}</w:p>")


@document("rating_in_a_table_of_one_cell")
def _(one: Document) -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{RUN.format('Amber')}</w:p></w:tc></w:tr></w:tbl>"
    put(one.row(4).cells[2], f"{inner}<w:p/>")


# 4. Text outside the answer's cell.
@both("comments_in_rows_of_their_own")
def _(rows: Rows) -> list[Rows]:
    return [[HEADER[:3], *(one for row in rows[1:] for one in (row[:3], ["", f"Comments: {row[3]}", ""]))]]


@both("comments_in_rows_of_their_own_in_the_first_column")
def _(rows: Rows) -> list[Rows]:
    return [[HEADER[:3], *(one for row in rows[1:] for one in (row[:3], [f"Evidence: {row[3]}", "", ""]))]]


@both("comment_goes_on_in_the_next_row")
def _(rows: Rows) -> list[Rows]:
    return [[*rows[:5], ["", "", "", "We also have a second toolkit."], *rows[5:]]]


@both("comments_continued_in_another_table")
def _(rows: Rows) -> list[Rows]:
    return [rows, [["Continued"], ["Q4", "The story goes on here, with much more to say."]]]


@both("strengths_and_areas_for_improvement")
def _(rows: Rows) -> list[Rows]:
    heading = ["No.", "Question", "Rating", "Strengths", "Areas for improvement"]
    return [[heading, *([*row, "To be improved."] for row in rows[1:])]]


# 5. Rows that belong to no question.
for _name, _row in {
    "total_below": ["Total", "", "6 green, 7 amber, 6 red", ""],
    "overall_judgement_below": ["", "Overall judgement", "Amber", "We are on track."],
    "completed_by_below": ["", "Completed by: the lead officer, 3 October", "", ""],
    "rating_of_all_sections_below": ["Overall", "", "Red", ""],
}.items():

    def _append(rows: Rows, row: list[str] = _row) -> list[Rows]:
        return [[*rows, row]]

    both(_name)(_append)


@both("ratings_of_sections_in_their_headings")
def _(rows: Rows) -> list[Rows]:
    return [[*rows[:7], ["", "2. Governance", "Red", "The section as a whole."], *rows[7:]]]


@both("heading_repeated_on_each_page")
def _(rows: Rows) -> list[Rows]:
    return [[*rows[:7], HEADER, *rows[7:14], HEADER, *rows[14:]]]
