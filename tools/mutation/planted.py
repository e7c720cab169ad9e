"""Runs tests of the suite in this process on a home that is there already, instead of one that they make."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dagster_project.paths import VARIABLE, Home
from tests.conftest import Workplace


@dataclass(eq=False)
class Planted:
    """A plugin of pytest: gives `sample_home`, notes which tests fail."""

    home: Home
    failed: list[str] = field(default_factory=list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Workplace | None:
        """Stand in for the fixture that would run the whole job."""
        if fixturedef.argname != "sample_home":
            return None
        workplace = Workplace(self.home)
        fixturedef.cached_result = (workplace, fixturedef.cache_key(request), None)
        return workplace

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note a failure."""
        if report.failed:
            self.failed.append(report.nodeid)


def run_tests(home: Home, tests: Sequence[str], also: Sequence[Any] = ()) -> str:
    """Run the tests in turn until one fails. Returns its name, or nothing. Raises where pytest itself fails."""
    os.environ[VARIABLE] = str(home.root)
    planted = Planted(home)
    options = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "--durations=0", "--durations-min=1000"]
    with quietly():
        code = pytest.main([*options, *tests], plugins=[planted, *also])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(f"pytest ended with {code!r} on {tests}")
    return planted.failed[0] if planted.failed else ""


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Nothing that is written by this process, or those it starts, is shown."""
    kept = os.dup(1), os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
            os.close(kept[0])
            os.close(kept[1])
