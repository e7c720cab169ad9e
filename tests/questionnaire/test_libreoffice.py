"""A blank filled in by hand, saved by LibreOffice in each of its formats, is read back right."""

import datetime
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from dagster_project.home import REPOSITORY
from dagster_project.questionnaire import labels
from dagster_project.questionnaire.definition import load_questionnaire
from dagster_project.questionnaire.document import write_document
from dagster_project.questionnaire.filled import FilledAnswer, FilledReturn
from dagster_project.questionnaire.reading import read_return
from dagster_project.questionnaire.template import load_template
from dagster_project.questionnaire.workbook import write_workbook

SEEDS = REPOSITORY / "dbt" / "seeds"
OFFICE = shutil.which("soffice")
RATINGS = ["Green", "amber (getting there)", None, "R"]
FILLED = FilledReturn(
    "Scottish Borders",
    datetime.date(2016, 10, 3),
    tuple(
        FilledAnswer(n, RATINGS[n % 4], f"Comment {n}\nwith  two lines & a <tag>" if n % 3 else "")
        for n in range(1, 20)
    ),
)

pytestmark = [
    pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed on this machine"),
    pytest.mark.xdist_group("libreoffice"),
]


def convert(path: Path, ending: str, folder: Path) -> Path:
    assert OFFICE
    profile = folder.parent / "profile"
    command = [OFFICE, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", ending]
    subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / f"{path.stem}.{ending}"


@pytest.mark.parametrize(
    "endings",
    [["ods"], ["ods", "xlsx"], ["docx"], ["odt", "docx"]],
    ids=["ods", "xlsx_after_ods", "docx", "docx_after_odt"],
)
def test_what_libreoffice_saves_is_read_back(endings: list[str], tmp_path: Path) -> None:
    questionnaire = load_questionnaire(SEEDS, "cse-2016")
    template = load_template(SEEDS, "cse-2016")
    is_text = endings[-1] == "docx"
    path = tmp_path / f"0/return.{'docx' if is_text else 'xlsx'}"
    writer = write_document if is_text else write_workbook
    writer(questionnaire, "Self-evaluation 2016", path, FILLED)
    for step, ending in enumerate(endings, start=1):
        folder = tmp_path / str(step)
        folder.mkdir()
        path = convert(path, ending, folder)
    read = read_return(path, template)
    assert read.problems == []
    assert read.cover[labels.COMMITTEE] == "Scottish Borders"
    assert read.cover[labels.DATE_COMPLETED] in ("2016-10-03", "3 October 2016")
    assert read.cover[labels.TEMPLATE_VERSION] == "cse-2016"
    assert read.properties.template_version == "cse-2016", "only the printed version has survived"
    assert read.properties.application.startswith("LibreOffice")
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path)[labels.QUESTIONNAIRE_SHEET]
        assert sheet.protection.sheet, "the wording is locked no more"
        assert sheet.data_validations.dataValidation, "the ratings are offered no more"
    got = [(answer.question_no, answer.rating_typed, answer.comment_typed) for answer in read.answers]
    assert got == [(answer.question_no, answer.rating or "", answer.comment) for answer in FILLED.answers]
