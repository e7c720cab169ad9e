"""The sensor for new returns: what it takes as known, when it requests runs, and when it publishes nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import defs
from dagster_project.home.create import create_home
from dagster_project.home.files import prepare_home
from dagster_project.home.fingerprints import hash_round, store_round
from dagster_project.home.notify import COMMAND
from dagster_project.paths import VARIABLE, Home
from dagster_project.raw.arrivals import FolderState, hash_listing, look_at
from dagster_project.raw.assets import PARTITIONS
from dagster_project.release import publish
from dagster_project.release.automation import ARRIVAL, LOAD_ROUND, PUBLISH, publish_changes, returns_arrived
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
        """Evaluate once. Returns the requested runs: the partition of a load, or the name of the job."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, definitions=defs, resources={"folder": HomeFolder()}
        )
        with dg.partition_loading_context(dynamic_partitions_store=self.instance):
            outcome = returns_arrived.evaluate_tick(context)
        self.cursor, self.reason = outcome.cursor, outcome.skip_message
        for addition in outcome.dynamic_partitions_requests or ():
            assert isinstance(addition, dg.AddDynamicPartitionsRequest)
            self.instance.add_dynamic_partitions(addition.partitions_def_name, addition.partition_keys)
        requests = outcome.run_requests or []
        for request in requests:
            assert request.run_key not in self.keys, "Dagster ignores a run key that was requested before"
            self.keys.append(str(request.run_key))
            self.instance.create_run_for_job(
                defs.resolve_job_def(str(request.job_name)), tags=dict(request.tags)
            )
        return [str(request.partition_key or request.job_name) for request in requests]

    def end_loads(self, *, successfully: bool = True) -> None:
        """End all runs that load rounds."""
        for record in self.instance.get_run_records(dg.RunsFilter(job_name=LOAD_ROUND)):
            if not record.dagster_run.is_finished:
                if successfully:
                    event = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, LOAD_ROUND)
                    self.instance.report_dagster_event(event, record.dagster_run.run_id)
                else:
                    self.instance.report_run_failed(record.dagster_run)


@pytest.fixture
def sensor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sensor]:
    with dg.DagsterInstance.local_temp(str(tmp_path_factory.mktemp("dagster"))) as instance:
        yield Sensor(instance)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the round 2016 in a home without returns."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home.current()
    prepare_home(home)
    folder = home.returns / "2016"
    folder.mkdir()
    (folder / "README.md").write_text("About the folder.")
    return folder


def open_round(round_id: str) -> Path:
    """Register a round. Returns its folder."""
    home = Home.current()
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


def test_returns_are_loaded_as_they_arrive_and_published_when_loaded(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    # The load runs.
    assert sensor.tick() == []
    assert sensor.reason and "Waits until the changed rounds are loaded" in sensor.reason
    sensor.end_loads()
    assert [sensor.tick(), sensor.tick()] == [[PUBLISH], []]
    # Files that are not returns start no run.
    (folder / "README.md").write_text("Another word about the folder.")
    (folder / "~$Fife.xlsx").write_bytes(b"lock")
    assert [sensor.tick(), sensor.tick()] == [[], []]
    (folder / "Fife.xlsx").unlink()
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]


def test_several_changed_rounds_are_one_release(folder: Path, sensor: Sensor) -> None:
    later = open_round("2018")
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    (later / "Fife.xlsx").write_bytes(b"two")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016", "2018"]]
    sensor.end_loads()
    # Another return arrives before the release.
    (later / "Angus.xlsx").write_bytes(b"three")
    assert sensor.tick() == [PUBLISH]
    assert sensor.tick() == ["2018"]
    (folder / "Moray.xlsx").write_bytes(b"four")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    sensor.end_loads()
    assert [sensor.tick(), sensor.tick()] == [[PUBLISH], []]


def test_a_failed_load_publishes_nothing(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    sensor.tick()
    sensor.tick()
    sensor.end_loads(successfully=False)
    assert sensor.tick() == []
    [run] = sensor.instance.get_run_records()
    assert sensor.reason == (
        f"Nothing is published: these runs of load_round failed: {run.dagster_run.tags[ARRIVAL]}."
    )
    assert sensor.tick() == []


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
    fife.rename(away)
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    away.rename(fife)
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]


def test_a_round_that_a_person_has_loaded_is_not_loaded_again(folder: Path, sensor: Sensor) -> None:
    sensor.tick()
    (folder / "Fife.xlsx").write_bytes(b"one")
    sensor.tick()
    store_round(Home.current(), "2016", hash_round(Home.current(), "2016"))
    assert [sensor.tick(), sensor.tick()] == [[], []]


def test_a_link_to_a_missing_file_counts_and_that_of_a_lock_does_not(folder: Path) -> None:
    (folder / "Fife.xlsx").write_bytes(b"one")
    listing = hash_listing(folder)
    (folder / ".#Fife.xlsx").symlink_to(folder / "missing")
    assert hash_listing(folder) == listing
    state = FolderState(listing, listing)
    assert look_at(folder, state) == (state, False)
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
    first = workplace.published()
    second = workplace.run().release_id
    assert second and second != first
    publish.rollback(workplace.home, first)
    sensor.tick()
    (workplace.returns / "Highland.pdf").write_bytes(b"%PDF-1.4")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    sensor.end_loads()
    assert sensor.tick() == []
    assert sensor.reason and sensor.reason.startswith(
        f"Nothing is published: readers were sent back to release {first}."
    )
    assert publish_changes(folder=HomeFolder()) == dg.SkipReason(sensor.reason)
    # A person who publishes on purpose ends it.
    publish.rollback(workplace.home, second)
    (workplace.returns / "Highland.pdf").write_bytes(b"%PDF-1.5")
    assert [sensor.tick(), sensor.tick()] == [[], ["2016"]]
    sensor.end_loads()
    assert sensor.tick() == [PUBLISH]
