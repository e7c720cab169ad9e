"""A round in which every check of the warehouse finds something, made from the files of the sample round.

The same sample gives the same bytes. Committees that sent no return in 2016 get one here: Argyll and Bute, Highland,
Renfrewshire and West Dunbartonshire.
"""

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell import MergedCell
from openpyxl.styles import PatternFill

ROUND = "2016"
QUESTIONS = range(1, 20)
COMMITTEE = "Child Protection Committee"
DATE_COMPLETED = "Date completed"
TEMPLATE_VERSION = "Template version"
RATING, COMMENT = 3, 4
"""Columns of the questionnaire sheet."""

SIGNED = ("Decided for the snapshot.", "Snapshot", "2017-02-01")
"""Reason, role and date of every decision."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified\b[^>]*>)[^<]*")


class ReturnedWorkbook:
    """One returned workbook of the round, to be changed as its sender would change it."""

    def __init__(self, folder: Path, committee: str, *, copy_as: str = "") -> None:
        """Open the workbook whose name contains `committee`; `save` writes it there or under another name."""
        [source] = [path for path in folder.glob("*.xlsx") if committee in path.name]
        self.path = folder / (copy_as or source.name)
        self.book: Any = openpyxl.load_workbook(source)
        self.cover: Any = self.book["Cover"]
        self.table: Any = self.book["Questionnaire"]

    def fill_cover(self, label: str, value: object) -> "ReturnedWorkbook":
        """Write next to a label of the cover."""
        for row in self.cover.iter_rows():
            for cell, neighbour in pairwise(row):
                if cell.value == label:
                    neighbour.value = value
        return self

    def fill_column(self, column: int, values: dict[int, object]) -> "ReturnedWorkbook":
        """Write into a column of the table, by the question's number."""
        for number, value in values.items():
            self.find_cell(number, column).value = value
        return self

    def find_cell(self, number: int, column: int) -> Any:
        """Find a cell of a question's row."""
        [row] = [cells[0].row for cells in self.table.iter_rows() if cells[0].value == number]
        return self.table.cell(row, column)

    def clear_column(self, column: int) -> "ReturnedWorkbook":
        """Clear a column of the table below its heading."""
        for (cell,) in self.table.iter_rows(min_row=2, min_col=column, max_col=column):
            if not isinstance(cell, MergedCell):
                cell.value = None
        return self

    def save(self) -> None:
        """Write the file with fixed times and without compression: its bytes do not depend on the zlib version."""
        written = io.BytesIO()
        self.book.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(self.path, "w") as target:
            for name in sorted(source.namelist()):
                content = _MODIFIED.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(name))
                target.writestr(zipfile.ZipInfo(name, _EPOCH), content)


def plant_returns(folder: Path) -> None:
    """Change the sample's returned files in `folder` and add more."""
    _plant_copies(folder)
    _plant_answers(folder)
    _plant_covers(folder)
    _plant_broken_files(folder)


def _plant_copies(folder: Path) -> None:
    """Plant duplicates, near-duplicates, repeated and empty returns."""

    def copy(source: str, committee: str, name: str) -> ReturnedWorkbook:
        return ReturnedWorkbook(folder, source, copy_as=name).fill_cover(COMMITTEE, committee)

    copy("East Dunbartonshire", "Renfrewshire", "Renfrewshire.xlsx").save()
    copy("Shetland", "Inverclyde", "Inverclyde CPC self-evaluation.xlsx").save()
    near: dict[int, object] = {3: "Red", 5: "Red"}
    copy("North Lanarkshire", "West Dunbartonshire", "West Dunbartonshire.xlsx").fill_column(
        RATING, near
    ).save()
    copy("South Lanarkshire", "Orkney Islands", "CPC return Orkney Islands.xlsx").fill_column(
        RATING, near
    ).save()
    perth = "CSE template Perth & Kinross v2.xlsx"
    copy("Glasgow City", "Perth and Kinross", perth).fill_column(RATING, near).save()
    for committee in ("Highland", "Argyll and Bute"):
        copy("Angus", committee, f"{committee}.xlsx").clear_column(RATING).clear_column(COMMENT).save()
    copy("Angus", "Atlantis", "Atlantis.xlsx").save()
    shutil.copy(next(folder.glob("*Shetland*.xlsx")), folder / "Shetland again.xlsx")
    copy("Glasgow City", "Glasgow City", "Second file of Glasgow.xlsx").fill_column(RATING, {1: "Red"}).save()
    draft = copy("West Lothian", "West Lothian", "First draft.xlsx").fill_column(RATING, {1: "Red"})
    draft.fill_cover(DATE_COMPLETED, datetime(2016, 8, 1)).save()


def _plant_answers(folder: Path) -> None:
    """Plant blank, unreadable, contradicting and personal answers."""
    everything_green: dict[int, object] = dict.fromkeys(QUESTIONS, "Green")
    angus = ReturnedWorkbook(folder, "Angus")
    angus.fill_column(RATING, {4: None, 6: "Amber/Green"}).fill_column(COMMENT, {5: "Not at present"}).save()
    ayrshire = ReturnedWorkbook(folder, "North Ayrshire")
    ayrshire.fill_column(RATING, {4: '="Green"'})
    ayrshire.fill_column(COMMENT, {7: "Write to duty.officer@example.org or ring 0131 496 0000, EH1 1AA."})
    ayrshire.table.append((4, "Another answer.", "Red", "A second answer in other words."))
    ayrshire.table.append((77, "An unknown question?", "Red", "An answer."))
    ayrshire.save()
    uniform = ReturnedWorkbook(folder, "East Renfrewshire").fill_column(RATING, everything_green)
    uniform.find_cell(3, RATING).value = None
    uniform.find_cell(3, RATING).fill = PatternFill("solid", fgColor="FF00B050")
    uniform.save()
    ReturnedWorkbook(folder, "Scottish Borders").clear_column(COMMENT).save()


