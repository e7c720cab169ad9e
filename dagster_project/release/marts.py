"""The marts that a release may contain, as dbt's manifest describes them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_REFERRED = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class Column:
    """A column as its model declares it. `allowed` is empty if every value of the type is allowed."""

    description: str
    data_type: str
    is_required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """A foreign key: columns whose values, unless null, are values of columns of another table."""

    columns: tuple[str, ...]
    table: str
    table_columns: tuple[str, ...]


@dataclass(frozen=True)
class Mart:
    """A mart: its audience, its columns, and the keys that dbt tests.

    `published_as` is the name that the public has it under: that of the mart for analysts whose figures it suppresses.
    `has_ratings`: its figures are made of ratings, so the public gets no row of a round whose ratings are withheld.
    """

    name: str
    audience: str
    description: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    published_as: str = ""
    has_ratings: bool = False


@dataclass(frozen=True)
class Notice:
    """What every file and page of a release says about it.

    `data_version` depends only on the data: identical returns and decisions have the same one. The release's id begins
    with the time and ends with the data version.
    """

    text: str
    release_id: str
    made_at: str
    data_version: str
    rounds: tuple[str, ...] = field(default=())


def select_marts(
    nodes: Mapping[str, Mapping[str, Any]], tests: Sequence[Mapping[str, Any]] = ()
) -> tuple[Mart, ...]:
    """Select the marts whose audience is `public` or `analyst`.

    `nodes` are the models by name and `tests` the data tests, both as in dbt's manifest.
    """
    found = []
    for name, node in nodes.items():
        meta = node["config"]["meta"]
        audience = meta["audience"]
        if audience in ("public", "analyst"):
            own = [test for test in tests if test["attached_node"] == node["unique_id"]]
            found.append(
                Mart(
                    name,
                    audience,
                    " ".join(node["description"].split()),
                    {column["name"]: _describe_column(column, own) for column in node["columns"].values()},
                    _list_key_columns(own),
                    _list_references(own, meta),
                    meta.get("published_as", ""),
                    meta.get("has_ratings", False),
                )
            )
    return tuple(found)


def select_public(marts: tuple[Mart, ...]) -> dict[str, Mart]:
    """Select the marts that everybody may see, under the names that they are published as."""
    return {mart.published_as or mart.name: mart for mart in marts if mart.audience == "public"}


def select_analyst(marts: tuple[Mart, ...]) -> tuple[Mart, ...]:
    """Select the marts that only the analysts' database has under their names."""
    return tuple(mart for mart in marts if mart.audience == "analyst" or mart.published_as)


def rename_public(marts: tuple[Mart, ...]) -> tuple[Mart, ...]:
    """Return the public marts with the names that they are published as."""
    return tuple(replace(mart, name=name) for name, mart in select_public(marts).items())


def _describe_column(column: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> Column:
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


def _list_key_columns(tests: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    for test in tests:
        if test["test_metadata"]["name"] == "unique_combination":
            return tuple(test["test_metadata"]["kwargs"]["columns"])
    unique = [test["column_name"] for test in tests if test["test_metadata"]["name"] == "unique"]
    return (unique[0],) if unique else ()


def _list_references(tests: Sequence[Mapping[str, Any]], meta: Mapping[str, Any]) -> tuple[Reference, ...]:
    """List the references of a model: dbt tests those of one column, `meta` has those of several columns."""
    found = [
        Reference((test["column_name"],), target[1], (test["test_metadata"]["kwargs"]["field"],))
        for test in tests
        if test["test_metadata"]["name"] == "relationships"
        and (target := _REFERRED.search(test["test_metadata"]["kwargs"]["to"]))
    ]
    for table, columns in meta.get("references", {}).items():
        found.append(Reference(tuple(columns), table, tuple(columns)))
    return tuple(sorted(found, key=lambda one: (one.table, one.columns)))
