"""Homes for tests: a folder of its own with returns and seeds, on which the real job runs."""

import atexit
import csv
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pytest
from filelock import FileLock

from dagster_project.home.files import prepare_home
from dagster_project.intake import labels
from dagster_project.paths import REPOSITORY, VARIABLE, Home

if TYPE_CHECKING:
    from dagster_project.cli.report import Report

ROUND = "2016"

ACCEPTED = f"{ROUND},,,2017-03-01,Data lead,All committees agree.\n"
"""An accepted disclosure, as a row of its seed."""

LONGEST = (
    "dbt/spark/test_parity.py",
    "rounds/test_generated.py",
    "system/test_live_dagster.py",
    "system/test_everything_planted.py",
    "site/test_axe.py",
    "system/test_final_rounds.py",
    "site/test_browser.py",
    "transform/test_assets.py",
    "dbt/test_command_line.py",
    "tools/bench/test_bench.py",
    "tools/fault_injection/test_killed.py",
    "release/test_disclosure.py",
    "audit/test_findings.py",
    "dbt/ranking/test_recomputation.py",
    "intake/corpus/test_corpus.py",
)
"""Workers take whole files, these first: none is left with a long one when the others have ended.

The first file makes the sample home. The second does not need it: its worker would wait.
"""

# The definitions read the home as they are imported. Each worker has one of its own from the start:
# no test writes into the repository, nor where another worker reads.
os.environ[VARIABLE] = tempfile.mkdtemp(prefix="selfeval-")
atexit.register(shutil.rmtree, os.environ[VARIABLE], ignore_errors=True)
prepare_home(Home.from_environment())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    turn = {Path(__file__).parent / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path, len(turn)))


@dataclass(frozen=True)
class Workplace:
    """A home and the things that tests do with one."""

    home: Home

    def run(self, *, force: bool = True) -> "Report":
        """Run the whole job, also where nothing has changed."""
        # Not at the top: mutants of what it imports have to come first.
        from dagster_project.cli.job import run_job

        return run_job(self.home, lambda _: None, force=force)

    @property
    def returns(self) -> Path:
        """The folder of the sample round."""
        return self.home.returns / ROUND

    def published(self) -> str:
        """The release that readers see."""
        return self.home.published.resolve().name

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Ask the published database."""
        with duckdb.connect(
            str(self.home.published / "self_evaluation.duckdb"), read_only=True
        ) as connection:
            return connection.execute(query).fetchall()

    def reopen(self) -> None:
        """Open the sample round again, so that a run may publish changes to its returns."""
        from dagster_project.rounds.closing import reopen_round

        reopen_round(self.home, ROUND, "A test changes its returns.", "tester")

    def decide(self, finding_id: str, decision: str, rating: str = "") -> None:
        """Record a complete decision in the register."""
        with (self.home.seeds / "decisions.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(
                [finding_id, decision, rating, "a test decides so", "tester", "2017-02-01"]
            )

    def decide_open_findings(self) -> None:
        """Decide what the last run left open, where it can be decided: with the first decision, or as green."""
        from dagster_project.audit.findings import load_findings

        with duckdb.connect(str(self.home.build_database), read_only=True) as connection:
            findings = load_findings(connection)
        known = (self.home.seeds / "decisions.csv").read_text(encoding="utf-8")
        for finding in findings:
            if finding.status == "open" and finding.decisions and finding.finding_id not in known:
                decision = finding.decisions[0]
                self.decide(finding.finding_id, decision, "green" if decision == "estimate" else "")


Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder for all workers: the first that asks makes it, the others wait until it is whole."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, whole = shared / name, shared / f"{name}.whole"
        with FileLock(shared / f"{name}.lock"):
            if not whole.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                whole.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def sample_home(once: Once) -> Workplace:
    """The sample round, run and published once for all workers. Not to be changed by a test.

    Its committees agree that a revision shows their ratings: tests change single returns of the published round.
    """

    def publish(root: Path) -> None:
        shutil.copytree(REPOSITORY / "dbt" / "seeds", root / "dbt" / "seeds")
        with (root / "dbt" / "seeds" / "disclosure_acceptances.csv").open("a", encoding="utf-8") as seed:
            seed.write(ACCEPTED)
        shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, root / "warehouse" / "returns" / ROUND)
        os.environ[VARIABLE] = str(root)
        workplace = Workplace(Home(root))
        prepare_home(workplace.home)
        report = workplace.run()
        assert report.release_id, report

    root = once("home with ümlauts", publish)
    os.environ[VARIABLE] = str(root)
    return Workplace(Home(root))


@pytest.fixture
def workplace(sample_home: Workplace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workplace:
    """A copy of the sample home, published, for a test to change."""
    root = tmp_path / "home"
    shutil.copytree(sample_home.home.root, root, symlinks=True)
    monkeypatch.setenv(VARIABLE, str(root))
    return Workplace(Home(root))


@pytest.fixture(scope="session")
def edit() -> Callable[..., None]:
    """Change a returned workbook as its sender would: the committee on the cover, or a question's rating."""

    def change(
        path: Path, *, committee: str | None = None, ratings: dict[int, str | None] | None = None
    ) -> None:
        book = openpyxl.load_workbook(path)
        if committee is not None:
            for row in book[labels.COVER_SHEET].iter_rows():
                for cell, value in pairwise(row):
                    if cell.value == labels.COMMITTEE:
                        value.value = committee
        sheet = book[labels.QUESTIONNAIRE_SHEET]
        columns = {
            cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value in _COLUMNS
        }
        for row in sheet.iter_rows():
            number = row[columns[labels.NUMBER] - 1].value
            if isinstance(number, int) and number in (ratings or {}):
                row[columns[labels.RATING] - 1].value = (ratings or {})[number]
        book.save(path)

    return change


_COLUMNS = (labels.NUMBER, labels.RATING, labels.COMMENT)
