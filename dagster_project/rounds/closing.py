"""Close a round: from the closing day on its figures are no longer provisional."""

import csv
import datetime
import io

from dagster_project.home.files import write_atomically
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.rounds.registry import RoundError, find_round
from dagster_project.seeds import read_seed


def close_round(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    """Write the closing day of a round into the registry, or remove it if `closed_on` is none.

    Raises `RoundError` if there is no such round or it begins after that day, and `RunInProgress` during a run.
    """
    with only_writer(home):
        _close_round(home, round_id, closed_on)


def _close_round(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    start = find_round(home.seeds, round_id).fieldwork_start
    if closed_on and closed_on < start:
        raise RoundError(f"Round {round_id} begins on {start}, after {closed_on}.")
    rows = read_seed(home.seeds, "rounds")
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if row["round_id"] == round_id:
            row["closed_on"] = closed_on.isoformat() if closed_on else ""
        writer.writerow(row)
    write_atomically(home.seeds / "rounds.csv", output.getvalue().encode())
