"""Every file of the corpus has the outcome in `cases.csv`, and nothing else happens."""

import csv
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.problems import list_problem_codes
from dagster_project.raw.landing import Landed
from tests.intake.corpus import csv_files
from tests.intake.corpus.base import CASES
from tests.intake.corpus.conftest import FOLDERS
from tests.intake.silence import find_silently_wrong, read_outcomes

HERE = Path(__file__).parent
Corpus = tuple[duckdb.DuckDBPyConnection, Landed]

with (HERE / "cases.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = {row["file"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def outcomes(landed: Corpus) -> dict[str, dict[str, str]]:
    return read_outcomes(landed[0])


def test_files_and_expected_outcomes_match() -> None:
    assert {*CASES, *FOLDERS} == set(EXPECTED)
    assert len(CASES) >= 120


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_has_the_expected_outcome(name: str, outcomes: dict[str, dict[str, str]]) -> None:
    assert outcomes[name] == EXPECTED[name]


def test_no_file_is_read_wrongly_without_a_message(outcomes: dict[str, dict[str, str]]) -> None:
    assert find_silently_wrong(outcomes.values()) == []


def test_the_counts_add_up_to_the_files_in_the_folder(landed: Corpus, corpus: Path) -> None:
    _, account = landed
    assert account.files == len(list(corpus.iterdir())) == account.read + account.rejected + account.ignored


def test_every_kind_of_problem_occurs(landed: Corpus) -> None:
    connection, _ = landed
    met = {
        code for (code,) in connection.execute("select distinct problem_code from int_problems").fetchall()
    }
    assert met == set(list_problem_codes()) - {"more_problems"}


def test_every_problem_has_a_place_and_a_remedy(landed: Corpus) -> None:
    connection, _ = landed
    rows = connection.execute(
        "select message, remedy, sheet, cell, problem_code from int_problems"
    ).fetchall()
    assert all(len(message) >= 10 and remedy for message, remedy, *_ in rows)
    of_cells = {"not_a_rating", "no_rating", "no_value_in_file", "rating_by_colour", "repeated_question"}
    assert all(sheet and cell for _, _, sheet, cell, code in rows if code in of_cells)


def test_messages_about_limits_name_the_limit(landed: Corpus) -> None:
    connection, _ = landed
    rows = connection.execute(
        "select source_file, message from int_problems where problem_code in ('unsafe_file', 'reader_stopped')"
    ).fetchall()
    without: tuple[str, ...] = ("entit", "encoding", "utf_", "document_type", "outside", "root")
    without += (
        "two_",
        "twice",
        "again",
        "within",
        "beyond_any",
        "beyond_that",
        "archive",
        "does_not_list",
        "linked",
        "imported",
        "inline_text",
    )
    assert [
        (name, message)
        for name, message in rows
        if not any(word in name for word in without) and not any(c.isdigit() or c == "Z" for c in message)
    ] == []


def test_reading_writes_no_file(corpus: Path, landed: Corpus) -> None:
    assert {path.name for path in corpus.iterdir()} == set(EXPECTED)
    assert list((corpus / "sub-folder").iterdir()) == []
    assert not list(corpus.parent.glob("outside*"))


COMMENTS = {
    "comment_in_a_format_of_a_distance.xlsx": "12.5km",
    "comment_in_a_format_of_an_amount.xlsx": "\u00a31,234.50",
    "comment_in_a_format_of_an_amount_of_a_locale.xlsx": "(\u00a31,234.50)",
    "comment_in_a_format_of_thousands.xlsx": "1,234,567",
    "comment_in_a_format_of_a_rounded_number.xlsx": "2",
    "comment_in_a_format_of_millions.xlsx": "1.3m",
    "comment_in_a_format_of_a_duration.xlsx": "42:05",
    "comment_in_a_format_of_a_weekday.xlsx": "Monday the 3",
    "month_counted_from_1904.xlsx": "Oct-16",
    "rating_and_comment_in_one_cell.docx": "[With the rating] Comment on question 4.",
    **csv_files.COMMENTS_ON_4,
    "utf_16_little_endian_without_mark.csv": "caf\u00e9 D\u00f2chas \u00a35",
    "utf_16_big_endian_without_mark.csv": "caf\u00e9 D\u00f2chas \u00a35",
    "letters_of_ms_dos.csv": "caf\u00e9 D\u00f2chas \u00a35",
    "letters_of_a_mac.csv": "caf\u00e9 D\u00f2chas \u00a35",
    "letters_of_windows.csv": "caf\u00e9 D\u00f2chas \u00a35",
    "apostrophe_of_windows.csv": "we don\u2019t",
    "apostrophe_of_a_mac.csv": "we don\u2019t",
    "space_before_a_quotation_mark.csv": "We do, but slowly",
    "comment_as_a_note_of_its_cell.ods": "[Cell note] Written in\nthe note.",
    "comment_as_a_note_of_its_cell.xlsx": "[Cell note] Written in the note.",
    "note_on_the_rating.xlsx": "Comment on question 4.\n[Cell note] Agreed on Monday.",
    "comment_in_a_text_box.xlsx": "[Text box] Over the cell.",
    "comment_in_a_thread.xlsx": "[Threaded comment] Said in a thread.",
    "comments_of_a_percentage_and_a_month.xlsx": "85%",
    "comment_typed_under_the_wording.xlsx": "[Under the question] We have a toolkit.",
    "comments_in_two_columns.xlsx": "Comment on question 4.\n[Narrative] Police: another view.",
    "heading_repeated_in_merged_cells.xlsx": "Comment on question 4.",
    "comment_in_a_footnote.docx": "See below.\n[Footnote] The whole story.",
    "comment_in_an_endnote.docx": "See below.\n[Endnote] The whole story.",
    "comment_in_a_comment_of_word.docx": "See below.\n[Word comment] The whole story.",
    "comment_in_a_text_box_of_its_cell.docx": "In the cell.\nIn the box.",
    "comment_with_a_table_of_ratings_in_it.docx": "No.\nQuestion\nRating\n5\nPart\nRed",
    "comment_with_hidden_text.docx": "Seen.",
    "comment_with_ruby_text.docx": "base",
    "ratings_with_text_in_brackets.xlsx": "Comment on question 4.\n[With the rating] (see comment)",
    "ratings_with_text_on_the_next_line.xlsx": "Comment on question 4.\n[With the rating] agreed in May",
    "text_right_of_the_comment_without_a_heading.xlsx": "Comment on question 4.\n[E7] Not under any heading.",
    "column_of_texts_under_another_heading.xlsx": (
        "Comment on question 4.\n[Next steps] We plan a toolkit for next year."
    ),
    "comment_begins_with_equals.xlsx": "=SUM(A1:A9) is not a formula",
    "comment_with_script.xlsx": "<script>alert(1)</script> [x](javascript:alert(1))",
    "comment_with_line_breaks.xlsx": "one\ntwo\nthree",
    "comment_in_gaelic_and_arabic.xlsx": "D\u00f2chas \u0645\u0631\u062d\u0628\u0627 \U0001f469\u200d\U0001f467",
    "comment_in_decomposed_letters.xlsx": "Do\u0300chas e\u0301",
    "comment_turned_right_to_left.xlsx": "\u202eneerg\u202c",
    "comment_as_long_as_a_cell_holds.xlsx": "x" * 32_767,
    "comment_of_escaped_control_characters.xlsx": "bell  null  half \ufffd",
    "comment_of_three_paragraphs.docx": "a\nb\nc",
    "comment_of_a_percentage.ods": "85%",
    "comment_of_an_amount.ods": "1,234.50",
    "comment_of_a_month.ods": "Mar-16",
    "comment_with_spaces_and_lines.ods": "one  two\nthree\tfour",
    "comment_with_a_break_within_a_line.ods": "one\ntwo",
    "windows_letters.csv": "D\u00f2chas \u2013 \u00e9",
    "line_breaks_in_comments.csv": 'one\ntwo, "three"',
}


@pytest.mark.parametrize("name", COMMENTS)
def test_a_comment_is_stored_as_typed(name: str, landed: Corpus) -> None:
    connection, _ = landed
    rows = connection.execute(
        "select comment_typed from stg_answers where source_file = ? and question_no = 4", [name]
    ).fetchall()
    assert rows == [(COMMENTS[name],)]


def test_a_text_that_is_not_a_rating_is_quoted(landed: Corpus) -> None:
    connection, _ = landed
    rows = dict(
        connection.execute(
            "select source_file, message from raw.problem where code = 'not_a_rating'"
        ).fetchall()
    )
    assert rows["rating_amber_slash_green.xlsx"] == "'Amber/Green' is not a rating."
    assert rows["rating_n_a.xlsx"] == "'N/A' is not a rating."
    assert rows["rating_three.xlsx"] == "'3' is not a rating."
    assert len(rows["rating_a_whole_sentence.xlsx"]) < 120


def test_an_unknown_committee_gets_the_nearest_names(landed: Corpus) -> None:
    connection, _ = landed
    rows = connection.execute(
        "select message from int_problems where source_file = 'committee_between_two.xlsx' "
        "and problem_code = 'unknown_committee'"
    ).fetchall()
    assert "East Dunbartonshire" in rows[0][0] and "West Dunbartonshire" in rows[0][0]


def test_provenance_is_stored_without_names_of_people(landed: Corpus) -> None:
    connection, _ = landed
    rows = connection.execute(
        "select size_bytes, sha256, template_version, reader_version, application, document_created_at is not null "
        "from stg_return_files where source_file = 'as_sent.xlsx'"
    ).fetchall()
    size, sha256, version, reader, application, created = rows[0]
    assert size > 5_000 and len(sha256) == 64 and version == "cse-2016"
    assert "calamine" in reader and application.startswith("Microsoft Excel") and created
