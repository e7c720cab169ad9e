"""The same returns give the same open data, byte for byte, and equal databases, on any machine.

`make test-long` runs the job in more homes, each in a process of its own: files copied in another
order, two processes that read, another seed of hashes, another time zone and locale. The suite has its first step.
"""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.landing import land_round
from dagster_project.raw.tables import COLUMNS
from tests.conftest import ROUND, Workplace

SAMPLE = REPOSITORY / "warehouse" / "returns" / ROUND
WHOLE = bool(os.environ.get("LONG_TESTS"))
OTHERS = [
    ("77", "Pacific/Kiritimati", "C"),
    ("1", "America/St_Johns", "C.UTF-8"),
    ("4000000000", "UTC", "POSIX"),
]
"""Seed of hashes, time zone and locale."""
RUN = """
from dagster_project.intake.security import pool
pool.MIN_FILES_FOR_TWO_PROCESSES = 1  # two processes read, also so few files
from dagster_project.cli.main import app
app(["run"])
"""
OF_THE_RELEASE = {"about_this_release"}
"""What says when a release was made, and which it is."""


def copied(folder: Path, seed: int) -> None:
    """The sample's returns, put there in an order of chance: that in which a folder lists them."""
    files = sorted(SAMPLE.iterdir())
    random.Random(seed).shuffle(files)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder)


def tables(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of a database, its rows in an order that is their own."""
    with duckdb.connect(str(database), read_only=True) as connection:
        names = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        return {
            f"{schema}.{name}": connection.execute(
                f'select * from "{schema}"."{name}" order by all'
            ).fetchall()
            for schema, name in names
            if name not in OF_THE_RELEASE
        }


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(not WHOLE, reason="one whole run each: `make test-long`")
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("seed", "zone", "locale"), OTHERS)
def test_another_machine_publishes_the_same(
    sample_home: Workplace, tmp_path: Path, seed: str, zone: str, locale: str
) -> None:
    home = Home(tmp_path / "another home, é")
    shutil.copytree(REPOSITORY / "dbt" / "seeds", home.seeds)
    copied(home.returns / ROUND, int(seed))
    environment = os.environ | {
        "SELFEVAL_HOME": str(home.root),
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LC_ALL": locale,
        "PYTHONPATH": str(REPOSITORY),
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr

    ours, theirs = files(sample_home.home.published / "data"), files(home.published / "data")
    assert ours.keys() == theirs.keys() and len(ours) > 40
    assert [name for name in ours if ours[name] != theirs[name]] == []
    published = tables(sample_home.home.published / "self_evaluation.duckdb")
    assert published and published == tables(home.published / "self_evaluation.duckdb")


@pytest.mark.parametrize("seed", range(24 if WHOLE else 2))
def test_the_number_of_processes_changes_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = tmp_path / ROUND
    copied(folder, seed)
    for number in range(3):
        (folder / f"note {number}.md").write_text("a note")
    template = load_template(REPOSITORY / "dbt" / "seeds", "cse-2016")
    found = []
    for processes in (1, chance.randint(2, 5)):
        with duckdb.connect() as connection:
            land_round(connection, folder, ROUND, template, processes)
            # In the order in which they lie, not only the same rows.
            found.append([connection.execute(f"select * from raw.{table}").fetchall() for table in COLUMNS])
    assert found[0] == found[1] and len(found[0][0]) == 29
