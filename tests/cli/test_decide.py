"""`selfeval decide` as a person and as a program use it, on a home where a finding is open."""

import csv
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli.main import app
from dagster_project.home.files import prepare_home
from dagster_project.paths import Home
from tests.conftest import Workplace

BLANK = "blank_rating:2016:east-renfrewshire_question_14:"
WHY = ("--reason", "The comment describes a draft.", "--role", "Analyst")


def decide(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["decide", *arguments])


@pytest.fixture
def finding_id(workplace: Workplace) -> str:
    """A home as after a run that a finding of it has stopped."""
    path = workplace.home.seeds / "decisions.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(BLANK)))
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute(
            "update marts.mart_data_quality set finding_status = 'open' where finding_id like ? || '%'",
            [BLANK],
        )
    return next(line for line in lines if line.startswith(BLANK)).partition(",")[0]


def test_what_is_open_is_listed_with_what_may_be_decided(workplace: Workplace, finding_id: str) -> None:
    listed = decide()
    assert listed.exit_code == 0
    for text in (
        finding_id,
        "Blank rating: East Renfrewshire, question 14",
        "stop, open",
        "estimate, leave_blank",
    ):
        assert text in listed.stdout
    [one] = json.loads(decide("--json").stdout)
    assert (one["finding_id"], one["decisions"]) == (finding_id, ["estimate", "leave_blank"])
    assert not one["is_in_register"]
    assert len(json.loads(decide("--json", "--all").stdout)) > 10


def test_a_finding_is_shown_with_the_answer_as_typed_and_its_decision(
    workplace: Workplace, finding_id: str
) -> None:
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        [(comment,)] = connection.execute(
            "select comment_typed from raw.answer where source_file like 'East Renfrewshire%' "
            "and question_no_typed = '14'"
        ).fetchall()
    shown = decide(BLANK)
    assert shown.exit_code == 1
    assert "Rating as typed: blank" in shown.stderr
    assert f"Comment: {comment}" in shown.stderr
    assert "Which decision? Allowed: estimate, leave_blank" in shown.stderr
    assert decide(BLANK, "leave_blank", *WHY, "--date", "2017-03-01").exit_code == 0
    again = decide(BLANK, "estimate", "--rating", "green", *WHY)
    assert "leave_blank, on 2017-03-01 by Analyst" in " ".join(again.stderr.split())


def test_many_findings_are_decided_at_once_or_none(workplace: Workplace) -> None:
    path = workplace.home.seeds / "decisions.csv"
    kept = [
        line for line in path.read_text().splitlines(keepends=True) if not line.startswith("blank_rating")
    ]
    path.write_text("".join(kept))
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute(
            "update marts.mart_data_quality set finding_status = 'open' where \"check\" = 'blank_rating'"
        )
    before = path.read_bytes()
    assert decide("blank_rating:", "count_both", "--every", *WHY).exit_code == 1
    elsewhere = decide("blank_rating:", "leave_blank", "--every", "--round", "2018", *WHY)
    assert (elsewhere.exit_code, "There is no round '2018'" in elsewhere.stderr) == (1, True)
    assert path.read_bytes() == before
    done = decide("blank_rating:2016:", "leave_blank", "--every", "--round", "2016", "--json", *WHY)
    assert done.exit_code == 0, done.output
    assert len(json.loads(done.stdout)) == path.read_text().count("blank_rating:") > 10
    assert decide("blank_rating:", "leave_blank", "--every", *WHY).exit_code == 1


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_is_filled_in_and_recorded_whole_or_not_at_all(
    workplace: Workplace, finding_id: str, tmp_path: Path, separator: str
) -> None:
    path, register = tmp_path / "findings.csv", workplace.home.seeds / "decisions.csv"
    assert decide("--to", str(path)).exit_code == 0
    assert path.stat().st_mode & 0o077 == 0
    again = decide("--to", str(path))
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)
    with path.open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["finding_id"], row["allowed"]) == (finding_id, "estimate, leave_blank")
    before = register.read_bytes()

    def fill(*rows: dict[str, str]) -> Result:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(row), delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
        return decide("--from", str(path))

    filled = row | {"decision": "leave_blank", "reason": "No comment; unclear.", "decided_by_role": "Analyst"}
    assert fill(row).exit_code == 0
    assert fill(filled, filled | {"finding_id": "blank_rating:2016:nobody"}).exit_code == 1
    assert fill(filled | {"decision": "count_both"}).exit_code == 1
    assert register.read_bytes() == before
    done = fill(filled, row | {"finding_id": "not decided"})
    assert done.exit_code == 0, done.output
    assert (
        register.read_text()
        .splitlines()[-1]
        .startswith(f"{finding_id},leave_blank,,No comment; unclear.,Analyst,")
    )
    assert fill(filled).exit_code == 1
    # What is decided since the last run is no longer in a new table.
    assert "0 findings to decide" in decide("--to", str(tmp_path / "new.csv")).stdout


