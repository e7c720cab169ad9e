"""Validate the rows of a suite with Great Expectations. Results contain keys and counts, never a value of a row."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from dagster_project.audit.suites import Suite

WARNING = "warning"
"""Severity of an expectation whose failure does not stop the release."""

MAX_KEYS = 20
"""Maximum number of failing rows listed in a message."""


@dataclass(frozen=True)
class Result:
    """The result of one expectation. It is public: it contains counts, and no key of a failing row.

    `rows` and `failing_rows` are None for an expectation on a whole table.
    """

    expectation: str
    description: str
    is_blocking: bool
    passed: bool
    rows: int | None
    failing_rows: int | None


@dataclass(frozen=True)
class Outcome:
    """The result of one suite. `failures` and `warnings` name the expectations that failed and the failing rows."""

    failures: tuple[str, ...]
    warnings: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether every blocking expectation passed."""
        return not self.failures


@cache
def open_batch_definition() -> Any:
    """Import Great Expectations and return the batch definition for data frames."""
    # Great Expectations reads this variable when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # This logger sets its own level: the level of its parents has no effect.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("build").add_dataframe_asset("suite")
    return asset.add_batch_definition_whole_dataframe("rows")


def validate_suite(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Outcome:
    """Validate the rows of a suite's query. An expectation that cannot be evaluated is a failure.

    Raises the errors of Great Expectations and DuckDB.
    """
    definition = open_batch_definition()
    import great_expectations as gx

    batch = definition.get_batch({"dataframe": connection.execute(suite.query).df()})
    expectations = gx.ExpectationSuite(suite.name, expectations=[dict(one) for one in suite.expectations])
    # Finding the failing rows takes half as long again as counting them: only where there are any.
    validation = batch.validate(expectations, result_format={"result_format": "BASIC"})
    if not validation.success:
        validation = batch.validate(
            expectations,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": list(suite.keys),
                "exclude_unexpected_values": True,
                "return_unexpected_index_query": False,
            },
        )
    failed = [result for result in validation.results if not result.success]
    return Outcome(
        failures=tuple(_describe_failure(one) for one in failed if _is_blocking(one)),
        warnings=tuple(_describe_failure(one) for one in failed if not _is_blocking(one)),
        results=tuple(_summarise_result(one) for one in validation.results),
    )


def _format_expectation(result: Any) -> str:
    """Format an expectation as a call, such as `expect_column_values_to_be_unique(column=file)`."""
    config = result.expectation_config
    arguments = ", ".join(f"{name}={value}" for name, value in config.kwargs.items() if name != "batch_id")
    return f"{config.type}({arguments})"


def _is_blocking(result: Any) -> bool:
    return result.expectation_config.severity != WARNING or bool(_list_exceptions(result))


def _list_exceptions(result: Any) -> str:
    """List the messages of exceptions that an expectation or one of its metrics raised."""
    info = result.exception_info
    found = [info] if "raised_exception" in info else info.values()
    return "; ".join(sorted({str(one["exception_message"]) for one in found if one["raised_exception"]}))


def _summarise_result(result: Any) -> Result:
    config = result.expectation_config
    return Result(
        expectation=_format_expectation(result),
        description=config.description,
        is_blocking=config.severity != WARNING,
        passed=bool(result.success),
        rows=result.result.get("element_count"),
        failing_rows=result.result.get("unexpected_count"),
    )


def _describe_failure(result: Any) -> str:
    expected = f"{result.expectation_config.description} {_format_expectation(result)}"
    if exceptions := _list_exceptions(result):
        return f"{expected} could not be evaluated: {exceptions}"
    keys = list(_list_failing_keys(result.result.get("unexpected_index_list") or []))
    if not keys:
        return f"{expected} fails: observed {result.result.get('observed_value')}"
    more = f" and {len(keys) - MAX_KEYS} more" if len(keys) > MAX_KEYS else ""
    return f"{expected} fails for {'; '.join(keys[:MAX_KEYS])}{more}"


def _list_failing_keys(groups: list[dict[str, list[Any]]]) -> Iterator[str]:
    """List the keys of failing rows: Great Expectations returns keys without values by column, not by row."""
    for group in groups:
        for row in zip(*group.values(), strict=True):
            yield " ".join(f"{name}={value}" for name, value in zip(group, row, strict=True))
