"""Audited marts → the database, Parquet and CSV of a release, each holding only what its audience may see."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

DATABASE = "self_evaluation.duckdb"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheet programs."""


@dataclass(frozen=True)
class Mart:
    """A mart as dbt's manifest describes it."""

    name: str
    audience: str
    description: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Notice:
    """What has to be said wherever a figure of the release is shown."""

    text: str
    release_id: str
    made_at: str


def marts_of(nodes: Mapping[str, Mapping[str, Any]]) -> tuple[Mart, ...]:
    """The marts that a release may hold: those declared `public` or `analyst`."""
    marts = []
    for name, node in nodes.items():
        audience = node["config"]["meta"]["audience"]
        if audience in ("public", "analyst"):
            columns = {
                column["name"]: " ".join(column["description"].split()) for column in node["columns"].values()
            }
            marts.append(Mart(name, audience, " ".join(node["description"].split()), columns))
    return tuple(marts)


def write_database(build: Path, folder: Path, marts: tuple[Mart, ...], notice: Notice) -> dict[str, int]:
    """Write `self_evaluation.duckdb`: every mart in its main schema, with comments. Returns rows by table.

    The file is checkpointed, closed and has no write-ahead log beside it.
    """
    path = folder / DATABASE
    rows = {}
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach '{_quoted(build)}' as build (read_only)")
        for mart in marts:
            connection.execute(
                f'create table "{mart.name}" as select * from build.marts."{mart.name}" order by all'
            )
            connection.execute(f"comment on table \"{mart.name}\" is '{_quoted(mart.description)}'")
            for column, text in mart.columns.items():
                connection.execute(f'comment on column "{mart.name}"."{column}" is \'{_quoted(text)}\'')
            counted = connection.execute(f'select count(*) from "{mart.name}"').fetchone()
            rows[mart.name] = counted[0] if counted else 0
        connection.execute("create table about_this_release (subject varchar, text varchar)")
        connection.executemany(
            "insert into about_this_release values (?, ?)",
            [["release", notice.release_id], ["made at", notice.made_at], ["caveat", notice.text]],
        )
        connection.execute("detach build")
        connection.execute("checkpoint")
    if path.with_suffix(".duckdb.wal").exists():
        raise RuntimeError(f"{path.name} was closed with a write-ahead log beside it")
    return rows


def write_open_data(folder: Path, marts: tuple[Mart, ...], notice: Notice) -> None:
    """Write the public marts of the release's database to `data/parquet` and `data/csv`."""
    data = folder / "data"
    (data / "parquet").mkdir(parents=True)
    (data / "csv").mkdir()
    with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
        for mart in marts:
            if mart.audience != "public":
                continue
            target = data / "parquet" / f"{mart.name}.parquet"
            connection.execute(
                f"copy \"{mart.name}\" to '{_quoted(target)}' (format parquet, kv_metadata {{"
                f"description: '{_quoted(mart.description)}', caveat: '{_quoted(notice.text)}'}})"
            )
            _write_csv(connection, mart.name, data / "csv" / f"{mart.name}.csv")
    (data / "README.txt").write_text(
        f"{notice.text}\n\nRelease {notice.release_id}, made at {notice.made_at}.\n"
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, table: str, path: Path) -> None:
    cursor = connection.execute(f'select * from "{table}" order by all')
    names = [column[0] for column in cursor.description or ()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        while rows := cursor.fetchmany(10_000):
            writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, list):
        value = " | ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _quoted(value: object) -> str:
    return str(value).replace("'", "''")
