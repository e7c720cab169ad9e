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
from dagster_project.rounds.registry import committees_of, known, read_rows
from dagster_project.seeds import load_questionnaire


def write_blanks(home: Home, round_id: str) -> tuple[Path, int]:
    """Make the blanks of a round anew from the seeds, as after a question was changed.

    Returns their folder and their number. Raises `RoundError` where there is no such round,
    `RunInProgress` where a run is at work.
    """
    with only_writer(home):
        return _write_blanks(home, round_id)


def _write_blanks(home: Home, round_id: str) -> tuple[Path, int]:
    one = known(home.seeds, round_id)
    invited = {
        row["committee_id"] for row in read_rows(home.seeds, "invitations") if row["round_id"] == round_id
    }
    committees = committees_of(home.seeds, round_id)
    names = [name for own, name in committees.items() if own in invited]
    folder = home.templates / round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as made:
        blanks = Path(made) / "blanks"
        make_blanks(home.seeds, round_id, one.title, one.question_set, names, blanks)
        shutil.rmtree(folder, ignore_errors=True)
        blanks.rename(folder)
    return folder, len(names)


def make_blanks(
    seeds: Path, round_id: str, title: str, question_set: str, names: Iterable[str], folder: Path
) -> None:
    """Write a blank for each of `names` into `folder`, which must not exist yet."""
    questionnaire = load_questionnaire(seeds, question_set)
    folder.mkdir()
    for name in names:
        safe = re.sub(r"[^\w &'().,-]", "_", name)
        write_workbook(questionnaire, title, folder / f"{safe} {round_id}.xlsx", FilledReturn(name))
