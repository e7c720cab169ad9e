"""Rounds and committees as the seeds define them. Reads only."""

import datetime
import difflib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from dagster_project.raw.models import create_models
from dagster_project.raw.tables import create_tables
from dagster_project.seeds import Round, load_rounds, read_seed


class RoundError(ValueError):
    """The round cannot be opened or closed as requested. The message says what to do instead."""


def find_round(seeds: Path, round_id: str) -> Round:
    """Return one registered round. Raises `RoundError` if there is no such round."""
    rounds = {one.round_id: one for one in load_rounds(seeds)}
    if round_id not in rounds:
        raise RoundError(f"There is no round '{round_id}'. The rounds are: {', '.join(rounds)}.")
    return rounds[round_id]


def list_invited(seeds: Path, round_id: str) -> dict[str, str]:
    """Return the name by id of the committees that are invited to a registered round."""
    invited = {row["committee_id"] for row in read_seed(seeds, "invitations") if row["round_id"] == round_id}
    with duckdb.connect() as connection:
        create_tables(connection)
        create_models(connection, seeds)
        committees = _query_committees(connection, round_id)
    return {own: name for own, name in committees.items() if own in invited}


def list_committees_of_new_round(
    seeds: Path, round_id: str, start: datetime.date, end: datetime.date
) -> dict[str, str]:
    """Return the name by id of the committees that would exist in a new round, by the rule of the models."""
    with duckdb.connect() as connection:
        create_tables(connection)
        create_models(connection, seeds)
        connection.execute(
            "insert into rounds by name select ? as round_id, ? as fieldwork_start, ? as fieldwork_end",
            [round_id, start, end],
        )
        return _query_committees(connection, round_id)


def find_committee_ids(names: Iterable[str], committees: dict[str, str]) -> list[str]:
    """Return the ids of committees given by id or name, in any case. Raises `RoundError` with similar names."""
    ids = {text.casefold(): own for own, name in committees.items() for text in (own, name)}
    found = []
    for name in names:
        committee_id = ids.get(name.strip().casefold())
        if committee_id is None:
            similar = difflib.get_close_matches(name.strip().casefold(), ids, n=3, cutoff=0.4)
            similar_names = ", ".join(dict.fromkeys(committees[ids[text]] for text in similar)) or "none"
            raise RoundError(f"There is no committee '{name}' in this round. Similar names: {similar_names}.")
        found.append(committee_id)
    return found


def _query_committees(connection: duckdb.DuckDBPyConnection, round_id: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "select committee_id, committee_name from int_committee_rounds where round_id = ? "
            "order by committee_name, committee_id",
            [round_id],
        ).fetchall()
    )
