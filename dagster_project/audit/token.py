"""What ties a passed check to exactly the data it saw: a hash over every row of a schema."""

import hashlib

import duckdb


def schema_token(connection: duckdb.DuckDBPyConnection, schema: str) -> str:
    """Hash of the tables of a schema: names, columns and rows, whatever the order of the rows.

    A schema that does not exist has the token of an empty one.
    """
    return hashlib.sha256(repr(table_tokens(connection, schema)).encode()).hexdigest()


def table_tokens(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    """The same of each table of a schema, by name."""
    tokens = {}
    tables = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? order by table_name", [schema]
    ).fetchall()
    for (table,) in tables:
        columns = connection.execute(
            "select column_name, data_type from duckdb_columns() "
            "where schema_name = ? and table_name = ? order by column_index",
            [schema, table],
        ).fetchall()
        # A sum and an exclusive or of 64-bit hashes do not depend on order, and do not cancel out together.
        rows = connection.execute(
            f'select count(*), sum(hash(t)), bit_xor(hash(t)) from "{schema}"."{table}" as t'
        ).fetchone()
        tokens[table] = hashlib.sha256(repr((table, columns, rows)).encode()).hexdigest()
    return tokens
