"""Run one generated round: models, their tests, the suites, the release's files and the queries of all pages.

dbt compiles the project once; the compiled SQL then runs in this process, so that hundreds of rounds take minutes.
"""

import csv
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.findings import Finding, load_findings
from dagster_project.audit.gate import GateClosed, record_outcome
from dagster_project.audit.suites import load_suites
from dagster_project.audit.validate import validate_suite
from dagster_project.home.files import prepare_home
from dagster_project.home.records import DBT_BUILD, Record, write_record
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, combine_hashes, hash_tables
from dagster_project.intake.template import load_template
from dagster_project.paths import Home
from dagster_project.raw.database import open_build
from dagster_project.raw.landing import land_round
from dagster_project.release.attack.gate import find_derivable
from dagster_project.release.candidate import get_candidate_folder, make_candidate
from dagster_project.release.marts import select_marts
from dagster_project.release.modeldocs import describe_models
from dagster_project.site.build import build_site
from dagster_project.site.database import Database
from dagster_project.site.sources import write_sources
from dagster_project.transform.project import list_data_tests, list_marts, load_manifest, run_dbt
from tools.rounds.generate import Survey
from tools.rounds.write import write_home

UNDECIDABLE = frozenset({"empty_round"})
"""Findings that no decision can answer and that a legitimate round may have: a round without any return."""

FINDINGS = ("mart_data_quality", "dim_committee")
"""The marts with the findings: to decide them, only these and the models that they read are made."""

MAX_DECISION_PASSES = 4

RESAMPLES = 100
"""A part of what is published: most of the time would go into resamples."""


Decide = Callable[[random.Random, Finding], tuple[str, ...] | None]


@dataclass
class Outcome:
    """What became of a round. `faults` are failures that no person could act on; a legitimate round has none."""

    published: bool = False
    stopped_by: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Node:
    """A compiled model or data test."""

    name: str
    schema: str
    sql: str
    severity: str
    required: tuple[str, ...]
    """Columns that the model's contract declares as not null."""


