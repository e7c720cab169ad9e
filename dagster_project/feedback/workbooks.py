"""Feedback workbooks: the problems of the build, one workbook for each committee that has some."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dagster_project.paths import Home

MAX_CELL_CHARACTERS = 32_767
"""Maximum of the format. A longer text would be dropped."""

HEADER = ("File", "Outcome", "Where", "Problem", "What to do", "Consequence")
_WIDTHS = (34, 12, 26, 60, 60, 22)
_CONSEQUENCES = {
    "reject_return": "the file does not count",
    "reject_answer": "the answer does not count",
    "leaves_blank": "the rating counts as blank",
    "inform": "for your information",
}


@dataclass(frozen=True)
class Line:
    """One problem, as a committee reads it. `committee_id` is None if the sender of the file is unknown."""

    round_id: str
    committee_id: str | None
    committee_name: str | None
    source_file: str
    outcome: str
    where: str
    message: str
    remedy: str
    severity: str

    @property
    def recipient(self) -> str:
        """Name of the workbook: from our own ids, so that nothing typed becomes part of a path."""
        return self.committee_id or f"unknown-{hashlib.sha256(self.source_file.encode()).hexdigest()[:8]}"


def write_feedback(home: Home) -> list[Path]:
    """Replace the feedback of every round by that of the current build.

    Returns the paths of the workbooks: one for each committee with problems, and for each such file of unknown sender.
    """
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        lines = _query_lines(connection)
    shutil.rmtree(home.feedback, ignore_errors=True)
    written = []
    ordered = sorted(lines, key=lambda line: (line.round_id, line.recipient))
    for (round_id, recipient), group in groupby(ordered, key=lambda line: (line.round_id, line.recipient)):
        path = home.feedback / round_id / f"{recipient}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_workbook(path, round_id, list(group))
        written.append(path)
    return written


def _query_lines(connection: duckdb.DuckDBPyConnection) -> Iterator[Line]:
    rows = connection.execute(
        """
        select
            problems.round_id, outcomes.committee_id, committees.committee_name, problems.source_file,
            outcomes.outcome, trim(problems.sheet || ' ' || problems.cell), problems.message, problems.remedy,
            problems.problem_severity
        from intermediate.int_problems as problems
        inner join intermediate.int_file_outcomes as outcomes using (round_id, source_file)
        left join marts.dim_committee_round as committees using (round_id, committee_id)
        -- A committee need not fix a file that it has replaced itself.
        where outcomes.outcome <> 'superseded'
        order by
            problems.source_file,
            array_position(['reject_return', 'reject_answer', 'leaves_blank', 'inform'], problems.problem_severity),
            problems.sheet, length(problems.cell), problems.cell, length(problems.message), problems.message
        """
    ).fetchall()
    return (Line(*row) for row in rows)


def _write_workbook(path: Path, round_id: str, lines: Sequence[Line]) -> None:
    # In memory: a killed run must not leave typed text in a temporary file outside of the home.
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet("What to fix")
        bold = book.add_format({"bold": True, "valign": "top"})
        header = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        plain = book.add_format({"valign": "top"})
        wrapped = book.add_format({"valign": "top", "text_wrap": True})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        name = lines[0].committee_name or "Sender unknown"
        sheet.write_string(0, 0, f"Round {round_id}: {name}", bold)
        sheet.write_string(
            1,
            0,
            "Please fix the problems listed below in the file that you sent, and send the file again.",
            plain,
        )
        _write_row(sheet, 3, HEADER, header)
        sheet.freeze_panes(4, 0)
        for number, line in enumerate(lines, start=4):
            where = line.where or "the whole file"
            consequence = _CONSEQUENCES[line.severity]
            _write_row(
                sheet,
                number,
                (line.source_file, line.outcome, where, line.message, line.remedy, consequence),
                wrapped,
            )


def _write_row(sheet: Worksheet, number: int, texts: Sequence[str], style: Format) -> None:
    for column, text in enumerate(texts):
        # Typed text stays text, also if it begins like a formula.
        sheet.write_string(number, column, text[:MAX_CELL_CHARACTERS], style)
