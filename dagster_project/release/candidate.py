"""The candidate: a new release, complete except for its site and its manifest, which readers cannot see yet."""

import datetime
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.paths import Home
from dagster_project.release.catalog import ReleaseError, find_next_number
from dagster_project.release.database import write_database
from dagster_project.release.datadocs import load_results, write_data_docs
from dagster_project.release.marts import Mart, Notice, select_analyst, select_public
from dagster_project.release.modeldocs import ModelDoc, write_model_docs
from dagster_project.release.open_data import write_open_data
from dagster_project.release.revisions import compare_build

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
PROVISIONAL = "Round {rounds} is not closed: it still accepts returns, and its figures are provisional."
OPEN = "Round {rounds} still accepts returns. Its ratings are published when it is closed."
FEW = "Too few committees answered round {rounds} for its ratings to be published."


class Round(NamedTuple):
    """A round of the build. `has_claims`: statements of the report are about it.

    `withheld_because` is the reason why its ratings are not public, or None if they are.
    """

    round_id: str
    is_illustrative: bool
    is_provisional: bool
    has_returns: bool
    has_claims: bool
    withheld_because: str | None


@dataclass(frozen=True)
class Candidate:
    """The result of making a candidate. `rows` are the rows of each table."""

    release_id: str
    folder: Path
    rows: dict[str, int]
    tokens: dict[str, str]


def get_candidate_folder(home: Home) -> Path:
    """Return the folder of the candidate, on the same file system as the releases."""
    return home.build / "candidate"


def require_candidate(home: Home) -> Path:
    """Return the folder of the candidate. Raises `ReleaseError` if none was made since the last release."""
    folder = get_candidate_folder(home)
    if not (folder / ABOUT).is_file():
        raise ReleaseError("There is no candidate to publish. Run the whole job: `selfeval run`.")
    return folder


def make_candidate(home: Home, marts: tuple[Mart, ...], models: tuple[ModelDoc, ...]) -> Candidate:
    """Make a new candidate from the build, with pages on `models`.

    Raises `GateClosed` unless every check passed on the build, and where no return is left.
    """
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        tokens = require_passed(home, connection)
        rounds = _load_rounds(connection)
    if not any(one.has_returns for one in rounds):
        raise GateClosed(
            "Nothing was released.\n"
            "- Decisions set every return aside. Change one in dbt/seeds/decisions.csv, or add a return."
        )
    revision = compare_build(home)
    withheld = [one.round_id for one in rounds if one.withheld_because]
    data_version = tokens["marts"][:8]
    release_id, made_at = create_release_id(home, data_version)
    notice = Notice(
        _format_caveat(rounds),
        release_id,
        made_at.isoformat().replace("+00:00", "Z"),
        data_version,
        tuple(one.round_id for one in rounds),
    )
    folder = get_candidate_folder(home)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    rows = write_database(home.build_database, folder, marts, notice)
    public_rows = write_open_data(folder, marts, notice)
    write_data_docs(folder, load_results(home), notice)
    write_model_docs(folder, models, notice)
    about = {
        "release_id": release_id,
        "number": find_next_number(home),
        "made_at": notice.made_at,
        "revision": revision.to_public_dict(withheld) if revision else {},
        "caveat": notice.text,
        "rounds": list(notice.rounds),
        "provisional_rounds": [
            one.round_id for one in rounds if one.is_provisional and one.round_id not in withheld
        ],
        "withheld_rounds": withheld,
        "open_rounds": [one.round_id for one in rounds if one.withheld_because == "round_open"],
        "latest_round": _choose_latest(rounds).round_id,
        "is_illustrative": any(one.is_illustrative for one in rounds),
        "tokens": tokens,
        "tables": [
            _describe_mart(name, mart, public_rows[name]) for name, mart in select_public(marts).items()
        ],
        "analyst_tables": [
            _describe_mart(mart.name, mart, rows[mart.name]) for mart in select_analyst(marts)
        ],
    }
    (folder / ABOUT).write_text(json.dumps(about, indent=2) + "\n")
    return Candidate(release_id, folder, rows, tokens)


def create_release_id(home: Home, data_version: str) -> tuple[str, datetime.datetime]:
    """Return a new id and the time in it: now, or later if the clock was put back and the id exists."""
    made_at = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    while (home.releases / (release_id := f"{made_at:%Y%m%dT%H%M%SZ}-{data_version}")).exists():
        made_at += datetime.timedelta(seconds=1)
    return release_id, made_at


def _load_rounds(connection: duckdb.DuckDBPyConnection) -> list[Round]:
    rows = connection.execute(
        """
        select
            round_id, is_illustrative, is_provisional, returned > 0,
            round_id in (select round_id from marts.mart_claim_check), ratings_withheld_because
        from marts.dim_round
        inner join marts.mart_coverage using (round_id)
        inner join marts.mart_suppression using (round_id)
        where consortium_code = 'all'
        order by fieldwork_start, round_id
        """
    ).fetchall()
    return [Round(*row) for row in rows]


def _format_caveat(rounds: Sequence[Round]) -> str:
    concerned = {
        ILLUSTRATIVE: [one.round_id for one in rounds if one.is_illustrative and one.has_claims],
        INVENTED: [one.round_id for one in rounds if one.is_illustrative and not one.has_claims],
        PROVISIONAL: [one.round_id for one in rounds if one.is_provisional and not one.withheld_because],
        OPEN: [one.round_id for one in rounds if one.withheld_because == "round_open"],
        FEW: [one.round_id for one in rounds if one.withheld_because == "few_returns"],
    }
    caveats = [text.format(rounds=", ".join(ids)) for text, ids in concerned.items() if ids]
    return " ".join([UNVERIFIED, *caveats])


def _choose_latest(rounds: Sequence[Round]) -> Round:
    """Choose the round that the pages are about: the latest whose ratings are public, or the latest with returns."""
    answered = [one for one in rounds if one.has_returns]
    return ([one for one in answered if not one.withheld_because] or answered)[-1]


def _describe_mart(name: str, mart: Mart, rows: int) -> dict[str, object]:
    return {"name": name, "rows": rows, "description": mart.description}
