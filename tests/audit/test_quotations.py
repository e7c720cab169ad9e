"""Which answers a text repeats: comments, and what was typed instead of a rating, of any file."""

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project.audit.quotations import RUN_WORDS, find_quotations

SHARED = "we share one plan with all of our partners in health"
LETTERS = "a b c d e f g h"
ANSWERS = [
    ("2016", "fife.xlsx", "4", SHARED, "green"),
    ("2016", "moray.xlsx", "5", SHARED, "amber"),
    ("2018", "lost.xlsx", "1", "", "the plan is neither red nor amber, we are still writing it"),
    ("2018", "fife.xlsx", "2", LETTERS, "red"),
    ("2018", "fife.xlsx", "3", "As the question says: do all partners know the plan by heart", ""),
    ("2018", "fife.xlsx", "7", None, None),
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("create schema raw; create schema intermediate; create schema reference")
        connection.execute(
            "create table raw.answer (round_id varchar, source_file varchar, question_no_typed varchar, "
            "comment_typed varchar, rating_typed varchar)"
        )
        connection.executemany("insert into raw.answer values (?, ?, ?, ?, ?)", ANSWERS)
        connection.execute(
            "create table intermediate.int_returns as select * from (values ('2016', 'fife.xlsx', 'fife'), "
            "('2018', 'fife.xlsx', 'fife')) as t(round_id, source_file, committee_id)"
        )
        connection.execute(
            "create table reference.questions as select 'do all partners know the plan by heart' as q"
        )
        yield connection


def quotations(connection: duckdb.DuckDBPyConnection, *texts: str) -> list[str]:
    pages = [(f"page {number}", text) for number, text in enumerate(texts)]
    return [str(one) for one in find_quotations(connection, lambda: pages)]


def test_each_answer_with_the_text_is_named_by_committee_or_file(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert quotations(connection, "See: One plan, with all of OUR partners in health!") == [
        "page 0 (round 2016, fife, question 4)",
        "page 0 (round 2016, moray.xlsx, question 5)",
    ]


def test_text_typed_instead_of_a_rating_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    assert quotations(connection, "plan is neither red nor amber we are still") == [
        "page 0 (round 2018, lost.xlsx, question 1)"
    ]


def test_the_shortest_possible_run_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    assert len(LETTERS.split()) == RUN_WORDS
    assert quotations(connection, LETTERS) == ["page 0 (round 2018, fife, question 2)"]
    assert quotations(connection, LETTERS[:-2]) == []


def test_the_first_place_is_named_and_reference_data_are_no_quotation(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    pages = (LETTERS, "do all partners know the plan by heart", f"{LETTERS} i", "with all of our partners")
    assert quotations(connection, *pages) == ["page 0 (round 2018, fife, question 2)"]
    assert quotations(connection, LETTERS, SHARED) == [
        "page 1 (round 2016, fife, question 4)",
        "page 1 (round 2016, moray.xlsx, question 5)",
        "page 0 (round 2018, fife, question 2)",
    ]


def test_a_run_does_not_span_two_texts(connection: duckdb.DuckDBPyConnection) -> None:
    # Neither two pages nor two answers.
    assert quotations(connection, "on the first page is a b c d", "e f g h on the second page") == []
    assert quotations(connection, "partners in health a b c d e f") == []


def test_without_a_quotation_nothing_is_returned(connection: duckdb.DuckDBPyConnection) -> None:
    assert quotations(connection) == []
    assert quotations(connection, "other words than anybody wrote in any of the returns") == []


@pytest.mark.parametrize("before", [0, 1, 7, 50_000, 100_000])
def test_a_quotation_is_found_anywhere_in_a_long_text(
    connection: duckdb.DuckDBPyConnection, before: int
) -> None:
    words = [f"word{number}" for number in range(200_000)]
    page = " ".join([*words[:before], SHARED, *words[before:]])
    assert len(quotations(connection, page, f"{page}.", "more than that " * 5)) == 2
    assert quotations(connection, " ".join(words)) == []
