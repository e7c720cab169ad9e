"""The catalog of releases: their order, which of them are pruned, and the reports of damaged ones."""

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
from dagster_project.release import catalog, publish, retention
from dagster_project.release.candidate import create_release_id

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home(tmp_path)
    prepare_home(home)
    return home


def make_release(
    home: Home, release_id: str, number: int, inputs: str = "", made_at: str = "2026-11-25T12:00:00Z"
) -> Path:
    """A small intact release. `inputs` is the fingerprint of its inputs."""
    folder = home.releases / release_id
    (folder / "data").mkdir(parents=True)
    file = folder / "data" / "figures.csv"
    file.write_text(f"of {release_id}\n")
    entry = {"path": "data/figures.csv", "bytes": file.stat().st_size, "sha256": catalog.hash_file(file)}
    about = {
        "release_id": release_id,
        "number": number,
        "inputs": inputs,
        "made_at": made_at,
        "rounds": ["2016"],
        "tables": [],
        "files": [entry],
    }
    (folder / catalog.MANIFEST).write_text(json.dumps(about))
    return folder


def ids(home: Home) -> list[str]:
    return [one.release_id for one in catalog.list_releases(home)]


def test_a_clock_that_was_put_back_does_not_change_the_order(home: Home) -> None:
    make_release(home, "20990101T000000Z-aaaaaaaa", 1)
    for number in (2, 3):
        assert catalog.find_next_number(home) == number
        make_release(home, f"2026112{number}T000000Z-aaaaaaaa", number)
    assert ids(home) == [
        "20261123T000000Z-aaaaaaaa", "20261122T000000Z-aaaaaaaa", "20990101T000000Z-aaaaaaaa"
    ]  # fmt: skip
    publish.switch_release(home, "20261123T000000Z-aaaaaaaa")
    assert retention.prune_releases(home, 2) == (("20990101T000000Z-aaaaaaaa",), "")


def test_a_clock_that_was_put_back_gives_no_existing_id(home: Home) -> None:
    now = datetime.datetime.now(datetime.UTC)
    existing = [f"{now + datetime.timedelta(seconds=ahead):%Y%m%dT%H%M%SZ}-same" for ahead in range(60)]
    for release_id in existing:
        (home.releases / release_id).mkdir()
    release_id, made_at = create_release_id(home, "same")
    assert release_id not in existing
    assert release_id.startswith(f"{made_at:%Y%m%dT%H%M%SZ}")


def test_the_published_release_and_a_pinned_one_are_never_deleted(home: Home) -> None:
    for number in range(1, 8):
        make_release(home, f"r{number}", number)
    publish.roll_back_release(home, "r2")
    publish.switch_release(home, "r1")
    assert retention.prune_releases(home, 3) == (("r4", "r3"), "")
    assert ids(home) == ["r7", "r6", "r5", "r2", "r1"]
    assert [one.release_id for one in catalog.list_releases(home) if one.is_kept] == ["r2"]
    publish.switch_release(home, "r7")
    assert retention.prune_releases(home, 3)[0] == ("r1",)
    catalog.pin_path(home, "r2").unlink()
    assert retention.prune_releases(home, 3)[0] == ("r2",)


