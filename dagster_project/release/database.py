"""The two databases of a release: one for analysts, one for the public."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from dagster_project.release.cells import format_guard
from dagster_project.release.marts import Mart, Notice, rename_public, select_public

DATABASE = "self_evaluation.duckdb"
PUBLIC_DATABASE = "self_evaluation_public.duckdb"
ABOUT_TABLE = "about_this_release"

CONFIDENTIAL = (
    "This database has ratings of single committees, and figures from which they follow. It is for analysts of the "
    "publisher only. Tables whose name ends with _public have the figures that everybody may see."
)

# DuckDB 1.0 and later reads this format. Smaller blocks waste less space.
_FORMAT = "(storage_version 'v1.0.0', block_size 16384)"

_WITHHELD = "select round_id from source.main.mart_suppression where ratings_withheld_because is not null"


def write_database(build: Path, folder: Path, marts: tuple[Mart, ...], notice: Notice) -> dict[str, int]:
    """Write `self_evaluation.duckdb`: all marts, with their descriptions. Returns the rows of each table.

    The file is checkpointed and closed, without a write-ahead log.
    """
    about = [
        ("release", notice.release_id),
        ("made at", notice.made_at),
        ("data version", notice.data_version),
        ("caveat", notice.text),
        ("confidentiality", CONFIDENTIAL),
    ]
    with duckdb.connect(":memory:") as connection:
        sources = {mart.name: f'"marts"."{mart.name}"' for mart in marts}
        return _write_tables(connection, build, sources, folder / DATABASE, marts, about)


def write_public_database(
    release: Path, path: Path, marts: tuple[Mart, ...], notice: Notice
) -> dict[str, int]:
    """Write the public marts of a release's database to `path`. Returns the rows of each table.

    Rows of rounds whose ratings are withheld are left out. Texts are guarded: see `format_guard`.
    Identical data give identical bytes: one thread, and no compression, which samples the data.
    """
    about = [("data version", notice.data_version), ("caveat", notice.text)]
    with duckdb.connect(":memory:") as connection:
        connection.execute("set threads = 1")
        connection.execute("set force_compression = 'uncompressed'")
        sources = {name: f'"main"."{mart.name}"' for name, mart in select_public(marts).items()}
        public = rename_public(marts)
        return _write_tables(connection, release / DATABASE, sources, path, public, about, is_public=True)


def _write_tables(
    connection: duckdb.DuckDBPyConnection,
    source: Path,
    sources: Mapping[str, str],
    path: Path,
    marts: tuple[Mart, ...],
    about: Sequence[tuple[str, str]],
    *,
    is_public: bool = False,
) -> dict[str, int]:
    rows = {}
    connection.execute(f"attach '{escape_quotes(source)}' as source (read_only)")
    connection.execute(f"attach '{escape_quotes(path)}' as target {_FORMAT}")
    connection.execute("use target")
    # One transaction: otherwise each of hundreds of descriptions is synced to disk.
    connection.execute("begin")
    for mart in sort_by_references(marts):
        connection.execute(format_definition(mart, {one.name for one in marts}))
        columns, condition = (_format_columns(mart), _format_condition(mart)) if is_public else ("*", "true")
        inserted = connection.execute(
            f'insert into "{mart.name}" by name select {columns}'
            f" from source.{sources[mart.name]} where {condition} order by all"
        )
        [(rows[mart.name],)] = inserted.fetchall()
        connection.execute(f"comment on table \"{mart.name}\" is '{escape_quotes(mart.description)}'")
        for name, column in mart.columns.items():
            text = escape_quotes(column.description)
            connection.execute(f'comment on column "{mart.name}"."{name}" is \'{text}\'')
    connection.execute(f"create table {ABOUT_TABLE} (subject varchar primary key, text varchar not null)")
    connection.execute(f"comment on table {ABOUT_TABLE} is 'One row per fact about the release.'")
    connection.execute(f"comment on column {ABOUT_TABLE}.subject is 'What the fact is about.'")
    connection.execute(
        f"comment on column {ABOUT_TABLE}.text is 'The fact: an identifier, a date or a sentence.'"
    )
    connection.executemany(f"insert into {ABOUT_TABLE} values (?, ?)", about)
    connection.execute("commit")
    connection.execute("checkpoint target")
    connection.execute("use memory")
    connection.execute("detach target")
    if path.with_name(f"{path.name}.wal").exists():
        raise RuntimeError(f"{path.name} was closed with a write-ahead log")
    return rows


def sort_by_references(marts: Sequence[Mart]) -> list[Mart]:
    """Sort marts so that each comes after the marts that its foreign keys refer to."""
    by_name = {mart.name: mart for mart in marts}
    graph = {mart.name: {key.table for key in mart.references if key.table in by_name} for mart in marts}
    return [by_name[name] for name in TopologicalSorter(graph).static_order()]


def format_definition(mart: Mart, tables: set[str]) -> str:
    """Format the statement that creates a mart's table with its types and keys.

    Foreign keys to tables outside `tables` are left out. A key with a column that may be null is unique only.
    """
    parts = [
        f'"{name}" {column.data_type}{" not null" if column.is_required else ""}'
        for name, column in mart.columns.items()
    ]
    if mart.key:
        is_primary = all(mart.columns[name].is_required for name in mart.key)
        parts.append(f"{'primary key' if is_primary else 'unique'} ({_quote_names(mart.key)})")
    parts += [
        f'foreign key ({_quote_names(key.columns)}) references "{key.table}" ({_quote_names(key.table_columns)})'
        for key in mart.references
        if key.table in tables
    ]
    return f'create table "{mart.name}" ({", ".join(parts)})'


def _format_columns(mart: Mart) -> str:
    """Format the columns of a query, with texts and items of lists guarded."""
    formats = {"varchar": format_guard, "varchar[]": _format_guarded_items}
    return ", ".join(
        f"{formats[kind](name)} as {name}" if (kind := column.data_type.lower()) in formats else name
        for name, column in ((f'"{name}"', column) for name, column in mart.columns.items())
    )


def _format_condition(mart: Mart) -> str:
    """Format the condition for rows of rounds whose ratings are public."""
    if not mart.has_ratings:
        return "true"
    rounds = [name for name in ("round_id", "previous_round_id") if name in mart.columns]
    return " and ".join(f"({name} is null or {name} not in ({_WITHHELD}))" for name in rounds)


def _format_guarded_items(name: str) -> str:
    return f"list_transform({name}, lambda item: {format_guard('item')})"


def _quote_names(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def escape_quotes(value: object) -> str:
    """Escape a value's text for single quotes in SQL."""
    return str(value).replace("'", "''")
