"""The raw tables as an account of a folder: every file once, changed ones anew, nothing lost and nothing kept."""

import json
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
    """Four returns and what else stands in a folder."""
    target = tmp_path / "2016"
    target.mkdir()
    for path in sorted(SAMPLE.glob("*.xlsx"))[:4]:
        shutil.copy(path, target)
    (target / "broken.xlsx").write_bytes(b"PK")
    (target / "~$lock.xlsx").write_bytes(b"")
    (target / "drafts").mkdir()
    return target


def test_only_what_changed_is_parsed_again(
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


def test_another_template_reads_everything_anew(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    land_round(connection, folder, "2016", template)
    other = Template(template.version, template.questions, template.sub_questions, ("in order",))
    assert land_round(connection, folder, "2016", other).parsed == 5


def test_tables_of_an_earlier_version_are_made_anew(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template
) -> None:
    connection.execute("create schema raw")
    connection.execute("create table raw.answer (round_id varchar, source_file varchar, rating varchar)")
    assert land_round(connection, folder, "2016", template).answers == 4 * 19


def test_rows_are_landed_in_batches_and_in_order(
    connection: duckdb.DuckDBPyConnection, folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "FLUSH_BYTES", 10_000)
    landed = land_round(connection, folder, "2016", template, processes=2)
    assert (landed.read, landed.answers) == (4, 4 * 19)


def test_an_error_while_landing_leaves_the_rows_as_they_were(
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


def test_a_file_that_ends_its_reader_is_rejected_alone(
    folder: Path, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = sorted(folder.glob("[A-Z]*.xlsx"))
    poison = folder / "poison.xlsx"
    shutil.copy(good[0], poison)
    read = pool._Child.read

    def die(child: pool._Child, batch: list[pool.NamedFile]) -> list[bytes]:
        if any(path == poison for _, path in batch):
            child._process.kill()
        return read(child, batch)

    monkeypatch.setattr(pool._Child, "read", die)
    files = [(path.name, path) for path in [*good[:2], poison, *good[2:]]]
    with pool.ReaderPool(template, len(files)) as readers:
        lines = [json.loads(line) for line in readers.read(files)]
    assert [line["name"] for line in lines] == [name for name, _ in files]
    assert [line["status"] for line in lines] == ["read", "read", "rejected", "read", "read"]
    assert [problem["code"] for problem in lines[2]["problems"]] == ["reader_stopped"]
    assert len(lines[2]["sha256"]) == 64 and lines[2]["size_bytes"] == poison.stat().st_size


def test_each_file_has_the_same_time_however_much_those_before_it_took() -> None:
    program = """
import resource, time
from dagster_project.intake.security import limits, worker
for second in (0, 1, 2):
    while time.process_time() < second + 0.1:
        pass
    worker._allow_time()
    print(resource.getrlimit(resource.RLIMIT_CPU)[0] - limits.CHILD_CPU_SECONDS - int(time.process_time()))
"""
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.split() == ["1", "1", "1"]
