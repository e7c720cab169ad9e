"""All benchmarks: `python -m tools.bench.suite`, or `make bench`. Their figures are stored in `results.json`.

Parts can be run alone (`PARTS="transform query"`): the others keep the figures measured before. The page of the site is
written from the results.
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

from tools.bench.measure import CommandFailed, measure_command
from tools.bench.page import RESULTS, write_page

PARTS: dict[str, tuple[list[str], list[str]]] = {
    "transform": ([], ["--sizes", "100000", "--repeats", "1"]),
    "ingest": ([], ["--quick", "--repeats", "1"]),
    "run": ([], ["--times", "1"]),
    "publication": ([], ["--times", "1", "--ratings", "0"]),
    "site": (["--scale"], ["--times", "1"]),
    "query": ([], ["--repeats", "1"]),
}
"""Options of each part, whole and quick. Its program is the module of the same name."""

ON_REQUEST: dict[str, tuple[list[str], list[str]]] = {"beyond": ([], ["--ratings", "100000"])}
"""Parts that run only when named: they take half an hour and 20 GB of disk."""

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "mkdocs", "python-calamine")


def describe_machine() -> dict[str, Any]:
    """Describe processor, memory and versions of this machine."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": names[0].split(": ")[1] if names else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def measure_pace() -> float:
    """Measure the processor seconds of ten million additions in Python: a shared machine's speed changes."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return round(time.process_time() - started, 2)


def main(
    parts: Annotated[
        str, typer.Option(help="Parts to run, separated by spaces; the others keep their figures.")
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Small sizes, one repeat; nothing is stored.")
    ] = False,
) -> None:
    """Run the parts in turn, store their figures and write the page."""
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    failed = []
    for name in parts.split() or PARTS:
        arguments = ["-m", f"tools.bench.{name}", *(PARTS | ON_REQUEST)[name][quick]]
        typer.echo(f"{name} ...", err=True)
        load, pace = round(os.getloadavg()[0], 2), measure_pace()
        try:
            cost, printed = measure_command([sys.executable, *arguments], show=True)
            figures = json.loads(printed)
        except (CommandFailed, ValueError) as error:
            typer.echo(str(error), err=True)
            failed.append(name)
            continue
        results[name] = {
            "command": " ".join(["python", *arguments]),
            "date": date.today().isoformat(),
            "machine": describe_machine(),
            "load_before": load,
            "pace": pace,
            "seconds": round(cost.wall),
            "cpu_seconds": round(cost.cpu),
            "figures": figures,
        }
        if quick:
            typer.echo(json.dumps(figures, indent=2))
        else:
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
            write_page(results)
    if failed:
        typer.echo(f"Not measured: {', '.join(failed)}", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
