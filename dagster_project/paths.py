"""Paths of the data: what people put in, and what runs make. Nothing here reads or writes."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VARIABLE = "SELFEVAL_HOME"

SQL_ENGINE = REPOSITORY / "dagster_project" / "site" / "sql" / "dist"
"""The built engine of the site's SQL page; missing where npm is not installed."""


@dataclass(frozen=True)
class Home:
    """The folder of returns and reference data, in which builds and releases are made."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """Return the home that `SELFEVAL_HOME` names, or the repository's own."""
        return cls(Path(os.environ.get(VARIABLE) or REPOSITORY).resolve())

    @property
    def returns(self) -> Path:
        """One folder per round, with the returned files."""
        return self.root / "warehouse" / "returns"

    @property
    def purged(self) -> Path:
        """One folder per round whose returns were purged, with its raw rows without text."""
        return self.root / "warehouse" / "purged"

    @property
    def templates(self) -> Path:
        """One folder per round that was opened in this home, with a blank workbook for each committee."""
        return self.root / "warehouse" / "templates"

    @property
    def dbt(self) -> Path:
        """The dbt project: the repository's models over this home's seeds."""
        return self.root / "dbt"

    @property
    def seeds(self) -> Path:
        """Reference data and the register of decisions, as CSV."""
        return self.dbt / "seeds"

    @property
    def build(self) -> Path:
        """What a run makes before it is audited. May be deleted at any time between runs."""
        return self.root / "warehouse" / "build"

    @property
    def build_database(self) -> Path:
        """Raw tables and models, before they are audited."""
        return self.build / "build.duckdb"

    @property
    def spool(self) -> Path:
        """Answers and problems of returns until they are loaded. Private to this program; empty between runs."""
        return self.build / "spool"

    @property
    def feedback(self) -> Path:
        """One workbook per committee with problems, in a folder per round. Restricted: never in a release."""
        return self.build / "feedback"

    @property
    def dbt_target(self) -> Path:
        """Files that dbt writes: the manifest, compiled SQL."""
        return self.build / "dbt"

    @property
    def audit(self) -> Path:
        """One record per check that ran, with the hash of the data that it read."""
        return self.build / "audit"

    @property
    def dagster(self) -> Path:
        """Dagster's own folder: settings and storage of `selfeval dev`."""
        return self.build / "dagster"

    @property
    def runs(self) -> Path:
        """Reports of the last runs of `selfeval run`, one file each, without typed text."""
        return self.build / "runs"

    @property
    def logs(self) -> Path:
        """Logs of the last runs of `selfeval run`, one file of JSON lines each, without typed text."""
        return self.build / "logs"

    @property
    def instance(self) -> Path:
        """The home's own settings of Dagster, such as another storage. May be missing: the default is the project's."""
        return self.root / "dagster.yaml"

    @property
    def main_points(self) -> Path:
        """An author's main points of a round as `<round>.md`, shown instead of the computed ones. May be missing."""
        return self.root / "warehouse" / "main-points"

    @property
    def releases(self) -> Path:
        """One folder per complete release."""
        return self.root / "warehouse" / "releases"

    @property
    def known_figures(self) -> Path:
        """Figures of all releases that were ever published, by question and set of committees."""
        return self.root / "warehouse" / "known_figures.jsonl"

    @property
    def published(self) -> Path:
        """A link to the published release."""
        return self.root / "warehouse" / "published"
