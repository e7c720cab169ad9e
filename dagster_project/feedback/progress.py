"""The progress of each round: who has answered and what has to be fixed. For the group's office, never in a release."""

import datetime
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader

from dagster_project.paths import Home

PAGE = "round.html"

SENDERS = """
with

problems as (

    select
        outcomes.committee_id,
        concat(
            problems.source_file,
            case when problems.sheet || problems.cell <> '' then ', ' end,
            trim(problems.sheet || ' ' || problems.cell),
            ': ', problems.message, ' ', problems.remedy
        ) as text
    from intermediate.int_problems as problems
    inner join intermediate.int_file_outcomes as outcomes using (round_id, source_file)
    where
        problems.round_id = $round_id
        and outcomes.outcome <> 'superseded'
        and problems.problem_severity in ('reject_return', 'reject_answer')

),

open_findings as (

    select
        committee_id,
        concat(title, ': ', detail, ' ', how_to_mend) as text
    from marts.mart_data_quality
    where
        round_id = $round_id
        and finding_status = 'open'
        -- Their problems are listed already.
        and "check" not in ('rejected_file', 'rejected_answer')

),

texts_to_fix as (

    select
        committee_id,
        list(distinct text order by text) as texts
    from (from problems union all from open_findings)
    group by committee_id

)

select
    committees.committee_name,
    consortia.consortium_name,
    case when contents.is_empty then 'blank' else returns.return_status end as return_status,
    returns.received_on,
    returns.source_file,
    returns.blank_ratings,
    files.completed_by_role_typed,
    files.agencies_consulted_typed,
    coalesce(texts_to_fix.texts, []) as texts
from marts.fct_return as returns
inner join marts.dim_committee_round as committees using (round_id, committee_id)
inner join marts.dim_consortium as consortia using (consortium_code)
left join staging.stg_return_files as files using (round_id, source_file)
left join intermediate.int_return_contents as contents using (round_id, source_file)
left join texts_to_fix using (committee_id)
where returns.round_id = $round_id
order by
    texts_to_fix.texts is null,
    array_position(['rejected', 'blank', 'not_returned', 'returned'], return_status),
    committees.committee_name,
    returns.committee_id
"""

UNASSIGNED = """
with

rejected_files as (

    select concat(problems.source_file, ': ', problems.message, ' ', problems.remedy) as text
    from intermediate.int_problems as problems
    inner join intermediate.int_file_outcomes as outcomes using (round_id, source_file)
    left join marts.fct_return as returns
        on outcomes.round_id = returns.round_id and outcomes.committee_id = returns.committee_id
    where
        problems.round_id = $round_id
        and outcomes.outcome = 'rejected'
        and returns.committee_id is null
        and problems.problem_severity in ('reject_return', 'reject_answer')

),

open_findings as (

    select concat(title, ': ', detail, ' ', how_to_mend) as text
    from marts.mart_data_quality
    where
        round_id = $round_id
        and finding_status = 'open'
        and committee_id is null
        -- Its problems are listed already.
        and "check" <> 'rejected_file'

)

from rejected_files
union
from open_findings
order by text
"""


@dataclass(frozen=True)
class Sender:
    """One invited committee. `to_fix` are its problems and its open findings, as sentences."""

    committee_name: str
    consortium_name: str
    return_status: str
    received_on: datetime.date | None
    source_file: str | None
    blank_ratings: int | None
    completed_by_role: str | None
    agencies_consulted: str | None
    to_fix: Sequence[str]


@dataclass(frozen=True)
class Progress:
    """A round in the last build. `unassigned` are problems and open findings of no invited committee."""

    round_id: str
    title: str
    fieldwork_end: datetime.date
    closed_on: datetime.date | None
    senders: tuple[Sender, ...]
    unassigned: tuple[str, ...]

    @property
    def returned(self) -> int:
        """Number of committees with a return that has an answer."""
        return sum(one.return_status == "returned" for one in self.senders)

    @property
    def to_fix(self) -> tuple[Sender, ...]:
        """Committees that have something to fix."""
        return tuple(one for one in self.senders if one.to_fix)

    def to_dict(self) -> dict[str, Any]:
        """Return the progress as values for JSON."""
        return asdict(self) | {"invited": len(self.senders), "returned": self.returned}


def read_progress(connection: duckdb.DuckDBPyConnection) -> list[Progress]:
    """Read the progress of every round of a build, oldest round first."""
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
            tuple(Sender(*row) for row in _query_rows(connection, SENDERS, round_id)),
            tuple(text for (text,) in _query_rows(connection, UNASSIGNED, round_id)),
        )
        for round_id, title, fieldwork_end, closed_on in rounds
    ]


def write_progress(home: Home) -> list[Path]:
    """Write a page for every round into the folder of its feedback. Restricted: it repeats typed text."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        rounds = read_progress(connection)
    environment = Environment(loader=PackageLoader("dagster_project.feedback", "."), autoescape=True)
    template = environment.get_template(PAGE)
    written = []
    for one in rounds:
        path = home.feedback / one.round_id / PAGE
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(template.render(round=one), encoding="utf-8")
        written.append(path)
    return written


def _query_rows(connection: duckdb.DuckDBPyConnection, query: str, round_id: str) -> list[tuple[Any, ...]]:
    return connection.execute(query, {"round_id": round_id}).fetchall()
