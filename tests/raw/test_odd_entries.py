"""Entries of a round's folder that are not files, change or disappear: no run blocks and no file is lost."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project.home.entries import list_entries
from dagster_project.home.fingerprints import hash_round
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.security.worker import NamedFile
from dagster_project.intake.template import Template, load_template
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.arrivals import hash_listing
from dagster_project.raw.checking import check_files
from dagster_project.raw.landing import count_changed_files, land_round
from dagster_project.raw.spool import Spool
from dagster_project.seeds import load_rounds

SEEDS = REPOSITORY / "dbt" / "seeds"
RETURNS = sorted((REPOSITORY / "warehouse" / "returns" / "2016").glob("*.xlsx"))
NAMES = (
    "with spaces and ümläuts, Na h-Eileanan Siar (ß, 委員会).xlsx",
    "two\nlines\tand a tab.xlsx",
    """quotes ' " ` ; -- and <b onclick="x">markup<b>&amp;.xlsx""",
    "{{ jinja }} {% raw %} $HOME %s \\n =1+1.xlsx",
    "x" * 250 + ".xlsx",
    os.fsdecode(b"no \xff\xfe text.xlsx"),
)


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template(SEEDS, "cse-2016")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "2016"
    target.mkdir()
    return target


def outcomes(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str | None]]:
    """Status and message of each file."""
    rows = connection.execute(
        "select source_file, file_status, message from raw.return_file left join raw.problem using (source_file)"
    ).fetchall()
    return {name: (status, message) for name, status, message in rows}


