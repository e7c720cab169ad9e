"""Purge a closed round: remove what its committees typed, and keep what its published figures are made of.

The round is purged in a trial home first. Only if a run there publishes the same figures, the home is changed.
"""

import csv
import datetime
import io
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.audit.register import get_register_path
from dagster_project.home.files import prepare_home, write_atomically
from dagster_project.paths import Home
from dagster_project.raw.purged import export_purged, list_purged
from dagster_project.release.catalog import ReleaseError, read_manifest
from dagster_project.rounds.registry import RoundError, find_round
from dagster_project.rounds.seed_changes import append_rows
from dagster_project.seeds import read_seed

PURGES = "round_purges"
CODES = "comment_codes"

TRIAL = "trial"
"""Folder of the trial home, in the build."""

OF_FINDINGS = frozenset(
    {"mart_data_quality", "mart_data_quality_summary", "mart_decision_effect", "mart_decision_effect_public"}
)
"""Tables that may differ afterwards: ids of findings are hashes of texts, and some findings are about words alone."""

_FINDINGS = "select finding_id from marts.mart_data_quality where round_id = ? order by finding_id"
_CODES = """
select committee_id, question_no, comment_hash from intermediate.int_comment_codes where round_id = ?
"""


@dataclass(frozen=True)
class Trial:
    """A home in which a round is purged. `before` and `codes_before` are the findings and codes of the real build."""

    home: Home
    round_id: str
    before: list[str]
    codes_before: Mapping[tuple[str, int], str]


def prepare_trial(home: Home, round_id: str) -> Trial:
    """Create a trial home without the round's texts. Only for the holder of the writer lock.

    Raises `RoundError` if the round is open, was purged, or was not published as it is now.
    """
    if not find_round(home.seeds, round_id).closed_on:
        raise RoundError(f"Round {round_id} is open. Close it first: `selfeval round close {round_id}`.")
    if round_id in list_purged(home):
        raise RoundError(f"Round {round_id} was purged before.")
    published = home.published.resolve()
    discard_trial(home)
    trial = Home(home.build / TRIAL)
    try:
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            if read_manifest(published).get("tokens") != require_passed(home, connection):
                raise GateClosed("The build is not the published release.")
            export_purged(connection, round_id, trial.purged / round_id)
            before = [name for (name,) in connection.execute(_FINDINGS, [round_id]).fetchall()]
            codes = _read_codes(connection, round_id)
    except (duckdb.Error, ReleaseError, GateClosed):
        raise RoundError("Only what is published can be purged. First run `selfeval run --force`.") from None
    shutil.copytree(home.seeds, trial.seeds)
    for one in list_purged(home):
        shutil.copytree(home.purged / one, trial.purged / one)
    for folder in home.returns.iterdir():
        if folder.name != round_id and folder.is_dir():
            trial.returns.mkdir(parents=True, exist_ok=True)
            (trial.returns / folder.name).symlink_to(folder)
    trial.releases.mkdir(parents=True)
    (trial.releases / published.name).symlink_to(published)
    trial.published.symlink_to(Path("releases") / published.name)
    prepare_home(trial)
    return Trial(trial, round_id, before, codes)


def rename_findings(trial: Trial) -> None:
    """Let the decisions and codes of the trial name the findings and comments as they are without texts."""
    with duckdb.connect(str(trial.home.build_database), read_only=True) as connection:
        after = [name for (name,) in connection.execute(_FINDINGS, [trial.round_id]).fetchall()]
        codes = _read_codes(connection, trial.round_id)
    renamed = _match_findings(trial.before, after)
    rows = read_seed(trial.home.seeds, "decisions")
    path = get_register_path(trial.home)
    known = set(trial.before)
    # A finding of words that are gone needs no decision: the release before has both.
    kept = [row for row in rows if row["finding_id"] not in known or row["finding_id"] in renamed]
    changed = [row | {"finding_id": renamed.get(row["finding_id"], row["finding_id"])} for row in kept]
    _write_rows(path, rows[:1], changed)
    of_comments = read_seed(trial.home.seeds, CODES)
    recoded = []
    for row in of_comments:
        key = row["committee_id"], int(row["question_no"])
        is_current = row["round_id"] == trial.round_id and trial.codes_before.get(key) == row["comment_hash"]
        recoded.append(row | {"comment_hash": codes[key]} if is_current else row)
    _write_rows(trial.home.seeds / f"{CODES}.csv", of_comments[:1], recoded)


