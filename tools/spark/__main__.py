"""Start a Spark cluster, build the models on it, stop it: `python -m tools.spark up | build | down`."""

import os
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.home.files import prepare_home
from dagster_project.paths import Home
from tools.spark import build as builds
from tools.spark import cluster as clusters

app = typer.Typer(help="Build the models on a Spark cluster.", no_args_is_help=True, add_completion=False)


@app.command("up")
def start_cluster(
    workers: Annotated[int, typer.Option(help="Workers, each with one core.")] = 2,
    memory: Annotated[str, typer.Option(help="Memory of each worker.")] = "1g",
) -> None:
    """Start a master and workers on this machine, on loopback only."""
    try:
        cluster = clusters.start_cluster(_find_folder() / "cluster", workers, memory=memory)
    except clusters.ClusterError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"master     {cluster.master}\ninterface  {cluster.interface}")


@app.command("down")
def stop_cluster() -> None:
    """Stop the cluster that `up` started."""
    clusters.stop_cluster(_find_folder() / "cluster")


@app.command("build")
def build_models(
    master: Annotated[
        str, typer.Option(help="Address of a cluster, instead of the one that `up` started.")
    ] = "",
) -> None:
    """Build all models of this home from its raw tables on a cluster, and write the marts as Parquet."""
    home, folder = Home.from_environment(), _find_folder()
    started = clusters.find_cluster(folder / "cluster")
    address = master or os.environ.get("SPARK_MASTER") or (started.master if started else "")
    if not address:
        typer.echo(
            "No cluster is running: start one with `python -m tools.spark up`, or use --master.",
            err=True,
        )
        raise typer.Exit(1)
    prepare_home(home)
    try:
        builds.export_raw(home.build_database, folder)
        builds.build_models(home.dbt, folder, address, ["build", "--exclude-resource-type", "unit_test"])
    except (duckdb.Error, builds.SparkBuildError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    with duckdb.connect() as connection:
        for mart in builds.attach_marts(folder, connection, "marts"):
            rows = connection.sql(f"select count(*) from marts.{mart}").fetchall()[0][0]
            typer.echo(f"{mart:<28}{rows:>12,} rows")
    typer.echo(f"Parquet in {folder / 'tables' / 'marts.db'}")


def _find_folder() -> Path:
    return Home.from_environment().build / "spark"


if __name__ == "__main__":
    app()
