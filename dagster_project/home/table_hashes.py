"""Hashes over all rows of tables: they tie a passed check to exactly the data that it read."""

import hashlib
from collections.abc import Mapping

import duckdb

AUDITED_SCHEMAS = ("raw", "marts")
"""Schemas whose tables the suites of `expectations/` check, in the order of a run."""

ALL_COLUMNS = "*"

# A sum and an exclusive or of 64-bit hashes do not depend on order, and do not cancel out together.
_ROWS = "count(*), sum(hash(t)), bit_xor(hash(t))"


def hash_schema(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """Hash the tables of a schema: names, columns and rows, independent of the order of the rows.

    A schema that does not exist has the hash of an empty one.
    """
    return combine_hashes(hash_tables(connection, schema))


def combine_hashes(tables: Mapping[str, str]) -> str:
    """Return the hash of a schema from the hashes of its tables."""
    return _hash_values(sorted(tables.items()))


def hash_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    """Hash the columns and rows of each table of a schema, and the columns of all tables as `ALL_COLUMNS`."""
    names = list_tables(connection, schema)
    each = (f'select ? as table_name, {_ROWS} from "{schema}"."{name}" as t' for name in names)
    query = " union all ".join(each) + " order by table_name"
    rows = connection.execute(query, names).fetchall() if names else []
    columns = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = ? "
        "order by table_name, column_index",
        [schema],
    ).fetchall()
    tables = {
        name: _hash_values((counts, [column for column in columns if column[0] == name]))
        for name, *counts in rows
    }
    return {ALL_COLUMNS: _hash_values(columns), **tables}


def list_tables(connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    """Return the names of a schema's tables, in alphabetical order."""
    rows = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? order by table_name", [schema]
    ).fetchall()
    return [name for (name,) in rows]


def _hash_values(found: object) -> str:
    return hashlib.sha256(repr(found).encode()).hexdigest()
