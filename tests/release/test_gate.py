"""The gate: open for exactly the data that every check has passed, closed with all reasons otherwise."""

import shutil
from typing import Any

import duckdb
import pytest

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.home import records
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, hash_schema
from dagster_project.paths import Home
from tests.release.conftest import CHECKS, rewrite

SECOND = 'a "second" failure'


def find_reasons(home: Home) -> list[str]:
    """The reasons of the gate, without the heading of its message."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        try:
            tokens = require_passed(home, connection)
        except GateClosed as closed:
            heading, *reasons = str(closed).splitlines()
            assert heading == "Nothing was released."
            return reasons
        assert tokens == {schema: hash_schema(connection, schema) for schema in AUDITED_SCHEMAS}
        return []


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "passed": ({"passed": False, "failures": ["a failure", SECOND]}, f" failed: a failure; {SECOND}"),
    "definition": (
        {"definition": "another"},
        " has changed since it passed. Run the whole job: `selfeval run`.",
    ),
    "tokens": (
        {"tokens": {"raw": "other"}},
        " passed on other data. Run the whole job: `selfeval run`.",
    ),
}


@pytest.mark.parametrize("turn", range(5))
def test_the_gate_refuses_each_kind_of_fault_of_each_check(home: Home, turn: int) -> None:
    """Each check has each fault in one of the turns, and none in one."""
    assert len(CHECKS) > 10
    expected = []
    for place, check in enumerate(CHECKS):
        kind = [*FAULTS, "nothing", "missing"][(place + turn) % 5]
        if kind in FAULTS:
            changes, reason = FAULTS[kind]
            rewrite(home, check, **changes)
            expected.append(f"- The check {check}{reason}")
        elif kind == "missing":
            records.delete_records(home, [check])
            expected.append(f"- The check {check} did not report. Run the whole job: `selfeval run`.")
    assert find_reasons(home) == expected


def test_the_gate_is_open_if_all_passed_and_closed_if_one_of_two_tokens_differs(home: Home) -> None:
    assert find_reasons(home) == []
    kept = records.read_record(home, records.DBT_BUILD)
    assert kept and set(kept.tokens) == set(AUDITED_SCHEMAS)
    rewrite(home, records.DBT_BUILD, tokens=dict(kept.tokens) | {"raw": kept.tokens["marts"]})
    assert len(find_reasons(home)) == 1


def test_a_check_is_tied_to_the_tables_that_it_reads(home: Home) -> None:
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute(
            "insert into raw.published_return values ('another', '2016', 'angus', 'a.xlsx', null, false, null, 0)"
        )
    # What dbt built rests on all tables.
    assert [reason.split()[3] for reason in find_reasons(home)] == [records.DBT_BUILD, "raw_published_return"]


def test_all_reasons_are_reported_at_once(home: Home) -> None:
    records.delete_records(home, [CHECKS[0], "never written"])
    (home.audit / f"{CHECKS[1]}.json").write_text("{")
    (home.audit / f"{CHECKS[2]}.json").write_text('{"check": 1, "unknown": 2}')
    assert [reason.split()[3] for reason in find_reasons(home)] == CHECKS[:3]
    # A home that has not been audited at all.
    shutil.rmtree(home.audit)
    assert len(find_reasons(home)) == len(CHECKS)
    records.write_record(home, records.Record(CHECKS[0], True, {}))
    kept = records.read_record(home, CHECKS[0])
    assert kept == records.Record(CHECKS[0], True, {}, "", [], [])
    with pytest.raises(AttributeError):
        kept.passed = False  # type: ignore[misc]


def test_a_token_changes_with_every_change_of_a_table_and_not_with_the_order_of_rows() -> None:
    def token(*statements: str, schema: str = "marts") -> str:
        with duckdb.connect() as connection:
            connection.execute("create schema marts; create schema other")
            connection.execute("create table marts.a as from (values (1, 'x'), (2, 'y')) as t(n, w)")
            connection.execute("create table marts.b as select 1 as n")
            for statement in statements:
                connection.execute(statement)
            return hash_schema(connection, schema)

    same = token()
    assert same == token("create or replace table marts.a as from marts.a order by n desc")
    assert same == token("create table other.c as select 1 as n")
    others = [
        token("update marts.a set w = 'z' where n = 1"),
        token("delete from marts.a where n = 1"),
        token("insert into marts.a from marts.a limit 1"),
        token("insert into marts.a from marts.a"),
        token("alter table marts.a rename n to m"),
        token("alter table marts.a alter n type bigint"),
        token("create or replace table marts.a as select w, n from marts.a"),
        token("alter table marts.a rename to c"),
        token("create table marts.c as select 1 as n"),
        token("drop table marts.b"),
        token("update marts.a set w = case n when 1 then 'y' else 'x' end"),
        token(schema="other"),
    ]
    assert len({same, *others}) == 1 + len(others)
    assert token(schema="other") == token(schema="absent")
    assert len(same) == 64
