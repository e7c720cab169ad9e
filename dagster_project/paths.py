"""Where the data is: everything that people put in, and everything that a run makes. Nothing else."""

import os
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VARIABLE = "SELFEVAL_HOME"

PREPARED = REPOSITORY / "dbt" / "target"
"""What is worked out of the repository and its packages alone, for every home. May be deleted at any time."""

SQL_ENGINE = REPOSITORY / "dagster_project" / "site" / "sql" / "dist"
"""The built engine of the site's SQL page; missing where npm is not installed."""


@dataclass(frozen=True)
class Home:
    """The folder that holds returns and reference data, and in which builds and releases are made."""

    root: Path

    @classmethod
    def current(cls) -> "Home":
        """The folder that `SELFEVAL_HOME` names, or the repository's own."""
        return cls(Path(os.environ.get(VARIABLE) or REPOSITORY).resolve())

    @property
    def returns(self) -> Path:
        """One folder per round, with the files that came back."""
        return self.root / "warehouse" / "returns"

    @property
    def templates(self) -> Path:
        """One folder per round that was opened here, with a blank workbook for each committee."""
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
        """What dbt writes about itself: the manifest, compiled SQL."""
        return self.build / "dbt"

    @property
    def audit(self) -> Path:
        """One record per check that ran, with the token of the data it saw."""
        return self.build / "audit"

    @property
    def dagster(self) -> Path:
        """Where Dagster keeps its runs."""
        return self.build / "dagster"

    @property
    def runs(self) -> Path:
        """Reports of the last runs of `selfeval run`, one file each, without typed text."""
        return self.build / "runs"

    @property
    def instance(self) -> Path:
        """Settings of Dagster in place of the repository's: another storage, other launchers. Need not exist."""
        return self.root / "dagster.yaml"

    @property
    def releases(self) -> Path:
        """One folder per complete release."""
        return self.root / "warehouse" / "releases"

    @property
    def published(self) -> Path:
        """A link to the release that readers see."""
        return self.root / "warehouse" / "published"
