"""What is recorded of runs: the report of each, how many are kept, and that a comment in a record stops the release."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.cli.dev import configure_dagster
from dagster_project.cli.report import MAX_REPORTS, Report, store_report
from dagster_project.definitions import defs
from dagster_project.home.run_log import read_last_lines
from dagster_project.paths import VARIABLE, Home
from dagster_project.release.assets import list_logged_events, published
from dagster_project.release.candidate import get_candidate_folder
from dagster_project.release.run_logs import run_logs
from dagster_project.resources import HomeFolder, WriterLock
from tests.conftest import Workplace

LONG_AGO = datetime.fromtimestamp(0, UTC)


@dg.op(config_schema=str)
def log_text(context: dg.OpExecutionContext) -> None:
    # The description of an event is in Dagster's storage alone, not in what the run prints.
    context.log_event(dg.AssetObservation("text", description=context.op_config))


@dg.job
def logging_job() -> None:
    log_text()


def run_logging(instance: dg.DagsterInstance, text: str) -> str:
    """Run a job that logs a text. Returns the run's id."""
    config = {"ops": {"log_text": {"config": text}}}
    return logging_job.execute_in_process(config, instance=instance).run_id


@pytest.fixture(params=["stored", "ephemeral"])
def instance(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    """The instance of a new home, and the one of a run from the command line."""
    if request.param == "ephemeral":
        with dg.DagsterInstance.ephemeral() as ephemeral:
            yield ephemeral
        return
    home = Home(tmp_path)
    home.dagster.mkdir(parents=True)
    monkeypatch.setenv("DAGSTER_HOME", "")
    configure_dagster(home)
    with dg.DagsterInstance.get() as stored:
        yield stored


def test_events_are_those_of_recent_runs_and_of_the_run_itself(instance: dg.DagsterInstance) -> None:
    earlier = run_logging(instance, "an otter")
    own = run_logging(instance, "a heron")
    later = datetime.now(UTC) + timedelta(hours=1)

    def find_words(since: datetime) -> dict[str, bool]:
        events = list(list_logged_events(instance, since, own))
        return {word: any(word in text for _, text in events) for word in ("an otter", "a heron")}

    assert find_words(LONG_AGO) == {"an otter": True, "a heron": True}
    assert find_words(later) == {"an otter": False, "a heron": True}
    assert {run_id for run_id, _ in list_logged_events(instance, LONG_AGO, own)} == {earlier, own}


def test_each_run_stores_a_report_with_its_checks(sample_home: Workplace) -> None:
    [path] = sample_home.home.runs.iterdir()
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["release_id"] == sample_home.published()
    assert path.stem == report["started_at"].translate(str.maketrans("", "", "-:."))
    assert report["files"]["files"] == 26
    assert report["findings"] == {"decided": 14, "noted": 5}
    assert "publish" in report["seconds"] and report["total_seconds"] > 1
    assert (
        len(report["checks"]) == report["checks_passed"] == len(defs.resolve_asset_graph().asset_check_keys)
    )
    totals = next(one for one in report["checks"] if one["check"] == "marts_totals")
    assert totals["outcome"] == "passed"
    assert totals["asset"].startswith("marts/") and totals["description"]


def test_old_reports_are_deleted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    days = [f"2026-01-{day:02}T00:00:00.{number:06}Z" for day in range(1, 11) for number in range(11)]
    for day in days:
        store_report(home, Report(started_at=day))
    kept = sorted(json.loads(path.read_text())["started_at"] for path in home.runs.iterdir())
    assert kept == days[-MAX_REPORTS:]


@pytest.fixture
def comment(workplace: Workplace) -> str:
    """A comment of a return, in a home whose release is a candidate again."""
    home = workplace.home
    candidate = get_candidate_folder(home)
    shutil.copytree(home.published.resolve(), candidate)
    about = json.loads((candidate / "release.json").read_text())
    (candidate / "release.json").write_text(json.dumps(about | {"release_id": "another"}))
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        [(longest,)] = connection.execute(
            "select comment_typed from raw.answer order by length(comment_typed) desc limit 1"
        ).fetchall()
    return str(longest)


def publish_and_fail(instance: dg.DagsterInstance) -> str:
    """Publish the candidate. Returns the error that stops it."""
    resources = {"writer_lock": WriterLock(folder=HomeFolder())}
    result = dg.materialize([published], instance=instance, resources=resources, raise_on_error=False)
    assert not result.success
    [failed] = [event for event in result.all_events if event.is_step_failure]
    return str(failed.step_failure_data.error)


def test_a_comment_in_dagsters_history_stops_the_release(
    workplace: Workplace, comment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workplace.published()
    monkeypatch.setenv("DAGSTER_HOME", "")
    configure_dagster(workplace.home)
    with dg.DagsterInstance.get() as instance:
        run_id = run_logging(instance, comment)
        error = publish_and_fail(instance)
    assert f"A comment is quoted in the history of run {run_id} (round 2016" in error
    assert comment[:20] not in error
    assert workplace.published() == before


def test_a_comment_in_the_report_of_a_run_stops_the_release(workplace: Workplace, comment: str) -> None:
    before = workplace.published()
    store_report(workplace.home, Report(errors=[f"could not convert '{comment}'"]))
    [*_, newest] = sorted(workplace.home.runs.iterdir())
    with dg.DagsterInstance.ephemeral() as instance:
        error = publish_and_fail(instance)
    assert f"A comment is quoted in the log {newest.name} (round 2016" in error
    assert comment[:20] not in error
    assert workplace.published() == before


@dg.asset_check(asset="marts", name="totals")
def fail_totals() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, description=TYPED)


@dg.op(name="models")
def fail() -> None:
    raise ValueError(TYPED)


TYPED = "what a committee typed"


def test_a_run_of_dagster_has_a_log_without_typed_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.root))
    publishing = dg.GraphDefinition("publish", node_defs=[fail]).to_job()
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:

        def look(cursor: str | None) -> str | None:
            context = dg.build_sensor_context(instance, cursor, resources={"folder": HomeFolder()})
            run_logs(context)
            return context.cursor

        failed = publishing.execute_in_process(instance=instance, raise_on_error=False)
        cursor = look(None)
        checked = dg.Definitions(asset_checks=[fail_totals]).resolve_implicit_global_asset_job_def()
        checked.execute_in_process(instance=instance, raise_on_error=False)
        run_logging(instance, TYPED)
        assert look(look(cursor)) != cursor
    first, second, third = sorted(home.logs.iterdir())
    assert TYPED not in "".join(path.read_text() for path in (first, second, third))
    started, stage, ended = map(json.loads, first.read_text().splitlines())
    assert (started["event"], started["run_id"], started["job"]) == ("run_started", failed.run_id, "publish")
    assert stage["stage"] == "build and test the models"
    assert started["time"] <= stage["time"] <= ended["time"]
    assert (ended["result"], ended["exit_code"], ended["errors"]) == ("failed", 1, 1)
    # A run that must not publish is not a reason for a person to act.
    parts = [json.loads(path.read_text().splitlines()[-1]) for path in (second, third)]
    assert [(one["result"], one["checks"]) for one in parts] == [("partial", ["totals"]), ("partial", [])]
    assert [line["result"] for line in read_last_lines(home)] == ["partial", "partial", "failed"]
