"""The sensor for new returns: what it takes as known, when it requests runs, and when it publishes nothing."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import defs
from dagster_project.home.create import create_home
from dagster_project.home.files import prepare_home
from dagster_project.home.fingerprints import hash_round, store_round
from dagster_project.home.lock import only_writer
from dagster_project.home.notify import COMMAND
from dagster_project.paths import VARIABLE, Home
from dagster_project.raw.arrivals import FolderState, compare_folder, hash_listing
from dagster_project.raw.assets import PARTITIONS
from dagster_project.release import publish
from dagster_project.release.automation import (
    FIRST_PARTITION,
    LAST_PARTITION,
    LOAD_AND_PUBLISH,
    publish_changes,
    returns_arrived,
)
from dagster_project.release.catalog import MANIFEST
from dagster_project.release.notification import run_failed
from dagster_project.resources import HomeFolder
from tests.conftest import Workplace


@dataclass
class Sensor:
    """The sensor of a home, evaluated as Dagster's daemon does it; requested runs are recorded, not executed."""

    instance: dg.DagsterInstance
    cursor: str | None = None
    reason: str | None = None
    keys: list[str] = field(default_factory=list)

    def tick(self) -> list[str]:
        """Evaluate once. Returns the rounds that the requested run loads and publishes."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, definitions=defs, resources={"folder": HomeFolder()}
        )
        with dg.partition_loading_context(dynamic_partitions_store=self.instance):
            outcome = returns_arrived.evaluate_tick(context)
        self.cursor, self.reason = outcome.cursor, outcome.skip_message
        for change in outcome.dynamic_partitions_requests or ():
            if isinstance(change, dg.AddDynamicPartitionsRequest):
                self.instance.add_dynamic_partitions(change.partitions_def_name, change.partition_keys)
            else:
                for key in change.partition_keys:
                    self.instance.delete_dynamic_partition(change.partitions_def_name, key)
        if not outcome.run_requests:
            return []
        [request] = outcome.run_requests
        assert request.run_key not in self.keys, "Dagster ignores a run key that was requested before"
        self.keys.append(str(request.run_key))
        self.instance.create_run_for_job(defs.resolve_job_def(LOAD_AND_PUBLISH), tags=dict(request.tags))
        rounds = self.instance.get_dynamic_partitions(PARTITIONS)
        first, last = rounds.index(request.tags[FIRST_PARTITION]), rounds.index(request.tags[LAST_PARTITION])
        return list(rounds[first : last + 1])

    def start_run(self) -> None:
        """Start the requested run: from now on the lock of the home shows that it works."""
        for record in self.instance.get_run_records(
            dg.RunsFilter(statuses=[dg.DagsterRunStatus.NOT_STARTED])
        ):
            event = dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, LOAD_AND_PUBLISH)
            self.instance.report_dagster_event(event, record.dagster_run.run_id)


@pytest.fixture
def sensor() -> Iterator[Sensor]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield Sensor(instance)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the round 2016 in a home without returns."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home.from_environment()
    prepare_home(home)
    folder = home.returns / "2016"
    folder.mkdir()
    (folder / "README.md").write_text("About the folder.")
    return folder


def open_round(round_id: str) -> Path:
    """Register a round. Returns its folder."""
    home = Home.from_environment()
    with (home.seeds / "rounds.csv").open("a", encoding="utf-8") as file:
        file.write(f"{round_id},Later,{round_id}-08-01,{int(round_id) + 1}-01-31,,cse-2016,false\n")
    folder = home.returns / round_id
    folder.mkdir()
    return folder


def test_the_files_of_the_first_look_are_the_baseline(folder: Path, sensor: Sensor) -> None:
    (folder / "Fife.xlsx").write_bytes(b"one")
    assert sensor.tick() == []
    assert sensor.reason and sensor.reason.startswith("Baseline: the files that rounds 2016 have now.")
    assert "run `selfeval run`" in sensor.reason
    assert [sensor.tick(), sensor.tick()] == [[], []]
    assert sensor.reason == "No returned file has changed."


def test_a_cursor_of_another_version_starts_with_a_baseline(folder: Path, sensor: Sensor) -> None:
    (folder / "Fife.xlsx").write_bytes(b"one")
    sensor.cursor = '{"2016": {"seen": "", "asked": "", "times": 0}}'
    assert [sensor.tick(), sensor.tick()] == [[], []]


def test_returns_are_published_as_they_arrive(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    assert [sensor.tick(), sensor.tick(), sensor.tick()] == [[], ["2016"], []]
    sensor.start_run()
    # Files that are not returns start no run.
    (folder / "README.md").write_text("Another word about the folder.")
    (folder / "~$Fife.xlsx").write_bytes(b"lock")
    assert [sensor.tick(), sensor.tick()] == [[], []]
    (folder / "Fife.xlsx").unlink()
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]


def test_several_changed_rounds_are_one_run_and_arrivals_during_it_another(
    folder: Path, sensor: Sensor
) -> None:
    later = open_round("2018")
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    (later / "Fife.xlsx").write_bytes(b"two")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016", "2018"]]
    # More returns arrive before the run starts, and while it works.
    (later / "Angus.xlsx").write_bytes(b"three")
    assert [sensor.tick(), sensor.tick()] == [[], []]
    assert (
        sensor.reason
        == "Waits until the run at work has ended, to publish one release of all changed rounds."
    )
    sensor.start_run()
    with only_writer(Home.from_environment()):
        (folder / "Moray.xlsx").write_bytes(b"four")
        assert [sensor.tick(), sensor.tick()] == [[], []]
        assert sensor.reason and sensor.reason.startswith("Waits")
    assert [sensor.tick(), sensor.tick()] == [["2016", "2018"], []]


def test_a_round_that_is_removed_from_the_registry_is_no_partition(folder: Path, sensor: Sensor) -> None:
    registry = Home.from_environment().seeds / "rounds.csv"
    before = registry.read_bytes()
    middle = open_round("2018")
    last = open_round("2020")
    sensor.tick()
    middle.rmdir()
    registry.write_bytes(before + registry.read_bytes().splitlines(keepends=True)[-1])
    for one in (folder, last):
        (one / "Fife.xlsx").write_bytes(b"one")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016", "2020"]]


def test_a_file_that_is_still_being_copied_starts_no_run(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    with (folder / "Fife.xlsx").open("wb") as file:
        for _ in range(3):
            file.write(b"part")
            file.flush()
            os.fsync(file.fileno())
            assert sensor.tick() == []
    assert [sensor.tick(), sensor.tick()] == [["2016"], []]


def test_a_folder_that_has_its_files_back_is_loaded_again(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    fife, away = folder / "Fife.xlsx", folder.parent / "Fife.xlsx"
    fife.write_bytes(b"one")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    sensor.start_run()
    fife.rename(away)
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    sensor.start_run()
    away.rename(fife)
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]


def test_a_round_that_a_person_has_loaded_is_not_loaded_again(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    sensor.tick()
    store_round(Home.from_environment(), "2016", hash_round(Home.from_environment(), "2016"))
    assert [sensor.tick(), sensor.tick()] == [[], []]


def test_a_link_to_a_missing_file_counts_and_that_of_a_lock_does_not(folder: Path) -> None:
    (folder / "Fife.xlsx").write_bytes(b"one")
    listing = hash_listing(folder)
    (folder / ".#Fife.xlsx").symlink_to(folder / "missing")
    assert hash_listing(folder) == listing
    state = FolderState(listing, listing)
    assert compare_folder(folder, state) == (state, False)
    (folder / "Angus.xlsx").symlink_to(folder / "missing")
    assert hash_listing(folder) != listing


def test_a_new_round_is_a_partition_and_its_first_returns_are_loaded(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    later = open_round("2018")
    assert sensor.tick() == []
    assert sensor.instance.get_dynamic_partitions(PARTITIONS) == ["2016", "2018"]
    (later / "Fife.xlsx").write_bytes(b"one")
    (folder / "Fife.xlsx").write_bytes(b"one")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016", "2018"]]


def test_a_round_is_registered_and_loaded_in_the_same_look(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    sensor.tick()
    open_round("2018")
    assert sensor.tick() == ["2016"]
    assert sensor.instance.has_dynamic_partition(PARTITIONS, "2018")


def test_a_home_without_a_round_waits_for_its_first_one(
    tmp_path: Path, sensor: Sensor, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "own")
    create_home(home)
    monkeypatch.setenv(VARIABLE, str(home.root))
    assert [sensor.tick(), sensor.tick()] == [[], []]
    later = open_round("2018")
    (later / "Fife.xlsx").write_bytes(b"one")
    assert [sensor.tick(), sensor.tick()] == [[], ["2018"]]


def test_a_failed_run_is_reported_to_the_program_that_the_setting_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.op
    def fail() -> None:
        raise ValueError("what a committee typed")

    @dg.job
    def failing() -> None:
        fail()

    monkeypatch.setenv(COMMAND, f"tee '{tmp_path / 'the message'}'")
    with dg.DagsterInstance.ephemeral() as instance:
        result = failing.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            "run_failed", result.get_run_failure_event(), instance, result.dagster_run
        ).for_run_failure()
        run_failed(context)
        message = (tmp_path / "the message").read_text()
        assert result.run_id in message
        assert "typed" not in message
        monkeypatch.delenv(COMMAND)
        assert isinstance(run_failed(context), dg.SkipReason)


def test_the_schedule_publishes_what_no_sensor_watches(workplace: Workplace) -> None:
    folder = HomeFolder()
    unchanged = publish_changes(folder=folder)
    assert isinstance(unchanged, dg.SkipReason)
    assert unchanged.skip_message == f"Nothing has changed since release {workplace.published()}."
    rounds = workplace.home.seeds / "rounds.csv"
    rounds.write_text(rounds.read_text().replace("Self-evaluation 2016", "The self-evaluation of 2016"))
    assert isinstance(publish_changes(folder=folder), dg.RunRequest)
    (workplace.returns / "Highland.pdf").write_bytes(b"%PDF-1.4")
    not_loaded = publish_changes(folder=folder)
    assert isinstance(not_loaded, dg.SkipReason)
    assert str(not_loaded.skip_message).startswith(
        "Nothing is published: rounds 2016 have files that are not loaded."
    )


def test_a_rollback_stays_in_force(workplace: Workplace, sensor: Sensor) -> None:
    first, second = workplace.published(), "another"
    manifest = json.loads((workplace.home.published / MANIFEST).read_text())
    shutil.copytree(workplace.home.published.resolve(), workplace.home.releases / second)
    about = {"release_id": second, "number": manifest["number"] + 1}
    (workplace.home.releases / second / MANIFEST).write_text(json.dumps(manifest | about))
    publish.switch_release(workplace.home, second)
    publish.roll_back_release(workplace.home, first)
    sensor.tick()
    (workplace.returns / "Highland.pdf").write_bytes(b"%PDF-1.4")
    assert [sensor.tick(), sensor.tick(), sensor.tick()] == [[], [], []]
    assert sensor.reason and sensor.reason.startswith(
        f"Nothing is published: readers were sent back to release {first}."
    )
    schedule = publish_changes(folder=HomeFolder())
    assert isinstance(schedule, dg.SkipReason) and schedule.skip_message == sensor.reason
    # A person who publishes on purpose ends it, and what has arrived meanwhile is published.
    publish.roll_back_release(workplace.home, second)
    assert sensor.tick() == ["2016"]
