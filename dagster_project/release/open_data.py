"""The open data of a release: the public marts as files, in `data/`.

Identical data give identical bytes: no file contains the release's id or the time.
"""

import zipfile
from pathlib import Path

import duckdb

from dagster_project.release.cells import SEPARATOR
from dagster_project.release.database import PUBLIC_DATABASE, escape_quotes, write_public_database
from dagster_project.release.datapackage import DESCRIPTOR, write_descriptor
from dagster_project.release.marts import Mart, Notice, rename_public
from dagster_project.release.spreadsheet import write_spreadsheet

SPREADSHEET = "self_evaluation.xlsx"
CSV_ARCHIVE = "self_evaluation_csv.zip"
README = "README.txt"

_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip archive can have."""


def write_open_data(folder: Path, marts: tuple[Mart, ...], notice: Notice) -> dict[str, int]:
    """Write the public marts of the release in `folder` as DuckDB, Parquet, CSV with metadata, and spreadsheet.

    Returns the rows of each table.
    """
    data = folder / "data"
    for kind in ("parquet", "csv"):
        (data / kind).mkdir(parents=True)
    (data / README).write_text(_format_readme(notice), encoding="utf-8")
    rows = write_public_database(folder, data / PUBLIC_DATABASE, marts, notice)
    with duckdb.connect(str(data / PUBLIC_DATABASE), read_only=True) as connection:
        connection.execute("set threads = 1")
        public = rename_public(marts)
        for mart in public:
            _write_parquet(connection, mart, data / "parquet" / f"{mart.name}.parquet", notice)
            _write_csv(connection, mart, data / "csv" / f"{mart.name}.csv")
        write_descriptor(connection, data / "csv", public, notice)
        write_spreadsheet(connection, data / SPREADSHEET, notice)
    _write_archive(data)
    return rows


def _format_readme(notice: Notice) -> str:
    return (
        f"{notice.text}\n\n"
        f"Data version {notice.data_version}: the end of the id of the release that these files are part of.\n"
        f"{DESCRIPTOR}, a Frictionless data package, describes each table and column of the CSV files.\n"
        "In all these files, text that a spreadsheet program would run as a formula begins with an apostrophe.\n"
        "In CSV files, text is in quotation marks, and an empty cell without them has no value.\n"
        "The publisher has not stated a licence.\n"
    )


def _write_parquet(connection: duckdb.DuckDBPyConnection, mart: Mart, path: Path, notice: Notice) -> None:
    connection.execute(
        f"copy (select * from \"{mart.name}\" order by all) to '{escape_quotes(path)}' (format parquet, kv_metadata {{"
        f"description: '{escape_quotes(mart.description)}', caveat: '{escape_quotes(notice.text)}', "
        f"data_version: '{escape_quotes(notice.data_version)}'}})"
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, mart: Mart, path: Path) -> None:
    """Write a table as CSV. Texts are in quotation marks; booleans are TRUE and FALSE, which R reads as logical."""
    plain = '"{0}"'
    formats = {
        "boolean": 'upper(cast("{0}" as varchar))',
        "varchar[]": f"array_to_string(\"{{0}}\", '{SEPARATOR}')",
    }
    kinds = {name: column.data_type.lower() for name, column in mart.columns.items()}
    columns = [f'{formats.get(kind, plain).format(name)} as "{name}"' for name, kind in kinds.items()]
    texts = ", ".join(f'"{name}"' for name, kind in kinds.items() if kind.startswith("varchar"))
    connection.execute(
        f'copy (select {", ".join(columns)} from (from "{mart.name}" order by all))'
        f" to '{escape_quotes(path)}' (format csv, header{f', force_quote ({texts})' if texts else ''})"
    )


def _write_archive(data: Path) -> None:
    """Write all CSV files with their descriptor into one archive, which is a data package too."""
    with zipfile.ZipFile(data / CSV_ARCHIVE, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [data / README, *sorted((data / "csv").iterdir())]:
            entry = zipfile.ZipInfo(path.name, _EARLIEST_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
