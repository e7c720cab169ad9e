"""Rounds of a few invented returns in memory, on which the models' compiled SQL runs in a fraction of a second."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dagster_project.paths import Home
from dagster_project.raw.tables import create_tables
from dagster_project.transform.project import load_manifest

ROUND = "2016"
QUESTIONS = 19
RATINGS = {"g": "Green", "a": "Amber", "r": "Red", ".": ""}


@dataclass
class Return:
    """One returned file. `ratings` has one letter a question: g, a, r, or a point for a blank."""

    committee: str
    ratings: str = "gar" * 6 + "g"
    comments: Mapping[int, str] = field(default_factory=dict)
    file: str = ""
    dated: str = "2016-10-03"
    sha256: str = ""
    status: str = "read"

    def __post_init__(self) -> None:
        """A file is named after its committee and has bytes of its own unless given."""
        self.file = self.file or f"{self.committee}.xlsx"
        self.sha256 = self.sha256 or f"sha of {self.file} {self.ratings} {sorted(self.comments.items())}"


class SmallRounds:
    """The reference data of the sample, an empty register, and the returns of a test."""

    def __init__(self, home: Home) -> None:
        """Take reference data and compiled models of a home that has been run."""
        self.connection = duckdb.connect()
        self.connection.execute("attach ':memory:' as build")
        self.connection.execute(f"attach '{home.build_database}' as sample (read_only)")
        for schema in ("reference", "staging", "intermediate", "marts"):
            self.connection.execute(f"create schema build.{schema}")
        for (seed,) in self.connection.execute(
            "select table_name from duckdb_tables() where database_name = 'sample' and schema_name = 'reference'"
        ).fetchall():
            self.connection.execute(
                f"create table build.reference.{seed} as select * from sample.reference.{seed}"
            )
        self.connection.execute("use build; detach sample; delete from reference.decisions")
        create_tables(self.connection)
        self.models = _models(home.dbt_target)

    def land(self, *returns: Return) -> None:
        """Put files into the raw tables, in place of those that have the same name."""
        for one in returns:
            for table in ("return_file", "answer", "problem"):
                self.connection.execute(
                    f"delete from raw.{table} where source_file = ?",
                    [one.file],
                )
        self._insert(
            "return_file",
            [
                {
                    "round_id": ROUND,
                    "source_file": one.file,
                    "file_status": one.status,
                    "file_format": "xlsx",
                    "size_bytes": 1,
                    "sha256": one.sha256,
                    "committee_typed": one.committee,
                    "completed_on_typed": one.dated,
                }
                for one in returns
            ],
        )
        self._insert(
            "answer",
            [
                {
                    "round_id": ROUND,
                    "source_file": one.file,
                    "question_no_typed": str(question),
                    "sheet": "Self-evaluation",
                    "cell": f"C{question}",
                    "question_typed": "",
                    "rating_typed": RATINGS.get(letter, letter),
                    "comment_typed": one.comments.get(question, ""),
                }
                for one in returns
                if one.status == "read"
                for question, letter in enumerate(one.ratings, start=1)
            ],
        )

    def problem(self, one: Return, code: str, severity: str, message: str) -> None:
        """Add a problem of a file."""
        self._insert(
            "problem",
            [
                {
                    "round_id": ROUND,
                    "source_file": one.file,
                    "sheet": "Self-evaluation",
                    "cell": "C4",
                    "code": code,
                    "severity": severity,
                    "message": message,
                    "remedy": "Fix it in the file.",
                }
            ],
        )

    def decide(
        self, finding_id: str, decision: str, rating: str = "", reason: str = "A test decides so."
    ) -> None:
        """Record a decision."""
        self.connection.execute(
            "insert into reference.decisions values (?, ?, nullif(?, ''), ?, 'tester', '2017-02-01')",
            [finding_id, decision, rating, reason],
        )

    def build(self, *wanted: str) -> None:
        """Build the models that the wanted ones need, or all."""
        needed = _upstream(wanted) if wanted else set(self.models)
        for name in self.models:
            if name in needed:
                self.make(name)

    def make(self, name: str) -> None:
        """Make one model's table from the tables of the models before it."""
        schema, sql = self.models[name]
        self.connection.execute(f"create or replace table {schema}.{name} as {sql}")

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Rows of a query on what was built."""
        return self.connection.execute(query).fetchall()

    def clear(self) -> None:
        """Take all files away."""
        self.connection.execute(
            "delete from raw.return_file; delete from raw.answer; delete from raw.problem"
        )

    def findings(self, check: str | None = None) -> dict[str, str]:
        """Build, and list the findings of one check, or of all."""
        self.build("int_findings", "int_finding_decisions")
        return self.list_findings(check)

    def list_findings(self, check: str | None = None) -> dict[str, str]:
        """List the identities of the last build's findings by subject."""
        rows = self.ask(
            "select check_name, subject, finding_id from intermediate.int_findings union all "
            "select check_name, subject, finding_id from intermediate.int_finding_decisions order by all"
        )
        for column in (1, 2):
            assert len({(row[0], row[column]) for row in rows}) == len(rows), "a finding is listed twice"
        return {
            str(subject) if check else f"{kind} {subject}": str(finding_id)
            for kind, subject, finding_id in rows
            if check in (None, kind)
        }

    def _insert(self, table: str, rows: list[dict[str, object]]) -> None:
        if rows:
            self.connection.register("batch", pa.Table.from_pylist(rows))
            self.connection.execute(f"insert into raw.{table} by name select * from batch")
            self.connection.unregister("batch")


@cache
def _models(target: Path) -> dict[str, tuple[str, str]]:
    """Schema and compiled SQL by model, each after those that it reads."""
    nodes = _nodes()
    order = TopologicalSorter(
        {name: _parents(node) & nodes.keys() for name, node in nodes.items()}
    ).static_order()
    return {name: (nodes[name]["schema"], _read(target, nodes[name]["original_file_path"])) for name in order}


def compiled(home: Home, model: str) -> str:
    """The SQL of one model as dbt compiled it when the home was run."""
    return _read(home.dbt_target, _nodes()[model]["original_file_path"])


def _read(target: Path, path: str) -> str:
    return (target / "compiled" / "selfeval" / path).read_text(encoding="utf-8")


def _nodes() -> dict[str, Any]:
    return {
        node["name"]: node for node in load_manifest()["nodes"].values() if node["resource_type"] == "model"
    }


def _parents(node: Mapping[str, Any]) -> set[str]:
    return {parent.split(".")[-1] for parent in node["depends_on"]["nodes"]}


def _upstream(wanted: Iterable[str]) -> set[str]:
    nodes = _nodes()
    needed: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in needed and name in nodes:
            needed.add(name)
            waiting += _parents(nodes[name])
    return needed
