"""The committed files are what the generator writes, in any process, and hold what the round says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import _Cell
from openpyxl import load_workbook

from dagster_project.intake import labels
from tests.tools.sample.sample_measures import ESTIMATES, ROOT, SEEDS, sample_round, seed_rows
from tools.sample.claims import load_committees
from tools.sample.write import write_returns

RETURNS = ROOT / "warehouse" / "returns" / "2016"


def test_a_fresh_generation_gives_the_committed_files(tmp_path: Path) -> None:
    out, estimates, codes = tmp_path / "returns", tmp_path / "estimates.csv", tmp_path / "codes.csv"
    # Another hash seed in another process: an order that hangs on it would show.
    subprocess.run(
        [sys.executable, "-m", "tools.sample", "--seed", "2016", "--out", str(out),
         "--estimates", str(estimates), "--codes", str(codes)],
        check=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": "7"}, capture_output=True,
    )  # fmt: skip
    committed = {path.name: path.read_bytes() for path in RETURNS.iterdir() if path.suffix != ".md"}
    fresh = {path.name: path.read_bytes() for path in out.iterdir()}
    assert sorted(fresh) == sorted(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []
    assert estimates.read_bytes() == ESTIMATES.read_bytes()
    assert codes.read_bytes() == (SEEDS / "comment_codes.csv").read_bytes()


def test_there_are_25_files_of_two_kinds_under_names_that_differ() -> None:
    names = [one.file_name for one in sample_round().returns]
    assert len({name.lower() for name in names}) == 25
    assert sum(name.endswith(".docx") for name in names) >= 6
    assert (RETURNS / "README.md").is_file()


@pytest.mark.parametrize("committee_id", [c.committee_id for c in load_committees(SEEDS, "2016")])
def test_a_file_opens_and_holds_the_answers(committee_id: str) -> None:
    (one,) = [one for one in sample_round().returns if one.committee_id == committee_id]
    path = RETURNS / one.file_name
    cover, answers = (read_document if one.is_document else read_workbook)(path)
    assert cover[labels.COMMITTEE] == one.filled.committee_name
    assert cover[labels.TEMPLATE_VERSION] == "cse-2016"
    assert answers == {a.question_no: (a.rating or "", a.comment) for a in one.filled.answers}


def read_document(path: Path) -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
    first, *tables = Document(str(path)).tables
    rows = [row.cells for table in tables for row in table.rows]
    return (
        {row.cells[0].text: row.cells[1].text for row in first.rows},
        {int(cells[0].text): (chosen(cells[2]), cells[3].text) for cells in rows if cells[0].text.isdigit()},
    )


def chosen(cell: _Cell) -> str:
    """What the drop-down list of a cell shows, but for its prompt."""
    (control,) = cell._tc.iter(qn("w:sdt"))
    if control.find(f".//{qn('w:showingPlcHdr')}") is not None:
        return ""
    return "".join(str(text.text) for text in control.iter(qn("w:t")))


def read_workbook(path: Path) -> tuple[dict[str, str], dict[int, tuple[str, str]]]:
    workbook = load_workbook(path)
    rows = list(workbook[labels.QUESTIONNAIRE_SHEET].iter_rows(values_only=True))
    return (
        {str(row[0]): str(row[1]) for row in workbook[labels.COVER_SHEET].iter_rows(values_only=True)},
        {row[0]: (str(row[2] or ""), str(row[3] or "")) for row in rows if isinstance(row[0], int)},
    )


def test_some_covers_carry_an_alias_and_some_documents_a_longer_word() -> None:
    names = {row["committee_id"]: row["committee_name"] for row in seed_rows("committees")}
    aliases = {(row["committee_id"], row["alias"]) for row in seed_rows("committee_aliases")}
    returns = sample_round().returns
    other = {(one.committee_id, one.filled.committee_name) for one in returns} - set(names.items())
    assert 3 <= len(other) <= 4
    assert other <= aliases
    words = {answer.rating for one in returns for answer in one.filled.answers}
    assert words > {"Green", "Amber", "Red", None}
    assert {"Green (in place)", "Getting there", "red"} <= words


def test_completion_spreads_over_the_fieldwork() -> None:
    days = [one.filled.completed_on for one in sample_round().returns]
    months = {day.strftime("%Y-%m") for day in days if day}
    assert None not in days
    assert (
        {"2016-08", "2017-01"} <= months <= {"2016-08", "2016-09", "2016-10", "2016-11", "2016-12", "2017-01"}
    )
    assert len(months) >= 5


def test_an_earlier_generation_is_replaced_and_other_files_stay(tmp_path: Path) -> None:
    (tmp_path / "left over.xlsx").write_bytes(b"old")
    (tmp_path / "README.md").write_text("stays")
    write_returns(sample_round(), tmp_path)
    assert not (tmp_path / "left over.xlsx").exists()
    assert (tmp_path / "README.md").read_text() == "stays"
    assert len(list(tmp_path.iterdir())) == 26
