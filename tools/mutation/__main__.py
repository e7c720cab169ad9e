"""Changes the models and the release step a little, again and again, and asks whether the tests notice.

`python -m tools.mutation` (or `make mutants`) draws mutants, judges each in a process of its own, and shows
those that no test has noticed: each is a hole in the tests, or a change that changes nothing.
"""

import fnmatch
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dagster_project.paths import REPOSITORY
from tools.mutation import children, python, release, sql
from tools.mutation.judging import SqlCourt, told
from tools.mutation.mutant import Mutant, Verdict, equivalents, share_caught
from tools.mutation.places import Places, prepare, use
from tools.mutation.project import compile_project
from tools.mutation.recorded import Recording, reads, record

MODELS = (
    "mart_coverage", "fct_return", "fct_rating", "int_ranking*", "int_confidence_groups", "int_rating_counts",
    "int_scenario_*", "int_alternative_ranks", "int_ratings_resolved", "int_return*", "int_duplicate_returns",
    "int_content_hashes", "int_near_duplicate_returns", "int_finding*", "int_decision*",
    "marts/ranking/*", "marts/quality/*",
)  # fmt: skip
"""What ranks, what finds and what decides: names of models, or folders."""

console = Console(stderr=True)


def files(patterns: Sequence[str]) -> list[Path]:
    """The models and modules of the release step that a pattern fits."""
    models = sorted((REPOSITORY / "dbt" / "models").rglob("*.sql"))
    return [
        path
        for path in (*models, *release.modules())
        if any(
            fnmatch.fnmatch(path.stem, one) or fnmatch.fnmatch(path.as_posix(), f"*/{one}")
            for one in patterns
        )
    ]


def mutants_of(path: Path) -> list[Mutant]:
    """Every mutant of a file."""
    return sql.mutants_of(path) if path.suffix == ".sql" else python.mutants_of(path)


def main(
    models: Annotated[
        str, typer.Option(help="Names or patterns of models and modules, or `release/`, with commas between.")
    ] = "",
    most: Annotated[int, typer.Option(help="So many mutants are drawn; 0 for all.")] = 150,
    seed: Annotated[int, typer.Option(help="What decides which are drawn.")] = 1,
    jobs: Annotated[int, typer.Option(help="So many are judged at once.")] = 1,
    folder: Annotated[Path, typer.Option(help="Where prepared homes are kept, and the result.")] = REPOSITORY
    / "warehouse/build/mutants",
    result: Annotated[Path | None, typer.Option(help="Where the result goes, as JSON.")] = None,
    line: Annotated[int, typer.Option(help="Only those of this line of the files.")] = 0,
) -> None:
    """Judge mutants of the ranking and quality models and of the release step by the tests."""
    patterns = models.split(",") if models else [*MODELS, *release.STEP]
    by_file = {path: mutants_of(path) for path in files(patterns)}
    everything = [one for found in by_file.values() for one in found if line in (0, one.line)]
    same = equivalents(everything)
    drawn = (
        everything
        if most in (0, len(everything))
        else random.Random(seed).sample(everything, min(most, len(everything)))
    )
    counted = [one for one in drawn if one not in same]
    console.print(
        f"{len(everything)} mutants of {len(by_file)} files; {len(drawn)} drawn with seed {seed}, "
        f"of which {len(drawn) - len(counted)} are known to change nothing."
    )
    verdicts = judge(counted, by_file, folder.resolve(), jobs)
    show(verdicts)
    result = result or folder / "mutants.json"
    result.write_text(
        json.dumps(
            {
                "in_all": len(everything), "drawn": len(drawn), "seed": seed, "models": patterns,
                "equivalent": [{"mutant": str(one), "reason": same[one]} for one in drawn if one in same],
                **Counter(one.outcome for one in verdicts), "share_caught": share_caught(verdicts),
                "mutants": [one.as_row() for one in verdicts],
            },
            indent=2, ensure_ascii=False,
        )
    )  # fmt: skip
    console.print(f"Written to {result}.")
    sys.exit(share_caught(verdicts) < 0.9)


