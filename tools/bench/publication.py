"""The cost of a release next to copying the same bytes: `python -m tools.bench.publication`, as JSON.

A release takes two steps: gather the audited marts, then check, hash, sync and switch. The site between them is
measured in `site.py`; here the sample's finished site is copied. The sample and a million generated ratings are
measured.
"""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.bench import stages
from tools.bench.measure import Cost, build_environment, calculate_medians, measure_command, run_step
from tools.bench.run import PROGRAMS, add_costs, make_home


def measure_release(home: Path, site: Path, work: Path) -> dict[str, Cost]:
    """Measure a release of a home whose build was audited, and a copy of it: costs by step."""
    gather = run_step(stages.write_candidate, home=home)
    shutil.copytree(site, home / "warehouse" / "build" / "candidate" / "site")
    publish = run_step(stages.publish_candidate, home=home)
    released = (home / "warehouse" / "published").resolve()
    copy = measure_command(["cp", "-r", released, work / "copy"])[0]
    shutil.rmtree(work / "copy")
    return {"gather": gather, "publish": publish, "release": add_costs(gather, publish), "copy": copy}


def measure_releases(home: Path, site: Path, work: Path, times: int) -> dict[str, Any]:
    """Measure several releases: medians of their costs, and the size of the last one."""
    turns = [measure_release(home, site, work) for _ in range(times)]
    found: dict[str, Any] = {step: calculate_medians([one[step] for one in turns]) for step in turns[0]}
    released = (home / "warehouse" / "published").resolve()
    sizes = [path.stat().st_size for path in released.rglob("*") if path.is_file()]
    # The clock counts in hundredths of a second, and a copy takes hardly more than one.
    share = round(found["release"]["cpu"] / max(found["copy"]["cpu"], 0.01))
    return {"files": len(sizes), "megabytes": round(sum(sizes) / 1e6, 1), **found, "cpu_to_copy": share}


def main(
    times: Annotated[int, typer.Option(help="Number of releases; medians are printed.")] = 3,
    ratings: Annotated[int, typer.Option(help="Ratings of the larger build; 0 for none.")] = 1_000_000,
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        work = Path(folder)
        home = make_home(work / "sample")
        typer.echo("publication: the sample", err=True)
        measure_command([PROGRAMS / "selfeval", "run", "--json"], build_environment(home))
        site = (home / "warehouse" / "published").resolve() / "site"
        found: dict[str, Any] = {"times": times, "sample": measure_releases(home, site, work, times)}
        if ratings:
            typer.echo(f"publication: {ratings:,} ratings", err=True)
            large = work / "large"
            run_step(stages.generate_ratings, ratings, home=large)
            run_step(stages.record_checks, home=large)
            found["large"] = {"ratings": ratings, **measure_releases(large, site, work, 1)}
    typer.echo(json.dumps(found, indent=2))


if __name__ == "__main__":
    typer.run(main)
