"""What orchestration costs: `selfeval run` on the sample beside its bare stages, as JSON.

The whole run makes a release in a new home: it imports, parses, builds, audits, gathers and publishes. The first has
to parse the models, as `dbt build` has in a new home; the next new home has that from it. The bare stages do the work
alone, each in a process of its own: read the files, `dbt build`, the suites, `mkdocs build` of the finished tree. None
of them makes a release: that is a stage more, gathered and published without Dagster. Then the home is run with nothing
changed, and with one return changed. Seconds of the
processor are those of all processes of a stage, and disturbed least by others; megabytes are the largest sum that
its processes had at once, pages that they share counted once.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl

from dagster_project.intake import labels
from dagster_project.paths import PREPARED

ROOT = Path(__file__).resolve().parents[2]
ROUND = "2016"
SAMPLES_PER_SECOND = 20
LOOKING = 0.02
"""At most this share of a core goes to looking at memory: the system counts the pages of a process for each look."""

READ = """
import sys
from dagster_project.paths import Home
from dagster_project.intake.template import load_template
from dagster_project.raw.database import open_build
from dagster_project.raw.landing import land_round
home = Home.current()
home.prepare()
with open_build(home.build_database) as connection:
    template = load_template(home.seeds, "cse-2016")
    land_round(connection, home.returns / sys.argv[1], sys.argv[1], template)
"""
CHECK = """
import duckdb
from dagster_project.paths import Home
from dagster_project.audit.suites import SCHEMAS, load_suites
from dagster_project.audit.validate import open_frames, validate
open_frames()
with duckdb.connect(str(Home.current().build_database), read_only=True) as connection:
    assert all(validate(connection, suite).passed for schema in SCHEMAS for suite in load_suites(schema))
"""
IMPORTS = """
from dagster_project.paths import Home
from dagster_project.release.candidate import make_candidate
from dagster_project.release.marts import marts_of
from dagster_project.release.modeldocs import documented
from dagster_project.release.publish import publish
from dagster_project.transform.project import data_tests, manifest, models
"""
GATHER = f"{IMPORTS}make_candidate(Home.current(), marts_of(models(), data_tests()), documented(manifest()))"
PUBLISH = f"{IMPORTS}publish(Home.current(), ())"
SOURCES = """
import sys
from pathlib import Path
from dagster_project.site.build import write_sources
from dagster_project.site.queries import Database
write_sources(Path(sys.argv[1]), Path(sys.argv[2]), Database(Path(sys.argv[1])))
"""

Measured = dict[str, float]


def measured(command: Sequence[str], home: Path) -> tuple[Measured, str]:
    """Run a command on a home: its seconds and megabytes, and what it printed."""
    environment = {
        **os.environ,
        "SELFEVAL_HOME": str(home),
        "SELFEVAL_BUILD": str(home / "warehouse/build/build.duckdb"),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors)
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(process, peak), daemon=True)
        watch.start()
        printed, _ = process.communicate()
        wall = time.perf_counter() - started
        watch.join()
        if process.returncode:
            errors.seek(0)
            raise SystemExit(f"{' '.join(command)[:200]}\n{errors.read().decode()}{printed.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": wall, "cpu": cpu, "megabytes": peak[0]}, printed.decode()


def _watch(process: "subprocess.Popen[bytes]", peak: list[float]) -> None:
    while process.poll() is None:
        started = time.thread_time()
        peak[0] = max(peak[0], sum(map(_megabytes, _tree(process.pid))))
        time.sleep(max(1 / SAMPLES_PER_SECOND, (time.thread_time() - started) / LOOKING))


def _tree(pid: int) -> Iterator[int]:
    """A process and all that it, or one of these, has started."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))


def _megabytes(pid: int) -> float:
    # The proportional set size: what several processes share is divided among them.
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def new_home(folder: Path) -> Path:
    """The sample round with its seeds, and nothing made of them."""
    shutil.copytree(ROOT / "dbt" / "seeds", folder / "dbt" / "seeds")
    shutil.copytree(ROOT / "warehouse" / "returns" / ROUND, folder / "warehouse" / "returns" / ROUND)
    return folder


