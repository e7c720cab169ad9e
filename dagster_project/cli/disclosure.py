"""`selfeval disclosure`: list the ratings for which a release was stopped, and accept that they become public."""

import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from dagster_project.audit.register import LOCK_TIMEOUT_SECONDS, RegisterError
from dagster_project.cli.decide import refuse_quotations
from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.home.lock import RunInProgress, only_writer
from dagster_project.paths import Home
from dagster_project.release.attack.acceptances import SEED, Acceptance, load_acceptances, record_acceptances

disclosure = typer.Typer(
    help="List ratings of committees that a release would give away, and accept it.", no_args_is_help=True
)

ACCEPT = """Accept that ratings of committees become public, such as with their consent.

The ratings are those for which the last run was stopped: `selfeval disclosure list`.

Example:

  selfeval disclosure accept 2016 --committee fife --role "Data lead" --reason "The committee has agreed." """


@contextmanager
def _exit_on_user_error() -> Iterator[None]:
    try:
        yield
    except (RegisterError, RunInProgress) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None


@disclosure.command("list")
def list_disclosures(as_json: AsJson = False) -> None:
    """List the ratings for which the last run was stopped, and those that were accepted."""
    home = Home.from_environment()
    with _exit_on_user_error():
        accepted = sorted(load_acceptances(home.seeds), key=str)
        found = _find_acceptances(home)
    if as_json:
        rows = {"found": found, "accepted": accepted}
        typer.echo(json.dumps({name: [asdict(one) for one in some] for name, some in rows.items()}, indent=2))
        return
    for title, some in (("Not accepted", found), ("Accepted", accepted)):
        console.print(f"[bold]{title}[/bold]")
        for one in some:
            console.print(_describe_acceptance(one), soft_wrap=True)
        if not some:
            console.print("none")
    if found:
        console.print('Accept them with: selfeval disclosure accept ROUND --role "..." --reason "..."')


@disclosure.command(help=ACCEPT)
def accept(
    round_id: Annotated[str, typer.Argument(metavar="ROUND", help="Round of the ratings.")],
    reason: Annotated[str, typer.Option(help="Why. It is published: quote no comment.")],
    role: Annotated[str, typer.Option(help="Role of the person who decides; no name.")],
    question_no: Annotated[
        int | None, typer.Option("--question", help="Only ratings of this question.")
    ] = None,
    committee_id: Annotated[
        str | None, typer.Option("--committee", help="Only ratings of this committee.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record the acceptance. The help of the command is `ACCEPT`."""
    home = Home.from_environment()
    reason, role = (" ".join(text.split()) for text in (reason, role))
    with _exit_on_user_error():
        if not reason or not role:
            raise RegisterError("An acceptance needs --reason and --role.")
        accepted = [
            one
            for one in _find_acceptances(home)
            if one.round_id == round_id
            and question_no in (None, one.question_no)
            and committee_id in (None, one.committee_id)
        ]
        if not accepted:
            raise RegisterError(
                "The last run was not stopped for such ratings. `selfeval disclosure list` lists them."
            )
        refuse_quotations(home, [(reason, role)])
        with only_writer(home, max_wait_seconds=LOCK_TIMEOUT_SECONDS):
            record_acceptances(home.seeds, accepted, datetime.date.today(), role, reason)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in accepted], indent=2))
        return
    for one in accepted:
        console.print(f"accepted: {_describe_acceptance(one)}", soft_wrap=True)
    console.print(
        f"Recorded in {escape(str(home.seeds / SEED))}.csv. Now run `selfeval run`.", soft_wrap=True
    )


def _find_acceptances(home: Home) -> list[Acceptance]:
    """Find the acceptances without which the candidate cannot be published; none if there is no candidate."""
    # The solver takes a second to import.
    from dagster_project.release.attack.gate import find_unaccepted, list_needed
    from dagster_project.release.candidate import require_candidate
    from dagster_project.release.catalog import ReleaseError

    try:
        candidate = require_candidate(home)
    except ReleaseError:
        return []
    found = {needed for one in find_unaccepted(home, candidate) for needed in list_needed(one)}
    return sorted(found, key=lambda one: (one.round_id, one.question_no or 0, one.committee_id or ""))


def _describe_acceptance(one: Acceptance) -> str:
    question = f"question {one.question_no}" if one.question_no else "all questions"
    return escape(f"round {one.round_id}, {question}, {one.committee_id or 'all committees'}")
