"""Each finding that stops a release stops one in the real graph, and no longer does once it is decided or fixed.

The suite plants all of them at once. `make test-long` plants each alone, too.
"""

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project.intake import labels
from dagster_project.release import catalog
from tests.conftest import ROUND, Workplace
from tests.system.test_publication import ANGUS, failure, run_only

Edit = Callable[..., None]
Plant = Callable[[Workplace, Edit], None]


def file_of(workplace: Workplace, name: str) -> Path:
    """The workbook whose name contains a committee's."""
    [path] = [one for one in workplace.returns.iterdir() if name in one.name and one.suffix == ".xlsx"]
    return path


def blank_rating(workplace: Workplace, edit: Edit) -> None:
    edit(workplace.returns / ANGUS, ratings={4: None})


def blank_return(workplace: Workplace, edit: Edit) -> None:
    path = workplace.returns / "Highland.xlsx"
    shutil.copy(workplace.returns / ANGUS, path)
    edit(path, committee="Highland", ratings=dict.fromkeys(range(1, 20)))
    book = openpyxl.load_workbook(path)
    sheet = book[labels.QUESTIONNAIRE_SHEET]
    [heading] = [cell for row in sheet.iter_rows() for cell in row if cell.value == labels.COMMENT]
    for (cell,) in sheet.iter_rows(min_row=heading.row + 1, min_col=heading.column, max_col=heading.column):
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = None
    book.save(path)


def duplicate_return(workplace: Workplace, edit: Edit) -> None:
    shutil.copy(file_of(workplace, "East Dunbartonshire"), workplace.returns / "Renfrewshire.xlsx")
    edit(workplace.returns / "Renfrewshire.xlsx", committee="Renfrewshire")


def near_duplicate(workplace: Workplace, edit: Edit) -> None:
    shutil.copy(file_of(workplace, "North Lanarkshire"), workplace.returns / "West Dunbartonshire.xlsx")
    edit(
        workplace.returns / "West Dunbartonshire.xlsx",
        committee="West Dunbartonshire",
        ratings={3: "Red", 5: "Red"},
    )


def same_file(workplace: Workplace, edit: Edit) -> None:
    shutil.copy(file_of(workplace, "Shetland"), workplace.returns / "Shetland again.xlsx")


def rejected_file(workplace: Workplace, edit: Edit) -> None:
    (workplace.returns / "Argyll and Bute.xlsx").write_bytes(b"PK\x03\x04 not a workbook")


def rejected_answer(workplace: Workplace, edit: Edit) -> None:
    edit(file_of(workplace, "North Ayrshire"), ratings={4: '="Green"'})


def unknown_committee(workplace: Workplace, edit: Edit) -> None:
    shutil.copy(workplace.returns / ANGUS, workplace.returns / "Atlantis.xlsx")
    edit(workplace.returns / "Atlantis.xlsx", committee="Atlantis")


def conflicting_returns(workplace: Workplace, edit: Edit) -> None:
    second = workplace.returns / "Scottish Borders, second.xlsx"
    shutil.copy(file_of(workplace, "Scottish Borders"), second)
    edit(second, ratings={1: "Red"})


def counted_twice(workplace: Workplace, edit: Edit) -> None:
    add_row(workplace, "local_authorities", "Fife,2016,angus")


def empty_round(workplace: Workplace, edit: Edit) -> None:
    with (workplace.home.seeds / "rounds.csv").open(encoding="utf-8", newline="") as file:
        [row] = [one for one in csv.DictReader(file) if one["round_id"] == ROUND]
    later = row | {
        "round_id": "2018",
        "closed_on": "2019-02-28",
        "fieldwork_start": "2018-08-01",
        "fieldwork_end": "2019-01-31",
    }
    add_row(workplace, "rounds", ",".join(later.values()))


def registry_fault(workplace: Workplace, edit: Edit) -> None:
    add_row(workplace, "committee_successions", "1999,angus,fife,merged")


def contradictory_decision(workplace: Workplace, edit: Edit) -> None:
    register = (workplace.home.seeds / "decisions.csv").read_text(encoding="utf-8")
    [both] = [line for line in register.splitlines() if line.startswith("duplicate_return")]
    add_row(workplace, "decisions", both.replace("count_both", "count_once"))


def incomplete_decision(workplace: Workplace, edit: Edit) -> None:
    path = workplace.home.seeds / "decisions.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if line.startswith("blank_rating"))
    lines[at] = lines[at].replace("Analyst of the national group (sample round)", "")
    path.write_text("".join(lines), encoding="utf-8")


def add_row(workplace: Workplace, seed: str, row: str) -> None:
    with (workplace.home.seeds / f"{seed}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")


def missing_return(workplace: Workplace, edit: Edit) -> None:
    file_of(workplace, "Orkney").unlink()


STOPS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        blank_rating, blank_return, duplicate_return, near_duplicate, same_file, rejected_file, rejected_answer,
        unknown_committee, conflicting_returns, counted_twice, empty_round, registry_fault, contradictory_decision,
        incomplete_decision, missing_return,
    )
}  # fmt: skip
TOGETHER = ["all at once", *(STOPS if os.environ.get("LONG_TESTS") else ())]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("planted", TOGETHER)
def test_what_stops_a_release_stops_it_until_it_is_decided(
    workplace: Workplace, edit: Edit, planted: str
) -> None:
    workplace.reopen()
    seeds = {path: path.read_bytes() for path in workplace.home.seeds.iterdir()}
    before = workplace.published()
    checks = set(STOPS) if planted == "all at once" else {planted}
    for check in checks:
        STOPS[check](workplace, edit)

    report = workplace.run()
    assert report.release_id is None, report
    assert report.errors == []
    stopping = [one["finding_id"] for one in report.open_findings]
    assert checks <= {one.split(":")[0] for one in stopping}
    findings = " ".join(one["what"] for one in report.open_findings)
    assert "2016" in findings

    # A run of downstream assets alone is refused too, and readers keep their release.
    result = run_only(workplace, "release/candidate", "release/site", "release/published")
    assert not result.success
    assert "marts_data_quality failed" in failure(result)
    assert workplace.published() == before
    assert catalog.verify_release(workplace.home, before) == ()

    # Findings without a possible decision are fixed, the others decided.
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        allowed = dict(
            connection.execute("select check_name, decisions from reference.quality_checks").fetchall()
        )
    for path, content in seeds.items():
        if path.name != "local_authorities.csv":
            path.write_bytes(content)
    known = seeds[workplace.home.seeds / "decisions.csv"].decode()
    for finding_id in stopping:
        decisions = allowed[finding_id.split(":")[0]]
        if decisions and finding_id not in known:
            decision = decisions.split("|")[0]
            workplace.decide(finding_id, decision, "green" if decision == "estimate" else "")
    report = workplace.run()
    assert report.checks_failed == []
    assert report.release_id == workplace.published() != before, report


def test_every_stop_is_planted(sample_home: Workplace) -> None:
    stops = sample_home.ask("select check_name from dim_quality_check where severity = 'stop'")
    # Changes to a closed round are in test_final_rounds.py, and two closed rounds in tests/rounds/test_situations.py.
    assert {name for (name,) in stops} - STOPS.keys() == {
        "final_round_changed",
        "unrecorded_reopening",
        "large_change",
    }
