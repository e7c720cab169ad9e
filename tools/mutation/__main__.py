"""Make small changes to the models and the release step, and count those that the tests detect.

`python -m tools.mutation` (or `make mutants`) draws mutants, runs the tests with each in a copy of the repository, and
lists those that no test detects: each is a gap in the tests, or a change without effect.
"""

import fnmatch
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dagster_project.paths import REPOSITORY
from tools.mutation import python, sql
from tools.mutation.mutant import Mutant, Verdict, calculate_share_caught, load_equivalents
from tools.mutation.workspace import Workspace, select_tests

MODELS = (
    "intermediate/ranking/*", "intermediate/findings/*", "intermediate/decisions/*", "intermediate/duplicates/*",
    "int_ratings*", "int_return*", "int_counted_returns", "int_coverage", "int_claims", "marts/ranking/*",
    "marts/quality/*", "macros/ranking", "macros/findings", "macros/passages",
)  # fmt: skip
"""Models and macros that rank, find and decide, as names or folders."""

MODULES = (
    "release/publish", "release/catalog", "release/retention", "release/candidate", "release/disclosure",
    "release/tables", "release/texts", "release/database", "audit/gate", "audit/quotations", "home/table_hashes",
    "home/records",
)  # fmt: skip
"""Modules that decide what becomes public."""

MIN_SHARE_CAUGHT = 0.9

console = Console(stderr=True)


def find_files(patterns: Sequence[str]) -> list[Path]:
    """Find the models, macros and modules that a pattern matches."""
    dbt = [path for folder in ("models", "macros") for path in (REPOSITORY / "dbt" / folder).rglob("*.sql")]
    modules = [REPOSITORY / "dagster_project" / f"{name}.py" for name in MODULES]
    return [
        path
        for path in (*sorted(dbt), *modules)
        if any(
            fnmatch.fnmatch(path.stem, pattern)
            or fnmatch.fnmatch(path.with_suffix("").as_posix(), f"*/{pattern}")
            for pattern in patterns
        )
    ]


def list_mutants(path: Path) -> list[Mutant]:
    """List every mutant of a file."""
    return sql.list_mutants(path) if path.suffix == ".sql" else python.list_mutants(path)


def judge_mutants(mutants: Sequence[Mutant], jobs: int) -> Iterator[Verdict]:
    """Judge mutants in copies of the repository, `jobs` at a time. Raises `RuntimeError` where tests fail already."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        workspaces: SimpleQueue[Workspace] = SimpleQueue()
        for number in range(jobs):
            workspaces.put(Workspace.create(Path(folder) / str(number)))
        if mutants:
            console.print("Running the tests without a mutant ...")
            check_unchanged(workspaces, mutants)

        def judge_one(mutant: Mutant) -> Verdict:
            workspace = workspaces.get()
            try:
                return workspace.judge(mutant)
            finally:
                workspaces.put(workspace)

        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(judge_one, mutants)


def check_unchanged(workspaces: "SimpleQueue[Workspace]", mutants: Sequence[Mutant]) -> None:
    """Run all tests without a mutant. Raises `RuntimeError` where one fails: it would catch every mutant."""
    workspace = workspaces.get()
    tests = sorted({test for mutant in mutants for test in select_tests(mutant.path)})
    outcome, test = workspace.run_tests(tests)
    if outcome != "survived":
        raise RuntimeError(f"Without a mutant: {outcome} {test}")
    workspaces.put(workspace)


def print_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Print the counts, and a table of the survivors."""
    table = Table("File", "Line", "Change", title="Detected by no test", show_lines=True)
    for verdict in verdicts:
        if verdict.outcome == "survived":
            mutant = verdict.mutant
            table.add_row(Path(mutant.path).name, str(mutant.line), mutant.change)
    if table.rows:
        console.print(table)
    outcomes = Counter(verdict.outcome for verdict in verdicts)
    console.print(
        f"{outcomes['caught']} caught, {outcomes['survived']} survived, {outcomes['invalid']} do not run and are not "
        f"counted: {calculate_share_caught(verdicts):.1%} caught, "
        f"in {sum(one.seconds for one in verdicts):.0f} seconds."
    )


def main(
    models: Annotated[
        str, typer.Option(help="Names or patterns of models and modules, separated by commas.")
    ] = "",
    most: Annotated[int, typer.Option(help="Number of mutants to draw; 0 for all.")] = 150,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 1,
    jobs: Annotated[int, typer.Option(help="Number of mutants judged at a time.")] = 1,
    line: Annotated[int, typer.Option(help="Only mutants of this line.")] = 0,
    result: Annotated[Path, typer.Option(help="File for the verdicts, as JSON.")] = REPOSITORY
    / "warehouse/build/mutants.json",
) -> None:
    """Judge mutants by the tests. Exits with 1 where the tests catch less than 90%."""
    patterns = models.split(",") if models else [*MODELS, *MODULES]
    by_file = {path: list_mutants(path) for path in find_files(patterns)}
    everything = [one for found in by_file.values() for one in found if line in (0, one.line)]
    if not everything:
        raise typer.BadParameter(f"No mutant of {', '.join(patterns)}{f' in line {line}' if line else ''}.")
    equivalent = load_equivalents(everything)
    drawn = (
        everything if most == 0 or most >= len(everything) else random.Random(seed).sample(everything, most)
    )
    counted = [one for one in drawn if one not in equivalent]
    console.print(
        f"{len(everything)} mutants of {len(by_file)} files; {len(drawn)} drawn with seed {seed}, "
        f"{len(drawn) - len(counted)} of them known to have no effect."
    )
    verdicts = []
    for verdict in track(judge_mutants(counted, jobs), "Judging ...", len(counted), console=console):
        verdicts.append(verdict)
        if verdict.outcome != "caught":
            console.print(f"{verdict.outcome}: {verdict.mutant} {verdict.test}", markup=False)
    verdicts.sort(key=lambda one: (one.mutant.path, one.mutant.spans))
    print_verdicts(verdicts)
    result.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "in_all": len(everything),
        "drawn": len(drawn),
        "seed": seed,
        "models": patterns,
        "equivalent": [{"mutant": str(one), "reason": equivalent[one]} for one in drawn if one in equivalent],
        **Counter(one.outcome for one in verdicts),
        "share_caught": calculate_share_caught(verdicts),
        "mutants": [one.to_row() for one in verdicts],
    }
    result.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")
    console.print(f"Verdicts: {result}")
    raise typer.Exit(calculate_share_caught(verdicts) < MIN_SHARE_CAUGHT)


if __name__ == "__main__":
    typer.run(main)
