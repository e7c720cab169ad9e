"""A home in which real runs are started in processes of their own, and what must hold there after each."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import openpyxl
from filelock import FileLock

from dagster_project.intake import labels
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.release import shelf
from dagster_project.release.database import ABOUT_TABLE, DATABASE

ROUND = "2016"
SENDER = "Angus CSE return Oct 2016.xlsx"
QUESTION = 4
"""Its rating by this sender is green as it came; amber needs no decision either."""

AS_SENT = 20
"""So many returns rate the question green before one is changed."""


@dataclass
class Place:
    """A home with the sample round. Its processes are given `temporary` as the folder for temporary files, are told to
    keep `kept` releases, and have the variables of `elsewhere`.
    """

    home: Home
    temporary: Path
    greens: int = AS_SENT
    kept: int = 3
    elsewhere: dict[str, str] = field(default_factory=dict)
    _contents: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path) -> "Place":
        """A new home, without a release."""
        returns = root / "home" / "warehouse" / "returns" / ROUND
        shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, returns)
        return cls.at(root / "home", root / "tmp")

    @classmethod
    def at(cls, home: Path, temporary: Path) -> "Place":
        """A home that is there already."""
        temporary.mkdir(parents=True, exist_ok=True)
        place = cls(Home(home), temporary)
        sent = place.home.returns / ROUND / SENDER
        place._contents = {AS_SENT: sent.read_bytes(), AS_SENT - 1: _with_amber(sent, temporary)}
        return place

    @property
    def environment(self) -> dict[str, str]:
        """What tells a process where it works."""
        return {
            VARIABLE: str(self.home.root),
            "TMPDIR": str(self.temporary),
            shelf.KEEP: str(self.kept),
            **self.elsewhere,
        }

    def change(self) -> None:
        """Send the other of two contents: the next run has something to publish."""
        self.greens = 2 * AS_SENT - 1 - self.greens
        (self.home.returns / ROUND / SENDER).write_bytes(self._contents[self.greens])

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start `selfeval run` in a session of its own, so that all its processes can be ended at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "dagster_project.cli.main", "run", *arguments],
            cwd=REPOSITORY,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def run(self) -> str:
        """A plain run, which must succeed. Returns what it said."""
        process = self.start()
        out, err = process.communicate()
        assert process.returncode == 0, out + err
        return out + err

    def published(self) -> str:
        """The release that readers see; empty where there is none."""
        return self.home.published.resolve().name if self.home.published.is_symlink() else ""

    def must_be_whole(self, allowed: set[str] | None = None) -> None:
        """What readers see is one whole release, one of `allowed` unless any new one will do; so are all others."""
        for release in shelf.releases(self.home):
            assert shelf.verify(self.home, release.release_id) == (), release
        seen = self.published()
        if not seen:
            return
        assert allowed is None or seen in allowed, (seen, allowed)
        assert any(one.is_published for one in shelf.releases(self.home)), seen
        with duckdb.connect(str(self.home.published / DATABASE), read_only=True) as connection:
            [(release_id,)] = connection.execute(
                f"select text from {ABOUT_TABLE} where subject = 'release'"
            ).fetchall()
        assert release_id == seen
        page = (self.home.published / "site" / "index.html").read_text(encoding="utf-8")
        assert seen in page

    def must_be_recovered(self) -> None:
        """After a run that succeeded: the figures are those of what was sent, and nothing is left of one before."""
        self.must_be_whole()
        with duckdb.connect(str(self.home.published / DATABASE), read_only=True) as connection:
            query = f"select green from mart_question_ranking where question_no = {QUESTION}"
            [(greens,)] = connection.execute(query).fetchall()
        assert greens == self.greens, greens
        left = list(self.leftovers())
        assert left == [], left
        with FileLock(self.home.build / "run.lock", timeout=0):
            pass

    def open_data(self) -> dict[str, str]:
        """The checksums of the open data that are published, by path."""
        manifest = shelf.read_manifest(self.home.published.resolve())
        return {one["path"]: one["sha256"] for one in manifest["files"] if one["path"].startswith("data/")}

    def leftovers(self) -> Iterator[str]:
        """Whatever only a run that was killed would leave."""
        home = self.home
        for folder, pattern in (
            (home.published.parent, ".*"),
            (home.releases, ".*"),
            (home.seeds, ".*"),
            (home.build, "candidate"),
            (home.build, "tmp"),
            (home.build, "spool/*"),
            (home.build, "*.wal"),
            (home.build, "*.tmp"),
            (home.dagster, "alive/*"),
            (self.temporary, "*"),
        ):
            yield from (str(path) for path in folder.glob(pattern))
        with closing(sqlite3.connect(home.dagster / "history" / "runs.db")) as runs:
            query = "select run_id, status from runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')"
            yield from (f"run {run_id} is {status} for ever" for run_id, status in runs.execute(query))


def kill(process: "subprocess.Popen[str]") -> bool:
    """End a process and all that it has started, as a power cut would. False where it had ended by itself."""
    lived = process.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return lived


def until(process: "subprocess.Popen[str]", seen: Callable[[], bool]) -> bool:
    """Wait until something is seen in the home, as closely as can be. False where the process ends before."""
    while not seen():
        if process.poll() is not None:
            return False
        time.sleep(0)
    return True


def told(process: "subprocess.Popen[str]", stage: str) -> bool:
    """Wait until a run tells of a stage. False where it ends before."""
    assert process.stderr
    return any(line.startswith(stage) for line in process.stderr)


def _with_amber(sent: Path, temporary: Path) -> bytes:
    book = openpyxl.load_workbook(sent)
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
