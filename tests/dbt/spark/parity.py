"""Whether Spark and DuckDB make the same marts of the same raw tables: types, and every row."""

from collections.abc import Iterable

import duckdb

DUCKDB, SPARK = "of_duckdb", "of_spark"


def differences(connection: duckdb.DuckDBPyConnection, marts: Iterable[str]) -> dict[str, str]:
    """By mart, what the schemas `of_duckdb` and `of_spark` do not have in common. Nothing is rounded."""
    found = {}
    for mart in marts:
        try:
            columns = {side: _columns(connection, side, mart) for side in (DUCKDB, SPARK)}
        except duckdb.CatalogException as error:
            found[mart] = str(error).splitlines()[0]
            continue
        if columns[DUCKDB] != columns[SPARK]:
            found[mart] = f"columns: {sorted(columns[DUCKDB] ^ columns[SPARK])}"
            continue
        listed = ", ".join(f'"{name}"' for name, _ in sorted(columns[DUCKDB]))
        counts = [
            connection.sql(
                f"select count(*) from (select {listed} from {one}.{mart} "
                f"except all select {listed} from {other}.{mart})"
            ).fetchall()[0][0]
            for one, other in ((DUCKDB, SPARK), (SPARK, DUCKDB))
        ]
        if any(counts):
            found[mart] = f"{counts[0]} rows are DuckDB's alone, {counts[1]} are Spark's"
    return found


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> set[tuple[str, str]]:
    described = connection.sql(f"describe {schema}.{table}").fetchall()
    return {(str(name), str(kind)) for name, kind, *_ in described}
