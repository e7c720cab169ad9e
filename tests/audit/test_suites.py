"""Each suite holds on the sample, and each of its expectations trips on a defect of its own, naming keys alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dagster_project.audit.suites import Suite, label, load_suites
from dagster_project.audit.validate import Outcome, validate
from dagster_project.home.tokens import SCHEMAS
from tests.conftest import Workplace

SUITES = {suite.name: suite for schema in SCHEMAS for suite in load_suites(schema)}
DEFECTS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("defects.yml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def build(
    sample_home: Workplace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    copy = tmp_path_factory.mktemp("suites") / "build.duckdb"
    shutil.copy(sample_home.home.build_database, copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


def validated_with(build: duckdb.DuckDBPyConnection, suite: Suite, defect: str) -> Outcome:
    """What a suite finds where a defect has been planted. The defect is taken back."""
    build.begin()
    build.execute(defect)
    outcome = validate(build, suite)
    build.rollback()
    return outcome


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_the_suite_holds_on_the_sample_and_each_expectation_trips(
    suite: Suite, build: duckdb.DuckDBPyConnection
) -> None:
    outcome = validate(build, suite)
    assert (outcome.failures, outcome.warnings) == ((), ())
    expected = [label(one) for one in suite.expectations]
    assert [one.label for one in outcome.results] == expected
    assert len(set(expected)) == len(expected)
    # An expectation without a defect that trips it is not known to look at anything.
    defects = dict(DEFECTS[suite.name])
    before = str(defects.pop("before", ""))
    assert sorted(defects) == sorted(expected)
    if before:
        assert validated_with(build, suite, before).failures == ()
    texts = [text for (text,) in build.execute("select comment_typed from raw.answer").fetchall() if text]
    for trips, defect in defects.items():
        sql, also = (defect, []) if isinstance(defect, str) else (defect["sql"], defect["also"])
        found = validated_with(build, suite, f"{before};{sql}")
        assert {one.label for one in found.results if not one.passed} == {trips, *also}, (trips, found)
        told = [*found.failures, *found.warnings]
        assert not any(text in one for text in texts for one in told)
        assert not any("could not be evaluated" in one for one in told)


def test_a_failing_row_is_named_by_its_keys(build: duckdb.DuckDBPyConnection) -> None:
    outcome = validated_with(
        build,
        SUITES["marts_mart_question_ranking"],
        "update marts.mart_question_ranking set confidence_rank = 0 where question_no = 7",
    )
    [failure] = outcome.failures
    assert "fails for round_id=2016 question_no=7" in failure


def test_a_warning_is_told_and_stops_nothing(build: duckdb.DuckDBPyConnection) -> None:
    defects = DEFECTS["marts_rounds"]
    outcome = validated_with(build, SUITES["marts_rounds"], defects["be_in_set(is_within_band: True)"])
    assert outcome.passed
    [warning] = outcome.warnings
    assert "round_id=2018 measure=red" in warning
    outcome = validated_with(build, SUITES["marts_rounds"], defects["be_in_set(is_plausible: True)"]["sql"])
    assert not outcome.passed


def test_an_expectation_that_cannot_be_evaluated_fails_even_where_it_only_warns(
    build: duckdb.DuckDBPyConnection,
) -> None:
    suite = SUITES["marts_rounds"]
    broken = {"type": "expect_column_values_to_be_in_set", "severity": "warning"}
    broken_suite = Suite(
        **{**vars(suite), "expectations": ({**broken, "kwargs": {"column": "no_such", "value_set": [1]}},)}
    )
    outcome = validate(build, broken_suite)
    [failure] = outcome.failures
    assert "could not be evaluated" in failure


def test_every_suite_says_who_mends_what(build: duckdb.DuckDBPyConnection) -> None:
    assert SUITES.keys() == DEFECTS.keys()
    for suite in SUITES.values():
        assert all((suite.protects, suite.blocks, suite.mended_by, suite.how_to_mend))
        columns = {name for name, *_ in build.execute(suite.query).description or ()}
        assert not {name for name in columns if name.endswith("_typed")} - {"question_no_typed"}
