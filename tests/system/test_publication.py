"""The real job on the sample round: what is published, and what stops it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.definitions import defs
from dagster_project.release import catalog
from tests.conftest import Workplace

ANGUS = "Angus CSE return Oct 2016.xlsx"


def run_only(workplace: Workplace, *names: str) -> dg.ExecuteInProcessResult:
    """Run a selection of the graph by itself, as a person can from the interface."""
    keys = [dg.AssetKey(name.split("/")) for name in names]
    job = dg.define_asset_job("part", selection=dg.AssetSelection.assets(*keys))
    part = dg.Definitions(
        assets=defs.assets, asset_checks=defs.asset_checks, jobs=[job], resources=defs.resources
    )
    with dg.DagsterInstance.ephemeral() as instance:
        return part.resolve_job_def("part").execute_in_process(instance=instance, raise_on_error=False)


WHY = ("--reason", "a test decides so", "--role", "tester", "--date", "2017-02-01")


def selfeval(workplace: Workplace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it."""
    command = [
        sys.executable,
        "-m",
        "dagster_project.cli",
        "--home",
        str(workplace.home.root),
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def failure(result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(
        str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure
    )


several_runs = pytest.mark.skipif(
    not os.environ.get("LONG_TESTS"), reason="several whole runs: `make test-long`"
)


@several_runs
def test_unchanged_files_are_not_parsed_again(workplace: Workplace) -> None:
    report = workplace.run()
    assert (report.files["files"], report.files["parsed"]) == (26, 0)


@several_runs
def test_a_copy_under_another_name_stops_the_release_until_decided(
    workplace: Workplace, edit: Callable[..., None]
) -> None:
    workplace.reopen()
    before = workplace.published()
    shutil.copy(workplace.returns / ANGUS, workplace.returns / "Highland.xlsx")
    edit(workplace.returns / "Highland.xlsx", committee="Highland")

    report = workplace.run()
    assert report.release_id is None
    [finding] = report.open_findings
    assert "2016" in finding["what"]
    assert "Highland" in finding["what"]
    assert "Angus" in finding["what"]
    assert "count_once" in finding["how_to_mend"]
    assert workplace.published() == before
    assert catalog.verify_release(workplace.home, before) == ()

    # A run of the release alone is refused too.
    result = run_only(workplace, "release/candidate", "release/site", "release/published")
    assert not result.success
    assert "marts_data_quality failed" in failure(result)
    assert workplace.published() == before

    workplace.decide(finding["finding_id"], "count_once")
    assert workplace.run().release_id == workplace.published() != before
    [(returned, distinct)] = workplace.ask(
        "select returned, distinct_contents from mart_coverage where consortium_code = 'all'"
    )
    assert (returned, distinct) == (26, 24)
    assert workplace.ask("select distinct returns from mart_question_ranking") == [(25,)]


@several_runs
def test_one_more_cleared_rating_stops_the_release_until_decided(
    workplace: Workplace, edit: Callable[..., None]
) -> None:
    workplace.reopen()
    before = workplace.published()
    edit(workplace.returns / ANGUS, ratings={4: None})
    report = workplace.run()
    assert report.release_id is None
    [finding] = report.open_findings
    assert "Angus, question 4" in finding["what"]
    assert workplace.published() == before

    decided = selfeval(workplace, "decide", finding["finding_id"][:-2], "estimate", "--rating", "red", *WHY)
    assert decided.returncode == 0, decided.stderr
    assert "Now run `selfeval --home" in decided.stdout
    assert workplace.run().release_id
    status = (
        "select reported_rating, resolved_rating, rating_status from fct_rating where committee_id = 'angus'"
    )
    assert workplace.ask(f"{status} and question_no = 4") == [(None, "red", "estimated")]
    assert workplace.ask("select blank from mart_question_ranking where question_no = 4") == [(1,)]


@several_runs
def test_a_decision_does_not_outlive_what_it_decided(workplace: Workplace, edit: Callable[..., None]) -> None:
    workplace.reopen()
    edit(workplace.returns / ANGUS, ratings={4: None})
    [finding] = workplace.run().open_findings
    workplace.decide(finding["finding_id"], "leave_blank")
    assert workplace.run().release_id
    edit(workplace.returns / ANGUS, ratings={4: "N/A"})
    report = workplace.run()
    assert report.release_id is None
    assert [one["finding_id"] == finding["finding_id"] for one in report.open_findings] == [False]
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        stale = connection.execute(
            "select subject from marts.mart_data_quality where \"check\" = 'stale_decision'"
        ).fetchall()
    assert stale == [(finding["finding_id"],)]


def test_a_check_that_raises_counts_as_failed(workplace: Workplace) -> None:
    before = workplace.published()
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("drop table marts.mart_coverage")
    audit = next(checks for checks in defs.asset_checks or () if checks.node_def.name == "audit_marts")
    checks = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(*audit.check_keys))
    part = dg.Definitions(
        assets=defs.assets, asset_checks=defs.asset_checks, jobs=[checks], resources=defs.resources
    )
    with dg.DagsterInstance.ephemeral() as instance:
        raised = part.resolve_job_def("checks").execute_in_process(instance=instance, raise_on_error=False)
    assert not raised.success
    result = run_only(workplace, "release/candidate")
    assert "marts_mart_coverage did not report" in failure(result)
    assert workplace.published() == before


def test_data_that_changed_after_the_audit_are_not_released(workplace: Workplace) -> None:
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("update marts.mart_question_ranking set comment = 'forged' where question_no = 4")
    result = run_only(workplace, "release/candidate")
    assert "passed on other data" in failure(result)


def test_two_runs_never_write_at_once(workplace: Workplace) -> None:
    from filelock import FileLock

    from dagster_project.home.lock import RunInProgress

    with (
        FileLock(workplace.home.build / "run.lock"),
        pytest.raises(RunInProgress, match="Another run is at work"),
    ):
        workplace.run()


@several_runs
def test_a_round_that_nobody_answered_is_not_published_as_red(workplace: Workplace, tmp_path: Path) -> None:
    workplace.reopen()
    before = workplace.published()
    shutil.move(workplace.returns, tmp_path / "away")
    report = workplace.run()
    assert "nothing to rank" in " ".join(finding["what"] for finding in report.open_findings)
    assert workplace.published() == before
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        ranking = connection.execute(
            "select distinct returns, red, confidence_rank, confidence_group from marts.mart_question_ranking"
        ).fetchall()
    assert ranking == [(0, 0, None, None)]
