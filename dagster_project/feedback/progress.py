"""Progress of a round: who has answered, what to fix. A page for the group's office, never part of a release."""

import datetime
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader

from dagster_project.paths import Home

PAGE = "round.html"


@dataclass(frozen=True)
class Sender:
    """One invited committee. `to_fix` are its problems and its findings without a decision, in words."""

    committee_name: str
    consortium_name: str
    return_status: str
    received_on: datetime.date | None
    source_file: str | None
    blank_ratings: int | None
    completed_by_role: str | None
    agencies_consulted: str | None
    to_fix: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """A round as the last build saw it. `unassigned` are files of nobody, and why."""

    round_id: str
    title: str
    fieldwork_end: datetime.date
    closed_on: datetime.date | None
    senders: tuple[Sender, ...]
    unassigned: tuple[str, ...]

    @property
    def returned(self) -> int:
        """Committees with an accepted return."""
        return sum(one.return_status == "returned" for one in self.senders)

    @property
    def to_fix(self) -> tuple[Sender, ...]:
        """Committees with something to fix."""
        return tuple(one for one in self.senders if one.to_fix)

    def as_json(self) -> dict[str, Any]:
        """For a program to read."""
        return asdict(self) | {"invited": len(self.senders), "returned": self.returned}


def read_progress(connection: duckdb.DuckDBPyConnection) -> list[Progress]:
    """Every round of a build, oldest first."""
    rounds = connection.execute(
        "select round_id, title, fieldwork_end, closed_on from marts.dim_round "
        "order by fieldwork_start, round_id"
    ).fetchall()
    return [
        Progress(
            round_id,
            title,
            fieldwork_end,
            closed_on,
            tuple(_sender(row) for row in _rows(connection, _SENDERS, round_id)),
            tuple(text for (text,) in _rows(connection, _UNASSIGNED, round_id)),
        )
        for round_id, title, fieldwork_end, closed_on in rounds
    ]


def write_progress(home: Home) -> list[Path]:
    """Write a page for every round into the folder of its feedback. Restricted: it repeats typed text."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        rounds = read_progress(connection)
    template = Environment(
        loader=PackageLoader("dagster_project.feedback", "."), autoescape=True
    ).get_template(PAGE)
    written = []
    for one in rounds:
        path = home.feedback / one.round_id / PAGE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.render(round=one), encoding="utf-8")
        written.append(path)
    return written


def _sender(row: tuple[Any, ...]) -> Sender:
    return Sender(*row[:8], tuple(row[8]))  # type: ignore[call-arg]  # as many as the query has columns


def _rows(connection: duckdb.DuckDBPyConnection, query: str, round_id: str) -> list[tuple[Any, ...]]:
    return connection.execute(query, {"round_id": round_id}).fetchall()


_SENDERS = """
with to_fix as (
    select
        outcomes.committee_id,
        problems.source_file || case when problems.sheet || problems.cell = '' then ''
            else ', ' || trim(problems.sheet || ' ' || problems.cell) end
        || ': ' || problems.message || ' ' || problems.remedy as text
    from intermediate.int_problems as problems
    inner join intermediate.int_file_outcomes as outcomes using (round_id, source_file)
    where
        problems.round_id = $round_id and outcomes.outcome <> 'superseded'
        and problems.problem_severity <> 'inform'
    union
    select committee_id, title || ': ' || detail || ' ' || how_to_mend as text
    from marts.mart_data_quality
    where round_id = $round_id and finding_status = 'open'
), gathered as (
    select committee_id, list(text order by text) as texts from to_fix group by committee_id
)
select
    committees.committee_name, consortia.consortium_name, returns.return_status, returns.received_on,
    returns.source_file, returns.blank_ratings, files.completed_by_role_typed, files.agencies_consulted_typed,
    coalesce(gathered.texts, [])
from marts.fct_return as returns
inner join marts.dim_committee_round as committees using (round_id, committee_id)
inner join marts.dim_consortium as consortia using (consortium_code)
left join staging.stg_return_files as files using (round_id, source_file)
left join gathered using (committee_id)
where returns.round_id = $round_id
order by
    gathered.texts is null, array_position(['rejected', 'not_returned', 'returned'], returns.return_status),
    committees.committee_name, returns.committee_id
"""

_UNASSIGNED = """
select text from (
    select problems.source_file || ': ' || problems.message || ' ' || problems.remedy as text
    from intermediate.int_problems as problems
    inner join intermediate.int_file_outcomes as outcomes using (round_id, source_file)
    left join marts.fct_return as returns
        on outcomes.round_id = returns.round_id and outcomes.committee_id = returns.committee_id
    where
        problems.round_id = $round_id and outcomes.outcome = 'rejected' and returns.committee_id is null
        and problems.problem_severity <> 'inform'
    union
    select title || ': ' || detail || ' ' || how_to_mend as text
    from marts.mart_data_quality
    where round_id = $round_id and finding_status = 'open' and committee_id is null
)
order by text
"""
