"""The list of releases: order, retention, and reports of damaged ones."""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from dagster_project.cli.main import app
from dagster_project.home.files import prepare_home
from dagster_project.home.fingerprints import fingerprint_home
from dagster_project.home.lock import RunInProgress, only_writer
from dagster_project.paths import VARIABLE, Home
from dagster_project.release import candidate, publish, shelf

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home(tmp_path)
    home.releases.mkdir(parents=True)
    return home


def place(home: Home, release_id: str, number: int, inputs: str = "") -> Path:
    """A small release that is whole. `inputs` is the fingerprint of what it was made of."""
    folder = home.releases / release_id
    (folder / "data").mkdir(parents=True)
    file = folder / "data" / "figures.csv"
    file.write_text(f"of {release_id}\n")
    entry = {"path": "data/figures.csv", "bytes": file.stat().st_size, "sha256": shelf.sha256(file)}
    about = {
        "release_id": release_id,
        "number": number,
        "inputs": inputs,
        "made_at": "2026-11-25T12:00:00Z",
        "rounds": ["2016"],
        "tables": [],
        "files": [entry],
    }
    (folder / shelf.MANIFEST).write_text(json.dumps(about))
    return folder


def ids(home: Home) -> list[str]:
    return [one.release_id for one in shelf.releases(home)]


def test_a_clock_that_went_back_changes_no_order(home: Home) -> None:
    place(home, "20990101T000000Z-aaaaaaaa", 1)
    for number in (2, 3):
        assert shelf.next_number(home) == number
        place(home, f"2026112{number}T000000Z-aaaaaaaa", number)
    assert ids(home) == [
        "20261123T000000Z-aaaaaaaa", "20261122T000000Z-aaaaaaaa", "20990101T000000Z-aaaaaaaa"
    ]  # fmt: skip
    publish.switch(home, "20261123T000000Z-aaaaaaaa")
    assert shelf.prune_releases(home, 2) == (("20990101T000000Z-aaaaaaaa",), "")


def test_a_clock_that_was_put_back_to_a_second_that_was_used_gives_another_id(home: Home) -> None:
    now = datetime.datetime.now(datetime.UTC)
    taken = [f"{now + datetime.timedelta(seconds=ahead):%Y%m%dT%H%M%SZ}-same" for ahead in range(60)]
    for release_id in taken:
        (home.releases / release_id).mkdir()
    release_id, made = candidate._new_id(home, "same")
    assert release_id not in taken
    assert release_id.startswith(f"{made:%Y%m%dT%H%M%SZ}")


def test_the_published_release_and_one_gone_back_to_are_never_deleted(home: Home) -> None:
    for number in range(1, 8):
        place(home, f"r{number}", number)
    publish.rollback(home, "r2")
    publish.switch(home, "r1")
    assert shelf.prune_releases(home, 3) == (("r4", "r3"), "")
    assert ids(home) == ["r7", "r6", "r5", "r2", "r1"]
    assert [one.release_id for one in shelf.releases(home) if one.is_kept] == ["r2"]
    publish.switch(home, "r7")
    assert shelf.prune_releases(home, 3)[0] == ("r1",)
    shelf.pin_path(home, "r2").unlink()
    assert shelf.prune_releases(home, 3)[0] == ("r2",)


def test_after_going_back_the_next_run_publishes_what_there_is_now(home: Home) -> None:
    prepare_home(home)
    place(home, "old", 1, "of what there was before")
    place(home, "new", 2, fingerprint_home(home))
    publish.switch(home, "new")
    assert shelf.unchanged(home) == "new"
    assert shelf.find_rollback(home) is None
    publish.rollback(home, "old")
    assert shelf.unchanged(home) is None
    assert shelf.find_rollback(home) == "old"
    # A newer release ends the rollback.
    place(home, "newer", 3)
    publish.switch(home, "newer")
    assert shelf.find_rollback(home) is None