def test_the_last_release_of_each_day_is_kept_for_thirty_days(home: Home) -> None:
    """Ten arrivals on a morning leave yesterday's release, and the one of each day before."""
    today = datetime.datetime.now(datetime.UTC).replace(hour=12)
    days = [40, 2, 1, 1, 1, *[0] * 10]
    for number, ago in enumerate(days, start=1):
        made_at = (today - datetime.timedelta(days=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
        make_release(home, f"r{number:02}", number, made_at=made_at)
    publish.switch_release(home, "r15")
    deleted, _ = retention.prune_releases(home, 2)
    assert sorted({f"r{number:02}" for number in range(1, 16)} - set(deleted)) == ["r02", "r05", "r14", "r15"]


def test_after_a_rollback_the_release_is_not_up_to_date(home: Home) -> None:
    prepare_home(home)
    make_release(home, "old", 1, "another fingerprint")
    make_release(home, "new", 2, fingerprint_home(home))
    publish.switch_release(home, "new")
    assert catalog.find_up_to_date_release(home) == "new"
    assert catalog.find_rollback(home) is None
    publish.roll_back_release(home, "old")
    assert catalog.find_up_to_date_release(home) is None
    assert catalog.find_rollback(home) == "old"
    # A newer release ends the rollback.
    make_release(home, "newer", 3)
    publish.switch_release(home, "newer")
    assert catalog.find_rollback(home) is None


def test_the_next_writer_deletes_what_a_killed_deletion_left(home: Home) -> None:
    folder = make_release(home, "r1", 1)
    rest = folder.rename(home.releases / ".retired-r1")
    (home.published.parent / ".published.1").symlink_to("releases/absent")
    assert catalog.list_releases(home) == ()
    with pytest.raises(catalog.ReleaseError, match="no complete release"):
        publish.roll_back_release(home, ".retired-r1")
    with only_writer(home):
        assert not rest.exists()
        assert not (home.published.parent / ".published.1").is_symlink()


def test_a_failed_deletion_is_reported(home: Home) -> None:
    for number in range(1, 4):
        make_release(home, f"r{number}", number)
    # A file that the folder cannot replace.
    (home.releases / ".retired-r1").write_text("")
    assert retention.prune_releases(home, 2) == ((), "Release r1 could not be deleted: Not a directory.")


def truncated(folder: Path) -> None:
    text = (folder / catalog.MANIFEST).read_text()
    (folder / catalog.MANIFEST).write_text(text[: len(text) // 2])


def missing(folder: Path) -> None:
    (folder / catalog.MANIFEST).unlink()


def foreign(folder: Path) -> None:
    folder.rename(folder.with_name("copy"))
    folder.with_name("copy").rename(folder.with_name("damaged"))


def without_checksums(folder: Path) -> None:
    about = json.loads((folder / catalog.MANIFEST).read_text())
    (folder / catalog.MANIFEST).write_text(json.dumps(about | {"files": [{"path": "data/figures.csv"}]}))


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (truncated, "manifest.json is damaged"),
        (missing, "manifest.json is missing or cannot be read (No such file or directory)"),
        (foreign, "manifest.json is that of d"),
        (without_checksums, "manifest.json is damaged"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_damaged_manifest_is_reported_and_other_releases_are_listed(
    home: Home, damage: Callable[[Path], None], fault: str
) -> None:
    publish.switch_release(home, make_release(home, "intact", 2).name)
    damage(make_release(home, "d", 1))
    for options in ([], ["--verify"]):
        shown = runner.invoke(app, ["releases", "--json", *options])
        assert shown.exit_code == 1
        intact, damaged = json.loads(shown.output)
        assert (intact["release_id"], intact["differences"]) == ("intact", [])
        assert damaged["differences"] == [fault]
        assert fault in runner.invoke(app, ["releases", *options]).output
    refused = runner.invoke(app, ["rollback", damaged["release_id"]])
    assert refused.exit_code == 1
    assert fault in " ".join(refused.stderr.split())
    assert home.published.resolve().name == "intact"
    # Damaged releases are never deleted automatically.
    assert retention.prune_releases(home, 1) == ((), "")


def test_a_rollback_to_changed_files_is_refused(home: Home) -> None:
    publish.switch_release(home, make_release(home, "new", 2).name)
    old = make_release(home, "old", 1)
    (old / "data" / "figures.csv").write_text("forged")
    (old / "data" / "more.csv").write_text("")
    with pytest.raises(catalog.ReleaseError, match="has been changed") as refused:
        publish.roll_back_release(home, "old")
    assert "more.csv is not in the manifest" in str(refused.value)
    assert home.published.resolve().name == "new"


def test_a_rollback_during_a_run_is_refused(home: Home) -> None:
    publish.switch_release(home, make_release(home, "new", 2).name)
    make_release(home, "old", 1)
    with FileLock(home.build / "run.lock"), pytest.raises(RunInProgress, match="Another run is at work"):
        publish.roll_back_release(home, "old")
    assert home.published.resolve().name == "new"


@pytest.mark.parametrize("value", ["many", "1", "-3", "2.5"])
def test_a_retention_below_the_minimum_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(retention.RETENTION, value)
    with pytest.raises(catalog.ReleaseError, match="at least 2"):
        retention.retention_count()
    assert runner.invoke(app, ["run"]).exit_code == 2
