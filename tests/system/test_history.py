"""The history of runs: it goes when it is old, and a comment in it stops the release."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.cli.job import use_instance
from dagster_project.home.history import EventLog, events_since, forget_old_runs
from dagster_project.paths import Home
from dagster_project.release.assets import published
from dagster_project.release.candidate import candidate_folder
from dagster_project.resources import WRITER, writer
from tests.conftest import Workplace

BEFORE_ALL = datetime.fromtimestamp(0, UTC)


@dg.op(config_schema=str)
def say(context: dg.OpExecutionContext) -> None:
    context.log.info(context.op_config)


@dg.job
def saying() -> None:
    say()


def saying_this(text: str) -> dict[str, object]:
    return {"ops": {"say": {"config": text}}}


def told(instance: dg.DagsterInstance, text: str) -> str:
    """Run something that writes a text into the history; the run's id."""
    return saying.execute_in_process(saying_this(text), instance=instance).run_id


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """The instance of a new home."""
    home = Home(tmp_path)
    home.dagster.mkdir(parents=True)
    monkeypatch.setenv("DAGSTER_HOME", "")
    use_instance(home)
    with dg.DagsterInstance.get() as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        yield instance


def files(instance: dg.DagsterInstance) -> set[str]:
    folder = Path(instance.root_directory) / "history" / "runs"
    return {path.name for path in folder.iterdir() if not path.name.startswith("index")}


def test_the_last_runs_are_remembered_and_the_others_go_with_their_files(
    instance: dg.DagsterInstance,
) -> None:
    at_work = instance.create_run_for_job(
        saying, run_config=saying_this("-"), status=dg.DagsterRunStatus.STARTED
    ).run_id
    first, *last = (told(instance, f"run {number}") for number in range(3))
    forget_old_runs(instance, keep=2)
    assert {run.run_id for run in instance.get_runs()} == {at_work, *last}
    assert not any(name.startswith(first) for name in files(instance))
    assert any("run 2" in record.message for record in instance.all_logs(last[-1]))
    # Not even an empty file is left of it, and who asks for it afterwards is told of nothing.
    assert list(instance.all_logs(first)) == []
    forget_old_runs(instance, keep=2)
    assert {run.run_id for run in instance.get_runs()} == {at_work, *last}


def test_events_are_those_of_runs_since_a_moment_and_of_the_one_that_asks(
    instance: dg.DagsterInstance,
) -> None:
    run_id = told(instance, "an otter")
    own = told(instance, "a heron")
    later = datetime.now(UTC) + timedelta(hours=1)

    def found(moment: datetime) -> dict[str, bool]:
        events = list(events_since(instance, moment, own))
        return {word: any(word in text for _, text in events) for word in ("an otter", "a heron")}

    assert found(BEFORE_ALL) == {"an otter": True, "a heron": True}
    assert found(later) == {"an otter": False, "a heron": True}
    assert {one for one, _ in events_since(instance, BEFORE_ALL, own)} == {run_id, own}


def test_a_closed_history_is_whole_in_its_own_files(instance: dg.DagsterInstance) -> None:
    run_id = told(instance, "an otter")
    assert f"{run_id}.db-wal" in files(instance)
    instance.event_log_storage.dispose()
    assert files(instance) == {f"{run_id}.db"}
    # It opens again by itself.
    assert any("an otter" in record.message for record in instance.all_logs(run_id))


def test_a_comment_in_the_history_stops_the_release(workplace: Workplace) -> None:
    home = workplace.home
    before = workplace.published()
    candidate = candidate_folder(home)
    shutil.copytree(home.published.resolve(), candidate)
    about = json.loads((candidate / "release.json").read_text())
    (candidate / "release.json").write_text(json.dumps(about | {"release_id": "another"}))
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        [(comment,)] = connection.execute(
            "select comment_typed from raw.answer order by length(comment_typed) desc limit 1"
        ).fetchall()
    use_instance(home)
    with dg.DagsterInstance.get() as instance:
        run_id = told(instance, comment)
        result = dg.materialize(
            [published], instance=instance, resources={WRITER: writer}, raise_on_error=False
        )
        assert not result.success
        [failed] = [event for event in result.all_events if event.is_step_failure]
    said = str(failed.step_failure_data.error)
    assert f"A comment stands in the history of run {run_id} (round 2016" in said
    assert comment[:20] not in said
    assert workplace.published() == before