def try_round(
    survey: Survey,
    root: Path,
    *,
    with_release: bool = True,
    with_site: bool = False,
    decide: Decide | None = None,
) -> Outcome:
    """Take a survey to the files of a release, recording a decision for every open finding.

    `decide` chooses it; by default one is drawn. Without a release, the round is good when its models and their tests
    pass: suites, files and pages take most of the time.
    """
    home = Home(root)
    write_home(survey, home)
    prepare_home(home)
    outcome = Outcome()
    with open_build(home.build_database) as connection:
        for one in survey.rounds:
            land_round(
                connection,
                home.returns / one.round_id,
                one.round_id,
                load_template(home.seeds, one.question_set),
                1,
                home.spool,
            )
    chance = random.Random(survey.seed)
    for _ in range(MAX_DECISION_PASSES):
        with duckdb.connect(str(home.build_database)) as connection:
            outcome.faults = list(_build_marts(connection, home, only=FINDINGS))
            if outcome.faults:
                return outcome
            waiting = [one for one in load_findings(connection) if one.status == "open"]
        rows = [row for one in waiting if (row := (decide or decide_by_chance)(chance, one))]
        if not rows:
            break
        outcome.decided += [f"{row[0].split(':')[0]}={row[1]}" for row in rows]
        with (home.seeds / "decisions.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    with duckdb.connect(str(home.build_database)) as connection:
        outcome.faults = list(_build_marts(connection, home))
        if outcome.faults:
            return outcome
        failures = list(_audit_marts(connection, home)) if with_release else []
        outcome.stopped_by = sorted(
            {one.finding_id.split(":")[0] for one in load_findings(connection) if one.status == "open"}
        )
    if outcome.stopped_by:
        outcome.faults = [
            f"cannot be decided: {name}" for name in outcome.stopped_by if name not in UNDECIDABLE
        ]
        return outcome
    if failures:
        outcome.faults = failures
        return outcome
    try:
        outcome.faults = list(_publish_release(home, with_site)) if with_release else []
    except GateClosed as error:
        # Every return is set aside. A person can change one of the decisions.
        outcome.stopped_by = [str(error)]
        return outcome
    outcome.published = not outcome.faults
    return outcome


def decide_by_chance(chance: random.Random, one: Finding) -> tuple[str, ...] | None:
    """Return a row of the register with one of the decisions that the check allows, or None if there is none."""
    if not one.decisions:
        return None
    decision = chance.choice(list(one.decisions))
    rating = chance.choice(["green", "amber", "red"]) if decision == "estimate" else ""
    return (one.finding_id, decision, rating, "Decided by the generator.", "tester", "2031-06-30")


def _build_marts(
    connection: duckdb.DuckDBPyConnection, home: Home, only: tuple[str, ...] = ()
) -> Iterator[str]:
    """Load the seeds, make every model and run every data test; yields what a run would stop at.

    `only` limits it to these models and those that they read, without tests.
    """
    connection.execute("set preserve_insertion_order = false")
    for schema in ("reference", "staging", "intermediate", "marts"):
        connection.execute(f"drop schema if exists {schema} cascade; create schema {schema}")
    for name, types in _load_seeds().items():
        columns = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
        connection.execute(
            f"create table reference.{name} as select * from read_csv(?, header = true, columns = {{{columns}}})",
            [str(home.seeds / f"{name}.csv")],
        )
    made, tests = compile_nodes()
    needed = _list_ancestors(only) if only else {node.name for node in made}
    for node in made:
        if node.name not in needed:
            continue
        kind = "view" if node.schema == "staging" else "table"
        try:
            connection.execute(f"create {kind} {node.schema}.{node.name} as {node.sql}")
            for column in node.required:
                [(nulls,)] = connection.execute(
                    f'select count(*) from {node.schema}.{node.name} where "{column}" is null'
                ).fetchall()
                if nulls:
                    yield f"{node.name}.{column} is null in {nulls} rows"
        except duckdb.Error as error:
            yield f"{node.name}: {str(error).splitlines()[0]}"
            return
    for node in () if only else tests:
        rows = connection.execute(f"select count(*) from ({node.sql}) as failing").fetchall()[0][0]
        if rows and node.severity == "error":
            yield f"{node.name}: {rows} rows fail"


def _audit_marts(connection: duckdb.DuckDBPyConnection, home: Home) -> Iterator[str]:
    hashes = {schema: hash_tables(connection, schema) for schema in AUDITED_SCHEMAS}
    tokens = {schema: combine_hashes(tables) for schema, tables in hashes.items()}
    write_record(home, Record(DBT_BUILD, passed=True, tokens=tokens))
    for suite in load_suites():
        outcome = validate_suite(connection, suite)
        record_outcome(home, suite, hashes[suite.schema], outcome)
        yield from (f"{suite.name}: {failure}" for failure in outcome.failures)


def _publish_release(home: Home, with_site: bool) -> Iterator[str]:
    """Write the files of a release and run the queries of every page, or build the whole site."""
    try:
        make_candidate(home, select_marts(list_marts(), list_data_tests()), describe_models(load_manifest()))
        candidate = get_candidate_folder(home)
        yield from find_derivable(home, candidate)
        with tempfile.TemporaryDirectory() as work:
            if with_site:
                build_site(release=candidate, output=Path(work) / "site", releases=home.releases)
            else:
                database = Database(candidate, home.releases)
                try:
                    write_sources(candidate, Path(work), database)
                finally:
                    database.close()
    except GateClosed:
        raise
    except Exception as error:
        yield f"{type(error).__name__}: {' '.join(str(error).split())[:600]}"


@cache
def _load_seeds() -> Mapping[str, Mapping[str, str]]:
    return {
        node["name"]: node["config"]["column_types"]
        for node in load_manifest()["nodes"].values()
        if node["resource_type"] == "seed"
    }


@cache
def _list_ancestors(models: tuple[str, ...]) -> set[str]:
    """List the models and all that they read, directly or not."""
    nodes = load_manifest()["nodes"]
    waiting = [name for name, node in nodes.items() if node["name"] in models]
    found: set[str] = set()
    while waiting:
        node = nodes.get(waiting.pop())
        if node and node["name"] not in found:
            found.add(node["name"])
            waiting += node["depends_on"].get("nodes", [])
    return found


@cache
def compile_nodes() -> tuple[list[Node], list[Node]]:
    """Return all models, each after those that it reads, and all data tests, as dbt compiles them."""
    # The unit tests of the project are not data tests.
    result = run_dbt(["compile", "--vars", f"bootstrap_resamples: {RESAMPLES}"])
    if not result.success:
        raise RuntimeError(f"dbt did not compile the project: {result.exception}")
    found: dict[str, Any] = {one.node.unique_id: one.node for one in result.result}
    nodes = load_manifest()["nodes"]
    order = TopologicalSorter(
        {
            name: [parent for parent in node["depends_on"].get("nodes", []) if parent in nodes]
            for name, node in nodes.items()
        }
    ).static_order()
    made: list[Node] = []
    tests: list[Node] = []
    for unique_id in order:
        node = nodes[unique_id]
        if unique_id not in found or node["resource_type"] not in ("model", "test"):
            continue
        one = Node(
            node["name"],
            node["schema"],
            found[unique_id].compiled_code,
            node["config"].get("severity", "error").lower(),
            tuple(
                column["name"]
                for column in node.get("columns", {}).values()
                if any(constraint["type"] == "not_null" for constraint in column.get("constraints") or [])
            ),
        )
        (made if node["resource_type"] == "model" else tests).append(one)
    return made, tests
