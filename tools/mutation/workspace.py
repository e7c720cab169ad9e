"""A copy of the repository in which one file at a time is mutated and the tests run."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.paths import REPOSITORY, SQL_ENGINE
from tools.mutation.mutant import Mutant, Verdict, change_source

MAX_SECONDS = 1200
"""Maximum time of one mutant's tests. A mutant that takes longer is caught: no run with it would end."""

MODEL_TESTS = (
    "tests/system/test_sample.py",
    "tests/dbt/test_command_line.py::test_a_build_gives_the_marts_of_the_run_and_passes_every_test",
    "tests/dbt/ranking",
    "tests/audit",
)
MODULE_TESTS = ("tests/release",)

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
INVALID = re.compile(r"(?:Parser|Binder|Catalog) Error: [^\n]*|Compilation Error[^\n]*")
"""Errors of SQL that does not run at all: nothing could be published with it."""


def select_tests(path: str) -> tuple[str, ...]:
    """Select the tests that judge a file."""
    return MODEL_TESTS if path.endswith(".sql") else MODULE_TESTS


@dataclass(frozen=True)
class Workspace:
    """A copy of the repository in `folder`."""

    folder: Path

    @classmethod
    def create(cls, folder: Path) -> "Workspace":
        """Copy the committed files, as they are in the working tree, and the built engine of the site's SQL page."""
        shutil.rmtree(folder, ignore_errors=True)
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        for name in listed.stdout.split("\0"):
            if name and (REPOSITORY / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, folder / name)
        # Without it the site has no copy of the database, and the tests of its files fail.
        if SQL_ENGINE.is_dir():
            shutil.copytree(SQL_ENGINE, folder / SQL_ENGINE.relative_to(REPOSITORY))
        return cls(folder)

    def judge(self, mutant: Mutant, tests: Sequence[str] = ()) -> Verdict:
        """Run the tests with one mutant, until one fails."""
        path = self.folder / mutant.path
        source = path.read_text(encoding="utf-8")
        started = time.monotonic()
        path.write_text(change_source(source, mutant), encoding="utf-8")
        try:
            outcome, test = self.run_tests(tests or select_tests(mutant.path))
        finally:
            path.write_text(source, encoding="utf-8")
        return Verdict(mutant, outcome, test, round(time.monotonic() - started, 1))

    def run_tests(self, tests: Sequence[str]) -> tuple[str, str]:
        """Return `survived`, `caught` with the first test that fails, or `invalid` with the database's error.

        Raises `RuntimeError` where pytest cannot run.
        """
        environment = {name: value for name, value in os.environ.items() if name != "SELFEVAL_HOME"}
        with subprocess.Popen(
            [sys.executable, "-m", "pytest", "-x", "-vv", "-n0", "-p", "no:cacheprovider", *tests],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=MAX_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return "caught", f"more than {MAX_SECONDS} seconds"
        if process.returncode == 0:
            return "survived", ""
        if invalid := INVALID.search(output):
            return "invalid", invalid[0][:200]
        if failed := FAILED.search(output):
            return "caught", failed[1]
        raise RuntimeError(f"pytest ended with {process.returncode}:\n{output[-2000:]}")
