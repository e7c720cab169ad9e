"""Which answers a text repeats: comments, and what was typed instead of a rating, of any file."""

from collections.abc import Iterator

import duckdb
import pytest

from dagster_project.audit import comments
from dagster_project.audit.comments import RUN, quotations

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


def found(connection: duckdb.DuckDBPyConnection, *texts: str) -> list[str]:
    pages = [(f"page {number}", text) for number, text in enumerate(texts)]
    return [str(one) for one in quotations(connection, lambda: pages)]


def test_each_answer_that_holds_the_text_is_named_by_committee_or_file(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert found(connection, "See: One plan, with all of OUR partners in health!") == [
        "page 0 (round 2016, fife, question 4)",
        "page 0 (round 2016, moray.xlsx, question 5)",
    ]


def test_what_was_typed_instead_of_a_rating_counts_as_well(connection: duckdb.DuckDBPyConnection) -> None:
    assert found(connection, "plan is neither red nor amber we are still") == [
        "page 0 (round 2018, lost.xlsx, question 1)"
    ]


def test_the_shortest_run_there_can_be_is_found(connection: duckdb.DuckDBPyConnection) -> None:
    assert len(LETTERS.split()) == RUN
    assert found(connection, LETTERS) == ["page 0 (round 2018, fife, question 2)"]


def test_each_place_is_told_and_nothing_of_what_is_everybodys(connection: duckdb.DuckDBPyConnection) -> None:
    pages = (LETTERS, "do all partners know the plan by heart", f"{LETTERS} i", "with all of our partners")
    assert found(connection, *pages) == ["page 0 (round 2018, fife, question 2)"]
    assert found(connection, LETTERS, SHARED) == [
        "page 1 (round 2016, fife, question 4)",
        "page 1 (round 2016, moray.xlsx, question 5)",
        "page 0 (round 2018, fife, question 2)",
    ]


def test_words_of_two_texts_are_no_run_of_one(connection: duckdb.DuckDBPyConnection) -> None:
    # Neither of two pages, nor of two answers: the last of one and the first of the next stand side by side.
    assert found(connection, "on the first page stands a b c d", "e f g h stands on the second page") == []
    assert found(connection, "partners in health a b c d e f") == []


def test_where_nothing_is_quoted_nothing_is_told(connection: duckdb.DuckDBPyConnection) -> None:
    assert (
        found(connection) == found(connection, "other words than anybody wrote in any of the returns") == []
    )


@pytest.mark.parametrize("size", [1, 7, 20, 53, 1000])
def test_a_long_text_is_looked_through_piece_by_piece_and_nothing_falls_between(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(comments, "_PIECE", size)
    # As if ten thousand were many.
    monkeypatch.setattr(comments, "_FEW", 10)
    filling = " ".join(f"word{number}" for number in range(40))
    for shift in range(12):
        page = f"{'x' * shift} {filling}. {SHARED}, {filling}"
        assert len(found(connection, filling, page, f"{page}.", "more than that " * 5)) == 2, shift
    assert found(connection, filling, filling[: len(filling) // 2]) == []
