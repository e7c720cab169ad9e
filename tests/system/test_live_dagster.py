"""Dagster as people use it: a live server, its API, and its interface in a browser. One server for all tests."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import expect, sync_playwright
from typer.testing import CliRunner

from dagster_project.cli.main import app
from dagster_project.definitions import defs
from dagster_project.paths import VARIABLE, Home
from dagster_project.release.automation import LOAD_AND_PUBLISH
from tests.conftest import ROUND, Workplace
from tests.site.chromium import ARGUMENTS, CHROMIUM
from tests.system.live import Dagster, live_dagster, wait_until
from tools.sample import second

ANGUS = "Angus CSE return Oct 2016.xlsx"
LATER = "2018"


@pytest.fixture(scope="module")
def workplace(sample_home: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """A copy of the sample home, published, for all tests of the module."""
    root = tmp_path_factory.mktemp("live") / "home"
    shutil.copytree(sample_home.home.root, root, symlinks=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(root))
        yield Workplace(Home(root))


@pytest.fixture(scope="module")
def message(workplace: Workplace) -> Path:
    """The file to which the message about a failed run is written."""
    return workplace.home.root / "message.txt"


@pytest.fixture(scope="module")
def dagster(workplace: Workplace, message: Path) -> Iterator[Dagster]:
    with live_dagster(workplace.home, workplace.home.root / "dagster.log", f"tee -a '{message}'") as started:
        yield started


@pytest.mark.timeout(600)
def test_opening_the_interface_takes_a_baseline_and_publishes_nothing(
    workplace: Workplace, dagster: Dagster
) -> None:
    [first] = wait_until(lambda: dagster.ticks()[-1:] or None)
    assert first["skipReason"].startswith(f"Baseline: the files that rounds {ROUND} have now.")
    assert dagster.partitions() == [ROUND]
    assert dagster.runs() == []


@pytest.mark.timeout(600)
def test_parts_are_run_on_their_own_and_a_failed_check_says_how_to_fix_it(
    workplace: Workplace, dagster: Dagster
) -> None:
    before, processes = workplace.published(), dagster.count_processes()
    # The runs are started at once: each waits until it may write.
    view = dagster.launch("staging/stg_answers", "marts/dim_rating")
    checks = dagster.launch(checks=[("raw/answer", "raw_answer"), ("marts/fct_rating", "dbt_tests")])
    published = dagster.launch("release/published")
    assert dagster.wait_for(view).status == "SUCCESS"
    assert dagster.events(view).built == {"staging/stg_answers", "marts/dim_rating"}
    assert dagster.wait_for(checks).status == "SUCCESS"
    events = dagster.events(checks)
    assert events.built == set()
    assert {name: passed for name, (passed, _) in events.checks.items()} == {
        "raw/answer: raw_answer": True,
        "marts/fct_rating: dbt_tests": True,
    }
    # A release is published with all of its parts, or not at all.
    assert dagster.wait_for(published).status == "FAILURE"
    assert "There is no candidate to publish" in dagster.events(published).text

    seed = workplace.home.seeds / "consortia.csv"
    content = seed.read_bytes()
    seed.write_bytes(content + content.splitlines()[-1] + b"\n")
    failed = dagster.launch("reference/consortia")
    assert dagster.wait_for(failed).status == "FAILURE"
    seed.write_bytes(content)
    [(passed, description)] = dagster.events(failed).checks.values()
    assert not passed
    assert "Two rows of the reference data have the same key" in description
    # The process of a run ends with it.
    wait_until(lambda: dagster.count_processes() <= processes or None)
    assert workplace.published() == before


@pytest.mark.skipif(CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"), reason="needs chromium")
@pytest.mark.timeout(600)
def test_a_round_is_materialized_in_the_browser(dagster: Dagster) -> None:
    before = {one.run_id for one in dagster.runs()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(120_000)
        page.goto(f"{dagster.address}/assets/raw/answer")
        page.get_by_role("button", name=re.compile("Materialize")).first.click()
        # The other tables of the round are named, and materialized as well.
        page.get_by_role("button", name="Confirm").click()
        # In a new home the baseline, which comes first, has not been copied.
        page.get_by_text("may fail because the upstream assets").wait_for()
        page.get_by_role("button", name="Confirm").click()
        page.get_by_role("button", name="All", exact=True).click()
        page.get_by_role("button", name=re.compile("Launch")).last.click()
        [run] = wait_until(lambda: [one for one in dagster.runs() if one.run_id not in before] or None)
        page.goto(f"{dagster.address}/assets/marts/mart_coverage?view=checks")
        expect(page.get_by_text("unique_combination_mart_coverage").first).to_be_visible(timeout=120_000)
        browser.close()
    assert dagster.wait_for(run.run_id).status == "SUCCESS"
    assert dagster.events(run.run_id).built == {"raw/answer", "raw/problem", "raw/return_file"}


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="takes minutes: `make test-long`")
@pytest.mark.timeout(600)
def test_changed_rounds_make_one_run_and_a_closed_round_stops_it(
    workplace: Workplace, dagster: Dagster, edit: Callable[..., None], message: Path
) -> None:
    before, known = workplace.published(), {one.run_id for one in dagster.runs()}
    opened = CliRunner().invoke(app, ["round", "new", LATER, "--from", "2018-08-01", "--to", "2019-01-31"])
    assert opened.exit_code == 0, opened.output
    # The round appears without reloading.
    wait_until(lambda: dagster.partitions() == [ROUND, LATER] or None)
    late = workplace.home.root / "Highland.xlsx"
    shutil.copy(workplace.returns / ANGUS, late)
    edit(late, committee="Highland")
    shutil.copy(late, workplace.home.returns / LATER)
    late.rename(workplace.returns / late.name)

    def find_publication() -> str | None:
        found = [one.run_id for one in dagster.runs() if one.run_id not in known]
        return found[0] if found else None

    publication = dagster.wait_for(wait_until(find_publication))
    assert publication.status == "FAILURE"
    checks = dagster.events(publication.run_id).checks
    assert f"final_round_changed:{ROUND}:highland" in checks["marts/mart_data_quality: marts_data_quality"][1]
    assert workplace.published() == before
    # One run loaded both rounds, nothing was requested again, and no look failed.
    dagster.wait_for_look("No returned file has changed.")
    assert [one.job for one in dagster.runs() if one.run_id not in known] == [LOAD_AND_PUBLISH]
    assert dagster.events(publication.run_id).built >= {"raw/answer", "marts/mart_data_quality"}
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        query = (
            "select round_id, count(*) from raw.return_file where source_file = ? group by all order by all"
        )
        assert connection.execute(query, [late.name]).fetchall() == [(ROUND, 1), (LATER, 1)]
    assert {one["status"] for one in dagster.ticks()} <= {"SKIPPED", "SUCCESS", "STARTED"}
    wait_until(lambda: (message.exists() and publication.run_id in message.read_text()) or None)


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="makes two rounds: `make test-long`")
@pytest.mark.timeout(1800)
def test_all_tables_of_several_rounds_are_materialized_and_published_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.root))
    second.make_rounds(home)
    assets = [spec.key.to_user_string() for spec in defs.resolve_all_asset_specs()]
    with live_dagster(home, tmp_path / "dagster.log") as dagster:
        wait_until(lambda: dagster.partitions() == [ROUND, LATER] or None)
        dagster.backfill(assets, [ROUND, LATER])

        wait_until(lambda: home.published.is_symlink() or None)
        # The copy of the release that readers see, the raw tables, and everything else.
        assert len(dagster.runs()) == 3
