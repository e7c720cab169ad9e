"""Where the data is: everything that people put in, and everything that a run makes. Nothing else."""

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
VARIABLE = "SELFEVAL_HOME"

PREPARED = REPOSITORY / "dbt" / "target"
"""What is worked out of the repository and its packages alone, for every home. May be deleted at any time."""


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

    def prepare(self) -> None:
        """Make the folders that a run writes to, and lend another home the repository's models.

        They are linked, not copied, and never given to dbt as an absolute path: dbt writes compiled
        SQL to a path made from the source's, and would overwrite the source.
        """
        for folder in (self.returns, self.build, self.audit, self.dagster, self.releases):
            folder.mkdir(parents=True, exist_ok=True)
        if self.root == REPOSITORY:
            return
        self.seeds.mkdir(parents=True, exist_ok=True)
        for seed in sorted((REPOSITORY / "dbt" / "seeds").glob("[!.]*")):
            # A home keeps what it has of its own; a seed that is newer than the home is lent to it.
            if not (self.seeds / seed.name).exists():
                write_whole(self.seeds / seed.name, seed.read_bytes())
        for name in ("dbt_project.yml", "profiles.yml", "macros", "models", "tests"):
            link, target = self.dbt / name, REPOSITORY / "dbt" / name
            if link.is_symlink() and link.readlink() != target:
                link.unlink()
            # Two processes may prepare a new home at once.
            with suppress(FileExistsError):
                link.symlink_to(target)

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
        """What was read of returns, until it is landed. This program's alone; empty between runs."""
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


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it, or is killed meanwhile, has the old content or the new one."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode if path.exists() else 0o644)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
