"""Disclosures that a person has accepted, for example with the consent of the committee."""

import csv
import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home.files import write_atomically
from dagster_project.seeds import read_seed

SEED = "disclosure_acceptances"


@dataclass(frozen=True, order=True)
class Acceptance:
    """Ratings of a round that may become public: of all its questions, or all its committees, where none is named."""

    round_id: str
    question_no: int | None
    committee_id: str | None


def load_acceptances(seeds: Path) -> frozenset[Acceptance]:
    """Load the accepted disclosures of the seed."""
    return frozenset(
        Acceptance(
            row["round_id"],
            int(row["question_no"]) if row["question_no"] else None,
            row["committee_id"] or None,
        )
        for row in read_seed(seeds, SEED)
    )


def record_acceptances(
    seeds: Path, accepted: Iterable[Acceptance], day: datetime.date, role: str, reason: str
) -> None:
    """Add rows to the seed. All other lines keep their bytes. The caller has the writer lock."""
    path = seeds / f"{SEED}.csv"
    text = path.read_bytes().decode()
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = io.StringIO()
    csv.writer(lines, lineterminator=line_end).writerows(
        (one.round_id, one.question_no, one.committee_id, day, role, reason) for one in accepted
    )
    write_atomically(path, (text.rstrip("\r\n") + line_end + lines.getvalue()).encode())
