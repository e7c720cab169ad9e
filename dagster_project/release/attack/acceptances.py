"""Disclosures that a person has accepted, for example with the consent of the committee."""

from pathlib import Path
from typing import NamedTuple

from dagster_project.seeds import read_seed

SEED = "disclosure_acceptances"


class Acceptance(NamedTuple):
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
