"""Entries of a round's folder that are not files, change or disappear: no run blocks and no file is lost."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.security.worker import NamedFile
from dagster_project.intake.template import Template, load_template
from dagster_project.paths import REPOSITORY
from dagster_project.raw.landing import count_changed_files, land_round
from dagster_project.raw.spool import Spool

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
    return load_template(REPOSITORY / "dbt" / "seeds", "cse-2016")


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
def test_entries_that_are_not_files_are_counted_and_never_block(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(RETURNS[0], folder / "whole.xlsx")
    os.mkfifo(folder / "pipe.xlsx")
    (folder / "broken link.xlsx").symlink_to(folder / "gone")
    (folder / "in a circle.xlsx").symlink_to(folder / "in a circle.xlsx")
    (folder / "folder.xlsx").mkdir()
    monkeypatch.chdir(folder)  # the path of a socket has few characters
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.xlsx")
    landed = land_round(connection, folder, "2016", template)
    assert (landed.files, landed.read, landed.rejected, landed.ignored) == (6, 1, 0, 5)
    assert count_changed_files(connection, folder.parent) == 0


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
        "folder.xlsx": ("rejected", "This name does not belong to a file."),
        "pipe.xlsx": ("rejected", "This name does not belong to a file."),
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
