"""The sensor: returns that arrive one after the other, and files that are still being copied."""

import os
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import defs, returns_arrived
from dagster_project.home.files import prepare_home
from dagster_project.paths import VARIABLE, Home
from dagster_project.raw.arrivals import Watched, fingerprint, look


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home.current()
    prepare_home(home)
    folder = home.returns / "2016"
    folder.mkdir()
    (folder / "README.md").write_text("About the folder.")
    return folder


class Ticks:
    """Evaluates the sensor several times."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.keys: list[str] = []

    def __call__(self) -> int:
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance=instance, cursor=self.cursor, definitions=defs)
            asked = returns_arrived.evaluate_tick(context)
        self.cursor = asked.cursor
        keys = [str(one.run_key) for one in asked.run_requests or ()]
        assert all(one.partition_key == "2016" for one in asked.run_requests or ())
        assert not set(keys) & set(self.keys), "Dagster ignores a run key that was requested before"
        self.keys += keys
        return len(keys)


def test_returns_are_read_as_they_arrive(folder: Path) -> None:
    tick = Ticks()
    assert [tick(), tick()] == [0, 0]
    (folder / "Fife.xlsx").write_bytes(b"one")
    assert [tick(), tick(), tick()] == [0, 1, 0]
    (folder / "Angus.xlsx").write_bytes(b"two")
    (folder / "Moray.xlsx").write_bytes(b"three")
    assert [tick(), tick(), tick()] == [0, 1, 0]
    (folder / "README.md").write_text("Another word about the folder.")
    (folder / "~$Fife.xlsx").write_bytes(b"lock")
    assert [tick(), tick()] == [0, 0]
    (folder / "Angus.xlsx").unlink()
    assert [tick(), tick(), tick()] == [0, 1, 0]


def test_a_file_that_is_still_being_copied_starts_no_run(folder: Path) -> None:
    tick = Ticks()
    with (folder / "Fife.xlsx").open("wb") as file:
        for _ in range(3):
            file.write(b"part")
            file.flush()
            os.fsync(file.fileno())
            assert tick() == 0
    assert [tick(), tick()] == [1, 0]


def test_a_folder_that_returns_to_an_earlier_state_is_read_again(folder: Path) -> None:
    tick = Ticks()
    fife, away = folder / "Fife.xlsx", folder.parent / "Fife.xlsx"
    fife.write_bytes(b"one")
    assert [tick(), tick()] == [0, 1]
    fife.rename(away)
    assert [tick(), tick()] == [0, 1]
    away.rename(fife)
    assert [tick(), tick()] == [0, 1]


def test_a_file_that_disappears_while_it_is_read_is_ignored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "Fife.xlsx").write_bytes(b"one")
    whole = fingerprint(folder)
    (folder / "Angus.xlsx").symlink_to(folder / "missing")
    assert fingerprint(folder) == whole
    assert look(folder, Watched(whole, whole, 1)) == (Watched(whole, whole, 1), False)


def test_a_round_that_is_opened_later_is_reported(folder: Path) -> None:
    home = Home.current()
    with (home.seeds / "rounds.csv").open("a", encoding="utf-8") as file:
        file.write("2018,Later,2018-08-01,2019-01-31,,cse-2016,false\n")
    with dg.DagsterInstance.ephemeral() as instance:
        asked = returns_arrived.evaluate_tick(dg.build_sensor_context(instance=instance, definitions=defs))
    assert asked.skip_message == "Reload the definitions: round 2018 is new."
