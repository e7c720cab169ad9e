"""The `selfeval` command as a person and as a program use it."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dagster_project.cli import printing
from dagster_project.cli.interrupts import hold_interrupts
from dagster_project.cli.main import app
from dagster_project.cli.report import Report
from dagster_project.home.children import keep_interrupts_from_children
from dagster_project.home.files import prepare_home
from dagster_project.paths import Home
from tests.conftest import Workplace

runner = CliRunner()


def test_every_command_explains_itself() -> None:
    listed = runner.invoke(app, ["--help"])
    assert listed.exit_code == 0
    for command in ("run", "check", "disclosure", "releases", "rollback", "sql", "site", "dev"):
        assert command in listed.output
        shown = runner.invoke(app, [command, "--help"])
        assert shown.exit_code == 0
        assert "Usage" in shown.output


def test_the_published_marts_answer_questions(sample_home: Workplace) -> None:
    answer = runner.invoke(
        app, ["sql", "--json", "select green from mart_question_ranking where question_no = 4"]
    )
    assert json.loads(answer.output) == [{"green": 20}]
    wrong = runner.invoke(app, ["sql", "select nonsense"])
    assert wrong.exit_code == 1
    assert "nonsense" in wrong.stderr
    refused = runner.invoke(app, ["sql", "drop table fct_rating"])
    assert refused.exit_code == 1
    assert sample_home.ask("select count(*) from fct_rating") == [(475,)]


@pytest.mark.usefixtures("sample_home")
def test_a_query_comes_from_an_argument_a_file_or_standard_input(tmp_path: Path) -> None:
    query = "-- The most confident question\nselect question_no from mart_question_ranking where confidence_rank = 1"
    path = tmp_path / "query.sql"
    path.write_text(query, encoding="utf-8-sig")
    for arguments, typed in (
        ([query], ""),
        (["-f", str(path)], ""),
        (["--file", "-"], query),
        ([], query),
        ([f"/* {query.replace('--', '')} */ {query}"], ""),
    ):
        answer = runner.invoke(app, ["sql", "--json", *arguments], input=typed)
        assert json.loads(answer.output) == [{"question_no": 4}], arguments
    for arguments, typed, message in (
        (["--jsn"], "", "empty"),
        ([], "", "empty"),
        (["select 1", "-f", str(path)], "", "notboth"),
        (["-f", str(tmp_path / "missing.sql")], "", "missing.sql"),
    ):
        answer = runner.invoke(app, ["sql", *arguments], input=typed)
        assert answer.exit_code > 0
        # The terminal breaks long lines within a frame.
        assert message in re.sub(r"[\s│]", "", answer.stderr)
    path.write_bytes("select 'é'".encode("latin-1"))
    assert "UTF-8" in runner.invoke(app, ["sql", "-f", str(path)]).stderr


def test_releases_are_listed_verified_and_gone_back_to(workplace: Workplace) -> None:
    listed = runner.invoke(app, ["releases", "--json", "--verify"])
    [release] = json.loads(listed.output)
    assert (release["is_published"], release["rounds"], release["differences"]) == (True, ["2016"], [])
    assert listed.exit_code == 0

    assert runner.invoke(app, ["rollback", release["release_id"]]).exit_code == 0
    unknown = runner.invoke(app, ["rollback", "never"])
    assert unknown.exit_code == 1
    assert release["release_id"] in unknown.stderr

    (workplace.home.published / "data" / "README.txt").write_text("forged")
    forged = runner.invoke(app, ["releases", "--verify"])
    assert forged.exit_code == 1
    assert "has been changed" in " ".join(forged.output.split())


def test_an_empty_home_says_what_to_do_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    prepare_home(Home(tmp_path))
    for command in (["sql", "select 1"], ["site"]):
        answer = runner.invoke(app, command)
        assert answer.exit_code == 1
        assert "selfeval run" in answer.stderr


@pytest.mark.parametrize("command", [["sql", "select 1"], ["site"]])
def test_a_deleted_release_is_reported_with_its_remedy(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare_home(Home(tmp_path))
    (tmp_path / "warehouse" / "published").symlink_to("releases/20260101T000000Z-deadbeef")
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    result = runner.invoke(app, command)
    assert result.exit_code == 1
    assert "20260101T000000Z-deadbeef, is gone" in result.stderr
    assert "`selfeval rollback`" in result.stderr


USAGE_ERRORS = (
    ["site", "--port", "99999"],
    ["dev", "--port", "0"],
    ["check", ""],
    ["sql", ""],
    ["rollback", ""],
    ["--home", "", "releases"],
)


@pytest.mark.parametrize("command", USAGE_ERRORS, ids=" ".join)
def test_what_cannot_be_meant_is_a_usage_error(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    prepare_home(Home(tmp_path))
    answer = runner.invoke(app, command)
    assert answer.exit_code == 2, answer.output
    assert "Traceback" not in answer.output


def test_a_port_in_use_is_named_before_dagster_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    prepare_home(Home(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = runner.invoke(app, ["dev", "--port", str(taken.getsockname()[1])])
    assert answer.exit_code == 2
    assert "--port" in answer.stderr and "Choose another" in answer.stderr


def test_the_version_and_a_short_help_are_printed() -> None:
    assert runner.invoke(app, ["--version"]).stdout == "1.0.0\n"
    assert "Usage" in runner.invoke(app, ["-h"]).stdout
    assert "Usage" in runner.invoke(app, ["run", "-h"]).stdout


def test_ids_are_printed_in_full_on_a_narrow_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    prepare_home(home)
    release_id = "20261129T080105Z-8ad7aa4c"
    folder = home.releases / release_id
    folder.mkdir()
    about = {
        "release_id": release_id,
        "made_at": "2026-11-29T08:01:05Z",
        "rounds": ["2016"],
        "tables": [],
        "files": [],
    }
    (folder / "manifest.json").write_text(json.dumps(about))
    environment = {**os.environ, "COLUMNS": "80"}
    printed = pty_output([sys.executable, "-m", "dagster_project.cli", "releases"], environment)
    assert release_id in printed


def pty_output(command: list[str], environment: dict[str, str]) -> str:
    """What a command prints on a terminal."""
    parent, child = pty.openpty()
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment)
    os.close(child)
    printed = b""
    with suppress(OSError):  # the process has closed the terminal
        while part := os.read(parent, 4096):
            printed += part
    os.close(parent)
    process.wait(timeout=60)
    return printed.decode()


def test_ctrl_c_waits_for_imports_and_reaches_no_process_that_starts() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    status = ""
    try:
        with pytest.raises(KeyboardInterrupt), hold_interrupts(), keep_interrupts_from_children():
            os.kill(os.getpid(), signal.SIGINT)
            status = subprocess.run(["cat", "/proc/self/status"], capture_output=True, text=True).stdout
    finally:
        signal.signal(signal.SIGINT, before)
    [blocked] = re.findall(r"SigBlk:\s*(\w+)", status)
    assert int(blocked, 16) & 1 << signal.SIGINT - 1


STAGES = ["start ...", *(["build and test the models ..."] if os.environ.get("LONG_TESTS") else [])]


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_stops_a_run_and_says_what_was_published(tmp_path: Path, stage: str) -> None:
    home = Home(tmp_path)
    prepare_home(home)
    process = subprocess.Popen(
        [sys.executable, "-m", "dagster_project.cli", "run"],
        env={**os.environ, "SELFEVAL_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Tests may run in the background, where the shell lets them ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr
    assert any(line.strip() == stage for line in process.stderr)
    # A terminal sends the signal to the workers of the run as well.
    os.killpg(process.pid, signal.SIGINT)
    _, stopped = process.communicate(timeout=120)
    assert "Traceback" not in stopped
    assert (process.returncode, stopped.splitlines()[-1]) == (130, "Stopped. Nothing was published.")


def test_a_failed_check_is_described_without_the_words_of_its_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = (
        "marts_x: Ranks start at 1. expect_column_values_to_be_between(column=a, min_value=1.0) fails for b=7"
    )
    report = Report(checks_failed=[failed])
    printing.print_report(report, Home(tmp_path))
    assert "marts_x: Ranks start at 1. Fails for b=7" in capsys.readouterr().err
    printing.print_report(report, Home(tmp_path), is_verbose=True)
    assert "expect_column_values_to_be_between" in capsys.readouterr().err


def test_a_run_that_built_nothing_counts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    printing.print_report(Report(errors=["The disk is full."]), Home(tmp_path))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "The disk is full." in printed.err


def check_in_locale(path: Path, **locale: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", "check", "--json", str(path)],
        env={**os.environ, **locale},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8"])
def test_file_names_are_utf_8_in_every_locale_that_python_reads_so(tmp_path: Path, locale: str) -> None:
    (tmp_path / "Ärger.pdf").touch()
    checked = check_in_locale(tmp_path / "Ärger.pdf", LC_ALL=locale)
    [found] = json.loads(checked.stdout)
    assert found["file"] == str(tmp_path / "Ärger.pdf")


def test_another_locale_is_refused_with_what_to_set(tmp_path: Path) -> None:
    refused = check_in_locale(tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert refused.returncode == 1
    assert refused.stderr == (
        "The locale of this terminal is not UTF-8. Set LC_ALL=C.UTF-8, then type the command again.\n"
    )


def test_the_site_is_served_on_this_machine_alone(sample_home: Workplace) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "dagster_project.cli", "site", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SELFEVAL_HOME": str(sample_home.home.root)},
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}rankings.html") as page:  # noqa: S310 - our own server
            assert b"Practice guidance" in page.read()
    finally:
        # A child ignores what the process of the tests ignores, and may not receive a milder signal.
        process.kill()
        process.wait(timeout=60)
