"""What the models cost beside one script written by hand, at growing sizes: `make bench PARTS=transform`.

Ours is the whole dbt project over the raw tables, in a process of its own with its start and its plan; the floor is
`floor.sql` in a process of its own, and so are the same marts by others (`peers`). Each works on a fresh copy of the
same raw tables. Reference data are loaded before, on all sides. Prints JSON; `--assert-equal` compares the principal
marts of each with the floor's, row by row.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.measure import CommandFailed, Cost, measure, median, python, ratio
from tools.bench.peers.ready import ready

HERE = Path(__file__).parent
LARGE = 1_000_000
OURS = """
import dbt.cli.main
from dagster_project.transform.project import invoke
result = invoke(["run"])
failed = [(one.node.name, one.message) for one in result.result.results if one.status not in ("success", "skipped")]
assert result.success, failed
"""
PARSE = "from dagster_project.transform.project import invoke; assert invoke(['parse']).success"
SQL = """
import sys, duckdb
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("set threads = 2")
    connection.execute(open(sys.argv[2], encoding="utf-8").read())
"""
TESTS = """
import json, time
from dagster_project.transform.project import invoke

# In a run the build has started dbt before.
invoke(["list", "--select", "fct_rating"])
started = time.process_time()
result = invoke(["test", "--exclude-resource-type", "unit_test"])
used = time.process_time() - started
failed = [one.node.name for one in result.result.results if one.status in ("fail", "error")]
print(json.dumps({"used": round(used, 2), "failed": failed}))
"""
SUITES = """
import json, time
import duckdb
from dagster_project.paths import Home
from dagster_project.audit.suites import SCHEMAS, load_suites
from dagster_project.audit.validate import open_frames, validate

# As the process that audits does it, from its first import on.
open_frames()
suites = {"import of Great Expectations": round(time.process_time(), 2)}
with duckdb.connect(str(Home.current().build_database), read_only=True) as connection:
    for schema in SCHEMAS:
        for suite in load_suites(schema):
            before = time.process_time()
            validate(connection, suite)
            suites[suite.name] = round(time.process_time() - before, 2)
print(json.dumps({"used": round(time.process_time(), 2), "suites": suites}))
"""


def one_size(
    ratings: int, repeats: int, work: Path, equal: bool, checks: bool, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Costs and ratios at one size. `before` is what was found at a smaller one."""
    home = work / "home"
    typer.echo(f"transform: {ratings:,} ratings", err=True)
    made, _ = measure([sys.executable, HERE / "rounds.py", home, str(ratings)])
    environment = {"SELFEVAL_HOME": str(home)}
    build = home / "warehouse" / "build" / "build.duckdb"
    raw = work / "raw.duckdb"
    shutil.move(build, raw)
    earlier = before or {"ratings": 0, "peers": {}}
    taken = {name: one["peak_mb"] for name, one in earlier["peers"].items() if "peak_mb" in one}
    peers, left_out = ready(raw, work / "peers", ratings, taken, earlier["ratings"])
    # The project is parsed once before, as it is for whoever has run it before.
    measure(python(PARSE), environment)
    costs: dict[str, list[Cost]] = {"floor": [], "dbt": [], **{peer.name: [] for peer in peers}}
    floor = work / "floor.duckdb"
    for turn in range(repeats):
        typer.echo(f"  turn {turn + 1} of {repeats}: {', '.join(costs)}", err=True)
        shutil.copy(raw, floor)
        costs["floor"].append(measure(python(SQL, floor, HERE / "floor.sql"))[0])
        shutil.copy(raw, build)
        costs["dbt"].append(measure(python(OURS), environment)[0])
        # Who only stands beside is measured once where it takes minutes.
        for peer in peers if turn == 0 or ratings < LARGE else ():
            try:
                costs[peer.name].append(peer.run())
            except CommandFailed as error:
                left_out[peer.name] = reason(error)
        peers = [peer for peer in peers if peer.name not in left_out]
    ours, script = median(costs["dbt"]), median(costs["floor"])
    found: dict[str, Any] = {
        "ratings": ratings,
        "repeats": repeats,
        "generated_cpu": made.cpu,
        "raw_mb": round(raw.stat().st_size / 1e6),
        "floor": script,
        "dbt": ours,
        "dbt_to_floor": ratio(ours, script),
    }
    if equal:
        found["rows_equal"] = compare_apart(build, floor)
    found["peers"] = {name: {"left_out": reason} for name, reason in left_out.items()}
    for peer in peers:
        try:
            if equal:
                compare_apart(peer.made, floor)
        except CommandFailed as error:
            # What makes something else cannot be set beside it.
            found["peers"][peer.name] = {"left_out": reason(error)}
            continue
        cost = median(costs[peer.name])
        found["peers"][peer.name] = {"version": peer.version, **cost, "to_floor": ratio(cost, script)}
    if checks:
        found["checks"] = check(environment, ours["cpu"])
    return found


def check(environment: Mapping[str, str], transform: float) -> dict[str, Any]:
    """Processor seconds of dbt's tests and of Great Expectations, and both as a share of the transform's."""
    tests, suites = (
        json.loads(measure(python(code), environment)[1].strip().splitlines()[-1]) for code in (TESTS, SUITES)
    )
    costliest = sorted(suites["suites"].items(), key=lambda one: -one[1])[:6]
    return {
        "dbt_tests": tests["used"],
        "great_expectations": suites["used"],
        "costliest_suites": dict(costliest),
        "failed": tests["failed"],
        "to_transform": round((tests["used"] + suites["used"]) / transform, 3),
    }


def reason(error: CommandFailed) -> str:
    """Why a command failed: the first error that it told of, or the last that it said."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = next((line for line in lines if re.match(r"[\w. ]*(Error|Unequal): ", line)), lines[-1])
    return re.sub(r"^[\w.]+\.", "", told)[:200]


def compare_apart(made: Path, floor: Path) -> dict[str, int]:
    """Rows by mart, counted in a process of its own. Raises `CommandFailed` where they differ."""
    _, said = measure([sys.executable, HERE / "equal.py", made, floor])
    rows: dict[str, int] = json.loads(said)
    return rows


def main(
    sizes: Annotated[str, typer.Option(help="Ratings, parted by spaces.")] = "100000 1000000 10000000",
    repeats: Annotated[
        int,
        typer.Option(
            help="Of ours and the floor; medians are printed. Others are measured as often below a million."
        ),
    ] = 3,
    assert_equal: Annotated[bool, typer.Option(help="Compare the principal marts row by row.")] = True,
    checks: Annotated[bool, typer.Option(help="Measure the tests and suites as well.")] = True,
) -> None:
    """Measure and print."""
    runs: list[dict[str, Any]] = []
    for size in sizes.split():
        ratings = int(size)
        with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as work:
            before = runs[-1] if runs else None
            runs.append(one_size(ratings, repeats, Path(work), assert_equal, checks, before))
    typer.echo(json.dumps(runs, indent=2))


if __name__ == "__main__":
    typer.run(main)
