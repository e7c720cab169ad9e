"""The two databases of a release: one for analysts, one for the public."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from dagster_project.release.marts import Mart, Notice, select_public

DATABASE = "self_evaluation.duckdb"
PUBLIC_DATABASE = "self_evaluation_public.duckdb"
ABOUT_TABLE = "about_this_release"

# Older programs, and DuckDB in the browser, read this format. Smaller blocks waste less space.
_PUBLIC_FORMAT = "storage_version 'v1.0.0', block_size 16384"


def write_database(build: Path, folder: Path, marts: tuple[Mart, ...], notice: Notice) -> dict[str, int]:
    """Write `self_evaluation.duckdb`: all marts, with their descriptions. Returns the rows of each table.

    The file is checkpointed and closed, without a write-ahead log.
    """
    about = [
        ("release", notice.release_id),
        ("made at", notice.made_at),
        ("data version", notice.data_version),
        ("caveat", notice.text),
    ]
    with duckdb.connect(":memory:") as connection:
        return _write(connection, build, "marts", folder / DATABASE, "", marts, about)


def write_public_database(release: Path, path: Path, marts: tuple[Mart, ...], notice: Notice) -> None:
    """Write the public marts of a release's database to `path`.

    Identical data give identical bytes: one thread, and no compression, which samples the data.
    """
    about = [("data version", notice.data_version), ("caveat", notice.text)]
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 1")
        connection.execute("set force_compression = 'uncompressed'")
        _write(
            connection, release / DATABASE, "main", path, f"({_PUBLIC_FORMAT})", select_public(marts), about
        )


def _write(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    schema: str,
    path: Path,
    options: str,
    marts: tuple[Mart, ...],
    about: Sequence[tuple[str, str]],
) -> dict[str, int]:
    rows = {}
    connection.execute(f"attach '{escape_quotes(source)}' as source (read_only)")
    connection.execute(f"attach '{escape_quotes(path)}' as target {options}")
    connection.execute("use target")
    # One transaction: otherwise each of hundreds of descriptions is synced to disk.
    connection.execute("begin")
    for mart in marts:
        inserted = connection.execute(
            f'create table "{mart.name}" as select * from source."{schema}"."{mart.name}" order by all'
        )
        [(rows[mart.name],)] = inserted.fetchall()
        connection.execute(f"comment on table \"{mart.name}\" is '{escape_quotes(mart.description)}'")
        for name, column in mart.columns.items():
            text = escape_quotes(column.description)
            connection.execute(f'comment on column "{mart.name}"."{name}" is \'{text}\'')
    connection.execute(f"create table {ABOUT_TABLE} (subject varchar, text varchar)")
    connection.executemany(f"insert into {ABOUT_TABLE} values (?, ?)", about)
    connection.execute("commit")
    connection.execute("checkpoint target")
    connection.execute("use memory")
    connection.execute("detach target")
    if path.with_name(f"{path.name}.wal").exists():
        raise RuntimeError(f"{path.name} was closed with a write-ahead log")
    return rows


def escape_quotes(value: object) -> str:
    """Escape a value's text for single quotes in SQL."""
    return str(value).replace("'", "''")
