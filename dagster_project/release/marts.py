"""What a release may hold: the marts with an audience, as dbt's manifest describes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TARGET = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class Column:
    """A column as its model declares it. `allowed` is empty where any value of the type may stand."""

    description: str
    data_type: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Columns whose values, where there are any, stand in columns of another table as well."""

    columns: tuple[str, ...]
    table: str
    table_columns: tuple[str, ...]


@dataclass(frozen=True)
class Mart:
    """A mart: its audience, its columns, and the keys that dbt's tests hold it to."""

    name: str
    audience: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Notice:
    """What has to be said wherever a figure of the release is shown.

    `data_version` depends on the data alone: the same returns and decisions give the same one. The
    release's own id ends in it and begins with the time.
    """

    text: str
    release_id: str
    made_at: str
    data_version: str
    rounds: tuple[str, ...] = field(default=())


def marts_of(
    nodes: Mapping[str, Mapping[str, Any]], tests: Sequence[Mapping[str, Any]] = ()
) -> tuple[Mart, ...]:
    """The marts that a release may hold: those declared `public` or `analyst`.

    `nodes` are the models by name and `tests` the data tests, both as in dbt's manifest.
    """
    found = []
    for name, node in nodes.items():
        audience = node["config"]["meta"]["audience"]
        if audience in ("public", "analyst"):
            own = [test for test in tests if test["attached_node"] == node["unique_id"]]
            found.append(
                Mart(
                    name,
                    audience,
                    " ".join(node["description"].split()),
                    {column["name"]: _column(column, own) for column in node["columns"].values()},
                    _key(own),
                    _references(own, node["config"]["meta"]),
                )
            )
    return tuple(found)


def public(marts: tuple[Mart, ...]) -> tuple[Mart, ...]:
    """The marts that anyone may see."""
    return tuple(mart for mart in marts if mart.audience == "public")


def _column(column: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> Column:
    allowed = [
        test["test_metadata"]["kwargs"]["values"]
        for test in tests
        if test["test_metadata"]["name"] == "accepted_values" and test["column_name"] == column["name"]
    ]
    return Column(
        " ".join(column["description"].split()),
        column["data_type"],
        any(constraint["type"] == "not_null" for constraint in column["constraints"]),
        tuple(allowed[0]) if allowed else (),
    )


def _key(tests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    for test in tests:
        if test["test_metadata"]["name"] == "unique_combination":
            return tuple(test["test_metadata"]["kwargs"]["columns"])
    unique = [test["column_name"] for test in tests if test["test_metadata"]["name"] == "unique"]
    return (unique[0],) if unique else ()


def _references(tests: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]) -> tuple[Reference, ...]:
    """References of one column are dbt's own tests; those of several stand in the model's `meta`."""
    found = [
        Reference((test["column_name"],), target[1], (test["test_metadata"]["kwargs"]["field"],))
        for test in tests
        if test["test_metadata"]["name"] == "relationships"
        and (target := _TARGET.search(test["test_metadata"]["kwargs"]["to"]))
    ]
    for table, columns in meta.get("references", {}).items():
        found.append(Reference(tuple(columns), table, tuple(columns)))
    return tuple(sorted(found, key=lambda one: (one.table, one.columns)))
