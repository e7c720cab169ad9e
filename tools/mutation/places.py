"""The homes that mutants are judged on, made once: the published sample and the invented rounds."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home.files import prepare_home
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from tests.conftest import ROUND
from tests.dbt.ranking.random_rounds import Round, build, invent

ROUNDS, RESAMPLES = 30, 500
"""Fewer rounds than the suite has, and as many resamples as are published: one compiled project does for both."""


@dataclass(frozen=True)
class Places:
    """`sample` is published; `invented` holds the build of `rounds`."""

    folder: Path
    sample: Home
    invented: Home
    rounds: list[Round]

    @property
    def recording(self) -> Path:
        """What small rounds give to the models."""
        return self.folder / f"recording-{_content('dbt', 'tests/audit', 'tools/mutation/recorded.py')}"


def prepare(folder: Path, say: Callable[[str], None], models: bool = True) -> Places:
    """Make what is missing in the folder; what was made of other models or other code is made anew.

    Without `models` the invented rounds are not needed, and left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sample = Home(folder / f"sample-{_content('dbt', 'dagster_project', 'docs', 'expectations')}")
    if not sample.published.exists():
        # Not at the top: what is mutated must not have been imported.
        from dagster_project.cli.job import run_job

        say("Running the sample ...")
        shutil.rmtree(sample.root, ignore_errors=True)
        for part in ("dbt/seeds", f"warehouse/returns/{ROUND}"):
            shutil.copytree(REPOSITORY / part, sample.root / part)
        use(sample)
        report = run_job(sample, lambda _: None)
        if not report.release_id:
            raise RuntimeError(f"The sample was not published: {report}")
    rounds = invent(seed=20, count=ROUNDS)
    invented = Home(folder / f"invented-{_content('dbt', 'tests/dbt/ranking/random_rounds.py')}")
    done = invented.root / "done"
    if models and not done.exists():
        say("Building invented rounds ...")
        shutil.rmtree(invented.root, ignore_errors=True)
        use(invented)
        build(rounds, invented, RESAMPLES)
        done.touch()
    return Places(folder, sample, invented, rounds)


def use(home: Home) -> None:
    """Make a home the current one."""
    os.environ[VARIABLE] = str(home.root)
    prepare_home(home)


def _content(*parts: str) -> str:
    """A hash of the files that decide what is made: SQL, reference data, code and pages."""
    digest = hashlib.sha256()
    for path in _tracked(parts):
        # Descriptions and unit tests of models are not in what is built.
        if not (path.startswith("dbt/models") and path.endswith(".yml")):
            digest.update(path.encode() + (REPOSITORY / path).read_bytes())
    return digest.hexdigest()[:12]


def _tracked(parts: Iterable[str]) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *parts], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return [one for one in listed.stdout.split("\0") if one and (REPOSITORY / one).is_file()]
