"""Whether an ordering says enough: rows that tie and differ would stand in an order of accident."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from dagster_project.site.result import Result

# No bracket after it: it belongs to the outermost query. Anything but names makes the query be taken apart.
_LAST_ORDER = re.compile(r"\border\s+by\s([\w\s.,]+)$", re.IGNORECASE)
_LAST_LIMIT = re.compile(r"\blimit\s+\d+\s*;?\s*$", re.IGNORECASE)
_COLUMN = re.compile(
    r"^\s*(?:\w+\.)?(?!all\b|\d)(\w+)(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Order:
    """What a query is ordered by: columns of its result, or else what a query that shows it is made of."""

    columns: Sequence[str] | None
    is_limited: bool
    statement: Mapping[str, Any]
    keys: Sequence[Mapping[str, Any]]

    @property
    def names(self) -> list[str]:
        """What `_with_keys` calls them."""
        return [f"order_key_{number}" for number in range(len(self.keys))]


class Orders:
    """Finds ties. Pages of one template share their queries: each text is taken apart once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._parser = connection
        self._orders: dict[str, _Order | None] = {}
        self._keyed: dict[str, str] = {}

    def tied_keys(
        self, connection: duckdb.DuckDBPyConnection, sql: str, bound: Mapping[str, Any], result: Result
    ) -> str | None:
        """The values that two different rows of `sql` share in all that it is ordered by; null if none do.

        Looks at the outermost ORDER BY, with any LIMIT taken away: what ties today below a limit may tie at
        it tomorrow. `connection` is the one that made `result`. Raises `duckdb.Error` on a query that cannot
        be taken apart.
        """
        every = _LAST_LIMIT.sub("", sql)
        columns = _written_last(every)
        if columns and set(columns) <= set(result.columns):
            return _tied_rows(result if every == sql else _run(connection, every, bound), columns)
        if sql not in self._orders:
            self._orders[sql] = self._order(sql)
        order = self._orders[sql]
        if order is None:
            return None
        if not order.is_limited and order.columns is not None and set(order.columns) <= set(result.columns):
            return _tied_rows(result, order.columns)
        if sql not in self._keyed:
            self._keyed[sql] = self._with_keys(order)
        return _tied_rows(_run(connection, self._keyed[sql], bound), order.names)

    def _order(self, sql: str) -> _Order | None:
        statement = json.loads(self._one("select json_serialize_sql(?::varchar)", sql))["statements"][0]
        modifiers = statement["node"]["modifiers"]
        orders = [m for m in modifiers if m["type"] == "ORDER_MODIFIER"]
        keys = [order["expression"] for order in orders[0]["orders"]] if orders else []
        # `order by all` leaves only equal rows tied.
        if not keys or any(key["class"] == "STAR" for key in keys):
            return None
        plain = all(key["class"] == "COLUMN_REF" for key in keys)
        return _Order(
            columns=[key["column_names"][-1] for key in keys] if plain else None,
            is_limited=any(m["type"].startswith("LIMIT") for m in modifiers),
            statement=statement,
            keys=keys,
        )

    def _with_keys(self, order: _Order) -> str:
        """The query without its LIMIT, with what it is ordered by as columns `order_key_0`, ..."""
        node, names = dict(order.statement["node"]), order.names
        node["modifiers"] = [m for m in node["modifiers"] if m["type"] == "DISTINCT_MODIFIER"]
        if "select_list" in node:
            own = [{**key, "alias": name} for key, name in zip(order.keys, names, strict=True)]
            node["select_list"] = [*node["select_list"], *own]
            return self._text({**order.statement, "node": node})
        # Two queries in one are ordered by columns of their result.
        columns = ", ".join(
            f'"{key["column_names"][-1]}" as {name}' for key, name in zip(order.keys, names, strict=True)
        )
        return f"select *, {columns} from ({self._text({**order.statement, 'node': node})})"

    def _text(self, statement: Mapping[str, Any]) -> str:
        whole = json.dumps({"error": False, "statements": [statement]})
        return self._one("select json_deserialize_sql(?::json)", whole)

    def _one(self, query: str, value: str) -> str:
        return str(self._parser.execute(query, [value]).fetchall()[0][0])


def _run(connection: duckdb.DuckDBPyConnection, sql: str, bound: Mapping[str, Any]) -> Result:
    found = connection.execute(sql, bound)
    return Result(tuple(str(column[0]) for column in found.description), tuple(found.fetchall()))


def _written_last(sql: str) -> tuple[str, ...]:
    """The columns of an ORDER BY that ends the query, which spares taking it apart; none if more follows."""
    last = _LAST_ORDER.search(sql)
    keys = [_COLUMN.match(key) for key in last[1].split(",")] if last else []
    return tuple(key[1] for key in keys if key) if all(keys) else ()


def _tied_rows(result: Result, columns: Sequence[str]) -> str | None:
    places = [result.columns.index(column) for column in columns]
    seen: dict[tuple[str, ...], tuple[Any, ...]] = {}
    for row in result.rows:
        key = tuple(str(row[place]) for place in places)
        other = seen.setdefault(key, row)
        if other is not row and repr(other) != repr(row):
            return ", ".join(key)
    return None
