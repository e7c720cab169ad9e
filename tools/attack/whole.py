"""Open data as they would be without suppression."""

import shutil
from pathlib import Path

import duckdb


def write_whole(release: Path, folder: Path) -> Path:
    """Copy a release's open data, with the analysts' tables in place of those with suppressed figures."""
    shutil.copytree(release / "data", folder, dirs_exist_ok=True)
    with duckdb.connect(str(release / "self_evaluation.duckdb"), read_only=True) as connection:
        suppressed = connection.execute(
            "select table_name from duckdb_tables() where table_name like '%\\_public' escape '\\'"
        ).fetchall()
        for (table,) in suppressed:
            name = str(table).removesuffix("_public")
            for kind in ("csv", "parquet"):
                connection.execute(f"copy {name} to '{folder / kind / name}.{kind}' (format {kind})")
    return folder