def _plant_covers(folder: Path) -> None:
    """Plant dates outside the fieldwork and names that are not a committee's own, and remove one return."""

    def change_cover(committee: str, label: str, value: object) -> None:
        ReturnedWorkbook(folder, committee).fill_cover(label, value).save()

    change_cover("Eileanan Siar", DATE_COMPLETED, datetime(2017, 6, 1))
    change_cover("Aberdeen City", DATE_COMPLETED, datetime(2015, 6, 1))
    change_cover("Aberdeenshire", DATE_COMPLETED, "last spring")
    change_cover("Falkirk", COMMITTEE, "Stirling")
    change_cover("East Dunbartonshire", COMMITTEE, "East Dunbartonshyre")
    change_cover("South Lanarkshire", DATE_COMPLETED, None)
    change_cover("South Lanarkshire", TEMPLATE_VERSION, None)
    next(folder.glob("*Edinburgh*")).unlink()
    next(folder.glob("*Dumfries*")).unlink()
    with (folder / "Dumfries and Galloway.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Committee", "Question", "Rating", "Comment"))
        for number in QUESTIONS:
            rating = ("Green", "Amber", "Red", "N/A")[number % 4]
            writer.writerow(("Dumfries and Galloway", number, rating, f"Exported answer {number}."))


def _plant_broken_files(folder: Path) -> None:
    """Plant files that are rejected, and one that is ignored."""
    (folder / "Notes.md").write_text("Notes are no return.\n", encoding="utf-8")
    (folder / "Broken.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "Empty.docx").write_bytes(b"")
    (folder / "Scanned.pdf").write_bytes(b"%PDF-1.4")

    def copy(name: str) -> ReturnedWorkbook:
        return ReturnedWorkbook(folder, "Shetland CPC", copy_as=name)

    copy("No committee.xlsx").fill_cover(COMMITTEE, None).save()
    copy("Return of Moray.xlsx").save()
    other = copy("Another template.xlsx").fill_cover(TEMPLATE_VERSION, "cse-2011")
    other.book.custom_doc_props["TemplateVersion"].value = "cse-2011"
    other.save()
    empty = copy("No questions.xlsx")
    empty.table.delete_rows(1, empty.table.max_row)
    empty.save()


def plant_seeds(seeds: Path) -> None:
    """Add what decisions can resolve, and replace the register by one stale decision."""
    _append_lines(seeds / "local_authorities.csv", ["Fife,2016,angus", "Moray,2016,borders"])
    register = seeds / "decisions.csv"
    register.write_text(register.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    _append_decisions(register, ("blank_rating:2016:angus_question_01:00000000", "leave_blank", "", *SIGNED))


def plant_faults(seeds: Path, register: list[dict[str, str]]) -> None:
    """Add what can only be removed again: a round without returns, a wrong committee, and faulty decisions.

    The faulty decisions are about findings that the sample's `register` decides.
    """
    _append_lines(
        seeds / "rounds.csv", ["2018,Self-evaluation 2018,2018-08-01,2019-01-31,2019-01-31,cse-2016,true"]
    )
    _append_lines(seeds / "committee_successions.csv", ["1999,angus,fife,merged"])
    known = [row["finding_id"] for row in register]
    duplicate = next(finding for finding in known if finding.startswith("duplicate_return:"))
    blank = next(finding for finding in known if finding.startswith("blank_rating:"))
    _append_decisions(
        seeds / "decisions.csv",
        (duplicate, "count_both", "", *SIGNED),
        (duplicate, "count_once", "", *SIGNED),
        (blank, "estimate", "green", "No role is given.", "", "2017-02-01"),
    )


def decide_findings(seeds: Path, findings: Iterable[Mapping[str, Any]]) -> None:
    """Decide every undecided finding whose check allows a decision.

    Successive findings of a check get successive decisions of those that the check allows.
    """
    allowed: dict[str, Iterator[str]] = {}
    ratings = cycle(("green", "amber", "red"))
    rows = []
    for finding in sorted(findings, key=lambda one: one["finding_id"]):
        if finding["status"] == "decided" or not finding["decisions"]:
            continue
        check = finding["finding_id"].split(":")[0]
        decision = next(allowed.setdefault(check, cycle(finding["decisions"])))
        rating = next(ratings) if decision == "estimate" else ""
        rows.append((finding["finding_id"], decision, rating, *SIGNED))
    _append_decisions(seeds / "decisions.csv", *rows)


def read_register(seeds: Path) -> list[dict[str, str]]:
    """Read the rows of the register of decisions."""
    with (seeds / "decisions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _append_decisions(register: Path, *rows: Iterable[str]) -> None:
    with register.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _append_lines(seed: Path, rows: Iterable[str]) -> None:
    with seed.open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)
