"""What a release costs beside copying the same bytes, as JSON: of the sample, and of a million generated ratings.

A release is two steps, each in a process of its own: gather what the audited marts are published as, and publish,
which looks through all of it for what must not be seen, sums, syncs and switches. The site stands between the two and
is measured by itself (`site.py`): that of the sample is taken as it is.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.measure import Cost, measure, median, python
from tools.bench.run import GATHER, IMPORTS, PUBLISH, new_home

HERE = Path(__file__).parent
# What is generated has findings that nobody has decided. Here the step after the audit is measured: whatever the
# suites found is taken for decided.
TAKEN_FOR_AUDITED = """
from dataclasses import asdict
import duckdb
from dagster_project.home.records import DBT_BUILD, Record, write
from dagster_project.home.tokens import schema_token
from dagster_project.paths import Home
from dagster_project.audit.suites import SCHEMAS, load_suites
from dagster_project.audit.validate import validate
from dagster_project.transform.project import invoke
result = invoke(["run"])
assert result.success, result.exception
home = Home.current()
with duckdb.connect(str(home.build_database), read_only=True) as connection:
    tokens = {schema: schema_token(connection, schema) for schema in SCHEMAS}
    write(home, Record(DBT_BUILD, True, tokens))
    for schema in SCHEMAS:
        for suite in load_suites(schema):
            results = [asdict(result) for result in validate(connection, suite).results]
            write(home, Record(suite.name, True, {schema: tokens[schema]}, suite.definition, results=results))
"""


def turn(home: Path, site: Path, work: Path) -> dict[str, Cost]:
    """One release of a home whose build was audited, and a copy of it: costs by step."""
    environment = {"SELFEVAL_HOME": str(home)}
    start = measure(python(IMPORTS), environment)[0]
    gather = measure(python(GATHER), environment)[0]
    shutil.copytree(site, home / "warehouse" / "build" / "candidate" / "site")
    publish = measure(python(PUBLISH), environment)[0]
    released = (home / "warehouse" / "published").resolve()
    copy = measure(["cp", "-r", released, work / "copy"])[0]
    shutil.rmtree(work / "copy")
    both = Cost(gather.wall + publish.wall, gather.cpu + publish.cpu, max(gather.peak_mb, publish.peak_mb))
    return {"start": start, "gather": gather, "publish": publish, "release": both, "copy": copy}


def measured(home: Path, site: Path, work: Path, times: int) -> dict[str, Any]:
    """Medians over several releases, and what is in one."""
    turns = [turn(home, site, work) for _ in range(times)]
    found: dict[str, Any] = {step: median([one[step] for one in turns]) for step in turns[0]}
    released = (home / "warehouse" / "published").resolve()
    sizes = [path.stat().st_size for path in released.rglob("*") if path.is_file()]
    # A copy takes hardly more than the hundredth of a second that the clock knows.
    share = round(found["release"]["cpu"] / max(found["copy"]["cpu"], 0.01))
    return {"files": len(sizes), "megabytes": round(sum(sizes) / 1e6, 1), **found, "cpu_to_copy": share}


def main(
    times: Annotated[int, typer.Option(help="Releases of which the medians are given.")] = 3,
    ratings: Annotated[int, typer.Option(help="Of the larger build; 0 for none.")] = 1_000_000,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        work = Path(folder)
        home = new_home(work / "sample")
        typer.echo("publication: the sample", err=True)
        selfeval = Path(sys.executable).with_name("selfeval")
        measure([selfeval, "run", "--json"], {"SELFEVAL_HOME": str(home)})
        site = (home / "warehouse" / "published").resolve() / "site"
        found: dict[str, Any] = {"times": times, "sample": measured(home, site, work, times)}
        if ratings:
            typer.echo(f"publication: {ratings:,} ratings", err=True)
            large = work / "large"
            measure([sys.executable, HERE / "rounds.py", large, str(ratings)])
            measure(python(TAKEN_FOR_AUDITED), {"SELFEVAL_HOME": str(large)})
            found["large"] = {"ratings": ratings, **measured(large, site, work, 1)}
    typer.echo(json.dumps(found, indent=2))


if __name__ == "__main__":
    typer.run(main)
