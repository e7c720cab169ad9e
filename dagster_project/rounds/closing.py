"""Close a round, and open a closed one again with a recorded decision."""

import csv
import datetime
import io

from dagster_project.home.files import write_atomically
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.rounds.registry import RoundError, find_round
from dagster_project.rounds.seed_changes import append_rows
from dagster_project.seeds import read_seed

REOPENINGS = "round_reopenings"


def close_round(home: Home, round_id: str, closed_on: datetime.date) -> None:
    """Write the closing day of a round into the registry: from then on its figures are final.

    Raises `RoundError` if there is no such round, it is closed already, or the day is before its fieldwork or in the
    future, and `RunInProgress` during a run.
    """
    with only_writer(home):
        found = find_round(home.seeds, round_id)
        if found.closed_on:
            raise RoundError(
                f"Round {round_id} was closed on {found.closed_on}. To revise its figures, open it again: "
                f"`selfeval round reopen {round_id}`."
            )
        if closed_on < found.fieldwork_start:
            raise RoundError(f"Round {round_id} begins on {found.fieldwork_start}, after {closed_on}.")
        if closed_on > datetime.date.today():
            raise RoundError(f"{closed_on} is in the future. A round is closed on the day or afterwards.")
        _write_closing_day(home, round_id, closed_on)


def reopen_round(home: Home, round_id: str, reason: str, role: str) -> None:
    """Record the decision to open a closed round again, and remove its closing day from the registry.

    Raises `RoundError` if there is no such round, it is open, or the reason or the role is missing, and
    `RunInProgress` during a run.
    """
    reason, role = (" ".join(text.split()) for text in (reason, role))
    if not reason:
        raise RoundError("Give a reason that can be published: --reason.")
    if not role:
        raise RoundError("Give the role of the person who decides, not a name: --role.")
    with only_writer(home):
        if not find_round(home.seeds, round_id).closed_on:
            raise RoundError(f"Round {round_id} is open.")
        row = {
            "round_id": round_id,
            "reopened_on": datetime.date.today().isoformat(),
            "reason": reason,
            "decided_by_role": role,
        }
        # The record first: a round that is open without one stops the release.
        text = append_rows(home.seeds, REOPENINGS, [row])
        write_atomically(home.seeds / f"{REOPENINGS}.csv", text.encode())
        _write_closing_day(home, round_id, None)


def _write_closing_day(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    rows = read_seed(home.seeds, "rounds")
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if row["round_id"] == round_id:
            row["closed_on"] = closed_on.isoformat() if closed_on else ""
        writer.writerow(row)
    write_atomically(home.seeds / "rounds.csv", output.getvalue().encode())
