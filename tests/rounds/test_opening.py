"""`selfeval round new`: the files it writes, the errors it reports, and no partial result after an error."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from dagster_project.cli.main import app
from dagster_project.home.files import prepare_home
from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.rounds import blanks
from dagster_project.rounds.opening import open_round
from dagster_project.rounds.planning import plan_round
from dagster_project.seeds import load_rounds

ANGUS = REPOSITORY / "warehouse" / "returns" / "2016" / "Angus CSE return Oct 2016.xlsx"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An empty home with a copy of the repository's seeds."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home.from_environment()
    prepare_home(home)
    return home


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["round", *arguments])


def seed(home: Home, name: str) -> list[dict[str, str]]:
    with (home.seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bytes_of(home: Home) -> dict[str, bytes]:
    folders = (home.seeds, home.returns, home.root / "warehouse" / "templates")
    return {
        str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()
    }


def test_a_plain_repeat_needs_nothing_but_its_year(home: Home) -> None:
    before = {
        name: (home.seeds / f"{name}.csv").read_bytes() for name in ("rounds", "questions", "invitations")
    }
    result = call("new", "2018", "--json")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert (printed["title"], printed["question_set"]) == ("Self-evaluation 2018", "cse-2018")
    assert (printed["fieldwork_start"], printed["fieldwork_end"]) == ("2018-08-01", "2019-01-31")
    # Rows are only appended.
    assert all((home.seeds / f"{name}.csv").read_bytes().startswith(text) for name, text in before.items())
    assert [one.round_id for one in load_rounds(home.seeds)] == ["2016", "2018"]
    assert seed(home, "rounds")[-1]["closed_on"] == ""
    invited = {row["committee_id"] for row in seed(home, "invitations") if row["round_id"] == "2018"}
    assert invited == {row["committee_id"] for row in seed(home, "committees")}
    old, copy = (
        [row for row in seed(home, "questions") if row["question_set"] == name]
        for name in ("cse-2016", "cse-2018")
    )
    assert [row["question_text"] for row in copy] == [row["question_text"] for row in old]
    assert {row["is_comparable_with_previous"] for row in copy} == {"true"}
    blanks = sorted((home.templates / "2018").iterdir())
    assert len(blanks) == len(invited) == 29
    assert list((home.returns / "2018").iterdir()) == [home.returns / "2018" / "README.md"]
    template = load_template(home.seeds, "cse-2018")
    for blank in blanks:
        read = read_return(blank, template)
        assert blank.name == f"{read.cover[labels.COMMITTEE]} 2018.xlsx"
        assert len(read.answers) == 19 and all(answer.is_blank for answer in read.answers)
        assert read.problems == []


def test_the_blank_asks_for_role_and_agencies(home: Home) -> None:
    call("new", "2018")
    cover = load_workbook(home.templates / "2018" / "Fife 2018.xlsx")[labels.COVER_SHEET]
    cells = {row[0].value: row[1] for row in cover.iter_rows()}
    for label in ("Role of who completed this", "Agencies consulted"):
        assert not cells[label].protection.locked
    text = " ".join(str(cell.value) for cell in cover["A"])
    assert "Name no person" in text and "four open cells" in text


def test_committees_are_invited_by_name_or_id_and_unknown_ones_reported(home: Home) -> None:
    before = bytes_of(home)
    wrong = call("new", "2018", "--without", "Hihgland")
    assert wrong.exit_code == 1
    assert "Hihgland" in wrong.stderr and "Similar names: Highland" in wrong.stderr
    assert bytes_of(home) == before
    assert (
        call("new", "2018", "--invite", "fife", "--invite", "Perth & kinross", "--without", "FIFE").exit_code
        == 0
    )
    invited = [row["committee_id"] for row in seed(home, "invitations") if row["round_id"] == "2018"]
    assert invited == ["perth-and-kinross"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["2016"], "Round 2016 exists already"),
        (["../2018"], "is not a valid round id"),
        (["2018", "--from", "2019-01-01", "--to", "2018-01-01"], "before it begins"),
        (["2018", "--from", "2016-12-01"], "but round 2016 ends on 2017-01-31"),
        (["spring"], "Give the first and last day"),
        (["2018", "--question-set", "../cse"], "is not a valid name of a question set"),
    ],
)
def test_invalid_arguments_are_refused_and_nothing_is_written(
    home: Home, arguments: list[str], message: str
) -> None:
    before = bytes_of(home)
    result = call("new", *arguments)
    assert result.exit_code == 1
    assert message in result.stderr
    assert bytes_of(home) == before


@pytest.mark.parametrize("at", ["blank", "seed", "registry"])
def test_an_error_leaves_everything_unchanged(home: Home, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    before = bytes_of(home)
    replace = Path.replace

    def fail(path: Path, target: Path) -> Path:
        if target.name == ("rounds.csv" if at == "registry" else "questions.csv"):
            raise OSError("the disk is full")
        return replace(path, target)

    def fail_blank(*_: object) -> None:
        raise OSError("the disk is full")

    if at == "blank":
        monkeypatch.setattr(blanks, "write_workbook", fail_blank)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    plan = plan_round(home, "2018", None, None, None, None)
    with pytest.raises(OSError, match="disk is full"):
        open_round(home, plan)
    assert bytes_of(home) == before
    assert list(home.templates.iterdir()) == []


def test_rows_of_an_interrupted_attempt_are_replaced(home: Home) -> None:
    with (home.seeds / "invitations.csv").open("a", encoding="utf-8") as file:
        file.write("2018,highland\n2018,fife\n")
    assert call("new", "2018", "--without", "Highland").exit_code == 0
    invited = [row["committee_id"] for row in seed(home, "invitations") if row["round_id"] == "2018"]
    assert len(invited) == len(set(invited)) == 28 and "highland" not in invited


def test_a_question_set_that_was_prepared_is_used_unchanged(home: Home) -> None:
    with (home.seeds / "questions.csv").open("a", encoding="utf-8") as file:
        file.write("cse-2018,1,workplan,,Workplan,,2,,Is there a plan?,false,Asks for less.\n")
    with (home.seeds / "question_sections.csv").open("a", encoding="utf-8") as file:
        file.write("cse-2018,2,Strategy\n")
    printed = json.loads(call("new", "2018", "--json").stdout)
    assert printed["copied_from"] is None
    assert [row["question_key"] for row in seed(home, "questions") if row["question_set"] == "cse-2018"] == [
        "workplan"
    ]


def test_a_merged_committee_is_invited_instead_of_its_predecessors(home: Home) -> None:
    with (home.seeds / "committees.csv").open("a", encoding="utf-8") as file:
        file.write("ayrshire,2018,Ayrshire,W\n")
    with (home.seeds / "committee_successions.csv").open("a", encoding="utf-8") as file:
        file.write("".join(f"2018,{old}-ayrshire,ayrshire,merged\n" for old in ("north", "east", "south")))
    printed = json.loads(call("new", "2018", "--json").stdout)
    assert [one for one in printed["invited"] if "ayrshire" in one] == ["ayrshire"]
    assert (home.templates / "2018" / "Ayrshire 2018.xlsx").is_file()


def test_a_round_is_closed_and_opened_again_with_a_recorded_decision(home: Home) -> None:
    call("new", "2018", "--to", "31 Jan 2019", "--question-set", "cse-2016")
    shutil.copy(ANGUS, home.returns / "2018")
    assert "in the future" in call("close", "2018", "--on", "2999-01-01").stderr
    closed = call("close", "2018", "--on", "28th Feb 2019")
    assert closed.exit_code == 0
    # Nothing has been built.
    assert "Highland" in closed.stdout and "Angus" not in closed.stdout
    assert seed(home, "rounds")[-1]["closed_on"] == "2019-02-28"
    again = call("close", "2018")
    assert again.exit_code == 1
    assert "was closed on 2019-02-28" in again.stderr
    assert "selfeval round reopen 2018" in again.stderr
    for missing, arguments in (("--reason", ["--role", "Lead"]), ("--role", ["--reason", "A late return."])):
        refused = call("reopen", "2018", *arguments)
        assert refused.exit_code == 1
        assert missing in refused.stderr
    assert seed(home, "rounds")[-1]["closed_on"] == "2019-02-28"
    assert call("reopen", "2018", "--reason", "A late return, \n of Fife.", "--role", "Lead").exit_code == 0
    assert seed(home, "rounds")[-1]["closed_on"] == ""
    [record] = seed(home, "round_reopenings")
    assert (record["round_id"], record["reason"]) == ("2018", "A late return, of Fife.")
    assert "is open" in call("reopen", "2018", "--reason", "Again.", "--role", "Lead").stderr
    assert "begins on 2018-08-01" in call("close", "2018", "--on", "2018-01-01").stderr
    assert "The rounds are: 2016, 2018" in call("close", "2019").stderr