def test_a_release_that_was_being_deleted_is_gone_and_its_rest_is_swept(home: Home) -> None:
    folder = place(home, "r1", 1)
    rest = folder.rename(home.releases / ".retired-r1")
    (home.published.parent / ".published.1").symlink_to("releases/missing")
    assert shelf.releases(home) == ()
    with pytest.raises(shelf.ReleaseError, match="no complete release"):
        publish.rollback(home, ".retired-r1")
    with only_writer(home):
        assert not rest.exists()
        assert not (home.published.parent / ".published.1").is_symlink()


def test_releases_that_cannot_be_deleted_are_reported(home: Home) -> None:
    for number in range(1, 4):
        place(home, f"r{number}", number)
    # A name that is taken by something that no folder can replace.
    (home.releases / ".retired-r1").write_text("")
    assert shelf.prune_releases(home, 2) == ((), "Release r1 could not be deleted: Not a directory.")


def torn(folder: Path) -> None:
    text = (folder / shelf.MANIFEST).read_text()
    (folder / shelf.MANIFEST).write_text(text[: len(text) // 2])


def missing(folder: Path) -> None:
    (folder / shelf.MANIFEST).unlink()


def foreign(folder: Path) -> None:
    folder.rename(folder.with_name("copy"))
    folder.with_name("copy").rename(folder.with_name("damaged"))


def without_checksums(folder: Path) -> None:
    about = json.loads((folder / shelf.MANIFEST).read_text())
    (folder / shelf.MANIFEST).write_text(json.dumps(about | {"files": [{"path": "data/figures.csv"}]}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (torn, "manifest.json is damaged"),
        (missing, "manifest.json is missing or cannot be read (No such file or directory)"),
        (foreign, "manifest.json is that of d"),
        (without_checksums, "manifest.json is damaged"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_damaged_manifest_is_reported_and_hides_nothing(
    home: Home, damage: Callable[[Path], None], message: str
) -> None:
    publish.switch(home, place(home, "whole", 2).name)
    damage(place(home, "d", 1))
    for options in ([], ["--verify"]):
        shown = runner.invoke(app, ["releases", "--json", *options])
        assert shown.exit_code == 1
        whole, damaged = json.loads(shown.output)
        assert (whole["release_id"], whole["differences"]) == ("whole", [])
        assert damaged["differences"] == [message]
        assert message in runner.invoke(app, ["releases", *options]).output
    refused = runner.invoke(app, ["rollback", damaged["release_id"]])
    assert refused.exit_code == 1
    assert message in " ".join(refused.stderr.split())
    assert home.published.resolve().name == "whole"
    # Nothing is deleted that a person has not seen.
    assert shelf.prune_releases(home, 1) == ((), "")


def test_readers_are_not_sent_back_to_changed_files(home: Home) -> None:
    publish.switch(home, place(home, "new", 2).name)
    old = place(home, "old", 1)
    (old / "data" / "figures.csv").write_text("forged")
    (old / "data" / "more.csv").write_text("")
    with pytest.raises(shelf.ReleaseError, match="has been changed") as refused:
        publish.rollback(home, "old")
    assert "more.csv is not in the manifest" in str(refused.value)
    assert home.published.resolve().name == "new"


def test_going_back_waits_for_no_run_but_says_that_there_is_one(home: Home) -> None:
    publish.switch(home, place(home, "new", 2).name)
    place(home, "old", 1)
    home.build.mkdir()
    with FileLock(home.build / "run.lock"), pytest.raises(RunInProgress, match="Another run is at work"):
        publish.rollback(home, "old")
    assert home.published.resolve().name == "new"


@pytest.mark.parametrize("typed", ["many", "1", "-3", "2.5"])
def test_a_setting_that_would_keep_too_few_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv(shelf.RETENTION, typed)
    with pytest.raises(shelf.ReleaseError, match="at least 2"):
        shelf.retention_count()
    assert runner.invoke(app, ["run"]).exit_code == 2
