"""Kill a run: readers see one whole release, and the next run succeeds. `make fault-injection` kills more."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Workplace
from tools.fault_injection.kill import at_step, manifest_written
from tools.fault_injection.place import Place


@pytest.mark.timeout(900)
def test_what_killed_runs_leave_is_cleared_by_the_next(workplace: Workplace, tmp_path: Path) -> None:
    place = Place.at(workplace.home.root, tmp_path / "temporary")
    before = place.published()
    place.change()
    assert at_step(manifest_written)(place)
    place.must_be_whole({before})
    assert list(place.leftovers()) != []
    assert list(place.temporary.iterdir()) == []
    plant_all(place)
    place.must_be_whole({before})

    report = workplace.run()
    assert report.release_id == place.published() != before, report
    place.must_be_recovered()


def plant_all(place: Place) -> None:
    """What runs leave that are killed in moments too short to be met on purpose."""
    home = place.home
    # Between making the link and putting it in its place; while an old release was deleted.
    (home.published.parent / ".published.4711").symlink_to("releases/nowhere")
    shutil.copytree(home.published.resolve() / "data", home.releases / ".retired-20200101T000000Z-0" / "data")
    # While a seed was written, a new round was opened, a library used a temporary file.
    (home.seeds / ".new-seed").write_text("half a ro")
    (home.templates / ".new-round").mkdir(parents=True)
    (home.build / "tmp").mkdir(exist_ok=True)
    (home.build / "tmp" / "something").write_text("")
    # While dbt kept what it had parsed, a check its outcome, the site a page, Dagster its settings.
    (home.dbt_target / "partial_parse.msgpack").write_bytes(b"\x8f\xa5nodes")
    for path in (
        next(home.audit.glob("marts_*.json")),
        next((home.build / "pages").glob("*.json")),
        home.dagster / "dagster.yaml",
    ):
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2])
