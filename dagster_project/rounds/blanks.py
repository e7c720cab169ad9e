"""The blank workbooks of a round, one for each invited committee."""

import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from dagster_project.home.lock import only_writer
from dagster_project.intake.write.filled import FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import Home
from dagster_project.rounds.registry import find_round, list_invited
from dagster_project.seeds import load_questionnaire


def recreate_blanks(home: Home, round_id: str) -> tuple[Path, int]:
    """Write the blanks of a round again from the seeds, for example after a question was changed.

    Returns their folder and their number. Raises `RoundError` if there is no such round, and `RunInProgress`
    during a run.
    """
    with only_writer(home):
        return _recreate_blanks(home, round_id)


def write_blanks(
    seeds: Path, round_id: str, title: str, question_set: str, committees: Iterable[str], folder: Path
) -> None:
    """Write a blank for each committee name into the new folder `folder`."""
    questionnaire = load_questionnaire(seeds, question_set)
    folder.mkdir()
    for name in committees:
        file_name = re.sub(r"[^\w &'().,-]", "_", name)
        write_workbook(questionnaire, title, folder / f"{file_name} {round_id}.xlsx", FilledReturn(name))


def _recreate_blanks(home: Home, round_id: str) -> tuple[Path, int]:
    registered = find_round(home.seeds, round_id)
    names = list(list_invited(home.seeds, round_id).values())
    folder = home.templates / round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as temporary:
        blanks = Path(temporary) / "blanks"
        write_blanks(home.seeds, round_id, registered.title, registered.question_set, names, blanks)
        shutil.rmtree(folder, ignore_errors=True)
        blanks.rename(folder)
    return folder, len(names)
