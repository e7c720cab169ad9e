"""Further cover fields are defined by the question set, written to blanks, and read back."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import REPOSITORY
from dagster_project.seeds import SeedError, load_questionnaire

ROWS = (
    "cse-2016,1,completed_by_role,Role of who completed this,Please write the role alone; name no person.\n"
    "cse-2016,2,agencies_consulted,Agencies consulted,Please list the agencies that took part.\n"
)
COVER = {"completed_by_role": "Lead officer", "agencies_consulted": "Police; health: both boards"}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """The repository's seeds, with a question set that asks for two more fields."""
    folder = tmp_path / "seeds"
    shutil.copytree(REPOSITORY / "dbt" / "seeds", folder)
    with (folder / "cover_fields.csv").open("a", encoding="utf-8") as file:
        file.write(ROWS)
    return folder


@pytest.mark.parametrize(("write", "suffix"), [(write_workbook, ".xlsx"), (write_document, ".docx")])
def test_the_further_fields_of_the_cover_are_read_back(
    seeds: Path, tmp_path: Path, write: Callable[..., None], suffix: str
) -> None:
    questionnaire, template = load_questionnaire(seeds, "cse-2016"), load_template(seeds, "cse-2016")
    path = tmp_path / f"return{suffix}"
    write(questionnaire, "A round", path, FilledReturn("Fife", date(2016, 9, 1), cover=COVER))
    read = read_return(path, template).cover
    assert {name: read.get(name) for name in COVER} == COVER
    assert read[labels.COMMITTEE] == "Fife"
    write(questionnaire, "A round", path, FilledReturn("Fife"))
    blank = read_return(path, template).cover
    # An empty cell gets no text from the cell below it.
    assert set(blank) == {labels.COMMITTEE, labels.ROUND, labels.TEMPLATE_VERSION}


def test_a_question_set_without_further_fields_asks_for_none(tmp_path: Path) -> None:
    seeds = REPOSITORY / "dbt" / "seeds"
    questionnaire = load_questionnaire(seeds, "cse-2016")
    assert questionnaire.cover_fields == ()
    write_workbook(questionnaire, "A round", tmp_path / "blank.xlsx", FilledReturn("Fife", cover=COVER))
    assert (
        "completed_by_role"
        not in read_return(tmp_path / "blank.xlsx", load_template(seeds, "cse-2016")).cover
    )


def test_a_field_without_a_column_to_keep_it_in_is_refused(seeds: Path) -> None:
    with (seeds / "cover_fields.csv").open("a", encoding="utf-8") as file:
        file.write("cse-2016,3,shoe_size,Shoe size,\n")
    with pytest.raises(SeedError, match="field 'shoe_size'; known are agencies_consulted"):
        load_questionnaire(seeds, "cse-2016")
