"""Great Expectations on the rows of a suite. Nothing that a person typed enters a result."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from dagster_project.quality.suites import Suite

MAX_KEYS = 20
"""So many failing rows are named; the rest are counted."""


@dataclass(frozen=True)
class Outcome:
    """What a suite found. `failures` says in words which expectation failed, for which rows."""

    passed: bool
    expectations: int
    failures: tuple[str, ...]


@cache
def _context() -> Any:
    # Great Expectations reads this when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # This module sets its own level, past that of its parents.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


def validate(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Outcome:
    """Run a suite on what its query yields.

    Raises whatever Great Expectations or DuckDB raise; an expectation that raises is a failure.
    """
    context = _context()
    import great_expectations as gx

    frame = connection.execute(suite.query).df()
    batch = context.data_sources.pandas_default.read_dataframe(frame)
    expectations = gx.ExpectationSuite(
        name=suite.name, expectations=[dict(one) for one in suite.expectations]
    )
    result = batch.validate(
        expectations,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": list(suite.keys),
            "exclude_unexpected_values": True,
            "return_unexpected_index_query": False,
        },
    )
    return Outcome(
        passed=bool(result.success),
        expectations=len(result.results),
        failures=tuple(_in_words(one) for one in result.results if not one.success),
    )


def _in_words(result: Any) -> str:
    configuration = result.expectation_config
    demanded = ", ".join(f"{key}={value}" for key, value in configuration.kwargs.items() if key != "batch_id")
    text = f"{configuration.type}({demanded})"
    if result.exception_info.get("raised_exception"):
        return f"{text} could not be evaluated: {result.exception_info.get('exception_message')}"
    keys = list(_keys(result.result.get("unexpected_index_list") or []))
    if keys:
        more = f" and {len(keys) - MAX_KEYS} more" if len(keys) > MAX_KEYS else ""
        return f"{text} fails for {'; '.join(keys[:MAX_KEYS])}{more}"
    return f"{text} fails: observed {result.result.get('observed_value')}"


def _keys(groups: list[dict[str, list[Any]]]) -> Iterator[str]:
    """Without values Great Expectations gives the keys column by column."""
    for group in groups:
        for row in zip(*group.values(), strict=True):
            yield " ".join(f"{name}={value}" for name, value in zip(group, row, strict=True))
