"""Databases that are opened to be read: one engine serves many, and none of them sees another."""

from pathlib import Path

import duckdb
import pytest

from dagster_project import readonly
from dagster_project.readonly import read_only

TABLES = "select table_name from duckdb_tables() order by table_name"


def made(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return made(tmp_path / "one of two.duckdb", "create table a as select 1 as n")


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return made(tmp_path / "other's.duckdb", "create schema s", "create table s.b as select 2 as n")


def test_each_is_the_only_one_of_its_connection(one: Path, other: Path) -> None:
    for _ in range(2):
        with read_only(one) as first, read_only(other) as second:
            assert first.execute(TABLES).fetchall() == [("a",)]
            assert second.execute(TABLES).fetchall() == [("b",)]
            assert (first.execute("from a").fetchall(), second.execute("from s.b").fetchall()) == (
                [(1,)],
                [(2,)],
            )
    with read_only(other) as connection:
        assert connection.execute(TABLES).fetchall() == [("b",)]


def test_nobody_writes_it_and_afterwards_somebody_may(one: Path) -> None:
    with read_only(one) as connection, pytest.raises(duckdb.Error, match="read-only"):
        connection.execute("insert into a values (2)")
    with read_only(one) as connection:
        # What nobody has fetched keeps it open no longer than the rest.
        connection.execute("from a")
    made(one, "insert into a values (3)")
    with read_only(one) as connection:
        assert connection.execute("select sum(n) from a").fetchone() == (4,)


def test_an_engine_serves_again_but_not_after_a_fault(
    one: Path, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle: list[duckdb.DuckDBPyConnection] = []
    monkeypatch.setattr(readonly, "_IDLE", idle)
    with read_only(one):
        assert not idle
    [engine] = idle
    with read_only(other):
        assert not idle
    assert idle == [engine]
    with pytest.raises(duckdb.Error, match="nowhere"), read_only(tmp_path / "nowhere.duckdb"):
        pass
    assert not idle
    with pytest.raises(duckdb.Error, match="no_such_table"), read_only(one) as connection:
        connection.execute("from no_such_table")
    assert not idle
    made(one, "drop table a")
