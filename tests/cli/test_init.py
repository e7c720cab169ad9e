"""A new home: created by `selfeval init`, required by every other command, repeated in hints."""

import csv
import fcntl
import os
import pty
import re
import shlex
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from dagster_project.cli.main import app
from dagster_project.cli.printing import print_report
from dagster_project.cli.report import Report
from dagster_project.cli.terminal import repeat_in_hints
from dagster_project.paths import REPOSITORY, VARIABLE, Home

SELFEVAL = Path(sys.executable).with_name("selfeval")
COMMANDS = {
    "run": [],
    "check": [str(REPOSITORY / "README.md")],
    "decide": [],
    "disclosure": ["list"],
    "round": ["status"],
    "releases": [],
    "backup": ["file"],
    "health": [],
    "purge": ["2016", "--reason", "x", "--role", "y"],
    "diff": [],
    "rollback": ["2016"],
    "sql": ["select 1"],
    "site": [],
    "dev": [],
}
"""Every command but `init`, with arguments that it would accept."""


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process: each of these ends before it imports anything slow."""
    return subprocess.run(
        [SELFEVAL, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        env=os.environ | environment,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "our home")
    created = CliRunner().invoke(app, ["init", str(home.root)])
    assert created.exit_code == 0, created.output
    # What it prints can be typed.
    assert f"selfeval --home {shlex.quote(str(home.root))} round new" in created.stdout
    assert f"export {VARIABLE}={shlex.quote(str(home.root))}\n" in created.stdout
    return home


def rows(home: Home, seed: str) -> list[dict[str, str]]:
    with (home.seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_new_home_has_the_reference_data_and_nothing_of_the_sample(home: Home) -> None:
    assert list(home.returns.iterdir()) == []
    of_sample = (
        "rounds", "invitations", "decisions", "comment_codes", "claims", "round_reopenings", "disclosure_acceptances",
    )  # fmt: skip
    for seed in of_sample:
        assert rows(home, seed) == [], seed
    assert len(rows(home, "committees")) == 29
    assert {row["from_round"] for row in rows(home, "committees") + rows(home, "local_authorities")} == {""}
    for seed in ("questions", "quality_checks", "problem_codes", "rating_words"):
        name = f"{seed}.csv"
        assert (home.seeds / name).read_bytes() == (REPOSITORY / "dbt" / "seeds" / name).read_bytes()


def test_a_home_with_the_sample_is_a_demonstration(tmp_path: Path) -> None:
    home = Home(tmp_path / "demonstration")
    assert CliRunner().invoke(app, ["init", "--sample", str(home.root)]).exit_code == 0
    assert [row["round_id"] for row in rows(home, "rounds")] == ["2016"]
    assert len(list((home.returns / "2016").glob("*.xlsx"))) > 10


def test_reference_data_and_decisions_can_be_a_repository_that_never_has_returns(tmp_path: Path) -> None:
    root = tmp_path / "home"
    identity = {
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "tester"), ("EMAIL", "tester@example.org"))
    }
    created = call("init", "--git", str(root), **identity)
    assert created.returncode == 0, created.stderr
    home = Home(root)
    (home.returns / "2018").mkdir()
    (home.returns / "2018" / "Fife.xlsx").write_bytes(b"confidential")
    (home.build / "build.duckdb").write_bytes(b"confidential")
    with (home.seeds / "decisions.csv").open("a") as file:
        file.write("a,accept,,Agreed.,Lead,2018-01-01\n")
    git = ["git", "-C", str(root)]
    subprocess.run([*git, "add", "."], check=True)
    changed = subprocess.run([*git, "status", "--short"], capture_output=True, text=True, check=True).stdout
    assert changed == "M  dbt/seeds/decisions.csv\n"


@pytest.mark.parametrize(
    ("where", "why"),
    [("full", "not an empty folder"), (str(REPOSITORY / "mine"), "inside the program's own")],
)
def test_a_home_is_created_in_a_folder_of_its_own(tmp_path: Path, where: str, why: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear committee")
    refused = CliRunner().invoke(app, ["init", str(tmp_path / where)])
    assert refused.exit_code == 1
    assert why in " ".join(refused.stderr.split())
    assert not (tmp_path / "full" / "dbt").exists()


def test_only_commands_that_create_homes_accept_a_path_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, os.environ[VARIABLE])
    group = get_command(app)
    assert set(COMMANDS) | {"init", "restore"} == set(getattr(group, "commands", {}))
    for command, arguments in COMMANDS.items():
        refused = CliRunner().invoke(app, ["--home", str(tmp_path / "typo"), command, *arguments])
        assert refused.exit_code == 2, command
        assert "is not a home" in refused.stderr, command
        assert "selfeval init" in refused.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_home_is_an_error_and_the_help_names_the_variable() -> None:
    refused = call("--home", "", "releases")
    assert refused.returncode == 2
    assert "It is empty" in refused.stderr
    assert VARIABLE in call("--help").stdout


def test_a_hint_can_be_typed_as_it_is(home: Home) -> None:
    named = ["--home", str(home.root)]
    shown = call(*named, "run")
    assert shown.returncode == 1
    command = shlex.join(["selfeval", *named, "round", "new", "2018"])
    assert command in shown.stderr
    # Where the environment names the home, so does the next command.
    assert "selfeval round new 2018" in call("run", **{VARIABLE: str(home.root)}).stderr


def test_the_report_of_a_run_names_the_command_that_serves_its_site(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    repeat_in_hints(str(home.root))
    print_report(Report(release_id="20261129T080105Z-8ad7aa4c"), home, is_verbose=False)
    repeat_in_hints("")
    assert f"{shlex.join(['selfeval', '--home', str(home.root)])} site" in capsys.readouterr().out


def talk(home: Home, answers: dict[str, list[str]]) -> tuple[int, str]:
    """Open round 2018 on a pseudo-terminal. `answers` are typed, in order, to questions that begin with their keys."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [SELFEVAL, "--home", str(home.root), "round", "new", "2018"],
        stdin=child,
        stdout=child,
        stderr=child,
        start_new_session=True,
        # Ctrl-C reaches only the processes whose terminal this is.
        preexec_fn=lambda: fcntl.ioctl(child, termios.TIOCSCTTY),
    )
    os.close(child)
    shown, read = "", 0
    waiting = {question: list(given) for question, given in answers.items()}
    while True:
        try:
            shown += os.read(parent, 4096).decode()
        except OSError:  # the process has closed the terminal
            break
        for question, given in waiting.items():
            if given and re.search(rf"{re.escape(question)}[^\n]*: ?$", shown[read:]):
                read = len(shown)
                os.write(parent, f"{given.pop(0)}\n".encode())
    assert not any(waiting.values()), (waiting, shown)
    os.close(parent)
    return process.wait(timeout=60), shown


