"""The Frictionless data package of the CSV files: a description of each table and column, for programs and people.

Types, meanings and allowed values are those that the models declare; keys are those that dbt tests.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.release.cells import SEPARATOR
from dagster_project.release.marts import Mart, Notice

DESCRIPTOR = "datapackage.json"

SOURCE = (
    "Local self-evaluations of work on child sexual exploitation, returned by Child Protection Committees "
    "in Scotland (report of June 2017)"
)

_TYPES = {
    "varchar": "string",
    "boolean": "boolean",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "date": "date",
    "timestamp": "datetime",
}


def write_descriptor(
    connection: duckdb.DuckDBPyConnection, folder: Path, marts: tuple[Mart, ...], notice: Notice
) -> None:
    """Write `datapackage.json` for the CSV files in `folder`; `connection` has the order of their columns."""
    names = {mart.name for mart in marts}
    descriptor = {
        "profile": "tabular-data-package",
        "name": "cpc-self-evaluation",
        "title": "CPC self-evaluation: public tables",
        "description": f"{notice.text} The publisher has not stated a licence.",
        "version": notice.data_version,
        "keywords": ["child protection", "self-evaluation", "Scotland"],
        "sources": [{"title": SOURCE}],
        "rounds": list(notice.rounds),
        "resources": [_describe_table(connection, folder, mart, names) for mart in marts],
    }
    text = json.dumps(descriptor, indent=2, ensure_ascii=False)
    (folder / DESCRIPTOR).write_text(f"{text}\n", encoding="utf-8")


def _describe_table(
    connection: duckdb.DuckDBPyConnection, folder: Path, mart: Mart, tables: set[str]
) -> dict[str, Any]:
    path = folder / f"{mart.name}.csv"
    content = path.read_bytes()
    columns = connection.execute(f'select * from "{mart.name}" limit 0').description or []
    schema: dict[str, Any] = {
        "fields": [_describe_column(mart, column[0]) for column in columns],
        "missingValues": [""],
        **({"primaryKey": list(mart.key)} if mart.key else {}),
    }
    if keys := [reference for reference in mart.references if reference.table in tables]:
        schema["foreignKeys"] = [
            {
                "fields": list(key.columns),
                "reference": {"resource": key.table, "fields": list(key.table_columns)},
            }
            for key in keys
        ]
    return {
        "profile": "tabular-data-resource",
        "name": mart.name,
        "path": path.name,
        "description": mart.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "dialect": {"delimiter": ",", "header": True},
        "schema": schema,
    }


def _describe_column(mart: Mart, name: str) -> dict[str, Any]:
    column = mart.columns[name]
    data_type = column.data_type.lower()
    is_list = data_type.endswith("[]")
    described = {
        "name": name,
        "type": "string" if is_list else _TYPES.get(data_type, "any"),
        "description": column.description + (f" Items are separated by '{SEPARATOR}'." if is_list else ""),
    }
    # An empty list is an empty cell, like a missing value.
    constraints: dict[str, Any] = {"required": True} if column.is_required and not is_list else {}
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    return described | ({"constraints": constraints} if constraints else {})
