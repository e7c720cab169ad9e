"""A blank filled in with LibreOffice, or saved by it in each of its formats, is read back right."""

import datetime
import json
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import REPOSITORY
from dagster_project.seeds import load_questionnaire

SEEDS = REPOSITORY / "dbt" / "seeds"
OFFICE = shutil.which("soffice")
TYPIST = Path("/usr/bin/python3")
"""The interpreter for which Debian installs LibreOffice's module."""
RATINGS = ["Green", "amber (getting there)", None, "R"]
FILLED = FilledReturn(
    "Scottish Borders",
    datetime.date(2016, 10, 3),
    tuple(
        FilledAnswer(n, RATINGS[n % 4], f"Comment {n}\nwith  two lines & a <tag>" if n % 3 else "")
        for n in range(1, 20)
    ),
)

pytestmark = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice (soffice) is not installed on this machine"
)


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
def test_files_saved_by_libreoffice_are_read_back(endings: list[str], tmp_path: Path) -> None:
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


def can_type() -> bool:
    return (
        TYPIST.exists() and subprocess.run([TYPIST, "-c", "import uno"], capture_output=True).returncode == 0
    )


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with blanks that were opened, filled in and saved in LibreOffice."""
    if not can_type():
        pytest.skip("LibreOffice cannot be typed into on this machine (python3-uno)")
    assert OFFICE
    folder = tmp_path_factory.mktemp("typed")
    questionnaire = load_questionnaire(SEEDS, "cse-2016")
    write_workbook(questionnaire, "Self-evaluation 2016", folder / "blank.xlsx")
    write_document(questionnaire, "Self-evaluation 2016", folder / "blank.docx")
    answers = {
        "cover": {labels.COMMITTEE: "Scottish Borders", labels.DATE_COMPLETED: "3 October 2016"},
        "questions": {str(number): answer for number, answer in TYPED.items()},
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    script = Path(__file__).with_name("type_in_libreoffice.py")
    subprocess.run([TYPIST, script, OFFICE, folder], check=True, capture_output=True, timeout=180)
    return folder


TYPED = {
    n: (["Green", "Amber", "Red", ""][n % 4], f"Comment {n}\nwith \u00e9 & <tag>" if n % 3 else "")
    for n in range(1, 20)
}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".docx"])
def test_text_typed_into_libreoffice_is_read_back(suffix: str, typed: Path) -> None:
    read = read_return(typed / f"typed{suffix}", load_template(SEEDS, "cse-2016"))
    assert read.problems == []
    assert read.cover[labels.COMMITTEE] == "Scottish Borders"
    assert read.cover[labels.DATE_COMPLETED] in ("2016-10-03", "3 October 2016")
    assert read.properties.template_version == "cse-2016"
    assert read.properties.application.startswith("LibreOffice")
    assert {
        answer.question_no: (answer.rating_typed, answer.comment_typed) for answer in read.answers
    } == TYPED
