"""The registry of rounds, as the seeds hold it."""

import csv
from dataclasses import dataclass
from pathlib import Path

from dagster_project.questionnaire.definition import QuestionnaireError


@dataclass(frozen=True)
class Round:
    """A round: its id is the name of its folder, its question set is what its template asks."""

    round_id: str
    title: str
    question_set: str


def load_rounds(seeds: Path) -> tuple[Round, ...]:
    """All rounds, oldest first. Raises `QuestionnaireError` where there is no registry or no round."""
    path = seeds / "rounds.csv"
    if not path.is_file():
        raise QuestionnaireError(f"rounds.csv is missing in {seeds}.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["fieldwork_start"])
    if not rows:
        raise QuestionnaireError("rounds.csv has no round.")
    return tuple(Round(row["round_id"], row["title"], row["question_set"]) for row in rows)