def test_a_decision_is_recorded_once(workplace: Workplace, finding_id: str) -> None:
    done = decide("--json", BLANK, "estimate", "--rating", "amber", *WHY, "--date", "2017-03-01")
    assert done.exit_code == 0, done.output
    row = json.loads(done.stdout)
    assert (row["finding_id"], row["decided_on"]) == (finding_id, "2017-03-01")
    last = (workplace.home.seeds / "decisions.csv").read_text().splitlines()[-1]
    assert last == f"{finding_id},estimate,amber,The comment describes a draft.,Analyst,2017-03-01"
    [one] = json.loads(decide("--json").stdout)
    assert one["is_in_register"]
    assert "decided since the last run" in decide().stdout

    again = decide(finding_id, "leave_blank", *WHY)
    assert (again.exit_code, "--replace" in again.stderr) == (1, True)
    assert decide(finding_id, "leave_blank", *WHY, "--replace").exit_code == 0
    register = (workplace.home.seeds / "decisions.csv").read_text()
    assert register.count(finding_id) == 1
    assert f"{finding_id},leave_blank,," in register


def test_invalid_entries_of_the_register_are_refused(workplace: Workplace, finding_id: str) -> None:
    before = (workplace.home.seeds / "decisions.csv").read_bytes()
    for arguments, message in (
        (["blank_rating:2016:east-renfrewshire_question_99:0", "estimate"], f"Similar ids:\n  {BLANK}"),
        ([finding_id, "count_both", *WHY], "Allowed: estimate, leave_blank"),
        ([finding_id], "Which decision? Allowed: estimate, leave_blank"),
        ([finding_id, "estimate", *WHY], "needs --rating with one of red, amber, green"),
        ([finding_id, "leave_blank", "--role", "Analyst"], "--reason"),
        ([finding_id, "leave_blank", "--reason", "x"], "--role"),
    ):
        refused = decide(*arguments)
        assert refused.exit_code == 1
        assert message in refused.stderr
    assert decide(finding_id, "leave_blank", *WHY, "--date", "yesterday").exit_code == 2
    assert (workplace.home.seeds / "decisions.csv").read_bytes() == before


def test_a_build_older_than_the_returns_is_reported(workplace: Workplace, finding_id: str) -> None:
    assert "out of date" not in decide().stderr
    (workplace.returns / "late.xlsx").write_bytes(b"new")
    (workplace.returns / "README.md").unlink()
    assert "2 of the returned files came, went or changed" in " ".join(decide().stderr.split())


def test_a_person_at_a_terminal_is_asked_for_what_is_missing(workplace: Workplace, finding_id: str) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dagster_project.cli", "decide", finding_id]
    process = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.write(ours, b"guess\nestimate\nblue\namber\nThe comment describes a draft.\nAnalyst\n")
    said, asked = process.communicate(timeout=60)
    assert process.returncode == 0, asked
    for text in (
        "Decision (estimate, leave_blank)",
        "'guess' is none of",
        "'blue' is none of",
        "Reason",
        "Role",
    ):
        assert text in asked
    assert "Now run `selfeval run`" in said
    assert f"{finding_id},estimate,amber," in (workplace.home.seeds / "decisions.csv").read_text()


def test_without_a_build_it_says_what_to_do_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELFEVAL_HOME", str(tmp_path))
    prepare_home(Home(tmp_path))
    refused = decide()
    assert (refused.exit_code, "selfeval run" in refused.stderr) == (1, True)


def test_a_reason_that_repeats_a_comment_is_refused_and_not_printed(
    workplace: Workplace, finding_id: str
) -> None:
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        comments = connection.execute("select comment_typed from raw.answer").fetchall()
    words = next(text.split() for (text,) in comments if len(text.split()) >= 8)
    register = (workplace.home.seeds / "decisions.csv").read_bytes()
    said = ("--role", "Analyst", "--reason")
    quoted = " ".join(words[:8])
    refused = decide(finding_id, "leave_blank", *said, f"They wrote: {quoted}")
    assert refused.exit_code == 1
    assert "The reason repeats 8 words or more of a comment" in refused.output
    assert quoted not in " ".join(refused.output.split())
    assert (workplace.home.seeds / "decisions.csv").read_bytes() == register
    assert decide(finding_id, "leave_blank", *said, f"Quoted: {' '.join(words[:7])}").exit_code == 0
