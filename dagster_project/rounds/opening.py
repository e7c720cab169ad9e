"""Open a new round: rows of the registry, a folder for its returns, a blank workbook for each committee.

All files are prepared in a temporary folder and then moved into place, the row of the round last. Until that
row exists there is no round, and the next attempt replaces what an interrupted one left.
"""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home.files import prepare_home, sync_folder
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.rounds.blanks import write_blanks
from dagster_project.rounds.planning import RoundPlan
from dagster_project.rounds.seed_changes import render_seeds


@dataclass(frozen=True)
class OpenedRound:
    """The files of a new round: names of changed seeds, its folders, the number of blank workbooks."""

    plan: RoundPlan
    seeds: tuple[str, ...]
    returns: Path
    templates: Path
    workbooks: int


def open_round(home: Home, plan: RoundPlan) -> OpenedRound:
    """Write the files of a new round. On any error nothing has changed. Raises `RunInProgress` during a run."""
    with only_writer(home):
        prepare_home(home)
        return _open_round(home, plan)


def _open_round(home: Home, plan: RoundPlan) -> OpenedRound:
    texts = render_seeds(home.seeds, plan)
    templates, returns = home.templates / plan.round_id, home.returns / plan.round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as temporary:
        blanks, staged = Path(temporary) / "blanks", Path(temporary) / "seeds"
        shutil.copytree(home.seeds, staged)
        for name, text in texts.items():
            (staged / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        # The blanks are written from the new seeds: seeds that cannot be read are never moved into place.
        write_blanks(staged, plan.round_id, plan.title, plan.question_set, plan.invited.values(), blanks)
        with ExitStack() as undo:
            shutil.rmtree(templates, ignore_errors=True)
            blanks.rename(templates)
            undo.callback(shutil.rmtree, templates)
            if not returns.exists():
                returns.mkdir()
                undo.callback(shutil.rmtree, returns)
            readme = returns / "README.md"
            if not readme.exists():
                undo.callback(readme.unlink, missing_ok=True)
                readme.write_text(_render_readme(plan), encoding="utf-8")
            for name in sorted(texts, key=lambda name: name == "rounds"):
                seed = home.seeds / f"{name}.csv"
                undo.callback(seed.write_bytes, seed.read_bytes())
                (staged / seed.name).replace(seed)
            undo.pop_all()
    for folder in (home.seeds, templates.parent):
        sync_folder(folder)
    return OpenedRound(plan, tuple(sorted(texts)), returns, templates, len(plan.invited))


def _render_readme(plan: RoundPlan) -> str:
    return (
        f"# Returns of {plan.title}\n\n"
        "Copy the files that committees return into this folder, unchanged. Then run `selfeval run`.\n"
        f"The blank workbooks to send out are in `warehouse/templates/{plan.round_id}`.\n"
    )
