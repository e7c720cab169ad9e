"""Reports of a run and of checked files, as text for people."""

import re
from typing import TYPE_CHECKING

from rich.table import Column, Table

from dagster_project.cli.terminal import console, errors, escape, print_fields
from dagster_project.paths import Home

if TYPE_CHECKING:
    from dagster_project.cli.report import Report
    from dagster_project.raw.checking import CheckedFile
    from dagster_project.release.revisions import Revision


_EXPECTATION = re.compile(r" ?\bexpect_[a-z_]+\(.*?\) fails")
"""An expectation as Great Expectations names it, with its arguments."""


def print_report(report: "Report", home: Home, *, is_verbose: bool = False) -> None:
    """Print what a run did. If it published nothing, print why and what to do.

    `is_verbose`: name also the expectations of Great Expectations.
    """
    if report.unchanged_since:
        console.print(
            f"Nothing has changed since release {report.unchanged_since}, which is whole. Nothing was published.\n"
            "`selfeval run --force` runs anyway.",
            soft_wrap=True,
        )
        return
    print_fields(_list_fields(report, home))
    if report.revision:
        print_revision(report.revision)
    for warning in report.warnings:
        errors.print(f"\n[yellow]A warning.[/yellow] {escape(warning)}", soft_wrap=True)
    if report.release_id:
        return
    errors.print("\n[bold red]Nothing was published.[/bold red] The published release is unchanged.")
    for finding in report.open_findings:
        errors.print(f"\n[bold]{escape(finding['what'])}[/bold]", soft_wrap=True)
        errors.print(f"  {escape(finding['mended_by'])}: {escape(finding['how_to_mend'])}", soft_wrap=True)
        errors.print(f"  finding_id: {escape(finding['finding_id'])}", soft_wrap=True)
    if report.open_findings:
        errors.print("\nRecord a decision with `selfeval decide`; by itself it lists what may be decided.")
    for check in report.checks_failed:
        text = check if is_verbose else _EXPECTATION.sub(" Fails", check)
        errors.print(f"\nA check failed. {escape(text)}", soft_wrap=True)
    for error in report.errors:
        errors.print(f"\n{escape(error)}", soft_wrap=True)


def _list_fields(report: "Report", home: Home) -> dict[str, str]:
    """Return what a run read, built and published, by name."""
    fields = {}
    if files := report.files:
        fields["files"] = (
            f"{files['files']} seen: {files['read']} read, {files['rejected']} rejected, {files['ignored']} ignored "
            f"({files['parsed']} parsed again)"
        )
        fields["answers"] = f"{files['answers']}, problems {files['problems']}"
    # A run that was stopped before has built and checked nothing.
    if report.models:
        fields["models"] = f"{report.models} built"
    if report.checks_passed or report.checks_failed:
        fields["checks"] = f"{report.checks_passed} passed, {len(report.checks_failed)} failed"
    if report.is_built:
        counted = ", ".join(f"{count} {status}" for status, count in sorted(report.findings.items()))
        fields["findings"] = counted or "none"
    if pages := sorted(home.feedback.glob("*/*.xlsx")):
        fields["feedback"] = f"{len(pages)} workbooks for committees in {home.feedback}"
    if report.seconds:
        stages = ", ".join(f"{stage} {seconds}" for stage, seconds in report.seconds.items())
        fields["seconds"] = f"{report.total_seconds} in all: {stages}"
    if report.release_id:
        fields["pages"] = f"{report.pages} built"
        fields["release"] = report.release_id
        if report.deleted_releases:
            fields["deleted"] = ", ".join(report.deleted_releases)
        fields["site"] = f"{home.published / 'site' / 'index.html'}   (`selfeval site` serves it)"
        fields["database"] = str(home.published / "self_evaluation.duckdb")
    return fields


def print_revision(revision: "Revision") -> None:
    """Print what differs from another release: returns, ranks, and rows of tables by round."""
    if not (revision.returns or revision.ranks or revision.tables):
        console.print(escape(f"\nNothing differs from release {revision.before}."), soft_wrap=True)
        return
    console.print(escape(f"\nDifferences from release {revision.before}:"), soft_wrap=True)
    for round_id in sorted({one.round_id for one in revision.returns}):
        for change in ("added", "changed", "gone"):
            names = [
                one.committee_id
                for one in revision.returns
                if (one.round_id, one.change) == (round_id, change)
            ]
            if names:
                text = f"  round {round_id}: {len(names)} return{'s' * (len(names) > 1)} {change}: {', '.join(names)}"
                console.print(escape(text), soft_wrap=True)
    for rank in revision.ranks:
        before, now = (value if value is not None else "none" for value in (rank.rank_before, rank.rank_now))
        text = f"  round {rank.round_id}: rank of question {rank.question_no}: {before} before, {now} now"
        console.print(escape(text), soft_wrap=True)
    for table in revision.tables:
        text = (
            f"  round {table.round_id}: {table.table}: {table.rows_before} rows replaced by {table.rows_now}"
        )
        console.print(escape(text), soft_wrap=True)


def print_checked(checked: "CheckedFile") -> None:
    """Print what a file contains, and its problems with their places and remedies."""
    colour = {"rejected": "red", "read": "green"}.get(checked.outcome, "dim")
    about = [checked.committee or "", checked.received_on or ""]
    if checked.answers:
        ratings = f"{checked.ratings} rating{'s' if checked.ratings != 1 else ''}"
        about.append(f"{ratings} on {checked.answers} question{'s' if checked.answers != 1 else ''}")
    # A name of several lines could look like the result of another file.
    name = escape(checked.file.replace("\n", "\\n"))
    details = "   ".join(escape(text) for text in about if text)
    console.print(
        f"[{colour}]{checked.outcome}[/{colour}]  [bold]{name}[/bold]  {details}",
        soft_wrap=True,
    )
    if checked.problems:
        names = ("severity", "where", "problem", "what to do")
        table = Table(*(Column(name, overflow="fold") for name in names), pad_edge=False)
        for problem in checked.problems:
            where = f"{problem.sheet} {problem.cell}".strip() or "the file"
            table.add_row(*map(escape, (problem.severity, where, problem.message, problem.remedy)))
        console.print(table)
