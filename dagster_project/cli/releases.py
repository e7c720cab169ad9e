"""`selfeval releases`: which releases exist, and whether they are whole."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Column, Table

from dagster_project.cli.terminal import AsJson, console, escape
from dagster_project.paths import Home
from dagster_project.release import catalog


def list_releases(
    verify: Annotated[bool, typer.Option("--verify", help="Compare every file with its checksum.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the releases, newest first, with what is wrong with each. Exit 1 if anything is.

    Without --verify only the manifests are read, with it every file.
    """
    home = Home.from_environment()
    found = catalog.list_releases(home)
    differences = {
        one.release_id: catalog.verify_release(home, one.release_id)
        if verify
        else tuple(filter(None, [one.fault]))
        for one in found
    }
    if as_json:
        typer.echo(
            json.dumps(
                [asdict(one) | {"differences": differences[one.release_id]} for one in found], indent=2
            )
        )
    else:
        # An id is what people copy: it is never cut.
        width = max((len(one.release_id) for one in found), default=0)
        others = ("made at", "rounds", "files", "MB", "published", "kept", "state")
        table = Table(
            Column("release", no_wrap=True, min_width=width),
            *(Column(name, overflow="fold") for name in others),
        )
        for one in found:
            faults = differences[one.release_id]
            table.add_row(
                one.release_id,
                one.made_at,
                ", ".join(one.rounds),
                str(one.files),
                f"{one.size_bytes / 1e6:.1f}",
                "yes" if one.is_published else "",
                "yes" if one.is_kept else "",
                escape("; ".join(faults)) or ("whole" if verify else "not verified"),
            )
        console.print(table)
    raise typer.Exit(1 if any(differences.values()) else 0)