@pytest.mark.timeout(60)
def test_entries_that_are_not_files_are_reported_by_name_and_never_block(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(RETURNS[0], folder / "whole.xlsx")
    os.mkfifo(folder / "pipe.xlsx")
    (folder / "link to a pipe.csv").symlink_to(folder / "pipe.xlsx")
    (folder / "link to a device.docx").symlink_to("/dev/zero")
    (folder / "broken link.xlsx").symlink_to(folder / "gone")
    (folder / "in a circle.xlsx").symlink_to(folder / "in a circle.xlsx")
    for name in ("empty.xlsx", "notes", ".hidden", "__MACOSX"):
        (folder / name).mkdir()
    (folder / "notes" / "read me.md").write_text("notes")
    shutil.copy(RETURNS[0], folder / "__MACOSX")
    (folder / "more" / "deeper").mkdir(parents=True)
    shutil.copy(RETURNS[1], folder / "more" / "deeper")
    (folder / "more" / "broken.docx").symlink_to(folder / "gone")
    (folder / "more" / ".#lock.docx").symlink_to("person@host")
    (folder / ".#lock.xlsx").symlink_to("person@host")
    monkeypatch.chdir(folder)  # the path of a socket has few characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.xlsx")
    landed = land_round(connection, folder, "2016", template)
    assert (landed.files, landed.read, landed.rejected, landed.ignored) == (13, 1, 7, 5)
    device = "It is a device, a pipe or a socket and not a file."
    assert {
        name: message for name, (status, message) in outcomes(connection).items() if status == "rejected"
    } == {
        "pipe.xlsx": device,
        "link to a pipe.csv": device,
        "link to a device.docx": device,
        "socket.xlsx": device,
        "broken link.xlsx": "It is a link to a file that does not exist.",
        "in a circle.xlsx": "It is a link that leads to no file.",
        "more": "It is a folder with 2 entries that could be returns; files in folders are not read.",
    }
    assert count_changed_files(connection, folder.parent) == 0
    listing = hash_listing(folder)
    (folder / "more" / "another.csv").write_text("x")
    assert hash_listing(folder) != listing
    assert count_changed_files(connection, folder.parent) == 1


def make_sparse(path: Path, size_bytes: int) -> None:
    with path.open("wb") as file:
        file.truncate(size_bytes)


@pytest.mark.timeout(60)
def test_huge_files_are_reported_without_being_read_whole(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, template: Template
) -> None:
    home = Home(tmp_path)
    folder = home.returns / "2016"
    folder.mkdir(parents=True)
    for name in ("huge.xlsx", "huge.csv", "film.mp4", "huge.md"):
        make_sparse(folder / name, 100 * 1024**3)
    landed = land_round(connection, folder, "2016", template)
    assert (landed.rejected, landed.ignored) == (3, 1)
    found = outcomes(connection)
    assert "has 107,374,182,400 bytes; the limit is" in str(found["huge.csv"])
    assert "Files that end in '.mp4' are not read" in str(found["film.mp4"])
    assert count_changed_files(connection, home.returns) == 0
    before = hash_round(home, "2016"), hash_listing(folder)
    with (folder / "film.mp4").open("r+b") as file:
        file.write(b"another film")
    assert count_changed_files(connection, home.returns) == 1
    assert hash_round(home, "2016") != before[0] and hash_listing(folder) != before[1]


def test_an_ending_behind_which_nothing_visible_follows_is_read_and_reported(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    for number, end in enumerate((" ", ".", "\u200b", "\n", " . ")):
        shutil.copy(RETURNS[number], folder / f"{number}.XLSX{end}")
    shutil.copy(RETURNS[0], folder / "without ending")
    (folder / os.fsdecode(b"ending.\xff\xfe")).write_text("x")
    landed = land_round(connection, folder, "2016", template)
    assert (landed.files, landed.read, landed.rejected) == (7, 5, 2)
    found = outcomes(connection)
    assert found.pop("without ending") == (
        "rejected",
        "Files without an ending are not read; .xlsx, .xlsm, .ods, .docx and .csv are.",
    )
    assert found.pop(r"ending.\xff\xfe")[0] == "rejected"
    assert {message for _, message in found.values()} == {
        "The name goes on behind its ending, with spaces or dots; the file was read as .xlsx."
    }
    assert count_changed_files(connection, folder.parent) == 0


def test_a_lock_file_that_disappears_stops_neither_check_nor_sensor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(RETURNS[0], tmp_path / "whole.xlsx")
    lock = tmp_path / "~$whole.xlsx"
    lock.write_text("lock")
    listed = list_entries(tmp_path)
    lock.unlink()
    checked = check_files(Home(REPOSITORY), [*listed, tmp_path / "gone.xlsx"], load_rounds(SEEDS)[0])
    assert [(one.outcome, one.size_bytes > 0) for one in checked] == [
        ("read", True),
        ("ignored", False),
        ("rejected", False),
    ]
    assert checked[2].problems[0].message == "The file was removed before it was read."


@pytest.mark.timeout(60)
def test_changes_between_listing_and_reading_are_reported(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.xlsx", "gone.xlsx", "folder.xlsx", "pipe.xlsx", "z.xlsx"):
        shutil.copy(RETURNS[0], folder / name)
    read = ReaderPool.read

    def meanwhile(pool: ReaderPool, files: Iterator[NamedFile]) -> Iterator[bytes]:
        for name in ("gone.xlsx", "folder.xlsx", "pipe.xlsx"):
            (folder / name).unlink()
        (folder / "folder.xlsx").mkdir()
        os.mkfifo(folder / "pipe.xlsx")
        yield from read(pool, files)

    monkeypatch.setattr(ReaderPool, "read", meanwhile)
    landed = land_round(connection, folder, "2016", template)
    assert (landed.files, landed.read, landed.rejected) == (5, 2, 3)
    assert outcomes(connection) == {
        "a.xlsx": ("read", None),
        "gone.xlsx": ("rejected", "The file was removed before it was read."),
        "folder.xlsx": (
            "rejected",
            "It is a folder with 0 entries that could be returns; files in folders are not read.",
        ),
        "pipe.xlsx": ("rejected", "It is a device, a pipe or a socket and not a file."),
        "z.xlsx": ("read", None),
    }
    # The next run reads the folder again.
    assert count_changed_files(connection, folder.parent) > 0


def test_every_valid_file_name_is_loaded(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    for number, name in enumerate(NAMES):
        shutil.copy(RETURNS[number], folder / name)
    landed = land_round(connection, folder, "2016", template)
    assert (landed.files, landed.read, landed.answers) == (len(NAMES), len(NAMES), 19 * len(NAMES))
    assert set(outcomes(connection)) == {*NAMES[:-1], r"no \xff\xfe text.xlsx"}
    assert count_changed_files(connection, folder.parent) == 0
    assert land_round(connection, folder, "2016", template).parsed == 0


def test_answers_of_a_killed_run_are_deleted_by_the_next(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, tmp_path: Path
) -> None:
    spool = tmp_path / "build" / "spool"
    left = spool / "selfeval-killed" / "lines.json"
    left.parent.mkdir(parents=True)
    left.write_text('{"comment": "left behind"}')
    with Spool(connection, "2016", "reader", spool):
        assert not left.exists()
        assert stat.S_IMODE(spool.stat().st_mode) == 0o700
        assert len(list(spool.iterdir())) == 1
    assert list(spool.iterdir()) == []
    shutil.copy(RETURNS[0], folder)
    assert land_round(connection, folder, "2016", template, spool_folder=spool).read == 1
    assert list(spool.iterdir()) == []
