"""One build on Spark: export the raw tables, run dbt in Spark's environment, attach the marts."""

import shutil
import subprocess
from pathlib import Path

import duckdb

from dagster_project.raw.tables import COLUMNS
from tools.spark.cluster import ENVIRONMENT, build_environment


class SparkBuildError(Exception):
    """dbt did not build the models on Spark. The message is the end of its output."""


def export_raw(database: Path, folder: Path) -> None:
    """Write the raw tables of a build database as Parquet below `folder`, one file for each."""
    raw = folder / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in COLUMNS:
            connection.execute(f"copy raw.{table} to '{_quote_path(raw / table)}.parquet' (format parquet)")


def build_models(project: Path, folder: Path, master: str, command: list[str], **variables: str) -> None:
    """Run one dbt command of the project on the cluster `master`, from the raw tables in `folder`.

    Deletes the tables of an earlier build first. `variables` are environment variables of the profile.
    Raises `SparkBuildError` where dbt fails.
    """
    shutil.rmtree(folder / "tables", ignore_errors=True)
    process = subprocess.run(
        [
            *(str(ENVIRONMENT / "bin" / "dbt"), *command, "--target", "spark"),
            *("--project-dir", str(project), "--profiles-dir", str(project)),
            *("--target-path", str(folder / "dbt"), "--log-path", str(folder / "dbt")),
            *("--quiet", "--no-use-colors", "--log-level-file", "none"),
        ],
        env={
            **build_environment(),
            "SELFEVAL_SPARK": str(folder),
            "SPARK_MASTER": master,
            "DO_NOT_TRACK": "1",
            **variables,
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode:
        raise SparkBuildError(_trim_output(process.stdout) + _trim_output(process.stderr))


def attach_marts(folder: Path, connection: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    """Create a view in `schema` of every mart that Spark wrote to `folder`. Returns their names."""
    connection.execute(f"create schema if not exists {schema}")
    tables = sorted(path.name for path in (folder / "tables" / "marts.db").iterdir() if path.is_dir())
    for table in tables:
        files = _quote_path(folder / "tables" / "marts.db" / table / "*.parquet")
        connection.execute(
            f"create or replace view {schema}.{table} as select * from read_parquet('{files}')"
        )
    return tables


def _quote_path(path: Path) -> str:
    return str(path).replace("'", "''")


def _trim_output(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if " WARN " not in line)[-4000:]
