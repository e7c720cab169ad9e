"""A full or read-only disk: a clear message, no traceback, and readers see the same release."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.cli.faults import REMEDIES, add_remedy, find_fault
from dagster_project.paths import REPOSITORY, VARIABLE
from tests.conftest import Workplace
from tools.fault_injection.fill import fill_disk, small_disk


def selfeval(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, VARIABLE: str(home)},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="only root can mount a disk")
def test_a_full_or_read_only_disk_gives_a_clear_message(sample_home: Workplace, tmp_path: Path) -> None:
    size = sum(path.stat().st_size for path in sample_home.home.root.rglob("*") if path.is_file())
    with small_disk(tmp_path / "a small dïsk", size * 2 // 1_000_000 + 20) as disk:
        home = disk / "home"
        shutil.copytree(sample_home.home.root, home, symlinks=True)
        run = ["run", "--force"]
        filler = fill_disk(disk)
        for command in (run, ["round", "reopen", "2016", "--reason", "An error", "--role", "lead"]):
            ended = selfeval(home, *command)
            assert ended.returncode == 1, ended
            assert "The disk is full. Make room on it" in ended.stderr
            assert "Traceback" not in ended.stderr
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for command in (run, ["rollback", sample_home.published()]):
            ended = selfeval(home, *command)
            assert ended.returncode == 1, ended
            assert "The disk cannot be written to. Make it writable" in ended.stderr
            assert "Traceback" not in ended.stderr
        # Commands that only read still work.
        assert selfeval(home, "sql", "select count(*) from fct_rating").returncode == 0
        listed = selfeval(home, "releases", "--verify")
        assert (listed.returncode, "whole" in listed.stdout) == (0, True)


def test_a_limit_on_file_size_gives_a_clear_message_and_no_partial_file(tmp_path: Path) -> None:
    seeds = tmp_path / "dbt" / "seeds"
    seeds.mkdir(parents=True)
    # The smallest home; a run adds the other seeds.
    shutil.copy(REPOSITORY / "dbt" / "seeds" / "rounds.csv", seeds)
    command = f"ulimit -f 32; exec '{sys.executable}' -m dagster_project.cli --home '{tmp_path}' run"
    ended = subprocess.run(["bash", "-c", command], cwd=REPOSITORY, capture_output=True, text=True)
    assert ended.returncode == 1, ended
    assert "Files may not grow as large as this one here." in ended.stderr
    assert "Traceback" not in ended.stderr
    written = {path.name: path.read_bytes() for path in seeds.iterdir()}
    assert len(written) > 1
    assert written == {name: (REPOSITORY / "dbt" / "seeds" / name).read_bytes() for name in written}


@pytest.mark.parametrize("words", REMEDIES)
def test_each_fault_has_one_remedy(words: str) -> None:
    message = add_remedy(f"[Errno 0] {words}: 'somewhere'\n")
    assert message.splitlines() == [f"[Errno 0] {words}: 'somewhere'", REMEDIES[words]]
    assert add_remedy("Binder Error: a column is missing") == "Binder Error: a column is missing"


def test_the_fault_is_found_behind_other_exceptions() -> None:
    try:
        try:
            raise OSError(28, "No space left on device")
        except OSError as error:
            raise RuntimeError("a step failed\nwith what it wrote") from error
    except RuntimeError as error:
        assert find_fault(error) == "[Errno 28] No space left on device"
    assert find_fault(RuntimeError("a step failed")) == ""
    assert (
        find_fault(RuntimeError("database or disk is full\n[SQL: what was written]"))
        == "database or disk is full"
    )
