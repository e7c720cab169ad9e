"""The cost of `selfeval run` on the sample next to its bare stages: `python -m tools.bench.run`, as JSON.

Four runs are measured: the first without parsed models, which parses them; the first of a home after `make prepare`; a
run in which nothing has changed; a run with one changed return. The bare stages do the same work without Dagster, each
in a process of its own: land the returns, `dbt build`, the suites, MkDocs on the finished pages. They make no release;
gathering and publishing one is measured as a stage of its own.
"""

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import openpyxl
import typer

from dagster_project.intake import labels
from dagster_project.paths import REPOSITORY, Home
from tools.bench import stages
from tools.bench.measure import Cost, build_environment, measure_command, run_step

ROUND = "2016"
PROGRAMS = Path(sys.executable).parent


def make_home(folder: Path) -> Path:
    """Make a home of the sample round and its seeds, without any build or release."""
    shutil.copytree(REPOSITORY / "dbt" / "seeds", folder / "dbt" / "seeds")
    # The difference between two releases shows what a changed return answers.
    with (folder / "dbt" / "seeds" / "disclosure_acceptances.csv").open("a", encoding="utf-8") as seed:
        seed.write(f"{ROUND},,,2017-03-01,data engineer,The ratings are invented.\n")
    shutil.copytree(REPOSITORY / "warehouse" / "returns" / ROUND, folder / "warehouse" / "returns" / ROUND)
    return folder


def change_one_return(home: Path) -> None:
    """Change Angus's rating of question 4 to amber, which raises no finding."""
    [path] = (home / "warehouse" / "returns" / ROUND).glob("Angus*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book[labels.QUESTIONNAIRE_SHEET]
    columns = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
    number, rating = columns[labels.NUMBER], columns[labels.RATING]
    assert number
    assert rating
    [row] = [cell.row for (cell,) in sheet.iter_rows(min_col=number, max_col=number) if cell.value == 4]
    sheet.cell(row, rating).value = "Amber"
    book.save(path)
    # A changed return in a closed round stops the release until the round is reopened.
    measure_command(
        [PROGRAMS / "selfeval", "round", "reopen", ROUND, "--reason=measured change", "--role=data engineer"],
        build_environment(home),
    )


def delete_parsed_models(_: Path) -> None:
    """Delete the repository's parsed models, as after an installation without `make prepare`."""
    shutil.rmtree(Home(REPOSITORY).dbt_target, ignore_errors=True)


def parse_models(_: Path) -> None:
    """Parse the repository's models, as `make prepare` does: other homes begin with them."""
    measure_command(
        [sys.executable, "-c", "import dagster_project.definitions"], build_environment(Home(REPOSITORY).root)
    )


def measure_runs(first: Path, second: Path) -> dict[str, Any]:
    """Measure the first run in a new installation and three runs of another home, with their run reports."""
    found: dict[str, Any] = {}
    moments: list[tuple[str, Path, Callable[[Path], None] | None]] = [
        ("first", first, delete_parsed_models),
        ("new_home", second, parse_models),
        ("nothing_changed", second, None),
        ("one_return_changed", second, change_one_return),
    ]
    for name, home, prepare in moments:
        if prepare:
            prepare(home)
        cost, printed = measure_command(
            [PROGRAMS / "selfeval", "run", "--json"], build_environment(home), sum_processes=True
        )
        report = json.loads(printed)
        found[name] = {
            **asdict(cost),
            "parsed": report["files"].get("parsed", 0),
            **{key: report[key] for key in ("models", "pages", "seconds")},
        }
        if bool(report["unchanged_since"]) != (name == "nothing_changed"):
            raise SystemExit(f"The run '{name}' did other work than expected: {printed}")
    return found


def measure_stages(home: Path, release: Path, work: Path) -> dict[str, Any]:
    """Measure the stages alone, in a home of their own. The site is the one of a finished release."""
    dbt = [str(PROGRAMS / "dbt"), "build", "--exclude-resource-type", "unit_test", "--quiet"]
    outputs = [f"--{name}={home / 'warehouse/build/dbt'}" for name in ("target-path", "log-path")]
    run_step(stages.write_pages, release, work / "sources")
    # The gate accepts a candidate only from a home whose build was audited.
    audited = release.parents[2]
    costs = {
        "read": run_step(stages.land_returns, ROUND, home=home, sum_processes=True),
        "dbt_build": measure_command(
            [*dbt, *outputs], build_environment(home), folder=home / "dbt", sum_processes=True
        )[0],
        "checks": run_step(stages.run_suites, home=home, sum_processes=True),
        "mkdocs_build": run_step(stages.run_mkdocs, work / "sources", work / "site", sum_processes=True),
        "gather": run_step(stages.write_candidate, home=audited, sum_processes=True),
    }
    shutil.copytree(release / "site", audited / "warehouse" / "build" / "candidate" / "site")
    costs["release"] = add_costs(
        costs.pop("gather"), run_step(stages.publish_candidate, home=audited, sum_processes=True)
    )
    return {name: asdict(cost) for name, cost in costs.items()}


def add_costs(first: Cost, second: Cost) -> Cost:
    """Add the costs of two commands that run one after the other."""
    return Cost(first.wall + second.wall, first.cpu + second.cpu, max(first.peak_mb, second.peak_mb))


def calculate_medians(turns: Sequence[Any]) -> Any:
    """Calculate the median of each figure over several turns."""
    if isinstance(turns[0], dict):
        return {key: calculate_medians([turn[key] for turn in turns]) for key in turns[0]}
    return round(statistics.median(turns), 3)


def measure_turn() -> dict[str, Any]:
    """Measure all runs and stages once, in homes that are deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-run-") as folder:
        work = Path(folder)
        runs = measure_runs(make_home(work / "first"), make_home(work / "second"))
        release = (work / "second/warehouse/published").resolve()
        bare = measure_stages(make_home(work / "bare"), release, work)
    both = {name: sum(stage[name] for stage in bare.values()) for name in ("wall", "cpu")}
    total = {name: both[name] - bare["release"][name] for name in both}
    return {
        "whole": runs,
        "bare": bare,
        "bare_total": total,
        **{f"{name}_ratio": runs["first"][name] / total[name] for name in total},
        "cpu_ratio_with_a_release": runs["first"]["cpu"] / both["cpu"],
    }


def main(times: Annotated[int, typer.Option(help="Number of turns; medians are printed.")] = 5) -> None:
    """Measure and print."""
    found = {"turns": times, **calculate_medians([measure_turn() for _ in range(times)])}
    typer.echo(json.dumps(found, indent=2))


if __name__ == "__main__":
    typer.run(main)
