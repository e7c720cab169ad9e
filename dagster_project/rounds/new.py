"""A new round: rows for the registry, a folder for its returns, a blank workbook for each committee.

Everything is made beside what is there and put in its place at the end, the registry's row last: until that row
stands there is no round, and what an interrupted attempt left is replaced by the next.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.rounds.blanks import make_blanks
from dagster_project.rounds.planning import Plan
from dagster_project.rounds.seed_texts import seed_texts


@dataclass(frozen=True)
class Opened:
    """What was made."""

    plan: Plan
    seeds: tuple[str, ...]
    returns: Path
    templates: Path
    workbooks: int


def open_round(home: Home, planned: Plan) -> Opened:
    """Write what a round needs. Raises `RunInProgress` where a run is at work; on any error nothing has changed."""
    with only_writer(home):
        home.prepare()
        return _open(home, planned)


def _open(home: Home, planned: Plan) -> Opened:
    texts = seed_texts(home.seeds, planned)
    templates, returns = home.templates / planned.round_id, home.returns / planned.round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as made:
        blanks, staged = Path(made) / "blanks", Path(made) / "seeds"
        shutil.copytree(home.seeds, staged)
        for name, text in texts.items():
            (staged / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        # The blanks are made of the new seeds: what cannot be read back is not put in place.
        make_blanks(
            staged, planned.round_id, planned.title, planned.question_set, planned.invited.values(), blanks
        )
        undo: list[Callable[[], object]] = []
        try:
            shutil.rmtree(templates, ignore_errors=True)
            blanks.rename(templates)
            undo.append(lambda: shutil.rmtree(templates))
            if not returns.exists():
                returns.mkdir()
                undo.append(lambda: shutil.rmtree(returns))
            readme = returns / "README.md"
            if not readme.exists():
                readme.write_text(_readme(planned), encoding="utf-8")
                undo.append(lambda: readme.unlink(missing_ok=True))
            for name in sorted(texts, key=lambda name: name == "rounds"):
                target = home.seeds / f"{name}.csv"
                before = target.read_bytes()
                (staged / f"{name}.csv").replace(target)
                undo.append(lambda target=target, before=before: target.write_bytes(before))  # type: ignore[misc]
        except BaseException:
            for step in reversed(undo):
                step()
            raise
    for folder in (home.seeds, templates.parent):
        _sync(folder)
    return Opened(planned, tuple(sorted(texts)), returns, templates, len(planned.invited))


def _readme(planned: Plan) -> str:
    return (
        f"# Returns of {planned.title}\n\n"
        "Put the files that committees send back into this folder, as they are. Then run `selfeval run`.\n"
        f"The blanks to send out stand in `warehouse/templates/{planned.round_id}`.\n"
    )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
