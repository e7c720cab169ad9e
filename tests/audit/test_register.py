"""Recording a decision adds one well-formed row, and every other line of the register keeps its bytes."""

import csv
import datetime
from pathlib import Path

import pytest
from filelock import FileLock

from dagster_project.audit import register
from dagster_project.audit.findings import Finding
from dagster_project.audit.register import (
    Decision,
    RegisterError,
    find_finding,
    load_decisions,
    record_decision,
    validate_decision,
)
from dagster_project.home.lock import RunInProgress
from dagster_project.paths import Home

HEADER = "finding_id,decision,estimated_rating,reason,decided_by_role,decided_on"
MADE = Decision(
    "blank:2016:fife_q4:0a",
    "estimate",
    "amber",
    'Says "a draft", no more',
    "Analyst",
    datetime.date(2017, 3, 1),
)
ROW = 'blank:2016:fife_q4:0a,estimate,amber,"Says ""a draft"", no more",Analyst,2017-03-01'


def finding(finding_id: str, decisions: tuple[str, ...] = ("estimate", "leave_blank")) -> Finding:
    return Finding(
        finding_id,
        "2016",
        "Blank rating",
        "stop",
        "open",
        "Fife",
        4,
        None,
        "fife question 4",
        "None.",
        None,
        "The analyst",
        "Read it.",
        decisions,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.seeds.mkdir(parents=True)
    return home


def write(home: Home, text: str) -> Path:
    path = home.seeds / "decisions.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEADER}\n", f"{HEADER}\n{ROW}\n"),
        (f"{HEADER}", f"{HEADER}\n{ROW}\n"),
        (f"{HEADER}\r\nz,accept,,r,s,2017-01-01\r\n", f"{HEADER}\r\nz,accept,,r,s,2017-01-01\r\n{ROW}\r\n"),
        (
            f'\ufeff{HEADER}\nz,accept,,"two\nlines\u2028",s,2017-01-01',
            f'\ufeff{HEADER}\nz,accept,,"two\nlines\u2028",s,2017-01-01\n{ROW}\n',
        ),
        (
            "note,decided_on,finding_id,decision,estimated_rating,reason,decided_by_role\n",
            "note,decided_on,finding_id,decision,estimated_rating,reason,decided_by_role\n"
            ',2017-03-01,blank:2016:fife_q4:0a,estimate,amber,"Says ""a draft"", no more",Analyst\n',
        ),
    ],
    ids=["empty", "no end of line", "lines of Windows", "mark and lines in a text", "columns in another order"],
)  # fmt: skip
def test_a_row_is_added_and_nothing_else_changes(home: Home, before: str, after: str) -> None:
    path = write(home, before)
    record_decision(home, MADE)
    assert path.read_bytes().decode() == after
    assert load_decisions(home)[MADE.finding_id]["reason"] == MADE.reason


def test_a_second_decision_replaces_the_first_only_with_overwrite(home: Home) -> None:
    others = 'a,accept,,"keeps\n its line",s,2017-01-01\n', "b,accept,,r,s,2017-01-01\n"
    old = f'{MADE.finding_id},leave_blank,,"of two\nlines",s,2017-01-01\n'
    path = write(home, f"{HEADER}\n{others[0]}{old}{others[1]}{old}")
    with pytest.raises(RegisterError, match="--replace"):
        record_decision(home, MADE)
    assert path.read_text() == f"{HEADER}\n{others[0]}{old}{others[1]}{old}"
    record_decision(home, MADE, overwrite=True)
    assert path.read_text() == f"{HEADER}\n{others[0]}{ROW}\n{others[1]}"
    assert [entry.name for entry in home.seeds.iterdir()] == ["decisions.csv"]


def test_nothing_is_recorded_during_a_run(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "LOCK_TIMEOUT_SECONDS", 0.1)
    before = write(home, f"{HEADER}\n").read_bytes()
    home.build.mkdir(parents=True)
    with FileLock(home.build / "run.lock"), pytest.raises(RunInProgress, match="Wait until it has ended"):
        record_decision(home, MADE)
    assert (home.seeds / "decisions.csv").read_bytes() == before
    record_decision(home, MADE)
    assert load_decisions(home).keys() == {MADE.finding_id}


def test_an_invalid_register_is_not_changed(home: Home) -> None:
    with pytest.raises(RegisterError, match="cannot be read"):
        record_decision(home, MADE)
    path = write(home, "finding,decision\n")
    with pytest.raises(RegisterError, match="no column finding_id"):
        record_decision(home, MADE)
    assert path.read_text() == "finding,decision\n"


def test_findings_are_found_by_the_start_of_id_or_hash() -> None:
    known = [
        finding("blank:2016:fife_q4:0a11"),
        finding("blank:2016:fife_q5:0b22"),
        finding("claim:2016:4.2"),
    ]
    assert find_finding(known, "0b2").finding_id == "blank:2016:fife_q5:0b22"
    assert find_finding(known, "claim").finding_id == "claim:2016:4.2"
    assert find_finding(known, "blank:2016:fife_q4:0a11").finding_id == "blank:2016:fife_q4:0a11"
    with pytest.raises(RegisterError, match=r"matches 2 findings[\s\S]*fife_q4[\s\S]*fife_q5"):
        find_finding(known, "blank:2016")
    with pytest.raises(
        RegisterError, match=r"no finding 'blank:2016:fife_q9'[\s\S]*Similar ids:[\s\S]*fife_q4"
    ):
        find_finding(known, "blank:2016:fife_q9")
    with pytest.raises(RegisterError, match="no finding ''"):
        find_finding(known, "")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"decision": "count_both"}, "Allowed: estimate, leave_blank"),
        ({"estimated_rating": ""}, "needs --rating with one of green, amber, red"),
        ({"estimated_rating": "blue"}, "needs --rating"),
        ({"decision": "leave_blank"}, "leave --rating out"),
        ({"reason": " \n"}, "--reason"),
        ({"decided_by_role": ""}, "--role"),
        ({"decided_on": datetime.date.today() + datetime.timedelta(1)}, "is in the future"),
    ],
)
def test_an_incomplete_decision_is_refused(changes: dict[str, object], refusal: str) -> None:
    with pytest.raises(RegisterError, match=refusal):
        validate_decision(finding("f"), Decision(**{**vars(MADE), **changes}), ["green", "amber", "red"])


def test_texts_become_one_line_and_a_finding_without_decisions_is_refused() -> None:
    typed = Decision("f", "leave_blank", "", " two\r\nlines ", "an\tanalyst", datetime.date(2017, 3, 1))
    made = validate_decision(finding("f"), typed, ["green"])
    assert (made.reason, made.decided_by_role) == ("two lines", "an analyst")
    with pytest.raises(RegisterError, match=r"only fixed\. Read it"):
        validate_decision(finding("f", decisions=()), typed, ["green"])


def test_the_csv_module_reads_the_row_back(home: Home) -> None:
    path = write(home, f"{HEADER}\n")
    record_decision(home, MADE)
    with path.open(newline="") as file:
        assert list(csv.DictReader(file)) == [MADE.to_row()]
