"""A home in which real runs start as processes, and the conditions that it must meet afterwards."""

import datetime
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import openpyxl
from filelock import FileLock

from dagster_project.home.files import prepare_home
from dagster_project.intake import labels
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.release import catalog, retention
from dagster_project.release.attack.acceptances import Acceptance, record_acceptances
from dagster_project.release.database import ABOUT_TABLE, DATABASE
from dagster_project.release.stages import STAGES, START
from dagster_project.rounds.closing import reopen_round
from dagster_project.rounds.registry import find_round

ROUND = "2016"
RETURN = "Angus CSE return Oct 2016.xlsx"
COMMITTEE = "angus"
QUESTION = 4
"""This return rates the question green. Amber raises no finding either."""

RUN_STAGES = tuple(dict.fromkeys((START, *STAGES.values())))
"""The stages that a run prints, each once: several assets share one stage."""

GREEN_RETURNS = 20
"""Number of returns that rate the question green before the return is changed."""


@dataclass
class TrialHome:
    """A home with the sample round.

    Its processes use `temporary` as folder for temporary files, keep `retention` releases, and get the variables of
    `environment` as well.
    """

    home: Home
    temporary: Path
    green: int = GREEN_RETURNS
    retention: int = 3
    environment: dict[str, str] = field(default_factory=dict)
    contents: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def create(cls, root: Path) -> "TrialHome":
        """Create a new home, without a release."""
        home = Home(root / "home")
        prepare_home(home)
        shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, home.returns / ROUND)
        return cls.open(home.root, root / "tmp")

    @classmethod
    def open(cls, root: Path, temporary: Path) -> "TrialHome":
        """Open an existing home, with its round open and the disclosure of the changed rating accepted."""
        home = Home(root)
        temporary.mkdir(parents=True, exist_ok=True)
        if find_round(home.seeds, ROUND).closed_on:
            reopen_round(home, ROUND, "The trial changes a return.", "trial")
        # Two releases that differ by one return show its rating, and the second one would not be published.
        accepted = [Acceptance(ROUND, QUESTION, COMMITTEE)]
        record_acceptances(home.seeds, accepted, datetime.date.today(), "trial", "The sample is invented.")
        path = home.returns / ROUND / RETURN
        contents = {GREEN_RETURNS: path.read_bytes(), GREEN_RETURNS - 1: write_with_amber(path, temporary)}
        return cls(home, temporary, contents=contents)

    def change_return(self) -> None:
        """Replace the return by the other of two contents: the next run has something to publish."""
        self.green = 2 * GREEN_RETURNS - 1 - self.green
        (self.home.returns / ROUND / RETURN).write_bytes(self.contents[self.green])

    def start_run(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `selfeval run` in a session of its own, so that all its processes can be killed at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project.cli", "run", *arguments],
            cwd=REPOSITORY,
            env={
                **os.environ,
                VARIABLE: str(self.home.root),
                "TMPDIR": str(self.temporary),
                retention.RETENTION: str(self.retention),
                **self.environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def run(self) -> str:
        """Run without any fault, which must succeed. Returns the output."""
        process = self.start_run()
        out, err = process.communicate()
        assert process.returncode == 0, out + err
        return out + err

    def find_published(self) -> str:
        """Find the release that readers see; empty where there is none."""
        return self.home.published.resolve().name if self.home.published.is_symlink() else ""

    def check_releases(self, allowed: set[str] | None = None) -> None:
        """Check that every release is whole, and the published one is one of `allowed` where that is given."""
        for release in catalog.list_releases(self.home):
            assert catalog.verify_release(self.home, release.release_id) == (), release
        published = self.find_published()
        if not published:
            return
        assert allowed is None or published in allowed, (published, allowed)
        assert any(one.is_published for one in catalog.list_releases(self.home)), published
        with duckdb.connect(str(self.home.published / DATABASE), read_only=True) as connection:
            [(release_id,)] = connection.execute(
                f"select text from {ABOUT_TABLE} where subject = 'release'"
            ).fetchall()
        assert release_id == published
        page = (self.home.published / "site" / "index.html").read_text(encoding="utf-8")
        assert published in page

    def check_recovery(self) -> None:
        """Check after a successful run: figures of the current return, and no file of an earlier run."""
        self.check_releases()
        with duckdb.connect(str(self.home.published / DATABASE), read_only=True) as connection:
            query = f"select green from mart_question_ranking where question_no = {QUESTION}"
            [(green,)] = connection.execute(query).fetchall()
        assert green == self.green, green
        leftovers = list(self.list_leftovers())
        assert leftovers == [], leftovers
        with FileLock(self.home.build / "run.lock", timeout=0):
            pass

    def hash_open_data(self) -> dict[str, str]:
        """Return the hashes of the published open data that its manifest lists, by path."""
        manifest = catalog.read_manifest(self.home.published.resolve())
        return {one["path"]: one["sha256"] for one in manifest["files"] if one["path"].startswith("data/")}

    def list_leftovers(self) -> Iterator[str]:
        """List the files that only a killed run leaves."""
        home = self.home
        for folder, pattern in (
            (home.published.parent, ".*"),
            (home.releases, ".*"),
            (home.seeds, ".*"),
            (home.build, "candidate"),
            (home.build, "spool/*"),
            (home.build, "*.wal"),
            (home.build, "*.tmp"),
            (home.dagster, ".run-*"),
        ):
            yield from (str(path) for path in folder.glob(pattern))


def kill_group(process: "subprocess.Popen[str]") -> bool:
    """Kill a process and its children, as a power cut would. False where it had ended before."""
    was_running = process.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return was_running


def wait_for_condition(process: "subprocess.Popen[str]", condition: Callable[[], bool]) -> bool:
    """Wait for a condition in the home, without a pause. False where the process ends before."""
    while not condition():
        if process.poll() is not None:
            return False
        time.sleep(0)
    return True


def wait_for_stage(process: "subprocess.Popen[str]", stage: str) -> bool:
    """Wait until a run prints the start of a stage. False where it ends before."""
    assert process.stderr
    return any(line.startswith(stage) for line in process.stderr)


def write_with_amber(path: Path, temporary: Path) -> bytes:
    """Return the content of a workbook with the question rated amber."""
    book = openpyxl.load_workbook(path)
    sheet = book[labels.QUESTIONNAIRE_SHEET]
    [heading] = [cell for row in sheet.iter_rows() for cell in row if cell.value == labels.RATING]
    [number] = [cell for row in sheet.iter_rows() for cell in row if cell.value == labels.NUMBER]
    for row in sheet.iter_rows(min_row=heading.row + 1):
        if row[number.column - 1].value == QUESTION:
            row[heading.column - 1].value = "Amber"
    changed = temporary / "changed.xlsx"
    book.save(changed)
    content = changed.read_bytes()
    changed.unlink()
    return content
