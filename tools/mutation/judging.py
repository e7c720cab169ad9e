"""Judges one mutant of a model by the project's own tests, the cheapest first, until one notices it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from tests.audit import small_rounds
from tests.dbt.ranking import agreement
from tools.mutation.mutant import Mutant
from tools.mutation.places import Places
from tools.mutation.planted import run_tests
from tools.mutation.project import Project, UnitTest
from tools.mutation.recorded import Recording, content_of

SAMPLE_TESTS = (
    "tests/system/test_sample.py::test_every_claim_of_the_report_that_can_be_checked_agrees",
    "tests/system/test_sample.py::test_the_sample_reproduces_the_rankings_table",
    "tests/system/test_sample.py::test_the_sample_has_the_reports_counts",
    "tests/dbt/ranking/test_sample.py",
)
OF_COPIES = (
    "int_comment_passages", "int_repeated_passages", "int_near_duplicate_returns", "int_finding_opposite_ratings",
)  # fmt: skip
MEMORY = "2GB"


class Invalid(Exception):
    """The mutant's SQL does not run at all: nobody could publish with it."""


def told(judge: Callable[[], str]) -> dict[str, str]:
    """What becomes of a mutant: `outcome` and the `judge` that noticed it, or why it is invalid."""
    try:
        noticed = judge()
    except Invalid as error:
        return {"outcome": "invalid", "judge": str(error)[:200]}
    return {"outcome": "caught" if noticed else "survived", "judge": noticed}


@dataclass(frozen=True)
class SqlCourt:
    """Everything that judges of SQL need, prepared once."""

    project: Project
    places: Places
    recording: Recording

    def judge(self, mutant: Mutant, number: int, scratch: Path) -> str:
        """Which test notices the mutant, or nothing. `number` is its place among those of its model.

        Raises `Invalid`. Changes this process: it is to be called in a child of one's own.
        """
        model = Path(mutant.path).stem
        sql = self.project.sql[model].changed(number, mutant)
        for name, noticed in self._judges(model, sql, mutant, number, scratch):
            if told := noticed():
                return f"{name}: {told}" if told is not True else name
        return ""

    def unchanged(self, models: Iterable[str], scratch: Path) -> str:
        """What the sample or the invented rounds notice without any mutant: they would notice them all."""
        sample = Rebuilt(self.project, self.places.sample, scratch / "sample")
        invented = Rebuilt(self.project, self.places.invented, scratch / "invented")
        for model in models:
            for build in (sample, invented):
                if failed := build.replace(model, self.project.sql[model].plain) or ", ".join(build.changed):
                    return f"{model} made anew: {failed}"
        return run_tests(sample.publish(), SAMPLE_TESTS) or self._disagrees(invented.write_marts())

    def _judges(
        self, model: str, sql: str, mutant: Mutant, number: int, scratch: Path
    ) -> Iterator[tuple[str, Callable[[], str | bool]]]:
        sample = Rebuilt(self.project, self.places.sample, scratch / "sample")
        yield "runs", lambda: sample.check(sql)
        for test in self.project.unit_tests.get(model, ()):
            changed = test.sql.changed(number, mutant)
            yield f"unit test {test.name}", partial(_differs, test, changed)
        yield "sample", lambda: sample.replace(model, sql)
        if sample.changed:
            yield "sample", lambda: run_tests(sample.publish(), SAMPLE_TESTS)
        invented = Rebuilt(self.project, self.places.invented, scratch / "invented")
        yield "invented rounds", lambda: invented.replace(model, sql)
        if invented.changed:
            yield "invented rounds", lambda: self._disagrees(invented.write_marts())
        yield "small rounds", lambda: self._in_small_rounds(model, sql)
        if model in OF_COPIES:
            _use_in_small_rounds(model, sql)
            yield "copies", lambda: run_tests(self.places.sample, ["tests/audit/test_near_duplicates.py"])

    def _disagrees(self, database: Path) -> str:
        built = (self.places.rounds, database)
        asked: tuple[Callable[[], object], ...] = (
            lambda: agreement.assert_rankings_agree(*built),
            lambda: agreement.assert_coverage_agrees(*built),
            lambda: agreement.assert_change_agrees(*built),
            lambda: agreement.assert_robustness_agrees(*built),
        )
        for ask in asked:
            try:
                ask()
            except (AssertionError, LookupError, TypeError) as error:
                return f"{type(error).__name__} {error}"[:80]
        return ""

    def _in_small_rounds(self, model: str, sql: str) -> str:
        tests = list(self.recording.differing(model, self.project.schema[model], sql))
        if not tests:
            return ""
        _use_in_small_rounds(model, sql)
        return run_tests(self.places.sample, tests)


def _differs(test: UnitTest, sql: str) -> bool:
    with duckdb.connect() as connection:
        try:
            return test.given(connection, sql) != test.rows
        except duckdb.Error:
            return True