def judge(
    mutants: Sequence[Mutant], by_file: dict[Path, list[Mutant]], folder: Path, jobs: int = 1
) -> list[Verdict]:
    """Judge each. `by_file` are all mutants of the files that they stand in."""
    scratch = folder / f"at-work-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    models = any(one.path.endswith(".sql") for one in mutants)
    children.one(lambda _: prepare(folder, console.print, models) and None, scratch)
    places = prepare(folder, console.print, models)
    use(places.sample)
    works = list(_works(mutants, by_file, places, scratch))
    verdicts = []
    answers = children.each(works, scratch, jobs)
    for number, ended in track(answers, "Judging ...", len(works), console=console):
        verdicts.append(_verdict(mutants[number], ended))
        if verdicts[-1].outcome != "caught":
            console.print(f"{verdicts[-1].outcome}: {verdicts[-1].mutant} {verdicts[-1].judge}", markup=False)
    return sorted(verdicts, key=lambda one: (one.mutant.path, one.mutant.spans))


def _works(
    mutants: Sequence[Mutant], by_file: dict[Path, list[Mutant]], places: Places, scratch: Path
) -> list[Callable[[Path], Any]]:
    courts = []
    of_release = release.ReleaseCourt(places.sample)
    of_models = {one.path for one in mutants if one.path.endswith(".sql")}
    if of_models:
        marked = {path.stem: found for path, found in by_file.items() if _name(path) in of_models}
        console.print("Compiling the models ...")
        project = compile_project(places.sample, marked)
        if not places.recording.exists():
            console.print("Recording the tests on small rounds ...")
            tables = reads(path.stem for path in files(MODELS) if path.suffix == ".sql")
            children.one(lambda _: record(places.sample, tables, places.recording), scratch)
        courts = [SqlCourt(project, places, Recording.load(places.recording))]
        _must_hold(children.one(partial(courts[0].unchanged, sorted(marked)), scratch))
    modules = {Path(one.path).stem for one in mutants if one.path not in of_models}
    if modules:
        release.warm()
        _must_hold(children.one(lambda _: of_release.unchanged(modules), scratch))
    return [
        partial(_judge_model, courts[0], one, by_file[REPOSITORY / one.path].index(one))
        if one.path in of_models
        else partial(_judge_module, of_release, one)
        for one in mutants
    ]


def _must_hold(failed: str) -> None:
    if failed:
        raise RuntimeError(f"{failed} fails without any change: no mutant can be judged by it.")


def _name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def _judge_model(court: SqlCourt, mutant: Mutant, number: int, scratch: Path) -> dict[str, str]:
    return told(lambda: court.judge(mutant, number, scratch))


def _judge_module(court: release.ReleaseCourt, mutant: Mutant, _: Path) -> dict[str, str]:
    return told(lambda: court.judge(mutant))


def _verdict(mutant: Mutant, ended: children.Ended) -> Verdict:
    if ended.timed_out:
        return Verdict(mutant, "caught", "limit of time", ended.cpu)
    if ended.error:
        # A judge that breaks has judged nothing: it counts as if no test had noticed.
        return Verdict(mutant, "survived", f"the judge broke: {ended.error}", ended.cpu)
    return Verdict(mutant, ended.answer["outcome"], ended.answer["judge"], ended.cpu)


def show(verdicts: Sequence[Verdict]) -> None:
    """Print the figures, and a table of the survivors."""
    table = Table("File", "Line", "Changed", "Told", title="No test has noticed", show_lines=True)
    for one in verdicts:
        if one.outcome == "survived":
            table.add_row(Path(one.mutant.path).name, str(one.mutant.line), one.mutant.change, one.judge)
    outcomes = Counter(one.outcome for one in verdicts)
    limit = sum(one.judge == "limit of time" for one in verdicts)
    if table.rows:
        console.print(table)
    console.print(
        f"{outcomes['caught']} caught ({limit} of them by the limit of time), {outcomes['survived']} survived, "
        f"{outcomes['invalid']} do not run and are not counted: {share_caught(verdicts):.1%} caught, "
        f"in {sum(one.seconds for one in verdicts):.0f} seconds of processor time."
    )


if __name__ == "__main__":
    typer.run(main)
