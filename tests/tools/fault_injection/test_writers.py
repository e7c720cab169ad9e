"""One lock for all writers: processes that write at the same time wait or are refused."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock
from typer.testing import CliRunner

from dagster_project.cli.dev import configure_dagster
from dagster_project.cli.main import app
from dagster_project.definitions import defs
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import REPOSITORY, VARIABLE
from dagster_project.raw.assets import PARTITIONS
from tests.conftest import ROUND, Workplace


def test_all_assets_and_checks_require_the_lock() -> None:
    writing = [*(defs.assets or ()), *(defs.asset_checks or ())]
    without = [
        one
        for one in writing
        if isinstance(one, dg.AssetsDefinition | dg.AssetChecksDefinition)
        and "writer_lock" not in one.required_resource_keys
    ]
    assert writing
    assert without == []


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="starts Dagster: `make test-long`")
@pytest.mark.timeout(900)
def test_a_run_that_dagster_starts_waits_and_no_other_starts_meanwhile(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    lock = FileLock(workplace.home.build / "run.lock", timeout=0)
    lock.acquire()
    configure_dagster(workplace.home)
    with dg.DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(PARTITIONS, [ROUND])
    command = [
        str(Path(sys.executable).with_name("dagster")), "asset", "materialize",
        "-m", "dagster_project.definitions", "--select", "group:raw", "--partition", ROUND,
    ]  # fmt: skip
    process = subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**os.environ, VARIABLE: str(workplace.home.root), "DAGSTER_HOME": str(workplace.home.dagster)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = _lines(process)
        assert any("Another run is at work" in line and "This run waits for it." in line for line in lines)
        lock.release()
        # From its first step on, other runs and commands that write seeds are refused.
        assert any("STEP_START" in line for line in lines)
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(RunInProgress, match="Wait until it has ended"):
            workplace.run()
        closing = CliRunner().invoke(app, ["round", "close", ROUND])
        assert closing.exit_code == 1
        assert "Another run is at work" in closing.stderr
        process.send_signal(signal.SIGCONT)
        assert any("RUN_SUCCESS" in line for line in lines)
    finally:
        process.kill()
        process.communicate()


def _lines(process: "subprocess.Popen[str]") -> Iterator[str]:
    assert process.stderr
    yield from process.stderr
