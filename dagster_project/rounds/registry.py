"""What the seeds say of rounds and committees before a new round is opened. Reads only."""

import csv
import datetime
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.raw.checking import create_models
from dagster_project.raw.tables import create_tables


class RoundError(ValueError):
    """The round cannot be opened or closed as asked. The message says what to do instead."""


@dataclass(frozen=True)
class RegisteredRound:
    """A row of the registry."""

    round_id: str
    title: str
    fieldwork_start: datetime.date
    fieldwork_end: datetime.date
    closed_on: datetime.date | None
    question_set: str


def read_rows(seeds: Path, name: str) -> list[dict[str, str]]:
    """The rows of one seed. Raises `RoundError` where it is missing."""
    try:
        with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    except FileNotFoundError:
        raise RoundError(f"{name}.csv is missing in {seeds}.") from None


def registered(seeds: Path) -> list[RegisteredRound]:
    """All rounds, oldest first. Raises `RoundError` where a date is none."""
    try:
        rounds = [
            RegisteredRound(
                row["round_id"],
                row["title"],
                datetime.date.fromisoformat(row["fieldwork_start"]),
                datetime.date.fromisoformat(row["fieldwork_end"]),
                datetime.date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
                row["question_set"],
            )
            for row in read_rows(seeds, "rounds")
        ]
    except ValueError as error:
        raise RoundError(f"rounds.csv has a date that is none: {error}") from None
    return sorted(rounds, key=lambda one: (one.fieldwork_start, one.round_id))


def known(seeds: Path, round_id: str) -> RegisteredRound:
    """One registered round. Raises `RoundError` where there is no such round."""
    rounds = {one.round_id: one for one in registered(seeds)}
    if round_id not in rounds:
        raise RoundError(f"There is no round '{round_id}'. Known: {', '.join(rounds)}.")
    return rounds[round_id]


def committees_from(seeds: Path, round_id: str, start: datetime.date, end: datetime.date) -> dict[str, str]:
    """Name by id of the committees that would exist in a round not yet registered, by the models' own rule."""
    with duckdb.connect() as connection:
        create_tables(connection)
        create_models(connection, seeds)
        connection.execute(
            "insert into rounds by name select ? as round_id, ? as fieldwork_start, ? as fieldwork_end",
            [round_id, start, end],
        )
        return _committees(connection, round_id)


def committees_of(seeds: Path, round_id: str) -> dict[str, str]:
    """Name by id of the committees that exist in a registered round."""
    with duckdb.connect() as connection:
        create_tables(connection)
        create_models(connection, seeds)
        return _committees(connection, round_id)


def _committees(connection: duckdb.DuckDBPyConnection, round_id: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select committee_id, committee_name from int_committee_rounds where round_id = ? "
            "order by committee_name, committee_id",
            [round_id],
        ).fetchall()
    )


def find(typed: Iterable[str], committees: dict[str, str]) -> list[str]:
    """Ids of committees given by id or name, in any case. Raises `RoundError` with the nearest names."""
    known = {text.casefold(): own for own, name in committees.items() for text in (own, name)}
    found = []
    for text in typed:
        own = known.get(text.strip().casefold())
        if own is None:
            near = difflib.get_close_matches(text.strip().casefold(), known, n=3, cutoff=0.4)
            names = ", ".join(dict.fromkeys(committees[known[one]] for one in near)) or "none"
            raise RoundError(f"There is no committee '{text}' in this round. Nearest: {names}.")
        found.append(own)
    return found
