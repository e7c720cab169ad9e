"""`selfeval round`: open a round, show its progress, close it."""

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated

import duckdb
import typer

from dagster_project.cli.days import EXAMPLE, parse_day
from dagster_project.cli.prompts import ask_text
from dagster_project.cli.terminal import AsJson, console, errors, escape
from dagster_project.home.files import prepare_home
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home
from dagster_project.seeds import SeedError

rounds = typer.Typer(help="Open a round, show its progress, close it.", no_args_is_help=True)

NEW = """Open a new round: its rows in the registry, its folder, a blank workbook for each committee.

On a terminal the command asks for what is not given. Elsewhere it uses the last round: title and fieldwork moved to
the new year, a copy of the questions, every committee that exists.

Example:

  selfeval round new 2018 --from 2018-08-01 --to 2019-01-31 --without Highland"""

Day = datetime.date


@contextmanager
def _exit_on_user_error() -> Iterator[None]:
    from dagster_project.rounds.registry import RoundError

    try:
        yield
    except (RoundError, SeedError, RunInProgress) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None


def _ask_day(
    question: str, default: datetime.date | None, require: Callable[[datetime.date], None]
) -> datetime.date:
    """Ask until the answer is a day for which `require` raises nothing."""
    answer = ask_text(
        f"{question} (such as {EXAMPLE})",
        default.isoformat() if default else None,
        lambda text: require(parse_day(text)),
    )
    return parse_day(answer)


