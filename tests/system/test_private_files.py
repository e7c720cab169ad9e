"""Every file that a run writes can be read by its owner only, for any umask."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

from dagster_project.home.files import prepare_home, write_atomically
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from tests.conftest import ROUND, Workplace

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def list_open(folder: Path) -> list[str]:
    """Files and folders that another person may read, write or enter."""
    found = [folder, *folder.rglob("*")]
    return [
        str(path.relative_to(folder))
        for path in found
        if not path.is_symlink() and path.stat().st_mode & OTHERS
    ]


def test_a_run_writes_nothing_that_others_may_read(workplace: Workplace) -> None:
    """The whole build, and the analysts' database, in the folders that lead to them."""
    home = workplace.home
    assert list_open(home.build) == []
    release = home.published.resolve()
    assert list_open(home.releases / release.name / "self_evaluation.duckdb") == []
    assert stat.S_IMODE(release.stat().st_mode) == 0o700


def test_a_round_and_its_feedback_are_private_with_the_most_open_umask(tmp_path: Path) -> None:
    root = tmp_path / "home"
    script = (
        f"umask 000; selfeval init {root}; export {VARIABLE}={root}; "
        "selfeval round new first --from 2016-08-01 --to 2017-01-31"
    )
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["sh", "-ec", script], env=environment, check=True, capture_output=True)
    # Links have no mode of their own, and point to the program's models.
    assert list_open(root) == []


def test_a_build_of_an_earlier_version_is_closed(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, home.returns / ROUND)
    home.build.mkdir(mode=0o755)
    prepare_home(home)
    assert stat.S_IMODE(home.build.stat().st_mode) == 0o700
    write_atomically(home.runs.parent / "report.json", b"{}")
    assert stat.S_IMODE((home.runs.parent / "report.json").stat().st_mode) == 0o600
