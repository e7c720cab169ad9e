"""A release in the making: complete but for its site and its manifest, beside the ones that readers see."""

import datetime
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.audit.gate import require_passed
from dagster_project.paths import Home
from dagster_project.release.database import write_database
from dagster_project.release.datadocs import load_results, write_data_docs
from dagster_project.release.marts import Mart, Notice
from dagster_project.release.modeldocs import ModelDoc, write_model_docs
from dagster_project.release.open_data import write_open_data
from dagster_project.release.shelf import next_number

ABOUT = "release.json"

UNVERIFIED = (
    "The ratings are the committees' own view of their work. They have not been verified, and publishing "
    "them does not endorse them."
)
ILLUSTRATIVE = (
    "The returns of round {rounds} are invented to fit the totals that were published in 2017: single "
    "ratings and everything derived from them beyond those totals are illustrative."
)
INVENTED = "The returns of round {rounds} are invented altogether."
PROVISIONAL = (
    "Round {rounds} is not closed: its returns are still being taken in, and its figures are provisional."
)


@dataclass(frozen=True)
class Candidate:
    """What was made, and from which data."""

    release_id: str
    folder: Path
    rows: dict[str, int]
    tokens: dict[str, str]


def candidate_folder(home: Home) -> Path:
    """Where the release in the making stands; on the same file system as the releases."""
    return home.build / "candidate"


def make_candidate(home: Home, marts: tuple[Mart, ...], models: tuple[ModelDoc, ...]) -> Candidate:
    """Make a new candidate from the build, with a page on each of `models`.

    Raises `GateClosed` unless every check passed on it.
    """
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        tokens = require_passed(home, connection)
        rounds = connection.execute(
            """
            select round_id, is_illustrative, is_provisional, returned > 0
            from marts.dim_round inner join marts.mart_coverage using (round_id)
            where consortium_code = 'all'
            order by fieldwork_start, round_id
            """
        ).fetchall()
        claims = connection.execute("select distinct round_id from marts.mart_claim_check").fetchall()
    claimed = {round_id for (round_id,) in claims}
    data_version = tokens["marts"][:8]
    release_id, made = _new_id(home, data_version)
    illustrative = [one[0] for one in rounds if one[1]]
    provisional = [one[0] for one in rounds if one[2]]
    # A round that nobody has answered yet is not what pages are about.
    latest = [one[0] for one in rounds if one[3]][-1]
    text = UNVERIFIED
    fitted = [one for one in illustrative if one in claimed]
    invented = [one for one in illustrative if one not in claimed]
    for caveat, which in ((ILLUSTRATIVE, fitted), (INVENTED, invented), (PROVISIONAL, provisional)):
        if which:
            text += " " + caveat.format(rounds=", ".join(which))
    notice = Notice(
        text,
        release_id,
        made.isoformat().replace("+00:00", "Z"),
        data_version,
        tuple(one[0] for one in rounds),
    )

    folder = candidate_folder(home)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = write_database(home.build_database, folder, marts, notice)
    write_open_data(folder, marts, notice)
    write_data_docs(folder, load_results(home), notice)
    write_model_docs(folder, models, notice)
    about = {
        "release_id": release_id,
        "number": next_number(home),
        "made_at": notice.made_at,
        "caveat": text,
        "rounds": [one[0] for one in rounds],
        "provisional_rounds": provisional,
        "latest_round": latest,
        "is_illustrative": bool(illustrative),
        "tokens": tokens,
        "tables": [_described(mart, rows) for mart in marts if mart.audience == "public"],
        "analyst_tables": [_described(mart, rows) for mart in marts if mart.audience == "analyst"],
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n")
    return Candidate(release_id, folder, rows, tokens)


def _new_id(home: Home, data_version: str) -> tuple[str, datetime.datetime]:
    """An id that no release has, and the time in it: now, unless the clock was put back to one that was used."""
    made = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    while (home.releases / (release_id := f"{made:%Y%m%dT%H%M%SZ}-{data_version}")).exists():
        made += datetime.timedelta(seconds=1)
    return release_id, made


def _described(mart: Mart, rows: dict[str, int]) -> dict[str, object]:
    return {"name": mart.name, "rows": rows[mart.name], "description": mart.description}