def _use_in_small_rounds(model: str, sql: str) -> None:
    read = small_rounds._read
    small_rounds._models.cache_clear()
    small_rounds._read = lambda target, path: sql if Path(path).stem == model else read(target, path)


class Rebuilt:
    """A build in memory over one in a file: what a changed model changes is made anew, the rest is read there."""

    def __init__(self, project: Project, home: Home, scratch: Path) -> None:
        """Look at the home's build; `scratch` is a folder for what judges read."""
        self.project, self.home, self.scratch = project, home, scratch
        self.changed: list[str] = []
        self.connection = duckdb.connect(config={"memory_limit": MEMORY, "threads": 2})
        self.connection.execute(
            f"attach ':memory:' as build; attach '{home.build_database}' as base (read_only)"
        )
        relations = self.connection.execute(
            "select schema_name, table_name, false from duckdb_tables() where database_name = 'base' union all "
            "select schema_name, view_name, true from duckdb_views() "
            "where database_name = 'base' and not internal"
        ).fetchall()
        for schema in {schema for schema, _, _ in relations}:
            self.connection.execute(f'create schema if not exists build."{schema}"')
        self.connection.execute("use build")
        self.views = {name for _, name, is_view in relations if is_view}
        for schema, name, is_view in relations:
            if not is_view:
                self.connection.execute(f"create view build.{schema}.{name} as from base.{schema}.{name}")
        # A view can be made only after those that it reads.
        for name, sql in project.sql.items():
            if name in self.views:
                self.connection.execute(f"create view build.{project.schema[name]}.{name} as {sql.plain}")

    def check(self, sql: str) -> bool:
        """Refuse SQL that DuckDB does not even plan. Raises `Invalid`."""
        try:
            self.connection.execute(f"explain {sql}")
        except duckdb.Error as error:
            raise Invalid(str(error)) from None
        return False

    def replace(self, model: str, sql: str) -> str:
        """Put the model's new rows in place, and all that follows from them. Returns the test that fails.

        Raises `Invalid` where the model itself does not run.
        """
        try:
            self._make(model, sql)
        except duckdb.OutOfMemoryException:
            return "memory"
        except duckdb.Error as error:
            raise Invalid(str(error)) from None
        schemas = self.project.schema
        for name in schemas:
            if name != model and self.project.parents[name] & set(self.changed):
                try:
                    self._make(name, self.project.sql[name].plain)
                except duckdb.Error as error:
                    return f"{name} {type(error).__name__}"
            if self.changed and self.changed[-1] == name and (fault := self._breaks_contract(name)):
                return fault
        for test in self.project.data_tests:
            if test.models & set(self.changed) and self._rows(f"select count(*) from ({test.sql})"):
                return test.name
        return ""

    def publish(self) -> Home:
        """A home in which tests find the marts as in a release, and the raw tables as before."""
        home = Home(self.scratch)
        home.published.mkdir(parents=True)
        home.build.mkdir(parents=True)
        home.build_database.symlink_to(self.home.build_database)
        home.dbt_target.symlink_to(self.home.dbt_target)
        self._copy(home.published / "self_evaluation.duckdb", "main")
        return home

    def write_marts(self) -> Path:
        """A database with the marts, as a build has them."""
        self.scratch.mkdir(parents=True)
        self._copy(self.scratch / "built.duckdb", "marts")
        return self.scratch / "built.duckdb"

    def _copy(self, path: Path, schema: str) -> None:
        self.connection.execute(f"attach '{path}' as copied; create schema if not exists copied.{schema}")
        for name, audience in self.project.marts.items():
            if audience != "restricted":
                self.connection.execute(f"create table copied.{schema}.{name} as from build.marts.{name}")
        self.connection.execute("detach copied")

    def _make(self, name: str, sql: str) -> None:
        place = f"{self.project.schema[name]}.{name}"
        self.connection.execute(f"create table made as {sql}")
        before, now = content_of(self.connection, f"base.{place}"), content_of(self.connection, "made")
        if before != now:
            self.connection.execute(f"drop view {place}; create table {place} as from made")
            self.changed.append(name)
        self.connection.execute("drop table made")

    def _breaks_contract(self, name: str) -> str:
        """Columns and types of a mart are fixed, and some may not be null: dbt would refuse the table."""
        if name not in self.project.marts:
            return ""
        place = f"{self.project.schema[name]}.{name}"
        before, now = (
            [column[:2] for column in self.connection.execute(f"describe {one}").fetchall()]
            for one in (f"base.{place}", f"build.{place}")
        )
        if before != now:
            return f"contract of {name}"
        for column in self.project.not_null[name]:
            if self._rows(f'select count(*) from build.{place} where "{column}" is null'):
                return f"contract of {name}: {column} is not null"
        return ""

    def _rows(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0
