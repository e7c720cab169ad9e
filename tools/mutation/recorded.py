"""What the tests on small rounds give each model to read, recorded once.

A mutant of a model can change the outcome of such a test only where it makes something else of one of these
inputs: the few tests in which it does are then run, and no others.
"""

import hashlib
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.paths import Home
from dagster_project.transform.project import manifest
from tests.audit.small_rounds import SmallRounds
from tools.mutation.planted import run_tests

TESTS = tuple(f"tests/audit/test_{of}.py" for of in ("findings", "duplicates", "decisions"))


@dataclass
class Recording:
    """By model: for each set of inputs (names of tables and hashes of their content) the hash of what it made,
    and the tests that had it."""

    tables: dict[str, pa.Table] = field(default_factory=dict)
    made: dict[str, dict[tuple[tuple[str, str], ...], str]] = field(default_factory=dict)
    tests: dict[str, dict[tuple[tuple[str, str], ...], list[str]]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read what `record` wrote."""
        recording = pickle.loads(path.read_bytes())  # noqa: S301  this program wrote it
        assert isinstance(recording, cls)
        return recording

    def differing(self, model: str, schema: str, sql: str) -> Iterator[str]:
        """The tests in which this SQL of the model makes something else, in the order in which they ran."""
        told: set[str] = set()
        with duckdb.connect() as connection:
            connection.execute("attach ':memory:' as build; use build")
            for inputs, before in self.made.get(model, {}).items():
                tests = [one for one in self.tests[model][inputs] if one not in told]
                if tests and _made(connection, self, inputs, schema, model, sql) != before:
                    told.update(tests)
                    yield from tests


def _made(
    connection: duckdb.DuckDBPyConnection,
    recording: Recording,
    inputs: tuple[tuple[str, str], ...],
    schema: str,
    model: str,
    sql: str,
) -> str:
    for table, content in inputs:
        connection.execute(f"create schema if not exists {table.split('.')[0]}")
        connection.register("recorded", recording.tables[content])
        connection.execute(f"create or replace table {table} as from recorded")
        connection.unregister("recorded")
    connection.execute(f"create schema if not exists {schema}")
    try:
        connection.execute(f"create or replace table {schema}.{model} as {sql}")
    except duckdb.Error as error:
        return type(error).__name__
    return content_of(connection, f"{schema}.{model}")


def content_of(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """A hash of a table's columns and rows, whatever their order."""
    columns = connection.execute(f"describe {table}").fetchall()
    rows = connection.execute(f"select count(*), sum(hash(t)), bit_xor(hash(t)) from {table} as t").fetchone()
    return hashlib.sha256(repr(([column[:2] for column in columns], rows)).encode()).hexdigest()


def reads(models: Iterable[str]) -> dict[str, list[str]]:
    """The table that each model makes, and after it the tables that it reads, as `schema.name`."""
    nodes = {**manifest()["nodes"], **manifest()["sources"]}
    wanted = set(models)
    return {
        node["name"]: [
            f"{one['schema']}.{one['name']}"
            for one in (node, *(nodes[key] for key in node["depends_on"]["nodes"]))
        ]
        for node in nodes.values()
        if node["resource_type"] == "model" and node["name"] in wanted
    }


def record(home: Home, tables: dict[str, list[str]], path: Path) -> None:
    """Run the tests, and write what the models were given (`tables`: see `reads`) to the path.

    Raises `AssertionError` where one fails: it could not tell a mutant from the model.
    """
    recording = Recording()
    plugin = _Running()
    make = SmallRounds.make

    def recorded(self: SmallRounds, name: str) -> None:
        make(self, name)
        if name not in tables:
            return
        inputs = []
        own, *read = tables[name]
        for table in read:
            content = content_of(self.connection, table)
            if content not in recording.tables:
                recording.tables[content] = self.connection.execute(f"from {table}").to_arrow_table()
            inputs.append((table, content))
        key = tuple(inputs)
        made = content_of(self.connection, own)
        recording.made.setdefault(name, {})[key] = made
        tests = recording.tests.setdefault(name, {}).setdefault(key, [])
        if plugin.running not in tests:
            tests.append(plugin.running)

    SmallRounds.make = recorded  # type: ignore[method-assign]
    try:
        failed = run_tests(home, TESTS, [plugin])
    finally:
        SmallRounds.make = make  # type: ignore[method-assign]
    assert not failed, f"{failed} fails without any change"
    path.write_bytes(pickle.dumps(recording))


class _Running:
    """Knows which test is running."""

    running = ""

    def pytest_runtest_setup(self, item: Any) -> None:
        self.running = item.nodeid
