"""All benchmarks in one run: `make bench`. Each part prints JSON; what it prints is kept in `results.json`.

Parts can be run one by one (`PARTS="transform query"`): the others keep what was measured before. From the results
the page of the site is made (`page.py`).
"""

import json
import os
import platform
import sys
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.measure import CommandFailed, measure
from tools.bench.page import write_page

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
# What each part runs, whole and quick.
PARTS: dict[str, tuple[list[str], list[str]]] = {
    "transform": (["transform.py"], ["transform.py", "--sizes", "100000", "--repeats", "1"]),
    "ingest": (["ingest.py"], ["ingest.py", "--repeats", "1"]),
    "run": (["run.py"], ["run.py", "--times", "1"]),
    "publication": (["publication.py"], ["publication.py", "--times", "1", "--ratings", "0"]),
    "site": (["site.py", "--scale"], ["site.py", "--times", "1"]),
    "query": (["query.py"], ["query.py", "--repeats", "1"]),
}
# Only when asked for: they take half an hour and more disk than others may have.
ASKED = {"beyond": (["beyond.py"], ["beyond.py", "--ratings", "100000"])}
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "mkdocs", "python-calamine")


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": names[0].split(": ")[1] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def pace() -> float:
    """Processor seconds for ten million additions in Python: a shared machine is not as fast each time."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return round(time.process_time() - started, 2)


def main(
    parts: Annotated[
        str, typer.Option(help="Which to run, parted by spaces; the others keep their figures.")
    ] = "",
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes, one repeat; nothing is kept.")] = False,
) -> None:
    """Run the parts one after the other, keep their figures, and make the page."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    failed = []
    for name in parts.split() or PARTS:
        script, *options = (PARTS | ASKED)[name][quick]
        typer.echo(f"{name} ...", err=True)
        load, paced = round(os.getloadavg()[0], 2), pace()
        try:
            cost, said = measure([sys.executable, HERE / script, *options], show=True)
            figures = json.loads(said)
        except (CommandFailed, ValueError) as error:
            typer.echo(str(error), err=True)
            failed.append(name)
            continue
        kept[name] = {
            "command": f"python bench/{script} {' '.join(options)}".strip(),
            "date": date.today().isoformat(),
            "machine": machine(),
            "load_before": load,
            "pace": paced,
            "seconds": round(cost.wall),
            "cpu_seconds": round(cost.cpu),
            "figures": figures,
        }
        if quick:
            typer.echo(json.dumps(figures, indent=2))
        else:
            RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
            write_page(kept)
    if failed:
        typer.echo(f"not measured: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
