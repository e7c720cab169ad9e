"""A home that version 1.0.0 made becomes a home of this version.

`home-1.0.0` has what that version wrote: the seeds that have changed since, and the tables of a release of the sample.
"""

import csv
import os
import shutil
import stat
from pathlib import Path

import duckdb
import pytest

from dagster_project.home.files import prepare_home
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.release.baseline import load_baseline
from dagster_project.seeds import load_rounds, read_seed
from tests.conftest import ROUND, Workplace

OF_1_0_0 = Path(__file__).with_name("home-1.0.0")
SEEDS = REPOSITORY / "dbt" / "seeds"
RELEASE = "20261129T105223Z-9c9bdc87"
LATER = ("round_reopenings.csv",)
"""Seeds that version 1.0.0 did not have."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of version 1.0.0 with a published release, before anything of this version has run on it."""
    home = Home(tmp_path / "home")
    shutil.copytree(SEEDS, home.seeds, ignore=shutil.ignore_patterns(*LATER))
    shutil.copytree(OF_1_0_0 / "seeds", home.seeds, dirs_exist_ok=True)
    shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, home.returns / ROUND)
    release = home.releases / RELEASE
    release.mkdir(parents=True)
    shutil.copy(OF_1_0_0 / "release" / "manifest.json", release)
    with duckdb.connect(str(release / "self_evaluation.duckdb")) as connection:
        for path in (OF_1_0_0 / "release").glob("*.parquet"):
            connection.execute(f"create table {path.stem} as from '{path}'")
    home.published.symlink_to(Path("releases") / RELEASE)
    for folder in (home.returns, home.releases):
        folder.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(home.root))
    return home


def test_reference_data_of_the_program_are_replaced_and_those_of_the_owner_kept(home: Home) -> None:
    with (home.seeds / "decisions.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["a decision", "of", "the", "owner", "stays", "2018-01-01"])
    (home.seeds / "rating_words.csv").write_text("word,rating\nduine,green\n", encoding="utf-8")
    replaced = {path.name for path in (OF_1_0_0 / "seeds").iterdir()} - {"questions.csv"}
    changed = replaced | {"questions.csv"}
    kept = {path.name: path.read_bytes() for path in home.seeds.iterdir() if path.name not in changed}
    prepare_home(home)
    for name in (*replaced, *LATER):
        assert (home.seeds / name).read_bytes() == (SEEDS / name).read_bytes()
    assert {name: (home.seeds / name).read_bytes() for name in kept} == kept
    assert load_rounds(home.seeds)
    for folder in (home.returns, home.releases):
        assert not stat.S_IMODE(folder.stat().st_mode) & stat.S_IRWXO


def test_a_seed_of_the_owner_gets_new_columns(home: Home) -> None:
    before = read_seed(home.seeds, "questions")
    prepare_home(home)
    after = read_seed(home.seeds, "questions")
    assert after == [row | {"public_label": ""} for row in before]
    content = (home.seeds / "questions.csv").read_bytes()
    prepare_home(home)
    assert (home.seeds / "questions.csv").read_bytes() == content


def test_returns_are_compared_with_its_release(home: Home) -> None:
    prepare_home(home)
    assert load_baseline(home) == (RELEASE, {"published_return": 25, "published_suppression": 0})


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="a whole run: `make test-long`")
def test_a_run_publishes_the_same_figures(home: Home) -> None:
    prepare_home(home)
    report = Workplace(home).run()
    assert report.release_id, report
    assert report.revision
    assert (report.revision.before, report.revision.returns, report.revision.ranks) == (RELEASE, [], [])
