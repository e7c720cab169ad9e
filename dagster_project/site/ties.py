"""Whether an ordering says enough: rows that tie and differ would stand in an order of accident."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from dagster_project.site.result import Result

# No bracket after it: it belongs to the outermost query. Anything but names makes the query be taken apart.
_LAST_ORDER = re.compile(r"\border\s+by\s([\w\s.,]+)$", re.IGNORECASE)
_COLUMN = re.compile(
    r"^\s*(?:\w+\.)?(?!all\b|\d)(\w+)(?:\s+(?:asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Order:
    """What a query is ordered by: columns of its result, or else a query that finds two tied rows."""

    columns: Sequence[str] | None
    is_limited: bool
    statement: str
    keys: str


def tied_keys(
    connection: duckdb.DuckDBPyConnection, sql: str, bound: Mapping[str, Any], result: Result
) -> str | None:
    """The values that two different rows of `sql` share in all that it is ordered by; null if none do.

    Looks at the outermost ORDER BY, with any LIMIT taken away: what ties today below a limit may tie at
    it tomorrow. Raises `duckdb.Error` on a query that cannot be taken apart.
    """
    columns = _written_last(sql)
    if columns and set(columns) <= set(result.columns):
        return _tied_rows(result, columns)
    order = _order(sql)
    if order is None:
        return None
    if not order.is_limited and order.columns is not None and set(order.columns) <= set(result.columns):
        return _tied_rows(result, order.columns)
    found = connection.execute(_question(order), bound).fetchall()
    return ", ".join(str(value) for value in found[0]) if found else None


@cache
def _written_last(sql: str) -> tuple[str, ...]:
    """The columns of an ORDER BY that ends the query, which spares taking it apart; none if more follows."""
    last = _LAST_ORDER.search(sql)
    keys = [_COLUMN.match(key) for key in last[1].split(",")] if last else []
    return tuple(key[1] for key in keys if key) if all(keys) else ()


def _tied_rows(result: Result, columns: Sequence[str]) -> str | None:
    places = [result.columns.index(column) for column in columns]
    seen: dict[tuple[str, ...], str] = {}
    for row in result.rows:
        key = tuple(str(row[place]) for place in places)
        if seen.setdefault(key, repr(row)) != repr(row):
            return ", ".join(key)
    return None


# One connection for all queries' texts: no data is needed to take one apart.
_PARSER = duckdb.connect()


@cache
def _order(sql: str) -> _Order | None:
    written = _PARSER.execute("select json_serialize_sql(?::varchar)", [sql]).fetchall()[0][0]
    statement = json.loads(written)["statements"][0]
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
        statement=json.dumps(statement),
        keys=json.dumps(keys),
    )


def _question(order: _Order) -> str:
    inner, keys = json.loads(order.statement), json.loads(order.keys)
    names = [f"order_key_{number}" for number in range(len(keys))]
    inner["node"]["modifiers"] = [m for m in inner["node"]["modifiers"] if m["type"] == "DISTINCT_MODIFIER"]
    if "select_list" in inner["node"]:
        inner["node"]["select_list"] += [
            {**key, "alias": name} for key, name in zip(keys, names, strict=True)
        ]
        rows = _text(inner)
    else:
        # Two queries in one are ordered by columns of their result.
        columns = ", ".join(
            f'"{key["column_names"][-1]}" as {name}' for key, name in zip(keys, names, strict=True)
        )
        rows = f"select *, {columns} from ({_text(inner)})"
    together = ", ".join(names)
    return f"select {together} from ({rows}) as found group by all having count(distinct found) > 1 limit 1"


@cache
def _deserialised(whole: str) -> str:
    return str(_PARSER.execute("select json_deserialize_sql(?::json)", [whole]).fetchall()[0][0])


def _text(statement: Mapping[str, Any]) -> str:
    return _deserialised(json.dumps({"error": False, "statements": [statement]}))
