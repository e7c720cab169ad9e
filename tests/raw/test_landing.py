"""The raw tables are equal to the folder after every landing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.security import pool
from dagster_project.intake.template import Template, load_template
from dagster_project.paths import REPOSITORY
from dagster_project.raw import spool
from dagster_project.raw.landing import land_round

SAMPLE = REPOSITORY / "warehouse" / "returns" / "2016"


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template(REPOSITORY / "dbt" / "seeds", "cse-2016")


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as one:
        yield one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four returns, and entries that are not returns."""
    target = tmp_path / "2016"
    target.mkdir()
    for path in sorted(SAMPLE.glob("*.xlsx"))[:4]:
        shutil.copy(path, target)
    (target / "broken.xlsx").write_bytes(b"PK")
    (target / "~$lock.xlsx").write_bytes(b"")
    (target / "drafts").mkdir()
    return target


def test_only_changed_files_are_parsed_again(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    first = land_round(connection, folder, "2016", template)
    assert (first.files, first.read, first.rejected, first.ignored, first.parsed) == (7, 4, 1, 2, 5)
    assert land_round(connection, folder, "2016", template).parsed == 0
    one = sorted(folder.glob("*.xlsx"))[0]
    one.rename(folder / "renamed.xlsx")
    again = land_round(connection, folder, "2016", template)
    assert (again.files, again.parsed, again.answers) == (7, 1, first.answers)
    (folder / "renamed.xlsx").unlink()
    assert land_round(connection, folder, "2016", template).answers == first.answers - 19


def test_another_template_parses_every_file_again(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    land_round(connection, folder, "2016", template)
    other = Template(template.version, template.questions, template.sub_questions, ("in order",))
    assert land_round(connection, folder, "2016", other).parsed == 5


def test_tables_of_an_earlier_version_are_created_again(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    connection.execute("create schema raw")
    connection.execute("create table raw.answer (round_id varchar, source_file varchar, rating varchar)")
    assert land_round(connection, folder, "2016", template).answers == 4 * 19


def test_rows_are_loaded_in_batches(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "FLUSH_BYTES", 10_000)
    landed = land_round(connection, folder, "2016", template, processes=2)
    assert (landed.read, landed.answers) == (4, 4 * 19)


def test_an_interrupted_landing_keeps_the_old_rows(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_round(connection, folder, "2016", template)
    before = connection.execute("select count(*) from raw.answer").fetchall()
    shutil.copy(folder / "broken.xlsx", sorted(folder.glob("[A-Z]*.xlsx"))[0])

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pool.ReaderPool, "read", stop)
    with pytest.raises(KeyboardInterrupt):
        land_round(connection, folder, "2016", template)
    assert connection.execute("select count(*) from raw.answer").fetchall() == before


def test_a_template_has_the_same_fingerprint_in_each_process() -> None:
    code = (
        "from pathlib import Path; from dagster_project.intake.template import load_template; "
        "print(load_template(Path('dbt/seeds'), 'cse-2016').compute_fingerprint())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1, "Each run would read all files again."
