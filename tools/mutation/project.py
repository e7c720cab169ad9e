"""The dbt project as mutants need it: each model's SQL with its mutable places marked, and what tests it.

dbt compiles once; a mutant is then made in the compiled SQL, between the marks, without dbt.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

import duckdb

from dagster_project.paths import REPOSITORY, Home
from dagster_project.transform.project import invoke
from tools.mutation.mutant import Mutant

Row = tuple[object, ...]


@dataclass(frozen=True)
class Marked:
    """Compiled SQL in which `/*n.k(*/` and `/*n.k)*/` stand around the k-th span of the n-th mutant of its model."""

    text: str

    @property
    def plain(self) -> str:
        """The SQL without marks."""
        return re.sub(r"/\*\d+\.\d+[()]\*/", "", self.text)

    def changed(self, number: int, mutant: Mutant) -> str:
        """The SQL with a mutant made, at each place to which its source was compiled."""
        held = [
            list(re.finditer(rf"/\*{number}\.{k}\(\*/(.*?)/\*{number}\.{k}\)\*/", self.text, re.DOTALL))
            for k in range(len(mutant.spans))
        ]
        edits = []
        for copies in zip(*held, strict=True):
            inner = [copy[1] for copy in copies]
            for copy, become in zip(copies, mutant.become, strict=True):
                edits.append((*copy.span(), become.format(*inner)))
        text, end = "", 0
        for start, stop, new in sorted(edits):
            if start >= end:  # a span that lies within the one before is kept or gone with it
                text, end = text + self.text[end:start] + new, stop
        return Marked(text + self.text[end:]).plain


@dataclass(frozen=True)
class UnitTest:
    """A unit test of dbt: the model's SQL on invented rows, and the rows that it gives unchanged."""

    name: str
    sql: Marked
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def given(self, connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Row, ...]:
        """The rows in the columns that the test looks at, in an order of their own."""
        named = ", ".join(f'"{column}"' for column in self.columns) or "*"
        return tuple(sorted(connection.execute(f"select {named} from ({sql})").fetchall(), key=repr))


@dataclass(frozen=True)
class DataTest:
    """A data test of dbt: its SQL gives the rows at fault."""

    name: str
    sql: str
    models: frozenset[str]


@dataclass(frozen=True)
class Project:
    """Models by name, each after those that it reads: schema, SQL, parents; and what tests them."""

    schema: Mapping[str, str]
    sql: Mapping[str, Marked]
    parents: Mapping[str, frozenset[str]]
    not_null: Mapping[str, tuple[str, ...]]
    marts: Mapping[str, str]
    unit_tests: Mapping[str, tuple[UnitTest, ...]]
    data_tests: tuple[DataTest, ...]


def marked(source: str, mutants: list[Mutant]) -> str:
    """The source with a mark around each span of each mutant."""
    marks = []
    for number, mutant in enumerate(mutants):
        for k, (start, stop) in enumerate(mutant.spans):
            marks += [
                (start, 1, f"/*{number}.{k}(*/"),
                (stop, 0 if stop > start else 2, f"/*{number}.{k})*/"),
            ]
    for place, _, mark in sorted(marks, reverse=True):
        source = source[:place] + mark + source[place:]
    return source


def compile_project(home: Home, mutants: Mapping[str, list[Mutant]], *only: str) -> Project:
    """Compile the project, or `only` some of its models, with marks in those that have `mutants`.

    Their unit tests are run once. The home is the current one and has been built.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.task.test import TestRunner

    manifest = invoke(["parse"]).result
    nodes = {node.unique_id: node for node in manifest.nodes.values()}
    for node in nodes.values():
        if node.name in mutants:
            source = (REPOSITORY / "dbt" / node.original_file_path).read_text(encoding="utf-8")
            node.raw_code = marked(source, mutants[node.name])
    units: dict[str, Any] = {}
    runner: Any = TestRunner
    executed = runner.execute_unit_test

    def record(self: Any, definition: Any, manifest: Any) -> Any:
        node, data = executed(self, definition, manifest)
        units[definition.unique_id] = node
        return node, data

    def run(*command: str) -> Any:
        target = home.build / "marked"
        places = (
            "--project-dir",
            home.dbt,
            "--profiles-dir",
            home.dbt,
            "--target-path",
            target,
            "--log-path",
            target,
        )
        quiet = ("--quiet", "--no-use-colors", "--log-level-file", "none", "--no-write-json")
        try:
            result: Any = dbtRunner(manifest=manifest).invoke([*command, *map(str, places), *quiet])
        finally:
            # No connection may be open when a child is forked.
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
        if not result.success:
            raise RuntimeError(
                f"dbt {command[0]}: {result.exception or [one.message for one in result.result]}"
            )
        return {one.node.unique_id: one.node for one in result.result}

    compiled = run("compile", *(["--select", *only] if only else []))
    runner.execute_unit_test = record
    try:
        tested = [one for one in manifest.unit_tests.values() if one.model in mutants]
        if tested:
            run("test", "--select", *(f"test_type:unit,{one.model}" for one in tested))
    finally:
        runner.execute_unit_test = executed
    models = {node.name: node for node in compiled.values() if node.resource_type == "model"}
    parents = {
        name: frozenset(
            nodes[one].name for one in node.depends_on_nodes if one in nodes and nodes[one].name in models
        )
        for name, node in models.items()
    }
    order = list(TopologicalSorter(parents).static_order())
    return Project(
        {name: models[name].schema for name in order},
        {name: Marked(models[name].compiled_code) for name in order},
        parents,
        {name: tuple(_not_null(models[name])) for name in order},
        {name: models[name].config.meta["audience"] for name in order if models[name].config.meta.get("audience")},
        {name: tuple(_unit_tests(manifest, units, name)) for name in mutants},
        tuple(
            DataTest(node.name, node.compiled_code, frozenset(_names(node, nodes)))
            for node in compiled.values()
            if node.resource_type == "test" and node.config.severity.lower() == "error"
        ),
    )  # fmt: skip


def _names(node: Any, nodes: Mapping[str, Any]) -> Iterator[str]:
    """What a node depends on, by name."""
    yield from (nodes[one].name for one in node.depends_on_nodes if one in nodes)


def _not_null(node: Any) -> Iterator[str]:
    if node.config.contract.enforced:
        for column in node.columns.values():
            if any(one.type == "not_null" for one in column.constraints):
                yield column.name


def _unit_tests(manifest: Any, units: Mapping[str, Any], model: str) -> Iterator[UnitTest]:
    with duckdb.connect() as connection:
        for definition in manifest.unit_tests.values():
            if definition.model == model:
                node = units[definition.unique_id]
                columns = (
                    tuple(dict(node.config.get("expected_rows")[0]))
                    if node.config.get("expected_rows")
                    else ()
                )
                one = UnitTest(definition.name, Marked(node.compiled_code), columns, ())
                rows = one.given(connection, one.sql.plain)
                yield UnitTest(one.name, one.sql, columns, rows)
