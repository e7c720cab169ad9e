"""Data Docs: the suites, their expectations and results, as one page without other files.

The page of Great Expectations is not used: it loads styles, fonts and scripts from other hosts, and prints values.
This page has counts only: no row, no key, no typed text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dagster_project.audit.suites import Suite, load_suites
from dagster_project.home.records import read_record
from dagster_project.paths import Home
from dagster_project.release.marts import Notice

FOLDER = "data-docs"


@dataclass(frozen=True)
class SuiteResults:
    """A suite with the results of its expectations: `audit.validate.Result` as dictionaries."""

    suite: Suite
    results: Sequence[Mapping[str, Any]]

    @property
    def title(self) -> str:
        """The name of the suite's file, as a title."""
        return self.suite.name.partition("_")[2].removeprefix("mart_").replace("_", " ").capitalize()

    @property
    def warnings(self) -> int:
        """Expectations that were not met. None of them is blocking: it would have stopped the release."""
        return sum(not result["passed"] for result in self.results)


def load_results(home: Home) -> tuple[SuiteResults, ...]:
    """Load every suite with the results of its last run. Raises `LookupError` if a suite has none."""
    return tuple(_load_results(home, suite) for suite in load_suites())


def _load_results(home: Home, suite: Suite) -> SuiteResults:
    record = read_record(home, suite.name)
    if record is None or not record.results:
        raise LookupError(f"The check {suite.name} has no results. Run the whole job: `selfeval run`.")
    return SuiteResults(suite, record.results)


def write_data_docs(folder: Path, suites: Sequence[SuiteResults], notice: Notice) -> None:
    """Write `data-docs/index.html` into a release."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    page = environment.get_template("datadocs.html").render(suites=suites, notice=notice)
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "index.html").write_text(page, encoding="utf-8")