def test_a_round_is_opened_on_a_terminal_and_wrong_answers_are_asked_again(home: Home) -> None:
    code, shown = talk(
        home,
        {
            "Title": [""],
            "First day": ["in summer", "1 Aug 2018"],
            "Last day": ["", "2018-07-01", "2019-01-31"],
            "Question set": ["cse 2018!", ""],
            "Committees not to invite": ["Atlantis", "Highland, Fife"],
        },
    )
    assert code == 0, shown
    assert "Traceback" not in shown
    for wrong in (
        "'in summer' is not a day such as",
        "before it begins",
        "not a valid name",
        "no committee 'Atlantis'",
    ):
        assert wrong in " ".join(shown.split()), wrong
    [opened] = rows(home, "rounds")
    assert (opened["title"], opened["fieldwork_start"], opened["fieldwork_end"]) == (
        "Self-evaluation 2018",
        "2018-08-01",
        "2019-01-31",
    )
    assert len(rows(home, "invitations")) == 27


def test_ctrl_c_at_a_question_opens_no_round(home: Home) -> None:
    code, shown = talk(home, {"Title": ["\x03"]})
    assert (code, "Stopped." in shown) == (130, True), shown
    assert rows(home, "rounds") == []


def test_every_default_can_be_taken_with_enter(tmp_path: Path) -> None:
    home = Home(tmp_path / "demonstration")
    assert CliRunner().invoke(app, ["init", "--sample", str(home.root)]).exit_code == 0
    questions = ("Title", "First day", "Last day", "Question set", "Committees not to invite")
    code, shown = talk(home, {question: [""] for question in questions})
    assert code == 0, shown
    assert rows(home, "rounds")[-1]["fieldwork_start"] == "2018-08-01"
