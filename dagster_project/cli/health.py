"""`selfeval health`: whether a person has to act, for a probe."""

import json
import shutil
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from dagster_project.cli.outcome import SUCCESSES
from dagster_project.cli.terminal import AsJson, print_fields
from dagster_project.home.lock import is_locked
from dagster_project.home.run_log import ENDED, PARTIAL, read_last_lines
from dagster_project.paths import Home
from dagster_project.raw.purged import list_purged
from dagster_project.release.catalog import describe_release
from dagster_project.seeds import SeedError, read_seed

MIN_FREE_BYTES = 1_000_000_000
"""A run needs about 100 MB; the rest is for releases."""


def health(
    max_age: Annotated[
        float | None,
        typer.Option(min=0, metavar="HOURS", help="Age of the last successful run that is a problem."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whether a person has to act. Opens no database, so it disturbs no run.

    Exit 0 if everything is well; 1 if there is a problem: the last run failed, no release is published, it is
    damaged, the disk is nearly full, or no run succeeded for longer than --max-age.
    """
    found = examine_home(Home.from_environment(), max_age, datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        print_fields(
            {
                name: "\n".join(value) if isinstance(value, list) else str(value)
                for name, value in found.items()
            }
        )
    raise typer.Exit(1 if found["problems"] else 0)


def examine_home(home: Home, max_age_hours: float | None, now: datetime) -> dict[str, Any]:
    """Return the state of a home, and its problems as sentences. `last_*` are of the last run that has ended."""
    problems = []
    try:
        is_running = is_locked(home)
    except OSError as error:
        is_running = False
        problems.append(f"The home cannot be written to: {error.strerror}.")
    newest, last, last_success = None, None, None
    for line in read_last_lines(home):
        newest = newest or line
        if line["event"] == ENDED and line["result"] != PARTIAL:
            last = last or line
            if line["result"] in SUCCESSES:
                last_success = line["time"]
                break
    # The log of a run of Dagster is written some seconds after its release, or not at all without its daemon.
    published = describe_release(home, home.published.resolve()) if home.published.is_symlink() else None
    if published and not published.fault:
        last_success = max(filter(None, (last_success, published.made_at)))
    age = (now - datetime.fromisoformat(last_success)).total_seconds() if last_success else None
    free = shutil.disk_usage(home.root).free
    if published is None:
        problems.append("No release is published.")
    elif published.fault:
        problems.append(f"The published release is damaged: {published.fault}.")
    if last and last["result"] not in SUCCESSES and last["time"] > (last_success or ""):
        problems.append(f"The last run has not published: {last['result']}, exit code {last['exit_code']}.")
    if newest and newest["event"] != ENDED and not is_running:
        problems.append("The last run was killed.")
    if max_age_hours is not None and (age is None or age > max_age_hours * 3600):
        problems.append(f"No run has succeeded in the last {max_age_hours:g} hours.")
    problems += list_overdue(home, now.date())
    if free < MIN_FREE_BYTES:
        problems.append(f"The disk has {free / 1e6:.0f} MB left.")
    return {
        "is_healthy": not problems,
        "problems": problems,
        "last_success_at": last_success,
        "last_success_age_seconds": round(age) if age is not None else None,
        "last_result": last["result"] if last else None,
        "last_ended_at": last["time"] if last else None,
        "open_findings": last["findings"] if last else {},
        "failed_checks": last["checks"] if last else [],
        "published_release": published.release_id if published else None,
        "is_writing": is_running,
        "free_bytes": free,
    }


def list_overdue(home: Home, today: date) -> list[str]:
    """Return a sentence for each round whose texts are kept for longer than they should be."""
    try:
        rows = read_seed(home.seeds, "round_retention", ("round_id", "texts_kept_until"))
    except SeedError:
        # The next run adds the seed, or says what is wrong with it.
        return []
    return [
        f"The texts of round {row['round_id']} were to be kept until {row['texts_kept_until']}. "
        f"Delete them: selfeval purge {row['round_id']}"
        for row in rows
        if row["texts_kept_until"] < today.isoformat() and row["round_id"] not in list_purged(home)
    ]
