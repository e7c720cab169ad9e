"""The open data of a release: the public marts as files that anyone may have, in `data/`.

The same data give the same bytes in every file: none holds the release's id or the time.
"""

import csv
import zipfile
from pathlib import Path

import duckdb

from dagster_project.release.cells import plain
from dagster_project.release.database import PUBLIC_DATABASE, quoted, write_public_database
from dagster_project.release.datapackage import DESCRIPTOR, write_descriptor
from dagster_project.release.marts import Mart, Notice, public
from dagster_project.release.spreadsheet import write_spreadsheet

SPREADSHEET = "self_evaluation.xlsx"
CSV_ARCHIVE = "self_evaluation_csv.zip"
README = "README.txt"

_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_open_data(folder: Path, marts: tuple[Mart, ...], notice: Notice) -> None:
    """Write the public marts of the release in `folder` as DuckDB, Parquet, CSV with metadata, and spreadsheet."""
    data = folder / "data"
    for kind in ("parquet", "csv"):
        (data / kind).mkdir(parents=True)
    (data / README).write_text(_readme(notice), encoding="utf-8")
    write_public_database(folder, data / PUBLIC_DATABASE, marts, notice)
    with duckdb.connect(str(data / PUBLIC_DATABASE), read_only=True) as connection:
        connection.execute("set threads = 1")
        for mart in public(marts):
            _write_parquet(connection, mart, data / "parquet" / f"{mart.name}.parquet", notice)
            _write_csv(connection, mart.name, data / "csv" / f"{mart.name}.csv")
        write_descriptor(connection, data / "csv", public(marts), notice)
        write_spreadsheet(connection, data / SPREADSHEET, notice)
    _write_archive(data)


def _readme(notice: Notice) -> str:
    return (
        f"{notice.text}\n\n"
        f"Data version {notice.data_version}: the end of the id of the release that these files are part of.\n"
        f"What each table and column of the CSV files means stands in {DESCRIPTOR}, a Frictionless data package.\n"
        "Text that a spreadsheet program would run as a formula has an apostrophe in front.\n"
        "The publisher has not stated a licence.\n"
    )


def _write_parquet(connection: duckdb.DuckDBPyConnection, mart: Mart, path: Path, notice: Notice) -> None:
    connection.execute(
        f"copy (select * from \"{mart.name}\" order by all) to '{quoted(path)}' (format parquet, kv_metadata {{"
        f"description: '{quoted(mart.description)}', caveat: '{quoted(notice.text)}', "
        f"data_version: '{quoted(notice.data_version)}'}})"
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
    return str(value).lower() if isinstance(value, bool) else plain(value)


def _write_archive(data: Path) -> None:
    """All CSV files with their descriptor in one file, itself a data package."""
    with zipfile.ZipFile(data / CSV_ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [data / README, *sorted((data / "csv").iterdir())]:
            entry = zipfile.ZipInfo(path.name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
