"""A run does again only what has changed: nothing, where nothing has."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from dagster_project.cli.main import app
from dagster_project.definitions import defs
from dagster_project.home import fingerprints
from dagster_project.paths import REPOSITORY
from dagster_project.release.catalog import find_up_to_date_release
from tests.conftest import ROUND, Workplace

ANGUS = "Angus CSE return Oct 2016.xlsx"


def test_where_nothing_has_changed_nothing_is_done_and_the_run_says_so(workplace: Workplace) -> None:
    before = workplace.published()
    built = workplace.home.build_database.stat().st_mtime_ns
    report = workplace.run(force=False)
    assert (report.unchanged_since, report.release_id, report.files) == (before, None, {})
    answer = CliRunner().invoke(app, ["run"])
    assert answer.exit_code == 0
    assert f"Nothing has changed since release {before}" in answer.stdout
    assert "Nothing was published" in answer.stdout
    printed = json.loads(CliRunner().invoke(app, ["run", "--json"]).stdout)
    assert (printed["unchanged_since"], printed["release_id"]) == (before, None)
    # A process of its own ends without a word more than that.
    selfeval = Path(sys.executable).with_name("selfeval")
    process = subprocess.run([selfeval, "run"], capture_output=True, text=True, check=True)
    assert (process.stdout, process.stderr) == (answer.stdout, "")
    assert workplace.published() == before
    assert [path.name for path in workplace.home.releases.iterdir()] == [before]
    assert workplace.home.build_database.stat().st_mtime_ns == built


def damage(workplace: Workplace) -> None:
    (workplace.home.published / "site" / "index.html").write_text("torn")


def touch_a_return(workplace: Workplace) -> None:
    with (workplace.returns / ANGUS).open("ab") as file:
        file.write(b"\0")


def add_a_return(workplace: Workplace) -> None:
    (workplace.returns / "Highland.pdf").write_bytes(b"%PDF-1.4")


def decide(workplace: Workplace) -> None:
    workplace.decide("blank_rating:2016:angus:4", "leave_blank")


@pytest.mark.parametrize("change", [damage, touch_a_return, add_a_return, decide])
def test_each_change_by_people_is_noticed(workplace: Workplace, change: Callable[[Workplace], None]) -> None:
    assert find_up_to_date_release(workplace.home) == workplace.published()
    change(workplace)
    assert find_up_to_date_release(workplace.home) is None


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, which a test may change."""
    root = tmp_path / "repository"
    made = shutil.ignore_patterns("__pycache__", "node_modules", "logs", "target")
    for name in fingerprints.SOURCES:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, root / name, ignore=made)
        else:
            shutil.copy(REPOSITORY / name, root / name)
    monkeypatch.setattr(fingerprints, "REPOSITORY", root)
    return root


SOURCES = (
    "dbt/models/marts/core/fct_rating.sql",
    "dbt/macros/text.sql",
    "dbt/dbt_project.yml",
    "expectations/marts/totals.yml",
    "docs/_findings.md",
    "mkdocs.yml",
    "dagster_project/site/theme/assets/site.css",
    "dagster_project/release/spreadsheet.py",
    "requirements.lock",
)


@pytest.mark.parametrize("name", SOURCES)
def test_each_changed_source_of_a_release_is_noticed(
    workplace: Workplace, repository: Path, name: str
) -> None:
    assert find_up_to_date_release(workplace.home) == workplace.published()
    with (repository / name).open("a") as file:
        file.write("\n")
    assert find_up_to_date_release(workplace.home) is None


def test_a_change_during_a_run_is_left_to_the_next_run(workplace: Workplace) -> None:
    home = workplace.home
    assert fingerprints.stable_fingerprint(home) == fingerprints.fingerprint_home(home)
    touch_a_return(workplace)
    # All steps but the loading of the round began after the change.
    for step in fingerprints.STEPS:
        fingerprints.store_inputs(home, step)
    assert fingerprints.stable_fingerprint(home) is None
    fingerprints.store_round(home, ROUND, fingerprints.hash_round(home, ROUND))
    assert fingerprints.stable_fingerprint(home) == fingerprints.fingerprint_home(home)
    decide(workplace)
    assert fingerprints.stable_fingerprint(home) is None


def run_check(workplace: Workplace) -> tuple[bool, str]:
    """Run the check that rounds are loaded, by itself. Returns whether the run succeeded, and the description."""
    key = dg.AssetCheckKey(dg.AssetKey(["raw", "return_file"]), "rounds_loaded")
    job = dg.define_asset_job("check_only", selection=dg.AssetSelection.checks(key))
    part = dg.Definitions(
        assets=defs.assets, asset_checks=defs.asset_checks, jobs=[job], resources=defs.resources
    )
    with dg.DagsterInstance.ephemeral() as instance:
        result = part.resolve_job_def("check_only").execute_in_process(
            instance=instance, raise_on_error=False
        )
    [evaluation] = result.get_asset_check_evaluations()
    return evaluation.passed or evaluation.severity == dg.AssetCheckSeverity.WARN, str(evaluation.description)


def test_a_round_that_was_never_loaded_stops_and_a_changed_one_warns(workplace: Workplace) -> None:
    assert run_check(workplace) == (True, "Rounds that are loaded: 2016.")
    touch_a_return(workplace)
    assert run_check(workplace) == (
        True,
        "Files of round 2016 have changed since they were loaded. The next run reads them.",
    )
    add_row = (workplace.home.seeds / "rounds.csv").open("a", encoding="utf-8")
    with add_row as file:
        file.write("2018,Later,2018-08-01,2019-01-31,,cse-2016,false\n")
    # A round without returns has nothing to load.
    assert run_check(workplace)[0]
    later = workplace.home.returns / "2018"
    later.mkdir()
    (later / "Fife.xlsx").write_bytes(b"PK")
    is_allowed, description = run_check(workplace)
    assert not is_allowed
    assert description.startswith("Round 2018 is not loaded. Load its partition")
