"""Open findings as a table that a person fills in with a spreadsheet program, and the decisions in it."""

import csv
import datetime
import io
from collections.abc import Iterable
from pathlib import Path

from dagster_project.audit.findings import Finding
from dagster_project.audit.register import Decision, RegisterError
from dagster_project.release.cells import format_cell

DECIDED = ("decision", "estimated_rating", "reason", "decided_by_role")
EMPTY = ("",) * len(DECIDED)
COLUMNS = ("finding_id", "round", "finding", "detail", "how_to_fix", "allowed", *DECIDED)


def write_sheet(path: Path, findings: Iterable[Finding]) -> int:
    """Write findings into a new file, each with empty cells for its decision. Returns their number."""
    rows = []
    for one in findings:
        about, allowed = f"{one.title}: {one.about}", ", ".join(one.decisions)
        rows.append((one.finding_id, one.round_id, about, one.detail, one.how_to_mend, allowed, *EMPTY))
    try:
        # Excel recognises UTF-8 by the mark at the beginning.
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *(map(format_cell, row) for row in rows)])
    except FileExistsError:
        raise RegisterError(f"{path} exists already. Choose a new file.") from None
    return len(rows)


def read_sheet(path: Path) -> list[Decision]:
    """Read the rows with a decision. Raises `RegisterError` if the file is not such a table."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RegisterError(f"{path} cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise RegisterError(f"{path} is not UTF-8. Save it as CSV UTF-8.") from None
    # Spreadsheet programs separate cells as their language does.
    separator = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="")
    if missing := [name for name in ("finding_id", *DECIDED) if name not in (reader.fieldnames or ())]:
        raise RegisterError(f"{path} has no column {', '.join(missing)}.")
    today = datetime.date.today()
    rows = [
        [row[name].strip() for name in ("finding_id", *DECIDED)] for row in reader if row["decision"].strip()
    ]
    return [
        Decision(finding_id, decision, rating, reason, role, today)
        for finding_id, decision, rating, reason, role in rows
    ]
