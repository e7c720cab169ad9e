"""What the models cost beside one script written by hand, at growing sizes: `make bench PARTS=transform`.

Ours is the whole dbt project over the raw tables, in a process of its own with its start and its plan; the floor is
`floor.sql` in a process of its own. Each works on a fresh copy of the same raw tables. Reference data are loaded
before, on both sides. Prints JSON; `--assert-equal` compares the principal marts of both row by row.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.measure import Cost, measure, median, python, ratio

HERE = Path(__file__).parent
OURS = """
from dagster_project.transform.project import invoke
result = invoke(["run"])
failed = [(one.node.name, one.message) for one in result.result.results if one.status != "success"]
assert result.success, failed
"""
PARSE = "from dagster_project.transform.project import invoke; assert invoke(['parse']).success"
SQL = """
import sys, duckdb
with duckdb.connect(sys.argv[1]) as connection:
    connection.execute("set threads = 2")
    connection.execute(open(sys.argv[2], encoding="utf-8").read())
"""
CHECKS = """
import json, sys, time
import duckdb
from dagster_project.home import Home
from dagster_project.quality.suites import load_suites
from dagster_project.quality.validate import validate
from dagster_project.transform.project import invoke

started = time.process_time()
result = invoke(["test", "--exclude-resource-type", "unit_test"])
dbt = time.process_time() - started
suites = {}
with duckdb.connect(str(Home.current().build_database), read_only=True) as connection:
    for schema in ("raw", "marts"):
        for suite in load_suites(schema):
            before = time.process_time()
            validate(connection, suite)
            suites[suite.name] = round(time.process_time() - before, 2)
failed = [one.node.name for one in result.result.results if one.status in ("fail", "error")]
print(json.dumps({
    "dbt_tests": round(dbt, 2), "great_expectations": round(sum(suites.values()), 2),
    "costliest_suites": dict(sorted(suites.items(), key=lambda one: -one[1])[:5]), "failed": failed,
}))
"""
# What both sides make, by name and columns. The floor has no words, shares and keys of the questions.
MARTS = {
    "fct_return": "round_id, committee_id, duplicate_of_committee_id, source_file, return_status, is_counted, "
    "received_on, blank_ratings",
    "fct_rating": "round_id, committee_id, question_no, reported_rating, resolved_rating, rating_status, "
    "has_comment, is_duplicate, is_counted",
    "mart_question_ranking": "round_id, question_no, returns, rated, green, amber, red, blank, green_rank, "
    "red_rank, rank_sum, confidence_rank",
    "mart_consortium_ranking": "round_id, consortium_code, question_no, returns, rated, green, amber, red, blank, "
    "green_rank, red_rank, rank_sum, confidence_rank",
    "mart_rank_robustness": "round_id, question_no, lowest_rank, highest_rank, rank_duplicates_once, "
    "rank_reported_only, rank_blank_red, rank_blank_green, rank_net, rank_mean_score, rank_green_alone, "
    "rank_red_alone",
    "mart_coverage": "round_id, consortium_code, invited, returned, distinct_contents, local_authorities, "
    "local_authorities_covered",
    "mart_data_quality": '"check", round_id, committee_id, question_no, source_file',
}


class Unequal(Exception):
    """The models and the script written by hand do not agree."""


def compare(ours: Path, floor: Path) -> dict[str, int]:
    """Rows by mart, where both sides have the same. Raises `Unequal`."""
    import duckdb

    rows = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{ours}' as ours (read_only); attach '{floor}' as theirs (read_only)")
        for mart, columns in MARTS.items():
            mine = f"select {columns} from ours.marts.{mart}"
            other = f"select {columns} from theirs.floor.{mart}"
            found = connection.execute(
                f"select (select count(*) from ({mine})), (select count(*) from ({mine} except all {other})), "
                f"(select count(*) from ({other} except all {mine}))"
            ).fetchone()
            assert found
            if found[1] or found[2]:
                raise Unequal(f"{mart}: {found[1]} rows only in the models, {found[2]} only in the floor")
            rows[mart] = found[0]
    return rows


def one_size(ratings: int, repeats: int, work: Path, equal: bool, checks: bool) -> dict[str, object]:
    """Costs and ratios at one size."""
    home = work / "home"
    typer.echo(f"transform: {ratings} ratings", err=True)
    made, _ = measure([sys.executable, HERE / "rounds.py", home, str(ratings)])
    environment = {"SELFEVAL_HOME": str(home)}
    build = home / "warehouse" / "build" / "build.duckdb"
    raw = work / "raw.duckdb"
    shutil.move(build, raw)
    # The project is parsed once before, as it is for whoever has run it before.
    measure(python(PARSE), environment)
    ours: list[Cost] = []
    floors: list[Cost] = []
    floor = work / "floor.duckdb"
    for turn in range(repeats):
        typer.echo(f"  turn {turn + 1} of {repeats}", err=True)
        shutil.copy(raw, floor)
        floors.append(measure(python(SQL, floor, HERE / "floor.sql"))[0])
        shutil.copy(raw, build)
        ours.append(measure(python(OURS), environment)[0])
    found: dict[str, object] = {
        "ratings": ratings,
        "repeats": repeats,
        "generated_cpu": made.cpu,
        "raw_mb": round(raw.stat().st_size / 1e6),
        "floor": median(floors),
        "dbt": median(ours),
        "dbt_to_floor": ratio(median(ours), median(floors)),
    }
    if equal:
        found["rows_equal"] = compare(build, floor)
    if checks:
        _, said = measure(python(CHECKS), environment)
        audit = json.loads(said.strip().splitlines()[-1])
        audit["to_transform"] = round(
            (audit["dbt_tests"] + audit["great_expectations"]) / median(ours)["cpu"], 3
        )
        found["checks"] = audit
    return found


def main(
    sizes: Annotated[str, typer.Option(help="Ratings, parted by spaces.")] = "100000 1000000 10000000",
    repeats: Annotated[
        int, typer.Option(help="Of each measurement below ten million; medians are printed.")
    ] = 3,
    assert_equal: Annotated[bool, typer.Option(help="Compare the principal marts row by row.")] = True,
    checks: Annotated[bool, typer.Option(help="Measure the tests and suites as well.")] = True,
) -> None:
    """Measure and print."""
    runs = []
    for size in sizes.split():
        ratings = int(size)
        with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as work:
            turns = repeats if ratings < 10_000_000 else 1
            runs.append(one_size(ratings, turns, Path(work), assert_equal, checks))
    typer.echo(json.dumps(runs, indent=2))


if __name__ == "__main__":
    typer.run(main)
