"""The cost of the models next to one script written by hand, by size: `python -m tools.bench.transform`, as JSON.

Our side is the whole dbt project on the raw tables, in a process of its own, start-up included. The floor is
`floor.sql` in a process of its own, and so are the same marts made by other tools (`peers`). Each works on a fresh copy
of the same raw tables, with the reference data loaded before. The principal marts of each are compared with the
floor's, row by row.
"""

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.bench import stages
from tools.bench.measure import (
    CommandFailed,
    Cost,
    build_environment,
    build_step_command,
    calculate_medians,
    calculate_ratios,
    measure_command,
    run_step,
)
from tools.bench.peers.prepare import prepare_peers

LARGE = 1_000_000
"""From this many ratings on, peers are measured once: one takes minutes."""


def measure_size(
    ratings: int,
    repeats: int,
    work: Path,
    *,
    checks: bool,
    smaller: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Measure costs and ratios at one size. `smaller` has the figures of the size before."""
    home = work / "home"
    typer.echo(f"transform: {ratings:,} ratings", err=True)
    generated = run_step(stages.generate_ratings, ratings, home=home)
    build = home / "warehouse" / "build" / "build.duckdb"
    raw = work / "raw.duckdb"
    shutil.move(build, raw)
    before = smaller or {"ratings": 0, "peers": {}}
    peaks = {name: peer["peak_mb"] for name, peer in before["peers"].items() if "peak_mb" in peer}
    peers, left_out = prepare_peers(raw, work / "peers", ratings, peaks, before["ratings"])
    run_step(stages.parse_project, home=home)
    costs: dict[str, list[Cost]] = {"floor": [], "dbt": [], **{peer.name: [] for peer in peers}}
    floor = work / "floor.duckdb"
    for turn in range(repeats):
        typer.echo(f"  turn {turn + 1} of {repeats}: {', '.join(costs)}", err=True)
        shutil.copy(raw, floor)
        costs["floor"].append(run_step(stages.run_floor_script, floor))
        shutil.copy(raw, build)
        costs["dbt"].append(run_step(stages.build_models, home=home))
        for peer in peers if turn == 0 or ratings < LARGE else ():
            try:
                costs[peer.name].append(peer.run())
            except CommandFailed as error:
                left_out[peer.name] = find_reason(error)
        peers = [peer for peer in peers if peer.name not in left_out]
    ours, script = calculate_medians(costs["dbt"]), calculate_medians(costs["floor"])
    found: dict[str, Any] = {
        "ratings": ratings,
        "repeats": repeats,
        "generated_cpu": generated.cpu,
        "raw_mb": round(raw.stat().st_size / 1e6),
        "floor": script,
        "dbt": ours,
        "dbt_to_floor": calculate_ratios(ours, script),
        "rows_equal": compare_marts(build, floor),
        "peers": {name: {"left_out": reason} for name, reason in left_out.items()},
    }
    for peer in peers:
        try:
            compare_marts(peer.marts, floor)
        except CommandFailed as error:
            found["peers"][peer.name] = {"left_out": find_reason(error)}
            continue
        cost = calculate_medians(costs[peer.name])
        found["peers"][peer.name] = {
            "version": peer.version,
            **cost,
            "to_floor": calculate_ratios(cost, script),
        }
    if checks:
        found["checks"] = measure_checks(home, ours["cpu"])
    return found


def measure_checks(home: Path, transform_cpu: float) -> dict[str, Any]:
    """Measure processor seconds of dbt's tests and Great Expectations, and both as a share of the build's."""
    tests, suites = (
        json.loads(
            measure_command(build_step_command(step), build_environment(home))[1].strip().splitlines()[-1]
        )
        for step in (stages.run_tests, stages.run_suites)
    )
    costliest = sorted(suites["suites"].items(), key=lambda item: -item[1])[:6]
    return {
        "dbt_tests": tests["cpu"],
        "great_expectations": suites["cpu"],
        "costliest_suites": dict(costliest),
        "failed": tests["failed"],
        "to_transform": round((tests["cpu"] + suites["cpu"]) / transform_cpu, 3),
    }


def find_reason(error: CommandFailed) -> str:
    """Find the first error that a command printed, or the last line of its output."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    first = next((line for line in lines if re.match(r"[\w. ]*(Error|Unequal): ", line)), lines[-1])
    return re.sub(r"^[\w.]+\.", "", first)[:200]


def compare_marts(marts: Path, floor: Path) -> dict[str, int]:
    """Compare marts in a process of its own, and return the number of rows of each.

    Raises `CommandFailed` where they differ.
    """
    _, printed = measure_command([sys.executable, "-m", "tools.bench.equal", marts, floor])
    rows: dict[str, int] = json.loads(printed)
    return rows


def main(
    sizes: Annotated[str, typer.Option(help="Numbers of ratings, separated by spaces.")] = (
        "100000 1000000 10000000"
    ),
    repeats: Annotated[int, typer.Option(help="Repeats of ours and the floor; medians are printed.")] = 3,
    checks: Annotated[bool, typer.Option(help="Measure the tests and suites as well.")] = True,
) -> None:
    """Measure and print."""
    runs: list[dict[str, Any]] = []
    for size in map(int, sizes.split()):
        with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as work:
            smaller = runs[-1] if runs else None
            runs.append(measure_size(size, repeats, Path(work), checks=checks, smaller=smaller))
    typer.echo(json.dumps(runs, indent=2))


if __name__ == "__main__":
    typer.run(main)
