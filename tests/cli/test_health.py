"""The health command: whether a person has to act, and why."""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dagster_project.cli.health import examine_home
from dagster_project.cli.main import app
from dagster_project.cli.outcome import Outcome
from dagster_project.cli.report import Report
from dagster_project.home.create import create_home
from dagster_project.home.notify import COMMAND
from dagster_project.home.run_log import MAX_LOGS, RunLog
from dagster_project.paths import VARIABLE, Home

STOPPED = Report(
    open_findings=[
        {"finding_id": f"blank_rating:2018:{name}:1", "what": "a comment", "mended_by": "", "how_to_mend": ""}
        for name in ("fife", "angus")
    ],
    checks_failed=["marts_data_quality: 2 findings stop the release"],
)
HOLD = """
import sys
from pathlib import Path
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
with only_writer(Home(Path(sys.argv[1]))):
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with a published release of an hour ago."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.root))
    create_home(home)
    release = home.releases / "20261129T080105Z-8ad7aa4c"
    release.mkdir()
    made_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    about = {"release_id": release.name, "made_at": made_at, "rounds": ["2016"], "tables": [], "files": []}
    (release / "manifest.json").write_text(json.dumps(about))
    home.published.symlink_to(Path("releases") / release.name)
    return home


def health(*arguments: str) -> tuple[int, dict[str, Any]]:
    answer = CliRunner().invoke(app, ["health", "--json", *arguments])
    return answer.exit_code, json.loads(answer.stdout)


def test_a_home_after_a_successful_run_is_healthy(home: Home) -> None:
    RunLog(home).end(asdict(Outcome.from_report(Report(unchanged_since="20261129T080105Z-8ad7aa4c"))))
    code, found = health("--max-age", "0.5")
    assert (code, found["problems"], found["is_healthy"]) == (0, [], True)
    assert found["last_result"] == "unchanged"
    assert found["last_success_age_seconds"] < 60
    assert found["published_release"] == "20261129T080105Z-8ad7aa4c"
    assert CliRunner().invoke(app, ["health"]).exit_code == 0


def test_what_stopped_the_last_run_is_named_until_a_run_succeeds(home: Home) -> None:
    RunLog(home).end(asdict(Outcome.from_report(STOPPED)))
    code, found = health()
    assert (code, found["problems"]) == (1, ["The last run has not published: stopped, exit code 1."])
    assert found["open_findings"] == {"blank_rating": 2}
    assert found["failed_checks"] == ["marts_data_quality"]
    RunLog(home).end(asdict(Outcome.from_report(Report(release_id="another"))))
    assert health()[0] == 0


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda home: home.published.unlink(), "No release is published."),
        (lambda home: (home.published / "manifest.json").write_text("{"), "manifest.json is damaged"),
        (lambda home: shutil.rmtree(home.published.resolve()), "manifest.json is missing"),
        (lambda home: RunLog(home).add_stage("publish"), "The last run was killed."),
        (lambda _: None, "No run has succeeded in the last 0.5 hours."),
        # The lock cannot be opened, as on a disk that is mounted read-only.
        (lambda home: (home.build / "run.lock").mkdir(), "The home cannot be written to"),
    ],
    ids=["unpublished", "damaged", "gone", "killed", "old", "read-only"],
)
def test_each_problem_has_a_sentence(home: Home, spoil: Any, problem: str) -> None:
    spoil(home)
    code, found = health("--max-age", "0.5")
    assert code == 1
    assert problem in " ".join(found["problems"])


def test_texts_that_are_kept_for_too_long_are_a_problem_until_they_are_purged(home: Home) -> None:
    retention = home.seeds / "round_retention.csv"
    retention.write_text("round_id,texts_kept_until\n2016,2999-12-31\n")
    assert health()[0] == 0
    retention.write_text("round_id,texts_kept_until\n2016,2018-12-31\n")
    code, found = health()
    assert (code, "selfeval purge 2016" in " ".join(found["problems"])) == (1, True)
    (home.purged / "2016").mkdir(parents=True)
    assert health()[0] == 0


def test_a_full_disk_is_a_problem(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagster_project.cli.health.MIN_FREE_BYTES", shutil.disk_usage(home.root).total + 1)
    assert "MB left" in " ".join(examine_home(home, None, datetime.now(UTC))["problems"])


def test_a_writer_at_work_is_seen_and_not_disturbed(home: Home) -> None:
    assert not health()[1]["is_writing"]
    command = [sys.executable, "-c", HOLD, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout and writer.stdout.readline() == "at work\n"
        RunLog(home).add_stage("publish")
        code, found = health()
        assert (code, found["is_writing"]) == (0, True)
        refused = CliRunner().invoke(app, ["run"])
        assert (refused.exit_code, "Another run is at work" in refused.stderr) == (1, True)
        writer.communicate("", timeout=60)
    assert not health()[1]["is_writing"]


def test_old_logs_are_deleted(home: Home) -> None:
    home.logs.mkdir()
    for number in range(MAX_LOGS + 5):
        (home.logs / f"2016-{number:04}.jsonl").touch()
    RunLog(home)
    kept = sorted(path.name for path in home.logs.iterdir())
    assert (len(kept), kept[0]) == (MAX_LOGS, "2016-0006.jsonl")


def test_a_failed_run_gives_a_message_with_the_command_to_type_next(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(COMMAND, raising=False)
    assert CliRunner().invoke(app, ["run", "--notify"]).exit_code == 2
    monkeypatch.setenv(COMMAND, f"tee '{tmp_path / 'the message'}'")
    # The home has no round yet.
    assert CliRunner().invoke(app, ["run"]).exit_code == 1
    assert not (tmp_path / "the message").exists()
    assert CliRunner().invoke(app, ["run", "--notify"]).exit_code == 1
    assert f"Type next: selfeval --home {home.root} run\n" in (tmp_path / "the message").read_text()
    monkeypatch.setenv(COMMAND, "false")
    failed = CliRunner().invoke(app, ["run", "--notify"])
    assert (failed.exit_code, "could not be given" in failed.stderr) == (1, True)


def test_a_message_says_what_stopped_and_repeats_no_text(home: Home) -> None:
    stopped = Outcome.from_report(STOPPED).describe(home)
    assert "Findings wait for a decision or a corrected file: blank rating 2." in stopped
    assert stopped.endswith(f"Type next: selfeval --home {home.root} decide\n")
    assert "a comment" not in stopped
    full = Outcome.from_report(
        Report(errors=["'a comment' cannot be written: No space left on device"])
    ).describe(home)
    assert "The disk is full." in full and "a comment" not in full
    failed = Outcome.from_report(Report(checks_failed=["marts_totals: 'a comment' is not 25"])).describe(home)
    assert "Checks failed: marts_totals." in failed and "a comment" not in failed
