"""The day on which a round was closed: from then on its figures are no longer provisional."""

import csv
import datetime
import io

from dagster_project.home.lock import only_writer
from dagster_project.paths import Home, write_whole
from dagster_project.rounds.registry import RoundError, known, read_rows


def close_round(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    """Write the day on which a round was closed into the registry, or take it out again.

    Raises `RoundError` where there is no such round, or it had not begun on that day, `RunInProgress` where a
    run is at work.
    """
    with only_writer(home):
        _close(home, round_id, closed_on)


def _close(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    start = known(home.seeds, round_id).fieldwork_start
    if closed_on and closed_on < start:
        raise RoundError(f"Round {round_id} begins on {start}, after {closed_on}.")
    rows = read_rows(home.seeds, "rounds")
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if row["round_id"] == round_id:
            row["closed_on"] = closed_on.isoformat() if closed_on else ""
        writer.writerow(row)
    write_whole(home.seeds / "rounds.csv", file.getvalue().encode())
