"""Every finding that stops a release, planted in the sample home: by name of the check, a function that plants it."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl

from dagster_project.intake import labels
from tests.conftest import ROUND, Workplace

ANGUS = "Angus CSE return Oct 2016.xlsx"

Edit = Callable[..., None]
Plant = Callable[[Workplace, Edit], None]
Row = dict[str, str]


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
    def add(rows: list[Row]) -> None:
        fife = next(row for row in rows if row["committee_id"] == "fife")
        rows.append(fife | {"committee_id": "angus"})

    change_seed(workplace, "local_authorities", add)


def empty_round(workplace: Workplace, edit: Edit) -> None:
    def add(rows: list[Row]) -> None:
        sample = next(row for row in rows if row["round_id"] == ROUND)
        later = {
            "round_id": "2018",
            "closed_on": "2019-02-28",
            "fieldwork_start": "2018-08-01",
            "fieldwork_end": "2019-01-31",
        }
        rows.append(sample | later)

    change_seed(workplace, "rounds", add)


def registry_fault(workplace: Workplace, edit: Edit) -> None:
    def add(rows: list[Row]) -> None:
        rows.append(
            {"round_id": "1999", "from_committee_id": "angus", "to_committee_id": "fife", "kind": "merged"}
        )

    change_seed(workplace, "committee_successions", add)


def contradictory_decision(workplace: Workplace, edit: Edit) -> None:
    def add(rows: list[Row]) -> None:
        both = next(row for row in rows if row["decision"] == "count_both")
        rows.append(both | {"decision": "count_once"})

    change_seed(workplace, "decisions", add)


def incomplete_decision(workplace: Workplace, edit: Edit) -> None:
    def remove_role(rows: list[Row]) -> None:
        next(row for row in rows if row["finding_id"].startswith("blank_rating"))["decided_by_role"] = ""

    change_seed(workplace, "decisions", remove_role)


def missing_return(workplace: Workplace, edit: Edit) -> None:
    file_of(workplace, "Orkney").unlink()


def change_seed(workplace: Workplace, name: str, change: Callable[[list[Row]], None]) -> None:
    """Change the rows of a table of reference data."""
    path = workplace.home.seeds / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), reader.fieldnames or ()
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


STOPS: dict[str, Plant] = {
    plant.__name__: plant
    for plant in (
        blank_rating, blank_return, duplicate_return, near_duplicate, same_file, rejected_file, rejected_answer,
        unknown_committee, conflicting_returns, counted_twice, empty_round, registry_fault, contradictory_decision,
        incomplete_decision, missing_return,
    )
}  # fmt: skip

FIXED_BY_DECISIONS = "local_authorities.csv"
"""Reference data whose planted finding is decided. In the other files the finding is corrected."""


def read_seeds(workplace: Workplace) -> dict[Path, bytes]:
    """Read all files of reference data."""
    return {path: path.read_bytes() for path in workplace.home.seeds.iterdir()}


def correct_seeds(seeds: dict[Path, bytes]) -> None:
    """Write reference data as it was before the findings were planted."""
    for path, content in seeds.items():
        if path.name != FIXED_BY_DECISIONS:
            path.write_bytes(content)
