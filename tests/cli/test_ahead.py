"""What a run gets ready while it waits: done before the next stage starts, and nobody's trouble if it fails."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dagster_project import ahead
from dagster_project.home import VARIABLE, Home
from dagster_project.progress import STAGES


def test_it_has_ended_when_the_next_stage_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def work() -> None:
        time.sleep(0.2)
        done.append("worked")

    monkeypatch.setattr(ahead, "_DURING", {"wait": work, "fail": lambda: 1 / 0})
    one = ahead.Ahead()
    one.told("wait")
    assert done == []
    one.told("go on")
    assert done == ["worked"]
    one.told("fail")
    one.told("end")


def test_a_run_that_stops_meanwhile_ends_when_it_has_ended() -> None:
    program = """
import time
from dagster_project import ahead
ahead._DURING = {"wait": lambda: (time.sleep(0.3), print("worked"))}
ahead.Ahead().told("wait")
"""
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout == "worked\n"


def test_the_stages_it_works_in_are_those_of_a_run() -> None:
    assert set(ahead._DURING) == {STAGES["audit_raw"], STAGES["audit_marts"]}


@pytest.mark.parametrize("stage", ["audit_raw", "audit_marts"])
def test_what_it_does_can_be_done_and_leaves_the_build_to_the_auditor(stage: str, tmp_path: Path) -> None:
    program = f"""
import sys
from dagster_project.ahead import _DURING
from dagster_project.progress import STAGES
before = len(sys.modules)
_DURING[STAGES["{stage}"]]()
print(len(sys.modules) - before)
"""
    found = subprocess.run(
        [sys.executable, "-c", program],
        check=True, capture_output=True, text=True, env={VARIABLE: str(tmp_path)},
    )  # fmt: skip
    assert int(found.stdout) > 100
    assert not Home(tmp_path).build_database.exists()
