"""Kill a run: readers see one whole release, and the next run succeeds. `make fault-injection` kills more."""

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import Workplace
from tools.fault_injection.kill import build_step_kill, is_manifest_written
from tools.fault_injection.trial_home import TrialHome


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="several whole runs: `make test-long`")
@pytest.mark.timeout(900)
def test_a_run_deletes_what_killed_runs_left(workplace: Workplace, tmp_path: Path) -> None:
    trial = TrialHome.open(workplace.home.root, tmp_path / "temporary")
    before = trial.find_published()
    trial.change_return()
    assert build_step_kill(is_manifest_written)(trial)
    trial.check_releases({before})
    assert list(trial.list_leftovers()) != []
    assert list(trial.temporary.iterdir()) == []
    plant_leftovers(trial)
    trial.check_releases({before})

    report = workplace.run()
    assert report.release_id == trial.find_published() != before, report
    trial.check_recovery()


def plant_leftovers(trial: TrialHome) -> None:
    """Write what runs leave when they are killed in moments too short to hit on purpose."""
    home = trial.home
    # Between making the link and replacing the old one; during the deletion of an old release.
    (home.published.parent / ".published.4711").symlink_to("releases/missing")
    shutil.copytree(home.published.resolve() / "data", home.releases / ".retired-20200101T000000Z-0" / "data")
    # During the writing of a seed, the opening of a round.
    (home.seeds / ".new-seed").write_text("half a ro")
    (home.templates / ".new-round").mkdir(parents=True)
    # While dbt stored its parsed project, a check its record.
    (home.dbt_target / "partial_parse.msgpack").write_bytes(b"\x8f\xa5nodes")
    path = next(home.audit.glob("marts_*.json"))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
