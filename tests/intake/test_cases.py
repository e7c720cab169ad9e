"""Returned files of kinds that senders produce, each read right or flagged at the answer that it could distort.

`cases/expected.csv` has one row per file, in the form of the corpus: its outcome, the problems that are found, the
ratings that differ from the pattern green, amber, red by question number, and the number of comments.
"""

import csv
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.template import load_template
from dagster_project.raw.landing import land_round
from dagster_project.raw.models import create_models
from tests.intake.corpus.base import SEEDS
from tests.intake.silence import find_silently_wrong, read_outcomes

CASES = Path(__file__).with_name("cases")

with (CASES / "expected.csv").open(encoding="utf-8", newline="") as file:
    EXPECTED = {row["file"]: row for row in csv.DictReader(file)}

FIRST_COMMENTS = {
    "b112_heading_comments_evidence.xlsx": "Comment on question 1.",
    "d12_footnote.docx": "See note\n[Footnote] Comment 1: practice is reviewed every year.",
    "l11.ods": "[Cell note] Comment 1: practice is reviewed every year.",
    "x24_comment_as_note.xlsx": "[Cell note] Comment 1: practice is reviewed every year.",
    "x26_threaded_comment.xlsx": "[Threaded comment] Comment 1: practice is reviewed every year.",
    "x27_text_box.xlsx": "[Text box] Comment 1: practice is reviewed every year.",
    "x47_two_comment_columns.xlsx": (
        "Comment 1: practice is reviewed every year.\n[Comments] Police: second view."
    ),
    "x96_percent_date_comment.xlsx": "85%",
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("cases")
    for name in EXPECTED:
        (folder / name).write_bytes((CASES / name).read_bytes())
    connection = duckdb.connect()
    land_round(connection, folder, "2016", load_template(SEEDS, "cse-2016"))
    create_models(connection, SEEDS)
    return connection


def test_every_file_has_its_row() -> None:
    assert {path.name for path in CASES.iterdir()} - {"expected.csv"} == set(EXPECTED)


def test_every_file_is_read_right_or_flagged(landed: duckdb.DuckDBPyConnection) -> None:
    found = read_outcomes(landed)
    assert found == EXPECTED
    assert find_silently_wrong(found.values()) == []


@pytest.mark.parametrize("name", FIRST_COMMENTS)
def test_text_outside_the_cell_of_the_comment_is_part_of_it(
    name: str, landed: duckdb.DuckDBPyConnection
) -> None:
    rows = landed.execute(
        "select comment_typed from stg_answers where source_file = ? and question_no = 1", [name]
    ).fetchall()
    assert rows == [(FIRST_COMMENTS[name],)]
