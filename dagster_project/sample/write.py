"""Writes an invented round: the returns as files, and the estimates of its blanks."""

import csv
from pathlib import Path

from dagster_project.questionnaire.document import write_document
from dagster_project.questionnaire.workbook import write_workbook
from dagster_project.sample.round import SampleRound

ESTIMATES = Path(__file__).with_name("estimates.csv")
RETURN_SUFFIXES = frozenset({".xlsx", ".docx"})


def write_returns(sample: SampleRound, folder: Path) -> list[Path]:
    """Write one file per return and remove returns of an earlier generation; return the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in sample.returns:
        path = folder / one.file_name
        write = write_document if one.is_document else write_workbook
        write(sample.questionnaire, sample.title, path, one.filled)
        written.append(path)
    for path in folder.iterdir():
        if path.suffix in RETURN_SUFFIXES and path not in written:
            path.unlink()
    return written


def write_estimates(sample: SampleRound, path: Path) -> None:
    """Write what each blank is estimated as and why: one row per committee and question."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["round_id", "committee_id", "question_no", "rating", "reason"])
        for committee_id, question in sorted(sample.ratings.blank):
            place = (committee_id, question)
            rating, reason = sample.ratings.rating[place], sample.comments.reasons[place]
            writer.writerow([sample.round_id, committee_id, question, rating, reason])
