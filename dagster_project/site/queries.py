"""The queries of one page and their results."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb

from dagster_project.site.errors import SiteError

ORDER_COLUMN = "place"
"""A column of this name only orders the rows of a result; pages never show it."""

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


@dataclass(frozen=True)
class Result:
    """Rows of one query, in the query's order: `columns` are names, each row has as many values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def drop_order_column(self) -> "Result":
        """Return the rows without the column that only orders them."""
        if ORDER_COLUMN not in self.columns:
            return self
        index = self.columns.index(ORDER_COLUMN)
        rows = tuple((*row[:index], *row[index + 1 :]) for row in self.rows)
        return Result((*self.columns[:index], *self.columns[index + 1 :]), rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the rows as mappings from column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass
class Session:
    """Runs the queries of one page. `parameters` are bound to `$name`; `tables` are names that are taken."""

    connection: duckdb.DuckDBPyConnection
    tables: frozenset[str]
    page: str
    parameters: Mapping[str, Any]
    queries: int = 0
    named: set[str] = field(default_factory=set)

    def run(self, sql: str, *, line: int, name: str | None = None, is_kept: bool = True) -> Result:
        """Run one SELECT. Under `name`, later queries of the page can select from its result, if it `is_kept`.

        Raises `SiteError` if the query fails, is not a single SELECT, or has an unknown parameter.
        """
        try:
            statement = self._parse_query(sql, line)
            values = {key: self.parameters[key] for key in statement.named_parameters}
            if name is not None:
                self._reserve_name(name, sql, line)
            if name is None or not is_kept:
                cursor = self.connection.execute(statement, values)
            else:
                self.connection.execute(f'create temp table "{name}" as {sql.strip().rstrip(";")}', values)
                # DuckDB returns the rows of a table in the order in which they were inserted.
                cursor = self.connection.execute(f'from "{name}"')
            columns = tuple(str(column[0]) for column in cursor.description)
            rows = tuple(cursor.fetchall())
        except duckdb.Error as error:
            raise self._create_error(str(error), line, sql) from error
        self.queries += 1
        return Result(columns, rows)

    def require_order(self, sql: str, result: Result, *, line: int) -> None:
        """Raise `SiteError` if several rows have no `order by`: their order could differ between builds."""
        if len(result.rows) > 1 and not _ORDERED.search(sql):
            raise self._create_error("a query that shows several rows needs an order by", line, sql)

    def _parse_query(self, sql: str, line: int) -> duckdb.Statement:
        statements = self.connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise self._create_error("a fence contains exactly one SELECT", line, sql)
        if unknown := sorted(statements[0].named_parameters - set(self.parameters)):
            raise self._create_error(f"unknown parameter {', '.join(unknown)}", line, sql)
        return statements[0]

    def _reserve_name(self, name: str, sql: str, line: int) -> None:
        if not _NAME.match(name):
            raise self._create_error(
                f"invalid name {name!r}: use lower-case letters, digits and _", line, sql
            )
        if name in self.named or name in self.tables:
            raise self._create_error(f"the name {name!r} is taken", line, sql)
        self.named.add(name)

    def _create_error(self, message: str, line: int, sql: str) -> SiteError:
        return SiteError(message, page=self.page, line=line, query=sql)
