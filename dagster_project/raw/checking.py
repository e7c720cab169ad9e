"""Read and judge returns without loading them: the work of `selfeval check`.

The judgement is the models' own SQL in a database in memory, over the seeds of the home.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home.entries import escape_name, get_size
from dagster_project.intake.folder import is_ignored
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import load_template
from dagster_project.paths import Home
from dagster_project.raw.models import create_models
from dagster_project.raw.spool import Spool
from dagster_project.raw.tables import create_tables
from dagster_project.seeds import Round

_PROBLEMS = """
select source_file, sheet, cell, problem_code, problem_severity, message, remedy
from int_problems
order by
    array_position(['reject_return', 'reject_answer', 'leaves_blank', 'inform'], problem_severity),
    sheet, length(cell), cell, problem_code, length(message), message
"""
_FILES = """
select
    files.source_file as file,
    committee_name as committee,
    files.received_on::varchar as received_on,
    template_version,
    files.size_bytes,
    files.sha256,
    reader_version,
    count(readings.question_no) as answers,
    count(readings.reported_rating) as ratings
from stg_return_files as files
left join int_returns as returns using (round_id, source_file)
left join int_committee_rounds using (round_id, committee_id)
left join int_rating_readings as readings using (round_id, source_file)
group by all
"""


@dataclass(frozen=True)
class FoundProblem:
    """One problem, with the place and the remedy that its sender needs."""

    sheet: str
    cell: str
    code: str
    severity: str
    message: str
    remedy: str


@dataclass(frozen=True)
class CheckedFile:
    """The outcome for a file, as if it were its committee's only one: `read`, `rejected` or `ignored`."""

    file: str
    outcome: str
    committee: str | None = None
    received_on: str | None = None
    template_version: str | None = None
    size_bytes: int = 0
    sha256: str | None = None
    reader_version: str | None = None
    answers: int = 0
    ratings: int = 0
    problems: tuple[FoundProblem, ...] = ()


def check_files(home: Home, files: Sequence[Path], round_: Round) -> list[CheckedFile]:
    """Read and judge files, in the order given. Never raises for the content of a file.

    Raises: `SeedError` or `duckdb.Error` where the seeds are incomplete.
    """
    template = load_template(home.seeds, round_.question_set)
    # A number, because two folders can have files of one name, and a folder's name could name a committee.
    returns = {
        f"{number}/{escape_name(path.name)}": path
        for number, path in enumerate(files)
        if not is_ignored(path)
    }
    with duckdb.connect() as connection:
        create_tables(connection)
        with (
            ReaderPool(template, len(returns)) as pool,
            Spool(connection, round_.round_id, "check") as spool,
        ):
            lines = pool.read(returns.items())
            create_models(connection, home.seeds)
            for line in lines:
                spool.add(line)
        results = _query_results(connection)
    checked = {path: results[name] for name, path in returns.items()}
    return [
        replace(
            checked.get(path) or CheckedFile("", "ignored", size_bytes=get_size(path)),
            file=escape_name(str(path)),
        )
        for path in files
    ]


def _query_results(connection: duckdb.DuckDBPyConnection) -> dict[str, CheckedFile]:
    """Query the outcome of each file, by stored name."""
    problems: defaultdict[str, list[FoundProblem]] = defaultdict(list)
    for name, *values in connection.execute(_PROBLEMS).fetchall():
        problems[name].append(FoundProblem(*values))
    cursor = connection.execute(_FILES)
    columns = [column[0] for column in cursor.description or ()]
    results = {}
    for row in cursor.fetchall():
        fields: dict[str, Any] = dict(zip(columns, row, strict=True))
        found = tuple(problems[fields["file"]])
        is_rejected = any(problem.severity == "reject_return" for problem in found)
        outcome = "rejected" if is_rejected else "read"
        results[fields["file"]] = CheckedFile(**fields, outcome=outcome, problems=found)
    return results
