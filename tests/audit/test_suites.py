"""Each suite passes on the sample, and each of its expectations fails on a defect of its own, naming keys only."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dagster_project.audit.suites import Suite, load_suites
from dagster_project.audit.validate import Outcome, validate_suite
from tests.conftest import Workplace

SUITES = {suite.name: suite for suite in load_suites()}
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


def label(expectation: Mapping[str, Any]) -> str:
    """The key of an expectation in `defects.yml`, such as `be_unique(file)`."""
    kwargs = expectation["kwargs"]
    columns = kwargs.get("column") or ", ".join(kwargs["column_list"])
    name = re.sub(r"^expect_(column_|compound_columns_)(values_)?(to_)?", "", expectation["type"])
    values = kwargs.get("value_set", ())
    return f"{name}({columns}: {values[0]})" if len(values) == 1 else f"{name}({columns})"


def validate_defect(build: duckdb.DuckDBPyConnection, suite: Suite, defect: str) -> Outcome:
    """Validate with a defect, which is rolled back."""
    build.begin()
    build.execute(defect)
    outcome = validate_suite(build, suite)
    build.rollback()
    return outcome


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_the_suite_passes_on_the_sample_and_each_expectation_fails_on_its_defect(
    suite: Suite, build: duckdb.DuckDBPyConnection
) -> None:
    outcome = validate_suite(build, suite)
    assert (outcome.failures, outcome.warnings) == ((), ())
    labels = [label(one) for one in suite.expectations]
    assert [one.description for one in outcome.results] == [one["description"] for one in suite.expectations]
    assert all(one.passed for one in outcome.results)
    assert len(set(labels)) == len(labels)
    # An expectation without a defect could be one that checks nothing.
    defects = dict(DEFECTS[suite.name])
    before = str(defects.pop("before", ""))
    assert sorted(defects) == sorted(labels)
    if before:
        assert validate_defect(build, suite, before).failures == ()
    texts = [text for (text,) in build.execute("select comment_typed from raw.answer").fetchall() if text]
    for name, defect in defects.items():
        sql, also = (defect, []) if isinstance(defect, str) else (defect["sql"], defect["also"])
        found = validate_defect(build, suite, f"{before};{sql}")
        failed = {one for one, result in zip(labels, found.results, strict=True) if not result.passed}
        assert failed == {name, *also}, (name, found)
        messages = [*found.failures, *found.warnings]
        assert not any(text in one for text in texts for one in messages)
        assert not any("could not be evaluated" in one for one in messages)


def test_a_failure_describes_what_was_expected_and_names_the_row_by_its_keys(
    build: duckdb.DuckDBPyConnection,
) -> None:
    outcome = validate_defect(
        build,
        SUITES["marts_mart_question_ranking"],
        "update marts.mart_question_ranking set confidence_rank = 0 where question_no = 7",
    )
    assert outcome.failures == (
        "Ranks start at 1. expect_column_values_to_be_between(column=confidence_rank, min_value=1.0) "
        "fails for round_id=2016 question_no=7",
    )
    [failed] = [one for one in outcome.results if not one.passed]
    assert (failed.rows, failed.failing_rows, failed.is_blocking) == (19, 1, True)


def test_a_warning_is_reported_and_blocks_nothing(build: duckdb.DuckDBPyConnection) -> None:
    defect = DEFECTS["marts_rounds"]["be_in_set(is_usual_move: True)"]
    outcome = validate_defect(build, SUITES["marts_rounds"], defect)
    assert outcome.passed
    [warning] = outcome.warnings
    assert "round_id=2018 measure=red" in warning
    assert [one.is_blocking for one in outcome.results] == [True, False]


ALL_RED = DEFECTS["marts_rounds"]["be_in_set(is_plausible_or_found: True)"]["sql"]
"""A second round in which every rating is red."""

SAME_RATINGS = ALL_RED.replace(", 'red' as resolved_rating", "")


def keep(returns: int) -> str:
    return (
        "delete from marts.fct_rating where round_id = '2018' and committee_id not in (select committee_id "
        f"from marts.fct_return where round_id = '2018' and return_status = 'returned' order by all limit {returns})"
    )


def find(*ratings: str) -> str:
    """Findings on shares of ratings of the second round."""
    return ";".join(
        "insert into marts.mart_data_quality select * replace ('2018' as round_id, 'large_change' as check_name, "
        f"'share of {rating}' as subject) from marts.mart_data_quality limit 1"
        for rating in ratings
    )


@pytest.mark.parametrize(
    ("second_round", "then", "passed", "warned"),
    [
        (SAME_RATINGS, "", True, False),
        # The response rate falls to nothing, and the ratings stay.
        (SAME_RATINGS, "update marts.fct_return set return_status = 'rejected' where round_id = '2018'", True, True),
        (ALL_RED, "", False, True),
        (ALL_RED, keep(10), False, True),
        (ALL_RED, keep(9), True, True),
        (ALL_RED, "update marts.dim_round set is_provisional = true where round_id = '2018'", True, False),
        (ALL_RED, find("green", "amber"), False, True),
        (ALL_RED, find("green", "amber", "red"), True, True),
    ],
    ids=[
        "same ratings", "response rate", "all red", "ten returns", "nine returns", "open round", "two findings",
        "all findings",
    ],
)  # fmt: skip
def test_only_a_share_of_closed_rounds_that_moves_far_without_a_finding_stops_a_release(
    build: duckdb.DuckDBPyConnection, second_round: str, then: str, passed: bool, warned: bool
) -> None:
    outcome = validate_defect(build, SUITES["marts_rounds"], f"{second_round};{then}")
    assert (outcome.passed, bool(outcome.warnings)) == (passed, warned), outcome


def test_an_expectation_that_cannot_be_evaluated_fails_even_if_it_only_warns(
    build: duckdb.DuckDBPyConnection,
) -> None:
    broken = {
        "type": "expect_column_values_to_be_in_set",
        "severity": "warning",
        "description": "None.",
        "kwargs": {"column": "no_such", "value_set": [1]},
    }
    outcome = validate_suite(build, replace(SUITES["marts_rounds"], expectations=(broken,)))
    [failure] = outcome.failures
    assert "could not be evaluated" in failure


def test_every_suite_has_defects_and_selects_no_typed_text(build: duckdb.DuckDBPyConnection) -> None:
    assert SUITES.keys() == DEFECTS.keys()
    for suite in SUITES.values():
        columns = {name for name, *_ in build.execute(suite.query).description or ()}
        assert not {name for name in columns if name.endswith("_typed")} - {"question_no_typed"}
