"""The suite of returns ends on those of a hundred thousand committees."""

import multiprocessing
from pathlib import Path

import duckdb

from dagster_project.audit.suites import load_suites

RETURNS = 150_000
"""DuckDB 2.0.0 never ended an earlier query on as many: a subquery of its own CTE, in a condition with `or`."""

MAX_SECONDS = 60
"""A query that never ends does not react to signals either, so it runs in a process that can be killed."""

TABLES = f"""
    create schema marts;
    create table marts.dim_question as select 'r' as round_id from range(19);
    create table marts.fct_return as
        select 'r' as round_id, 'c' || number as committee_id, 'returned' as return_status, true as is_counted,
            0 as blank_ratings, null::text as duplicate_of_committee_id
        from range({RETURNS}) as t(number);
    create table marts.fct_rating as
        select 'r' as round_id, 'c' || number // 19 as committee_id, 'green' as reported_rating
        from range({RETURNS} * 19) as t(number);
"""


def query_suite(database: str) -> None:
    [query] = [suite.query for suite in load_suites() if suite.name == "marts_fct_return"]
    with duckdb.connect(database, read_only=True) as connection:
        assert len(connection.execute(query).df()) == 0


def test_the_suite_of_returns_ends_on_many(tmp_path: Path) -> None:
    database = tmp_path / "build.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(TABLES)
    process = multiprocessing.get_context("spawn").Process(target=query_suite, args=(str(database),))
    process.start()
    process.join(MAX_SECONDS)
    is_ended = process.exitcode is not None
    process.kill()
    process.join()
    assert is_ended
    assert process.exitcode == 0
