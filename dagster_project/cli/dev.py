"""`selfeval dev`: Dagster's interface on this machine."""

import os
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.cli.terminal import console, refuse_port
from dagster_project.home.files import prepare_home, write_atomically
from dagster_project.paths import REPOSITORY, Home


def dev(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = 3000,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on. Anybody who reaches it can start runs and read their logs."),
    ] = "127.0.0.1",
) -> None:
    """Open Dagster's interface on this machine: assets, checks, runs, and the sensor for new returns."""
    home = Home.from_environment()
    prepare_home(home)
    require_free_port(port, host)
    configure_dagster(home)
    console.print(f"http://{host}:{port}/   (Ctrl-C ends it)")
    program = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "-m", "dagster_project.definitions", "-h", host, "-p", str(port)]
    os.execv(program, [str(program), *arguments])  # noqa: S606 - the program of this environment


def require_free_port(port: int, host: str) -> None:
    """Raise `typer.BadParameter` if another program uses the port: Dagster would start, and fail a minute later."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise refuse_port(port, error) from None


def configure_dagster(home: Home) -> None:
    """Make Dagster store its runs in this home, with the home's own settings if it has some."""
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    default = REPOSITORY / "dagster_project" / "dagster.yaml"
    settings = home.instance if home.instance.exists() else default
    write_atomically(home.dagster / "dagster.yaml", settings.read_bytes())