def list_differences(report: Mapping[str, Any]) -> list[str]:
    """Return the figures that a trial would change, as sentences, or why it published nothing."""
    if not report["release_id"]:
        return [*report["errors"], *report["checks_failed"]] or ["The trial published nothing."]
    revision = report["revision"] or {"returns": [], "ranks": [], "tables": []}
    return [
        *(f"the return of {one['committee_id']} is {one['change']}" for one in revision["returns"]),
        *(f"the rank of question {one['question_no']} changes" for one in revision["ranks"]),
        *(f"rows of {one['table']} change" for one in revision["tables"] if one["table"] not in OF_FINDINGS),
    ]


def discard_trial(home: Home) -> None:
    """Delete the trial home: it has a build with the comments of other rounds."""
    shutil.rmtree(home.build / TRIAL, ignore_errors=True)


def finish_purge(home: Home, trial: Trial, reason: str, role: str) -> int:
    """Apply the trial to the home, record the purge, and delete the texts. Returns the number of deleted files."""
    row = {
        "round_id": trial.round_id,
        "purged_on": datetime.date.today().isoformat(),
        "reason": reason,
        "decided_by_role": role,
    }
    text = append_rows(home.seeds, PURGES, [row])
    home.purged.mkdir(mode=0o700, exist_ok=True)
    (trial.home.purged / trial.round_id).rename(home.purged / trial.round_id)
    for name in ("decisions", CODES):
        write_atomically(home.seeds / f"{name}.csv", (trial.home.seeds / f"{name}.csv").read_bytes())
    write_atomically(home.seeds / f"{PURGES}.csv", text.encode())
    returns = home.returns / trial.round_id
    count = sum(len(files) for _, _, files in os.walk(returns))
    shutil.rmtree(returns)
    returns.mkdir(mode=0o700)
    # A database keeps deleted rows in its free blocks. The next run makes the build again.
    for path in (home.build_database, home.build_database.with_suffix(".duckdb.wal")):
        path.unlink(missing_ok=True)
    for folder in (home.spool, home.feedback):
        shutil.rmtree(folder, ignore_errors=True)
    return count


def _match_findings(before: list[str], after: list[str]) -> dict[str, str]:
    """Return the new id of each finding that is still there: the same check, round and subject."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for one in after:
        groups[one.rpartition(":")[0]].append(one)
    matched = {}
    for one in before:
        if candidates := groups[one.rpartition(":")[0]]:
            matched[one] = one if one in candidates else candidates[0]
            candidates.remove(matched[one])
    return matched


def _read_codes(connection: duckdb.DuckDBPyConnection, round_id: str) -> dict[tuple[str, int], str]:
    rows = connection.execute(_CODES, [round_id]).fetchall()
    return {(committee, question): code for committee, question, code in rows}


def _write_rows(path: Path, header: list[dict[str, str]], rows: list[dict[str, str]]) -> None:
    if not header:
        return
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, list(header[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomically(path, output.getvalue().encode())


def read_report(printed: str) -> Mapping[str, Any]:
    """Read what `selfeval run --json` printed. Raises `RoundError` if it is not a report."""
    try:
        report: Mapping[str, Any] = json.loads(printed)
    except ValueError:
        raise RoundError("The trial run ended with an error. Nothing has changed.") from None
    return report
