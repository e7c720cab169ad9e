"""What goes back to committees: their own problems and nobody else's, as text, inside its folder."""

import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project.feedback.workbooks import HEADER, write_feedback
from dagster_project.paths import REPOSITORY, Home

PROBLEMS = """
    ('2016', 'a.xlsx', 'Questionnaire', 'C7', 'reject_answer', 'Question 3 is answered twice.', 'Leave one row.'),
    ('2016', 'a.xlsx', 'Questionnaire', 'C5', 'inform', '''=1+1'' is no rating.', 'Choose one.'),
    ('2016', 'before.xlsx', '', '', 'inform', 'The cover bears no date.', 'Write it.'),
    ('2016', '../../nobody.xlsx', '', '', 'reject_return', '=cmd|x is no known committee.', 'Correct it.')
"""
OUTCOMES = """
    ('2016', 'a.xlsx', 'fife', 'loaded'), ('2016', 'before.xlsx', 'fife', 'superseded'),
    ('2016', '../../nobody.xlsx', null, 'rejected'), ('2016', 'good.xlsx', 'angus', 'loaded')
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.build.mkdir(parents=True)
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute("create schema intermediate")
        connection.execute("create schema marts")
        connection.execute(
            f"create table intermediate.int_problems as select * from (values {PROBLEMS}) "
            "as t(round_id, source_file, sheet, cell, problem_severity, message, remedy)"
        )
        connection.execute(
            f"create table intermediate.int_file_outcomes as select * from (values {OUTCOMES}) "
            "as t(round_id, source_file, committee_id, outcome)"
        )
        connection.execute(
            "create table marts.dim_committee_round as select * from "
            "(values ('2016', 'fife', 'Fife'), ('2016', 'angus', 'Angus')) "
            "as t(round_id, committee_id, committee_name)"
        )
    return home


def test_each_sender_with_problems_has_a_workbook_in_the_folder_of_the_round(home: Home) -> None:
    stale = home.feedback / "2016" / "moray.xlsx"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"of the run before")
    written = write_feedback(home)
    assert {path.parent for path in written} == {home.feedback / "2016"}
    assert [path.name.partition("-")[0] for path in written] == ["fife.xlsx", "unknown"]
    assert sorted(home.feedback.rglob("*.xlsx")) == sorted(written)


def test_the_workbook_lists_problems_with_place_and_remedy_most_severe_first(home: Home) -> None:
    sheet = openpyxl.load_workbook(write_feedback(home)[0]).active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows(values_only=True) if any(row)]
    assert rows[0][0] == "Round 2016: Fife" and rows[2] == HEADER
    assert [row[2:5] for row in rows[3:]] == [
        ("Questionnaire C7", "Question 3 is answered twice.", "Leave one row."),
        ("Questionnaire C5", "'=1+1' is no rating.", "Choose one."),
    ]


def test_typed_text_is_never_a_formula(home: Home) -> None:
    sheet = openpyxl.load_workbook(write_feedback(home)[1]).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_a_text_longer_than_a_cell_is_cut(home: Home) -> None:
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute("update intermediate.int_problems set message = repeat('x', 40000)")
    sheet = openpyxl.load_workbook(write_feedback(home)[0]).active
    assert sheet is not None
    assert max(len(str(cell.value)) for row in sheet.iter_rows() for cell in row) == 32_767


def test_typed_text_is_in_no_temporary_file(home: Home) -> None:
    script = f"""
import sys
from pathlib import Path
from dagster_project.feedback.workbooks import write_feedback
from dagster_project.paths import Home

sys.addaudithook(lambda event, _: print(event) if event.startswith("tempfile.") else None)
assert write_feedback(Home(Path({str(home.root)!r})))
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert ended.stdout == ""
