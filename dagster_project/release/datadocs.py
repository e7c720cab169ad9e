"""Data Docs: what every suite demands of the tables, and how they met it, as one page that stands by itself.

The words are Great Expectations' own, taken down when it validated. Its page is not used: it loads styles,
fonts and scripts from other hosts, and prints values. Here are counts alone: no row, no key, no typed text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dagster_project.audit.suites import Suite, load_suites
from dagster_project.home.records import read
from dagster_project.home.tokens import SCHEMAS
from dagster_project.paths import Home
from dagster_project.release.marts import Notice

FOLDER = "data-docs"
_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Audited:
    """A suite, and how each of its expectations was met (`quality.validate.Result` as a dictionary)."""

    suite: Suite
    results: Sequence[Mapping[str, Any]]

    @property
    def title(self) -> str:
        """The table, and where several suites look at it the suite's own name."""
        return self.suite.name.partition("_")[2].removeprefix("mart_").replace("_", " ").capitalize()

    @property
    def unmet(self) -> int:
        """Expectations that warn. One that blocks would have stopped the release."""
        return sum(not result["passed"] for result in self.results)


def audited(home: Home) -> tuple[Audited, ...]:
    """Every suite with the results of its last run. Raises `LookupError` for one that has none."""
    found = []
    for schema in SCHEMAS:
        for suite in load_suites(schema):
            record = read(home, suite.name)
            if record is None or not record.results:
                raise LookupError(
                    f"The check {suite.name} has no results. Run the whole job: `selfeval run`."
                )
            found.append(Audited(suite, record.results))
    return tuple(found)


def write_data_docs(folder: Path, suites: Sequence[Audited], notice: Notice) -> None:
    """Write `data-docs/index.html` into a release."""
    # Whatever a definition holds is text here, never markup.
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    page = environment.get_template("datadocs.html").render(suites=suites, notice=notice)
    (folder / FOLDER).mkdir(parents=True)
    (folder / FOLDER / "index.html").write_text(page, encoding="utf-8")
