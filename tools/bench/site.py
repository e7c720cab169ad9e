"""The cost of the site next to MkDocs alone on the same pages: `python -m tools.bench.site`, as JSON.

The site of one release is built in a process of its own. So are the plain Markdown pages that the generator writes for
it, with MkDocs and its theme alone. `--scale` also builds a release of 200 questions and 10 rounds.
"""

import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from dagster_project.paths import Home
from tests.site.site_sample import enlarge, make_release
from tools.bench import stages
from tools.bench.measure import Cost, run_step


def find_cheapest(costs: Sequence[Cost]) -> dict[str, float]:
    """Find the cheapest of several runs: other work on the machine only adds."""
    return asdict(min(costs, key=lambda cost: cost.cpu))


def compare_builds(release: Path, work: Path, times: int) -> dict[str, Any]:
    """Compare the costs of the site and of its plain pages under MkDocs alone."""
    run_step(stages.write_pages, release, work / "sources")
    pages = len(list((work / "sources").rglob("*.md")))
    # In turn, so that other work on the machine falls on both alike.
    turns = [
        (
            run_step(stages.render_site, release, work / "site"),
            run_step(stages.run_mkdocs, work / "sources", work / "bare"),
        )
        for _ in range(times)
    ]
    whole, bare = (find_cheapest(runs) for runs in zip(*turns, strict=True))
    # Ratios within a turn: the cheapest of each may be minutes apart.
    ratios = [round(turn[0].cpu / turn[1].cpu, 3) for turn in turns]
    return {
        "pages": pages,
        "site": whole,
        "bare": bare,
        "cpu_ratio": statistics.median(ratios),
        "cpu_ratios": ratios,
    }


def measure_growth(work: Path) -> list[dict[str, float]]:
    """Measure the cost of the site of growing releases, by questions and rounds."""
    runs = []
    for questions, rounds in ((19, 1), (100, 1), (200, 1), (200, 10)):
        release = enlarge(make_release(work / f"{questions}-{rounds}"), questions, rounds)
        cost = run_step(stages.render_site, release, work / "large")
        runs.append({"questions": questions, "rounds": rounds, **asdict(cost)})
    return runs


def main(
    times: Annotated[int, typer.Option(help="Number of builds of each.")] = 7,
    scale: Annotated[bool, typer.Option("--scale", help="Also 200 questions and 10 rounds.")] = False,
) -> None:
    """Measure the published release and print."""
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        work = Path(folder)
        found = compare_builds(Home.from_environment().published.resolve(), work, times)
        if scale:
            found["scale"] = measure_growth(work)
    typer.echo(json.dumps(found, indent=2))


if __name__ == "__main__":
    typer.run(main)
