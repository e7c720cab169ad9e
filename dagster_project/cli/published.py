"""The published release, for the commands that read it."""

from pathlib import Path

import typer

from dagster_project.cli.terminal import errors, escape
from dagster_project.paths import Home


def require_published(part: str) -> Path:
    """Return the path of a part of the published release. Exits with what to do if there is none."""
    published = Home.from_environment().published
    if (published / part).exists():
        return published / part
    if published.is_symlink():
        errors.print(
            f"The release that readers should see, {escape(published.readlink().name)}, is gone or not whole. "
            "Show one that `selfeval releases` lists with `selfeval rollback`, or make one with `selfeval run`.",
            soft_wrap=True,
        )
    else:
        errors.print("Nothing has been published yet. Run `selfeval run` first.")
    raise typer.Exit(1)
