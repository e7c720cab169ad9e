"""Open data as they would be without suppression."""

import shutil
from pathlib import Path

import duckdb


def write_whole(release: Path, folder: Path) -> Path:
    """Copy a release's open data with all rows and figures of the analysts' database, those of open rounds as well."""
    shutil.copytree(release / "data", folder, dirs_exist_ok=True)
    with duckdb.connect(str(release / "self_evaluation.duckdb"), read_only=True) as connection:
        for path in [*folder.glob("csv/*.csv"), *folder.glob("parquet/*.parquet")]:
            connection.execute(f"copy {path.stem} to '{path}' (format {path.parent.name})")
    return folder
