"""How fast returned workbooks are read, and what it costs: `make bench`, or `python bench/ingest.py --large`.

Prints JSON. Rates are workbooks a second on the clock; the floor inflates the same bytes and reads nothing.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.home import REPOSITORY
from dagster_project.questionnaire.template import load_template
from dagster_project.raw.landing import land_round

SAMPLE = REPOSITORY / "warehouse" / "returns" / "2016"
SEEDS = REPOSITORY / "dbt" / "seeds"
SLOW_SHARE = 5
"""The slow readers get one workbook in so many."""


def floor(path: Path) -> None:
    """Inflate what a reader must inflate."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                archive.read(name)


def with_openpyxl(path: Path) -> None:
    """Read every cell as openpyxl's quicker way does."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    book.close()


def with_pandas(path: Path) -> None:
    """Read every sheet as a frame."""
    import pandas as pd

    pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")


def rate(read: Callable[[Path], None], paths: list[Path]) -> float:
    """Files a second, after one that pays for imports."""
    read(paths[0])
    started = time.perf_counter()
    for path in paths:
        read(path)
    return round(len(paths) / (time.perf_counter() - started), 1)


def fill(folder: Path, files: int) -> list[Path]:
    """As many workbooks as asked, copies of the sample's: hard links, where the bytes are the same."""
    folder.mkdir(parents=True)
    originals = sorted(SAMPLE.glob("*.xlsx"))
    copies = [folder.parent / f"{number}.bytes" for number in range(len(originals))]
    for original, copy in zip(originals, copies, strict=True):
        shutil.copy(original, copy)
    paths = [folder / f"{number:06}.xlsx" for number in range(files)]
    for number, path in enumerate(paths):
        os.link(copies[number % len(copies)], path)
    return paths


def land(files: int, processes: int) -> dict[str, float]:
    """Land a folder of so many workbooks in a database of its own; time, processor and memory."""
    with tempfile.TemporaryDirectory() as name:
        fill(Path(name) / "2016", files)
        template = load_template(SEEDS, "cse-2016")
        with duckdb.connect(str(Path(name) / "bench.duckdb")) as connection:
            started = time.perf_counter()
            landed = land_round(connection, Path(name) / "2016", "2016", template, processes)
            seconds = time.perf_counter() - started
    assert landed.read == files, landed
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    return {
        "files": files,
        "processes": processes,
        "seconds": round(seconds, 2),
        "returns_per_second": round(files / seconds, 1),
        "cpu_ms_per_return": round(1000 * used / files, 2),
        "peak_mb": _peak_mb(),
        "peak_mb_of_a_child": round(children.ru_maxrss / 1024, 1),
    }


def _peak_mb() -> float:
    """The most memory this process has held. Not `ru_maxrss`, which begins with that of the parent."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


def land_apart(files: int, processes: int) -> dict[str, float]:
    """The same in a process of its own, so that its memory is its own."""
    program = [sys.executable, __file__, "--one", str(files), "--processes", str(processes)]
    done = subprocess.run(program, check=True, capture_output=True, text=True)  # noqa: S603 - this file
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main(
    files: Annotated[int, typer.Option(help="Workbooks for the comparison of readers.")] = 400,
    large: Annotated[bool, typer.Option("--large", help="Land up to 20,000 workbooks.")] = False,
    one: Annotated[int, typer.Option(help="Only land so many, and print its figures.")] = 0,
    processes: Annotated[int, typer.Option(help="Processes that read, with --one.")] = 1,
) -> None:
    """Measure and print."""
    if one:
        typer.echo(json.dumps(land(one, processes)))
        return
    with tempfile.TemporaryDirectory() as name:
        paths = fill(Path(name) / "2016", files)
        readers = {
            "floor_inflate": rate(floor, paths),
            "openpyxl": rate(with_openpyxl, paths[::SLOW_SHARE]),
            "pandas": rate(with_pandas, paths[::SLOW_SHARE]),
        }
    sizes = (200, 2_000, 20_000) if large else (200, 2_000)
    figures = {
        "returns_per_second_of_readers": readers,
        "landed": [land_apart(2_000, count) for count in (1, 2)],
        "memory": [land_apart(size, 2) for size in sizes],
    }
    typer.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