def _split_items(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


@rounds.command("new", help=NEW)
def new(
    round_id: Annotated[
        str, typer.Argument(help="The round's id, such as its year; the name of its folder.")
    ],
    title: Annotated[str | None, typer.Option(help="Title, as printed on the template.")] = None,
    start: Annotated[
        Day | None,
        typer.Option(
            "--from", metavar="DAY", parser=parse_day, help=f"First day of the fieldwork, such as {EXAMPLE}."
        ),
    ] = None,
    end: Annotated[
        Day | None,
        typer.Option("--to", metavar="DAY", parser=parse_day, help="Last day of the fieldwork."),
    ] = None,
    question_set: Annotated[
        str | None,
        typer.Option(
            help="Question set to ask; one that does not exist is made as a copy of the last round's."
        ),
    ] = None,
    invite: Annotated[
        list[str] | None, typer.Option(help="Committee to invite, by id or name; may be given often. All.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(help="Committee not to invite, by id or name; may be given often.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Open a new round. The help of the command is `NEW`."""
    from dagster_project.rounds import planning
    from dagster_project.rounds.opening import open_round
    from dagster_project.rounds.registry import find_committee_ids, list_committees_of_new_round

    home = Home.from_environment()
    prepare_home(home)
    with _exit_on_user_error():
        last = planning.find_last_round(home, round_id)
        first, latest = planning.propose_fieldwork(last, round_id)
        first, latest = start or first, end or latest
        if sys.stdin.isatty() and sys.stdout.isatty() and not as_json:
            title = title or typer.prompt("Title", planning.propose_title(last, round_id))
            if not start:
                first = _ask_day("First day of the fieldwork", first, partial(planning.require_start, last))
            if not end and first:
                latest = _ask_day("Last day of the fieldwork", latest, partial(planning.require_end, first))
            question_set = question_set or ask_text(
                "Question set (one that does not exist is made as a copy of the last)",
                planning.propose_question_set(home, last, round_id),
                planning.require_question_set,
            )
            if not invite and not without and first and latest:
                committees = list_committees_of_new_round(home.seeds, round_id, first, latest)
                named = ask_text(
                    "Committees not to invite, separated by commas (Enter: all are invited)",
                    "",
                    lambda text: find_committee_ids(_split_items(text), committees),
                )
                without = _split_items(named)
        planned = planning.plan_round(
            home, round_id, title, first, latest, question_set, invite or (), without or ()
        )
        opened = open_round(home, planned)
    report = {
        "round_id": planned.round_id,
        "title": planned.title,
        "fieldwork_start": planned.fieldwork_start.isoformat(),
        "fieldwork_end": planned.fieldwork_end.isoformat(),
        "question_set": planned.question_set,
        "copied_from": planned.copied_from,
        "invited": list(planned.invited),
        "seeds": [str(home.seeds / f"{name}.csv") for name in opened.seeds],
        "returns": str(opened.returns),
        "templates": str(opened.templates),
    }
    if as_json:
        typer.echo(json.dumps(report, indent=2))
        return
    copied = f", a copy of {planned.copied_from}" if planned.copied_from else ""
    for line in (
        f"Round {planned.round_id}: {planned.title}, {planned.fieldwork_start} to {planned.fieldwork_end}.",
        f"Questions: {planned.question_set}{copied}.",
        f"{opened.workbooks} blank workbooks to send out: {opened.templates}",
        f"Put the returned files into: {opened.returns}",
        f"New rows to review: {', '.join(f'{name}.csv' for name in opened.seeds)} in {home.seeds}",
        "Until `selfeval round close`, everything published of the round is marked as provisional.",
    ):
        console.print(escape(line), soft_wrap=True)


@rounds.command()
def status(
    round_id: Annotated[str | None, typer.Argument(help="Round to show; the latest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show who has answered and what to fix, as of the last run. For the group's office: not public."""
    from rich.table import Column, Table

    from dagster_project.feedback.progress import PAGE, read_progress

    home = Home.from_environment()
    try:
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            found = {one.round_id: one for one in read_progress(connection)}
    except duckdb.Error:
        errors.print("There is no build to look at. Run `selfeval run` first.")
        raise typer.Exit(1) from None
    one = found.get(round_id) if round_id else list(found.values())[-1]
    if one is None:
        errors.print(escape(f"The last run had no round '{round_id}'. It had: {', '.join(found)}."))
        raise typer.Exit(1)
    if as_json:
        printed = one.to_dict()
        for sender in printed["senders"]:
            # The name of this key in version 1.0.0.
            sender["to_mend"] = sender["to_fix"]
        typer.echo(json.dumps(printed, indent=2, default=str))
        return
    state = f"closed on {one.closed_on}" if one.closed_on else f"open, fieldwork ends on {one.fieldwork_end}"
    console.print(
        escape(f"{one.title}: {one.returned} of {len(one.senders)} answered; {state}."), soft_wrap=True
    )
    for text in one.unassigned:
        console.print(escape(f"! {text}"), soft_wrap=True)
    names = ("committee", "return", "dated", "to fix")
    table = Table(*(Column(name, overflow="fold") for name in names), pad_edge=False)
    for sender in one.senders:
        dated = str(sender.received_on or "")
        table.add_row(
            *map(escape, (sender.committee_name, sender.return_status, dated, "\n".join(sender.to_fix)))
        )
    console.print(table)
    console.print(escape(f"As a page: {home.feedback / one.round_id / PAGE}"), soft_wrap=True)


@rounds.command()
def blanks(
    round_id: Annotated[str, typer.Argument(help="Round whose blank workbooks are made again.")],
) -> None:
    """Make a round's blank workbooks again, after a change of its questions or committees in the seeds."""
    from dagster_project.rounds.blanks import recreate_blanks

    home = Home.from_environment()
    prepare_home(home)
    with _exit_on_user_error():
        folder, count = recreate_blanks(home, round_id)
    console.print(escape(f"{count} blank workbooks to send out: {folder}"), soft_wrap=True)


@rounds.command()
def close(
    round_id: Annotated[str, typer.Argument(help="Round to close.")],
    on: Annotated[
        Day | None, typer.Option(metavar="DAY", parser=parse_day, help="Day on which it was closed; today.")
    ] = None,
) -> None:
    """Close a round: its figures are final. Later changes of its returns stop the release."""
    from dagster_project.rounds.closing import close_round
    from dagster_project.rounds.unanswered import list_without_ratings

    home = Home.from_environment()
    prepare_home(home)
    day = on or datetime.date.today()
    with _exit_on_user_error():
        close_round(home, round_id, day)
        console.print(escape(f"Round {round_id} is closed on {day}."), soft_wrap=True)
        missing = list_without_ratings(home, round_id)
    if missing:
        console.print(escape(f"Without a return, or with a blank one: {', '.join(missing)}."), soft_wrap=True)
    console.print("Now run `selfeval run`.")


@rounds.command()
def reopen(
    round_id: Annotated[str, typer.Argument(help="Closed round to open again.")],
    reason: Annotated[str, typer.Option(help="Why. It is published: quote no comment.")] = "",
    role: Annotated[str, typer.Option(help="Role of the person who decides; no name.")] = "",
) -> None:
    """Open a closed round again, to revise its figures. The decision is recorded and published."""
    from dagster_project.rounds.closing import reopen_round

    home = Home.from_environment()
    prepare_home(home)
    with _exit_on_user_error():
        reopen_round(home, round_id, reason, role)
    console.print(
        escape(
            f"Round {round_id} is open again: its figures are provisional. Now run `selfeval run`, and close the "
            f"round when it is complete: `selfeval round close {round_id}`."
        ),
        soft_wrap=True,
    )
