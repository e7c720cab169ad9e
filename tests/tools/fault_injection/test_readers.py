"""Read while releases are published: each answer comes from one release. `make fault-injection` reads more."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from dagster_project.paths import VARIABLE, Home
from dagster_project.release import publish
from tests.conftest import Workplace
from tools.fault_injection.read import READERS, publish_while_reading


def test_each_reading_comes_from_one_release(sample_home: Workplace, tmp_path: Path) -> None:
    home = Home(tmp_path / "a home with spaces")
    home.build.mkdir(parents=True)
    original = sample_home.home.published.resolve()
    shutil.copytree(original, home.releases / original.name)
    publish.switch_release(home, original.name)
    home.seeds.mkdir(parents=True)
    shutil.copy(sample_home.home.seeds / "rounds.csv", home.seeds)
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "dagster_project.cli", "site", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, VARIABLE: str(home.root)},
    )
    try:
        assert server.stdout
        address = server.stdout.readline().split()[0]
        readings, made = publish_while_reading(home, 8, len(READERS) + 1, address)
    finally:
        server.kill()
        server.communicate()
    assert [one.mixed or one.failed for one in readings if one.mixed or one.failed] == []
    assert len(made) == 10
    assert all(one.answers > 1 for one in readings)
    # Readers saw several releases, and an open one to the end although it was deleted meanwhile.
    assert max(one.releases for one in readings) > 1
    assert len(list(home.releases.glob("2*"))) == 5