def change_one_return(home: Path) -> None:
    """Let Angus be less sure of question 4, which makes no finding of anything."""
    [path] = (home / "warehouse" / "returns" / ROUND).glob("Angus*.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book[labels.QUESTIONNAIRE_SHEET]
    columns = {cell.value: cell.column for row in sheet.iter_rows() for cell in row}
    [row] = [cell.row for (cell,) in sheet.iter_rows(min_col=columns[labels.NUMBER], max_col=columns[labels.NUMBER])
             if cell.value == 4]  # fmt: skip
    sheet.cell(row, columns[labels.RATING]).value = "Amber"
    book.save(path)


def whole(first: Path, second: Path) -> dict[str, Any]:
    """A run of the very first home, and those of the next one, with what they say of themselves."""
    command = [str(Path(sys.executable).with_name("selfeval")), "run", "--json"]
    found: dict[str, Any] = {}
    for name, home, prepare in (
        ("first", first, forget_what_is_prepared),
        ("new_home", second, None),
        ("nothing_changed", second, None),
        ("one_return_changed", second, change_one_return),
    ):
        if prepare:
            prepare(home)
        used, printed = measured(command, home)
        report = json.loads(printed)
        told = {key: report[key] for key in ("models", "pages", "seconds")}
        found[name] = {**used, "parsed": report["files"].get("parsed", 0), **told}
        if bool(report["unchanged_since"]) != (name == "nothing_changed"):
            raise SystemExit(f"The run '{name}' is not what it should be: {printed}")
    return found


def forget_what_is_prepared(_: Path) -> None:
    """Remove what earlier runs prepared for every home."""
    shutil.rmtree(PREPARED, ignore_errors=True)


def bare(home: Path, release: Path, work: Path) -> dict[str, Measured]:
    """The stages alone, in a home of their own; the site is that of a finished release."""
    dbt = [str(Path(sys.executable).with_name("dbt")), "build", "--exclude-resource-type", "unit_test"]
    folders = [f"--{name}={home / 'dbt'}" for name in ("project-dir", "profiles-dir")]
    made = [f"--{name}={home / 'warehouse/build/dbt'}" for name in ("target-path", "log-path")]
    measured(python(SOURCES, release, work / "sources"), home)
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(work / "site")]
    stages: dict[str, Callable[[], tuple[Measured, str]]] = {
        "read": lambda: measured(python(READ, ROUND), home),
        "dbt_build": lambda: measured([*dbt, *folders, *made, "--quiet"], home),
        "checks": lambda: measured(python(CHECK), home),
        "mkdocs_build": lambda: measured(
            [*mkdocs, "--config-file", str(work / "sources" / "mkdocs.yml")], home
        ),
    }
    found = {name: stage()[0] for name, stage in stages.items()}
    # Of the audited home: the gate lets no other build through.
    audited = release.parents[2]
    gathered = measured(python(GATHER), audited)[0]
    shutil.copytree(release / "site", audited / "warehouse" / "build" / "candidate" / "site")
    published = measured(python(PUBLISH), audited)[0]
    found["release"] = {
        "wall": gathered["wall"] + published["wall"],
        "cpu": gathered["cpu"] + published["cpu"],
        "megabytes": max(gathered["megabytes"], published["megabytes"]),
    }
    return found


def python(code: str, *arguments: object) -> list[str]:
    """A command that runs Python code."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def medians(turns: Sequence[Any]) -> Any:
    """The median of each figure over several turns."""
    if isinstance(turns[0], dict):
        return {key: medians([turn[key] for turn in turns]) for key in turns[0]}
    return round(statistics.median(turns), 3)


def once() -> dict[str, Any]:
    """One turn, in homes that are deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-run-") as folder:
        work = Path(folder)
        runs = whole(new_home(work / "first"), new_home(work / "whole"))
        stages = bare(new_home(work / "bare"), (work / "whole/warehouse/published").resolve(), work)
    both = {name: sum(stage[name] for stage in stages.values()) for name in ("wall", "cpu")}
    total = {name: both[name] - stages["release"][name] for name in both}
    return {
        "whole": runs,
        "bare": stages,
        "bare_total": total,
        **{f"{name}_ratio": runs["first"][name] / total[name] for name in total},
        "cpu_ratio_with_a_release": runs["first"]["cpu"] / both["cpu"],
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5, help="turns of which the medians are given")
    parser.add_argument("--out", type=Path, help="a file for the JSON, instead of printing it")
    options = parser.parse_args()
    found = {"turns": options.times, **medians([once() for _ in range(options.times)])}
    text = json.dumps(found, indent=2) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
