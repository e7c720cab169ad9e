"""Writes an invented round: returns, estimates of blanks, and codes of comments."""

import csv
import hashlib
from pathlib import Path

from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.seeds import read_seed
from tools.sample.round import SampleRound

ESTIMATES = Path(__file__).with_name("estimates.csv")
CODES_FILE = "comment_codes.csv"
RETURN_SUFFIXES = frozenset({".xlsx", ".docx"})


def write_returns(sample: SampleRound, folder: Path) -> list[Path]:
    """Write one file per return and remove returns of an earlier generation; returns the paths."""
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
    """Write the estimate of each blank with its reason: one row per committee and question."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["round_id", "committee_id", "question_no", "rating", "reason"])
        for committee_id, question in sorted(sample.ratings.blank):
            place = (committee_id, question)
            rating, reason = sample.ratings.rating[place], sample.comments.reasons[place]
            writer.writerow([sample.round_id, committee_id, question, rating, reason])


def write_codes(sample: SampleRound, seeds: Path, path: Path) -> int:
    """Write the seed of codes with the topics of the round's comments; returns their number.

    The bank lists the topics of each sentence. Its other marks, on dates, are not topics of the code frame.
    """
    question_set = next(
        r["question_set"] for r in read_seed(seeds, "rounds") if r["round_id"] == sample.round_id
    )
    frame = {
        (int(row["question_no"]), row["topic"])
        for row in read_seed(seeds, "comment_topics")
        if row["question_set"] == question_set
    }
    fields = ["round_id", "committee_id", "question_no", "comment_hash", "topics"]
    others = [
        [row[name] for name in fields]
        for row in read_seed(seeds, "comment_codes")
        if row["round_id"] != sample.round_id
    ]
    codes = [
        [
            sample.round_id,
            committee_id,
            question,
            hashlib.md5(" ".join(sentence.text.lower().split()).encode(), usedforsecurity=False).hexdigest(),
            "|".join(sorted(topic for topic in sentence.topics if (question, topic) in frame)),
        ]
        for (committee_id, question), sentence in sorted(sample.comments.by_place.items())
        if sentence.text
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fields)
        writer.writerows([*others, *codes])
    return len(codes)
