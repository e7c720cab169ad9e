"""`selfeval decide`: list the findings that wait for a decision, and record a decision."""

import datetime
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.audit import register
from dagster_project.audit.findings import Finding, load_findings
from dagster_project.audit.quotations import RUN_WORDS, find_quotations
from dagster_project.audit.register import ESTIMATE, Decision, RegisterError
from dagster_project.cli.days import parse_day
from dagster_project.cli.decision_sheet import read_sheet, write_sheet
from dagster_project.cli.prompts import ask_choice
from dagster_project.cli.terminal import AsJson, console, errors, escape, print_fields
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home
from dagster_project.raw.landing import count_changed_files
from dagster_project.raw.purged import list_purged
from dagster_project.rounds.registry import RoundError, find_round

EXAMPLE = """List the findings that wait for a decision, or record the decision on one of them.

Example:

  selfeval decide                                    (what is open, and what may be decided)

  selfeval decide 50586bc5 estimate --rating amber --reason "The comment reports a draft plan." --role "Analyst"

  selfeval decide missing_return:2018: accept --every --reason "Withdrawn." --role "Data lead"

  selfeval decide --to findings.csv                  (fill in the table, then)

  selfeval decide --from findings.csv

A finding is named by its id, by the beginning of its id, or by the hash at the id's end. Without a decision the command
shows the finding, the answer as it was typed, and a decision that exists."""


