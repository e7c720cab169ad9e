"""Files read otherwise than their sender filled them in, without any message: `python -m tests.intake.silence`.

Every file of the corpus departs from one return. A rating or a comment that differs from it must come with a problem,
unless the file itself says so.
"""

import csv
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from dagster_project.intake.template import load_template
from dagster_project.raw.landing import land_round
from dagster_project.raw.models import create_models
from tests.intake.corpus.base import CASES, SEEDS

HERE = Path(__file__).parent
OUTCOMES = (HERE / "corpus" / "outcomes.sql").read_text(encoding="utf-8")
COLUMNS = ("file", "outcome", "committee", "received_on", "codes", "ratings_that_differ", "comments")

SAID_BY_THE_FILE = {
    "rating_green_circle.xlsx": "question 4 has a green circle",
    "rating_merged_over_two_questions.docx": "one cell is the rating of questions 1 and 2",
    "rating_merged_over_two_questions.xlsx": "one cell is the rating of questions 1 and 2",
    "y01_hidden_rating_column.xlsx": "the visible column has other ratings than the hidden one",
}
ABOUT_OTHER_THINGS = {
    *(
        "ambiguous_date",
        "close_committee",
        "local_authority_named",
        "macros",
        "no_date",
        "no_template_version",
    ),
    *(
        "general_comment",
        "other_table",
        "personal_data",
        "rating_with_text",
        "unreadable_date",
        "wrong_extension",
    ),
}
"""Problems that explain no difference of a rating or a comment."""


def read_outcomes(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """The outcome of each file in the raw tables, by its name."""
    rows = connection.execute(OUTCOMES).fetchall()
    return {
        row[0]: dict(zip(COLUMNS, ("" if value is None else str(value) for value in row), strict=True))
        for row in rows
    }


def find_silently_wrong(outcomes: Iterable[Mapping[str, str]]) -> list[str]:
    """The files with a rating or a comment that differs, and no problem that explains it."""
    return [
        one["file"]
        for one in outcomes
        if one["outcome"] == "read"
        and (one["ratings_that_differ"] or one["comments"] != "19")
        and not set(one["codes"].split("|")) - ABOUT_OTHER_THINGS - {""}
        and one["file"] not in SAID_BY_THE_FILE
    ]


def find_unexpected(outcomes: Iterable[Mapping[str, str]], expected: Path) -> list[str]:
    """The files with another outcome than the one that was written down for them."""
    with expected.open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    return [one["file"] for one in outcomes if rows.get(one["file"]) != one]


def main() -> None:
    """Read every file of the corpus and of the cases, and print how many are wrong without a message."""
    from tests.intake.corpus import conftest

    total, silent, unexpected = 0, [], []
    cases = [path for path in (HERE / "cases").iterdir() if path.name != "expected.csv"]
    with tempfile.TemporaryDirectory() as folder:
        for name, expected in (
            ("corpus", HERE / "corpus" / "cases.csv"),
            ("cases", HERE / "cases" / "expected.csv"),
        ):
            place = Path(folder) / name / "2016"
            if name == "corpus":
                conftest.write_corpus(place)
            else:
                place.mkdir(parents=True)
                for path in cases:
                    (place / path.name).write_bytes(path.read_bytes())
            with duckdb.connect() as connection:
                land_round(connection, place, "2016", load_template(SEEDS, "cse-2016"))
                create_models(connection, SEEDS)
                outcomes = list(read_outcomes(connection).values())
            total += len(outcomes)
            silent += find_silently_wrong(outcomes)
            unexpected += find_unexpected(outcomes, expected)
    print(
        f"{total} files, {len(silent)} silently wrong, {len(unexpected)} with another outcome than expected"
    )
    for file in (*silent, *unexpected):
        print(f"  {file}")
    print(f"{len(CASES)} files are made, {len(cases)} are stored")


if __name__ == "__main__":
    main()
