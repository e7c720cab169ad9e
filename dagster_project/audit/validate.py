"""Great Expectations on the rows of a suite. Nothing that a person typed enters a result."""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from string import Template
from typing import Any

import duckdb

from dagster_project.audit.suites import Suite, label
from dagster_project.home.files import write_atomically
from dagster_project.paths import PREPARED

WARNING = "warning"
"""Severity of an expectation that is told of and stops nothing."""

MAX_KEYS = 20
"""So many failing rows are named; the rest are counted."""

WORDS = PREPARED / "demands.json"
"""Expectations as Great Expectations words them."""


@dataclass(frozen=True)
class Result:
    """How one expectation was met. Counts alone: a key of a failing row is not for everybody.

    `demand` is what Great Expectations makes of it in words; `rows` is None where it is not about rows.
    """

    label: str
    demand: str
    notes: str
    severity: str
    passed: bool
    rows: int | None
    failing: int | None


@dataclass(frozen=True)
class Outcome:
    """What a suite found. `failures` and `warnings` say in words which expectation failed, for which rows.

    An expectation of severity `warning` never fails the suite.
    """

    failures: tuple[str, ...]
    warnings: tuple[str, ...]
    results: tuple[Result, ...]

    @property
    def passed(self) -> bool:
        """Whether everything held that blocks."""
        return not self.failures


@cache
def open_frames() -> Any:
    """Great Expectations' door for data frames, opened once."""
    # Great Expectations reads this when it is imported.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    # This module sets its own level, past that of its parents.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("build").add_dataframe_asset("suite")
    return asset.add_batch_definition_whole_dataframe("rows")


def validate(connection: duckdb.DuckDBPyConnection, suite: Suite) -> Outcome:
    """Run a suite on what its query yields.

    Raises whatever Great Expectations or DuckDB raise; an expectation that raises is a failure.
    """
    frames = open_frames()
    import great_expectations as gx

    frame = connection.execute(suite.query).df()
    batch = frames.get_batch({"dataframe": frame})
    expectations = gx.ExpectationSuite(
        name=suite.name, expectations=[dict(one) for one in suite.expectations]
    )
    # Counts alone: to look for the rows that fail takes half as long again.
    result = batch.validate(expectations, result_format={"result_format": "BASIC"})
    if not result.success:
        result = batch.validate(
            expectations,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": list(suite.keys),
                "exclude_unexpected_values": True,
                "return_unexpected_index_query": False,
            },
        )
    failed = [one for one in result.results if not one.success]
    return Outcome(
        failures=tuple(_in_words(one) for one in failed if not _only_warns(one)),
        warnings=tuple(_in_words(one) for one in failed if _only_warns(one)),
        results=tuple(_described(one) for one in result.results),
    )


def _only_warns(result: Any) -> bool:
    return _severity(result) == WARNING and not _raised(result)


def _raised(result: Any) -> str:
    """What an expectation raised: by itself, or by a measure that it rests on. Empty where it was evaluated."""
    info = result.exception_info
    found = [info] if "raised_exception" in info else info.values()
    return "; ".join(sorted({str(one["exception_message"]) for one in found if one["raised_exception"]}))


def _severity(result: Any) -> str:
    severity = result.expectation_config.severity
    return str(getattr(severity, "value", severity))


def _described(result: Any) -> Result:
    config = result.expectation_config
    kwargs = {name: value for name, value in config.kwargs.items() if name != "batch_id"}
    return Result(
        label=label({"type": config.type, "kwargs": kwargs}),
        demand=_demand(config.type, json.dumps(kwargs)),
        notes=str(config.notes or ""),
        severity=_severity(result),
        passed=bool(result.success),
        rows=result.result.get("element_count"),
        failing=result.result.get("unexpected_count"),
    )


def name_demands(expectations: Iterable[Mapping[str, Any]]) -> None:
    """Put into words, ahead of time, what the results of these expectations will say, and keep it for other runs."""
    before = len(_words())
    for one in expectations:
        _demand(one["type"], json.dumps(one["kwargs"]))
    if len(_words()) > before:
        # Where the repository may not be written, each run finds its words again.
        with suppress(OSError):
            WORDS.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(
                WORDS, json.dumps({"by": version("great-expectations"), "words": _words()}).encode()
            )


def _demand(kind: str, kwargs: str) -> str:
    """An expectation in Great Expectations' own words, which take it longer than the validation."""
    asked = f"{kind} {kwargs}"
    if asked not in _words():
        _words()[asked] = _rendered(kind, kwargs)
    return _words()[asked]


@cache
def _words() -> dict[str, str]:
    try:
        kept = json.loads(WORDS.read_bytes())
        return dict(kept["words"]) if kept["by"] == version("great-expectations") else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _rendered(kind: str, kwargs: str) -> str:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.render.renderer.inline_renderer import InlineRenderer

    config = ExpectationConfiguration(type=kind, kwargs=json.loads(kwargs))
    [rendered] = InlineRenderer(render_object=config).get_rendered_content()
    value: Any = rendered.to_json_dict()["value"]
    params = {name: str(param["value"]) for name, param in value.get("params", {}).items()}
    return Template(value["template"]).safe_substitute(params)


def _in_words(result: Any) -> str:
    configuration = result.expectation_config
    demanded = ", ".join(f"{key}={value}" for key, value in configuration.kwargs.items() if key != "batch_id")
    text = f"{configuration.type}({demanded})"
    if raised := _raised(result):
        return f"{text} could not be evaluated: {raised}"
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
