"""`selfeval disclosure` lists the ratings for which a release was stopped, and records that they may become public."""

import json

import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli.main import app
from dagster_project.release.attack.gate import find_derivable
from dagster_project.release.candidate import ABOUT
from tests.conftest import Workplace
from tests.release.attack.published_files import write_files

WHY = ("--reason", "The committee  agrees.", "--role", "Data lead")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["disclosure", *arguments])


@pytest.fixture
def stopped(workplace: Workplace) -> Workplace:
    """A home whose candidate gives the ratings of the consortia c and d away, with one return each."""
    ratings = {
        **{f"a{number}": ["green", "red"] for number in range(3)},
        **{f"b{number}": ["amber", "green"] for number in range(3)},
        "a4": ["amber", "green"], "a5": ["amber", "green"], "a6": ["amber", "green"],
        "b4": ["green", "red"], "b5": ["green", "red"], "b6": ["green", "red"],
        "c1": ["green", "green"], "d1": ["amber", "red"],
    }  # fmt: skip
    candidate = workplace.home.build / "candidate"
    write_files(candidate / "data" / "parquet", ratings)
    (candidate / ABOUT).write_text("{}")
    return workplace


def list_found() -> list[tuple[int, str]]:
    found = json.loads(run("list", "--json").stdout)["found"]
    return [(one["question_no"], one["committee_id"]) for one in found]


def test_ratings_are_listed_and_accepted(stopped: Workplace) -> None:
    home = stopped.home
    register = home.seeds / "disclosure_acceptances.csv"
    before = register.read_bytes()
    assert list_found() == [(1, "c1"), (1, "d1"), (2, "c1"), (2, "d1")]
    *_, remedy = find_derivable(home, home.build / "candidate")
    assert "`selfeval disclosure accept ROUND" in remedy
    done = run("accept", "r", "--committee", "c1", "--question", "2", *WHY)
    assert done.exit_code == 0, done.stderr
    assert "accepted: round r, question 2, c1" in done.stdout
    assert list_found() == [(1, "c1"), (1, "d1"), (2, "d1")]
    assert [one["question_no"] for one in json.loads(run("accept", "r", "--json", *WHY).stdout)] == [1, 1, 2]
    assert list_found() == []
    listed = run("list").stdout
    assert "round r, question 2, d1" in listed[listed.index("Accepted") :]
    assert list(find_derivable(home, home.build / "candidate")) == []
    after = register.read_bytes()
    assert after.startswith(before)
    assert after.count(b"Data lead,The committee agrees.\n") == 4


def test_nothing_is_recorded_without_reason_or_for_other_ratings(stopped: Workplace) -> None:
    register = stopped.home.seeds / "disclosure_acceptances.csv"
    before = register.read_bytes()
    assert run("accept", "r").exit_code == 2
    assert run("accept", "r", "--reason", " ", "--role", "Data lead").exit_code == 1
    other = run("accept", "r", "--committee", "a1", *WHY)
    assert (other.exit_code, other.stdout) == (1, "")
    assert "`selfeval disclosure list`" in other.stderr
    assert register.read_bytes() == before


def test_without_a_candidate_there_is_nothing_to_accept(workplace: Workplace) -> None:
    assert json.loads(run("list", "--json").stdout)["found"] == []
    workplace.home.build_database.unlink()
    refused = run("accept", "2016", *WHY)
    assert (refused.exit_code, refused.exception.__class__) == (1, SystemExit)
    assert "The last run was not stopped for such ratings." in refused.stderr
