"""Each suite holds on the sample and fails, naming keys and never typed text, on a table with its defect."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.quality.suites import SCHEMAS, Suite, load_suites
from dagster_project.quality.validate import validate
from tests.conftest import Workplace

pytestmark = pytest.mark.xdist_group("graph")

SUITES = {suite.name: suite for schema in SCHEMAS for suite in load_suites(schema)}

DEFECTS = {
    "raw_return_file": [
        "insert into raw.return_file select * from raw.return_file limit 1",
        "update raw.return_file set file_status = 'lost'",
        "update raw.return_file set sha256 = 'short'",
        "update raw.return_file set size_bytes = -1",
    ],
    "raw_answer": [
        "insert into raw.answer select * from raw.answer limit 1",
        "delete from raw.return_file",
        "update raw.answer set question_no_typed = 'four'",
        "update raw.answer set cell = ''",
    ],
    "raw_problem": [
        "insert into raw.problem values ('2016', 'a.xlsx', '', '', 'Bad Code', 'inform', 'long enough', 'long enough')",
        "insert into raw.problem values ('2016', 'a.xlsx', '', '', 'code', 'panic', 'long enough', 'long enough')",
        "insert into raw.problem values ('2016', 'a.xlsx', '', '', 'code', 'inform', 'short', 'long enough')",
        "insert into raw.problem values ('2016', 'a.xlsx', '', '', 'code', 'inform', 'long enough', 'short')",
    ],
    "marts_data_quality": [
        "update marts.mart_data_quality set finding_status = 'open' where committee_id = 'moray'",
        "insert into marts.mart_data_quality select * from marts.mart_data_quality limit 1",
        "update marts.mart_data_quality set severity = 'shrug'",
    ],
    "marts_file_outcomes": [
        "delete from raw.return_file where source_file = 'README.md'",
        "insert into intermediate.int_file_outcomes select * from intermediate.int_file_outcomes limit 1",
        "update intermediate.int_file_outcomes set outcome = 'mislaid'",
        "delete from intermediate.int_file_outcomes where source_file = 'README.md'",
        "update marts.fct_return set source_file = 'other.xlsx' where committee_id = 'fife'",
    ],
    "marts_fct_return": [
        "insert into marts.fct_return select * from marts.fct_return limit 1",
        "update marts.fct_return set return_status = 'returned' where committee_id = 'highland'",
        "delete from marts.fct_rating where committee_id = 'fife' and question_no = 1",
        "update marts.fct_return set blank_ratings = 3 where committee_id = 'fife'",
        "update marts.fct_return set duplicate_of_committee_id = committee_id",
    ],
    "marts_fct_rating": [
        "update marts.fct_rating set resolved_rating = 'red' where rating_status = 'reported'",
        "update marts.fct_rating set rating_status = 'reported' where rating_status = 'estimated'",
        "update marts.fct_rating set rating_status = 'guessed' where committee_id = 'fife'",
    ],
    "marts_mart_question_ranking": [
        "update marts.mart_question_ranking set amber = amber + 1",
        "update marts.mart_question_ranking set returns = returns + 1",
        "update marts.mart_question_ranking set blank = blank + 1",
        "update marts.mart_question_ranking set green = green + 1, amber = amber - 1",
        "update marts.mart_question_ranking set red = red + 1, amber = amber - 1",
        "update marts.mart_question_ranking set confidence_rank = 0",
        "update marts.mart_question_ranking set green_share = 80",
        "update marts.mart_question_ranking set red_share = -0.1",
        "update marts.mart_question_ranking set confidence_group = 'top'",
    ],
    "marts_mart_consortium_ranking": [
        "insert into marts.mart_consortium_ranking select * from marts.mart_consortium_ranking limit 1",
        "update marts.mart_consortium_ranking set rated = rated + 1",
        "update marts.mart_consortium_ranking set confidence_rank = 0",
    ],
    "marts_mart_coverage": [
        "update marts.mart_coverage set invited = invited + 1",
        "update marts.mart_coverage set returned = returned + 1, invited = invited + 1 where consortium_code = 'all'",
        "update marts.mart_coverage set distinct_contents = 99",
        "update marts.mart_coverage set local_authorities_covered = 99",
    ],
}
"""Statements that plant one defect each; together they trip every suite."""


@pytest.fixture
def build(sample_home: Workplace, tmp_path: Path) -> Path:
    copy = tmp_path / "build.duckdb"
    shutil.copy(sample_home.home.build_database, copy)
    return copy


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_the_suite_holds_on_the_sample_and_trips_on_each_defect(
    suite: Suite, build: Path, tmp_path: Path
) -> None:
    with duckdb.connect(str(build), read_only=True) as connection:
        outcome = validate(connection, suite)
        assert outcome.passed, outcome.failures
        assert outcome.expectations == len(suite.expectations)
        typed = {
            text for (text,) in connection.execute("select comment_typed from raw.answer").fetchall() if text
        }
    for number, defect in enumerate(DEFECTS[suite.name]):
        copy = tmp_path / f"defect_{number}.duckdb"
        shutil.copy(build, copy)
        with duckdb.connect(str(copy)) as connection:
            connection.execute(defect)
            outcome = validate(connection, suite)
        assert not outcome.passed, defect
        assert not any(text in failure for text in typed for failure in outcome.failures)


def test_a_failing_row_is_named_by_its_keys(build: Path) -> None:
    with duckdb.connect(str(build)) as connection:
        connection.execute("update marts.mart_question_ranking set confidence_rank = 0 where question_no = 7")
        outcome = validate(connection, SUITES["marts_mart_question_ranking"])
    [failure] = outcome.failures
    assert "fails for round_id=2016 question_no=7" in failure


def test_every_suite_says_who_mends_what() -> None:
    assert SUITES.keys() == DEFECTS.keys()
    for suite in SUITES.values():
        assert all((suite.protects, suite.blocks, suite.mended_by, suite.how_to_mend))
        assert "comment_typed" not in suite.query.replace("length(comment_typed)", "")