def decide(
    finding_id: Annotated[
        str | None, typer.Argument(help="Finding, or the beginning of its id or hash.")
    ] = None,
    decision: Annotated[str | None, typer.Argument(help="A decision that the check allows.")] = None,
    rating: Annotated[
        str | None, typer.Option(help="Rating that `estimate` puts in the blank's place.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why. It is published: quote no comment.")] = None,
    role: Annotated[str | None, typer.Option(help="Role of the person who decides; no name.")] = None,
    date: Annotated[
        datetime.date | None,
        typer.Option(metavar="DAY", parser=parse_day, help="Day of the decision; today."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an existing decision.")] = False,
    every: Annotated[
        bool, typer.Option("--every", help="Decide every open finding whose id begins so, in one step.")
    ] = False,
    round_id: Annotated[str | None, typer.Option("--round", help="Only findings of this round.")] = None,
    sheet: Annotated[
        Path | None, typer.Option("--to", help="Write the open findings into this new CSV file, to fill in.")
    ] = None,
    filled: Annotated[
        Path | None, typer.Option("--from", help="Record the decisions in such a file: all of them, or none.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List noted and decided findings, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List findings, or record a decision. The help of the command is `EXAMPLE`."""
    home = Home.from_environment()
    try:
        if round_id:
            find_round(home.seeds, round_id)
        found, ratings = _load_build(home)
        found = tuple(one for one in found if round_id in (None, one.round_id))
        if sheet:
            count = write_sheet(sheet, (one for one in _list_undecided(home, found) if one.decisions))
            console.print(f"{count} findings to decide in {escape(str(sheet))}.", soft_wrap=True)
            return
        if finding_id is None and not every and not filled:
            _list_findings(home, found, everything, as_json)
            return
        if filled:
            wanted = read_sheet(filled)
            chosen = [_choose_one(home, found, one.finding_id, replace=replace) for one in wanted]
        else:
            chosen = _choose_findings(home, found, finding_id or "", every=every, replace=replace)
            if not as_json and len(chosen) == 1 and decision is None:
                _show_finding(home, chosen[0])
            asked = _ask_decision(chosen[0], decision, rating, reason, role, ratings)
            day = date or datetime.date.today()
            wanted = [Decision(one.finding_id, *asked, day) for one in chosen]
        # All decisions are valid before the first one is recorded.
        made = [
            register.validate_decision(finding, one, ratings)
            for finding, one in zip(chosen, wanted, strict=True)
        ]
        refuse_quotations(home, ((one.reason, one.decided_by_role) for one in made))
        for one in made:
            register.record_decision(home, one, overwrite=replace)
    except (RegisterError, RoundError, RunInProgress) as error:
        errors.print(escape(str(error)), soft_wrap=True)
        raise typer.Exit(1) from None
    if as_json:
        rows = [one.to_row() for one in made]
        typer.echo(json.dumps(rows if every or filled else rows[0], indent=2))
    else:
        for finding, one in zip(chosen, made, strict=True):
            console.print(escape(f"{one.decision}: {finding}"), soft_wrap=True)
        console.print(
            f"Recorded in {escape(str(register.get_register_path(home)))}. Now run `selfeval run`.",
            soft_wrap=True,
        )


def _choose_findings(
    home: Home, found: tuple[Finding, ...], prefix: str, *, every: bool, replace: bool
) -> list[Finding]:
    """Return the finding that the prefix names, or with `every` the open ones without a decision that it begins."""
    if every:
        chosen = [one for one in _list_undecided(home, found) if one.finding_id.startswith(prefix)]
        if not chosen:
            raise RegisterError(f"No open finding begins with '{prefix}'. `selfeval decide` lists them.")
        return chosen
    return [_choose_one(home, found, prefix, replace=replace)]


def _list_undecided(home: Home, found: tuple[Finding, ...]) -> list[Finding]:
    """Return the open findings without a decision, also without one since the last run."""
    decided = register.load_decisions(home)
    return [one for one in found if one.status == "open" and one.finding_id not in decided]


def _choose_one(home: Home, found: tuple[Finding, ...], prefix: str, *, replace: bool) -> Finding:
    """Return the finding that the prefix names. Raises `RegisterError` if it is decided, unless with `replace`."""
    decided = register.load_decisions(home)
    finding = register.find_finding(found, prefix)
    if finding.finding_id in decided and not replace:
        row = decided[finding.finding_id]
        raise RegisterError(
            f"The register decides {finding.finding_id} already: {row['decision']}, on {row['decided_on']} by "
            f"{row['decided_by_role']}. Use --replace to replace the decision."
        )
    return finding


def _show_finding(home: Home, finding: Finding) -> None:
    """Print a finding with the answer as it was typed. For the person at this terminal: a comment is confidential."""
    errors.print(escape(str(finding)), soft_wrap=True)
    if finding.question_no is None or finding.source_file is None:
        return
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        answers = connection.execute(
            "select rating_typed, comment_typed from raw.answer where round_id = ? and source_file = ? "
            "and try_cast(question_no_typed as integer) = ?",
            [finding.round_id, finding.source_file, finding.question_no],
        ).fetchall()
    for rating, comment in answers:
        errors.print(escape(f"Rating as typed: {rating or 'blank'}"), soft_wrap=True)
        errors.print(escape(f"Comment: {comment or 'none'}"), soft_wrap=True)


def _load_build(home: Home) -> tuple[tuple[Finding, ...], list[str]]:
    """Return the findings of the build, and the rating scale. Raises `RegisterError` if there is no build."""
    if not home.build_database.exists():
        raise RegisterError("Nothing has been built yet. Run `selfeval run` first.")
    try:
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            found = load_findings(connection)
            ratings = [
                name
                for (name,) in connection.execute(
                    "select rating from marts.dim_rating order by sort_order"
                ).fetchall()
            ]
            changed = count_changed_files(connection, home.returns, list_purged(home))
    except duckdb.IOException:
        raise RegisterError("A run is at work on the build. Wait until it has ended.") from None
    except duckdb.CatalogException:
        raise RegisterError("The last run did not get as far as the findings. Run `selfeval run`.") from None
    if changed:
        errors.print(
            f"[yellow]The findings may be out of date:[/yellow] since the last run {changed} of the returned "
            "files came, went or changed. Run `selfeval run` first.",
            soft_wrap=True,
        )
    return found, ratings


def refuse_quotations(home: Home, reasons: Iterable[tuple[str, str]]) -> None:
    """Raise `RegisterError` if a reason or its role repeats a comment: it would stop the release later."""
    texts = {
        (f"The {name}", text) for pair in reasons for name, text in zip(("reason", "role"), pair, strict=True)
    }
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        quotation = next(find_quotations(connection, lambda: texts), None)
    if quotation:
        raise RegisterError(
            f"{quotation.place} repeats {RUN_WORDS} words or more of a comment ({quotation.respondent}, question "
            f"{quotation.question_no}), and it is published. Use other words."
        )


def _list_findings(home: Home, found: tuple[Finding, ...], everything: bool, as_json: bool) -> None:
    register_now = register.load_decisions(home)
    shown = [one for one in found if everything or one.status == "open"]
    if as_json:
        rows = [asdict(one) | {"is_in_register": one.finding_id in register_now} for one in shown]
        typer.echo(json.dumps(rows, indent=2))
        return
    if not shown:
        console.print("No finding waits for a decision. `selfeval decide --all` lists all of them.")
        return
    for one in shown:
        waits = (
            "decided since the last run"
            if one.status == "open" and one.finding_id in register_now
            else one.status
        )
        console.print(
            f"[bold]{escape(one.title)}: {escape(one.about)}[/bold] (round {escape(one.round_id)})",
            soft_wrap=True,
        )
        print_fields(
            {
                "id": one.finding_id,
                "severity": f"{one.severity}, {waits}",
                "detail": one.detail,
                "allowed": ", ".join(one.decisions) or f"none; fix it: {one.how_to_mend}",
            }
        )
        console.print()
    console.print("Decide one with: selfeval decide ID DECISION --reason ... --role ...")


def _ask_decision(
    finding: Finding,
    decision: str | None,
    rating: str | None,
    reason: str | None,
    role: str | None,
    ratings: list[str],
) -> tuple[str, str, str, str]:
    """Return decision, rating, reason and role: as given or, on a terminal, asked for."""
    if sys.stdin.isatty() and not all((decision, reason, role)) and finding.decisions:
        decision = decision or ask_choice("Decision", finding.decisions)
        if decision == ESTIMATE:
            rating = rating or ask_choice("Rating", ratings)
        reason = reason or typer.prompt("Reason (published; quote no comment)", err=True)
        role = role or typer.prompt("Role of the person who decides", err=True)
    elif decision is None and finding.decisions:
        raise RegisterError(f"Which decision? Allowed: {', '.join(finding.decisions)}.")
    return decision or "", rating or "", reason or "", role or ""
