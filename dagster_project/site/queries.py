"""The release as an in-memory database, and the queries of one page against it.

The data are loaded into memory and the database is then shut off from files, extensions and settings:
a page can read the public tables of one release and nothing else.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.site.errors import SiteError
from dagster_project.site.filling import fill
from dagster_project.site.history import write_history
from dagster_project.site.result import Result

DOWNLOADS = "downloads"
"""Where a site keeps the release's open data."""

_OWN_TABLES = frozenset({"download", "download_file", "release_history", "release_table", "sql_file"})
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


@dataclass
class Session:
    """The queries of one page: their bound parameters, their place for errors, their named results."""

    connection: duckdb.DuckDBPyConnection
    tables: frozenset[str]
    page: str
    parameters: Mapping[str, Any]
    parsed: dict[str, list[duckdb.Statement]]
    queries: int = 0
    _waiting: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)

    def run(self, sql: str, *, line: int, name: str | None = None) -> Result:
        """Run one SELECT; under `name`, later queries of the page can select from its result.

        Raises `SiteError` when it fails, is no single SELECT, or misses a parameter.
        """
        try:
            statement = self._statement(sql, line)
            bound = {key: self.parameters[key] for key in statement.named_parameters}
            self._make_named(sql)
            cursor = self.connection.execute(statement, bound)
            columns = tuple(str(column[0]) for column in cursor.description)
            rows = tuple(cursor.fetchall())
        except duckdb.Error as error:
            raise self._error(str(error), line, sql) from error
        if name is not None:
            self._name(name, sql, line, bound)
        self.queries += 1
        return Result(columns, rows)

    def require_order(self, sql: str, result: Result, *, line: int) -> None:
        """Refuse several rows without `order by`: their order would be an accident of the engine."""
        if len(result.rows) > 1 and not _ORDERED.search(sql):
            raise self._error("a query that shows several rows must say their order", line, sql)

    def _statement(self, sql: str, line: int) -> duckdb.Statement:
        # Pages of one template share their queries: each is parsed once.
        statements = self.parsed.get(sql) or self.connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise self._error("a fence holds exactly one SELECT", line, sql)
        if unknown := sorted(statements[0].named_parameters - set(self.parameters)):
            raise self._error(f"no value for parameter {', '.join(unknown)}", line, sql)
        return self.parsed.setdefault(sql, statements)[0]

    def _name(self, name: str, sql: str, line: int, bound: Mapping[str, Any]) -> None:
        if not _NAME.match(name):
            raise self._error(f"{name!r} is no name: lower-case letters, digits and _", line, sql)
        if name in self._names or name in self.tables:
            raise self._error(f"the name {name!r} is taken", line, sql)
        self._names.add(name)
        self._waiting[name] = (sql, bound)

    def _make_named(self, sql: str) -> None:
        """Make the tables of named queries that `sql` mentions: most names only stand in sentences."""
        for name in [name for name in self._waiting if re.search(rf"\b{name}\b", sql, re.IGNORECASE)]:
            named, bound = self._waiting.pop(name)
            self.connection.execute(f'create temp table "{name}" as {named.strip().rstrip(";")}', bound)

    def _error(self, message: str, line: int, sql: str) -> SiteError:
        return SiteError(message, page=self.page, line=line, query=sql)


class Database:
    """The public tables of one release, in memory, and what is known of the releases before it."""

    def __init__(self, release: Path, history: Path | None = None) -> None:
        self.manifest = _manifest(release)
        self.tables = frozenset(table["name"] for table in self.manifest["tables"])
        self.connection = duckdb.connect(":memory:")
        self._parsed: dict[str, list[duckdb.Statement]] = {}
        for name in sorted(self.tables):
            if not _NAME.match(name):
                raise SiteError(f"release.json names a table {name!r}")
            source = release / "data" / "parquet" / f"{name}.parquet"
            try:
                self.connection.execute(
                    f'create table "{name}" as select * from read_parquet(?)', [str(source)]
                )
            except duckdb.Error as error:
                raise SiteError(f"table {name} of the release cannot be read: {error}") from error
        # How a name from data becomes part of a page's path: letters, digits and single hyphens.
        self.connection.execute(
            "create macro page_name(words) as"
            " trim(regexp_replace(lower(strip_accents(words)), '[^a-z0-9]+', '-', 'g'), '-')"
        )
        self._describe_downloads(release)
        write_history(self.connection, release, self.manifest, history)
        self.connection.execute("set enable_external_access = false")
        self.connection.execute("set lock_configuration = true")

    @contextmanager
    def session(self, page: str, parameters: Mapping[str, Any] | None = None) -> Iterator[Session]:
        """A page's own connection: what it names is gone when the page is done."""
        cursor = self.connection.cursor()
        known = {"round_id": self.manifest["latest_round"], **(parameters or {})}
        try:
            yield Session(cursor, self.tables | _OWN_TABLES, page, known, self._parsed)
        finally:
            cursor.close()

    def has_rows(self, table: str) -> bool:
        """Whether the release has this table, with at least one row in it."""
        return table in self.tables and bool(
            self.connection.execute(f'select 1 from "{table}" limit 1').fetchall()
        )

    def list_files(self, name: str, files: Sequence[tuple[str, int]]) -> None:
        """A table of files of the site, as path in it and size in bytes, that pages can query."""
        self.connection.execute(f'create table "{name}" (file text, bytes bigint)')
        fill(self.connection, name, files)

    def close(self) -> None:
        """Free the memory."""
        self.connection.close()

    def _describe_downloads(self, release: Path) -> None:
        """What pages can list with its size: `download` by table, `download_file` of every file."""
        data = release / "data"
        files = sorted(path for path in data.rglob("*") if path.is_file())
        self.list_files(
            "download_file",
            [(f"{DOWNLOADS}/{path.relative_to(data).as_posix()}", path.stat().st_size) for path in files],
        )
        self.connection.execute(
            "create table download (table_name text, description text, row_count bigint,"
            " csv_file text, csv_bytes bigint, parquet_file text, parquet_bytes bigint)"
        )
        rows: list[list[Any]] = []
        for table in sorted(self.manifest["tables"], key=lambda entry: str(entry["name"])):
            own: list[Any] = []
            for suffix in ("csv", "parquet"):
                path = release / "data" / suffix / f"{table['name']}.{suffix}"
                if not path.is_file():
                    raise SiteError(f"the release has no {path.relative_to(release)}")
                own += [f"{DOWNLOADS}/{suffix}/{path.name}", path.stat().st_size]
            rows.append([table["name"], table["description"], table["rows"], *own])
        fill(self.connection, "download", rows)


def _manifest(release: Path) -> dict[str, Any]:
    path = release / "release.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise SiteError(f"{path.name} of the release cannot be read: {error}") from error
    needed = {"release_id", "made_at", "rounds", "latest_round", "is_illustrative", "tables"}
    if missing := sorted(needed - set(manifest)):
        raise SiteError(f"release.json lacks {', '.join(missing)}")
    return dict(manifest)
