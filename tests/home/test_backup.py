"""A backup contains what a run cannot make again, in one private file, and becomes the same home elsewhere."""

import json
import os
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli.main import app
from dagster_project.home.create import create_home
from dagster_project.paths import VARIABLE, Home
from dagster_project.release.catalog import verify_release
from tests.conftest import Workplace
from tests.system.test_private_files import list_open

# The second seed is written after a while, as by a command that is at work.
WRITER = """
import sys, time
from pathlib import Path
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
seeds = Home(Path(sys.argv[1])).seeds
with only_writer(Home(Path(sys.argv[1]))):
    (seeds / "decisions.csv").write_text("first")
    print("at work", flush=True)
    time.sleep(2)
    (seeds / "rounds.csv").write_text("second")
"""


def selfeval(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv(VARIABLE)
    created = Home(tmp_path / "home")
    create_home(created, with_sample=True)
    return created


def test_a_home_is_restored_with_its_releases(sample_home: Workplace, tmp_path: Path) -> None:
    home, copy, file = sample_home.home, Home(tmp_path / "volume" / "copy"), tmp_path / "home.tar.gz"
    written = selfeval("--home", home.root, "backup", file, "--json")
    assert written.exit_code == 0, written.output
    about = json.loads(written.stdout)
    assert about["published"] == sample_home.published()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = selfeval("--home", copy.root, "restore", file)
    assert restored.exit_code == 0, restored.output
    assert copy.published.resolve().name == sample_home.published()
    assert verify_release(copy, sample_home.published()) == ()
    for folder in (home.seeds, home.returns):
        of_copy = copy.root / folder.relative_to(home.root)
        assert {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == {
            path.name: path.read_bytes() for path in of_copy.rglob("*") if path.is_file()
        }
    assert not copy.build_database.exists()
    assert (copy.dbt / "models").is_symlink()
    assert list_open(copy.root) == []


def test_a_backup_waits_for_the_writer_at_work(home: Home, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(home.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline() == "at work\n"
        written = selfeval("--home", home.root, "backup", tmp_path / "backup")
    assert "The backup begins when it has ended" in written.stderr
    with tarfile.open(tmp_path / "backup") as archive:
        seeds = [archive.extractfile(f"dbt/seeds/{name}.csv") for name in ("decisions", "rounds")]
        assert [seed and seed.read() for seed in seeds] == [b"first", b"second"]


def test_what_is_no_part_of_a_home_is_left_out(home: Home, tmp_path: Path) -> None:
    (home.build / "build.duckdb").write_bytes(b"made by a run")
    (home.seeds / ".new-rounds").write_bytes(b"half written")
    os.mkfifo(home.returns / "2016" / "pipe")
    (home.returns / "2016" / "link").symlink_to("/etc/hostname")
    (home.root / "excluded").mkdir()
    (home.root / "excluded" / "note.txt").write_text("kept by a person")
    assert selfeval("--home", home.root, "backup", tmp_path / "backup").exit_code == 0
    with tarfile.open(tmp_path / "backup") as archive:
        names = set(archive.getnames())
    assert "excluded/note.txt" in names and "dbt/seeds/rounds.csv" in names
    assert not [
        name for name in names if "build" in name or ".new-" in name or "2016/pipe" in name or "link" in name
    ]


def test_nothing_is_overwritten(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_bytes(b"an earlier one")
    again = selfeval("--home", home.root, "backup", file)
    assert (again.exit_code, file.read_bytes()) == (1, b"an earlier one")
    assert selfeval("--home", home.root, "backup", home.root / "backup").exit_code == 1
    assert selfeval("--home", home.root, "backup", tmp_path / "new").exit_code == 0
    onto_itself = selfeval("--home", home.root, "restore", tmp_path / "new")
    assert (onto_itself.exit_code, "is a home already" in onto_itself.stderr) == (1, True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    assert selfeval("--home", tmp_path / "other", "restore", tmp_path / "new").exit_code == 1
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["file"]
    assert not list(tmp_path.glob(".new-*"))


@pytest.mark.parametrize("damage", ["truncated", "changed", "outside", "no backup"])
def test_a_damaged_backup_restores_nothing(home: Home, tmp_path: Path, damage: str) -> None:
    file, target = tmp_path / "backup", tmp_path / "target"
    assert selfeval("--home", home.root, "backup", file).exit_code == 0
    if damage == "truncated":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif damage == "no backup":
        file.write_text("a text")
    else:
        with tarfile.open(file) as archive:
            archive.extractall(tmp_path / "parts", filter="data")
        (tmp_path / "parts" / "dbt" / "seeds" / "decisions.csv").write_text("forged")
        with tarfile.open(file, "w:gz") as archive:
            name = "../outside" if damage == "outside" else "dbt/seeds/decisions.csv"
            for path in sorted((tmp_path / "parts").rglob("*"), key=lambda one: one.name == "backup.json"):
                if path.is_file():
                    arcname = path.relative_to(tmp_path / "parts").as_posix()
                    archive.add(path, name if arcname == "dbt/seeds/decisions.csv" else arcname)
    refused = selfeval("--home", target, "restore", file)
    assert refused.exit_code == 1
    assert "is damaged or no backup" in refused.stderr
    assert list(target.iterdir()) == []
    assert not (tmp_path / "outside").exists()
