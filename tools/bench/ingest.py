"""The cost of reading returned workbooks: `python -m tools.bench.ingest`, as JSON.

Processor time is compared, because other programs on the machine disturb it least: median milliseconds per workbook
over many short turns, in which the readers alternate, and ratios within a turn. The floor inflates the sheets and
strings of the same workbooks; no reader can do with less.
"""

import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.intake.formats.xlsx import read_spreadsheet
from dagster_project.intake.reading import read_return
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY
from dagster_project.raw.database import open_build
from dagster_project.raw.landing import land_round

SAMPLE = REPOSITORY / "warehouse" / "returns" / "2016"
SEEDS = REPOSITORY / "dbt" / "seeds"
TEMPLATE = load_template(SEEDS, "cse-2016")
Read = Callable[[Path], object]


def inflate_sheets(path: Path) -> None:
    """Inflate the parts that contain the answers."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet") or name == "xl/sharedStrings.xml":
                archive.read(name)


def read_guarded_cells(path: Path) -> None:
    """Check and hash a workbook, and convert every cell to text."""
    content = path.read_bytes()
    hashlib.sha256(content).hexdigest()
    for _ in read_spreadsheet(OfficeFile(content)):
        pass


def read_answers(path: Path) -> bytes:
    """Do everything that a worker process does: return answers and problems as a line of JSON."""
    return read_return(path, TEMPLATE).to_line(path.name, path)


def read_with_calamine(path: Path) -> None:
    """Read every cell with calamine, unguarded."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    for sheet_no in range(len(book.sheet_names)):
        book.get_sheet_by_index(sheet_no).to_python()


def read_with_openpyxl(path: Path) -> None:
    """Read every cell in openpyxl's read-only mode."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    book.close()


def read_with_pandas(path: Path) -> None:
    """Read every sheet into a data frame."""
    import pandas as pd

    pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")


READERS: dict[str, Read] = {
    "floor_inflate": inflate_sheets,
    "calamine": read_with_calamine,
    "guard_hash_calamine": read_guarded_cells,
    "answers": read_answers,
    "openpyxl": read_with_openpyxl,
    "pandas": read_with_pandas,
}
SLOW = ("openpyxl", "pandas")


def measure_cpu_ms(read: Read, paths: list[Path]) -> float:
    """Measure processor milliseconds per file."""
    started = time.process_time()
    for path in paths:
        read(path)
    return 1000 * (time.process_time() - started) / len(paths)


def compare_readers(turns: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return median processor milliseconds per workbook by reader, and their median ratio to the floor's."""
    paths = sorted(SAMPLE.glob("*.xlsx"))
    times: dict[str, list[float]] = {name: [] for name in READERS}
    for turn in range(turns + 1):
        for name, read in READERS.items():
            found = measure_cpu_ms(read, paths[:2] if name in SLOW else paths)
            if turn:  # the first turn pays for imports
                times[name].append(found)
    floors = times["floor_inflate"]
    ratios = {
        name: [one / floor for one, floor in zip(found, floors, strict=True)] for name, found in times.items()
    }
    return calculate_medians(times, 3), calculate_medians(ratios, 2)


def calculate_medians(found: dict[str, list[float]], digits: int) -> dict[str, float]:
    """Calculate the rounded median of each list."""
    return {name: round(statistics.median(values), digits) for name, values in found.items()}


def fill_folder(folder: Path, files: int) -> None:
    """Fill a folder with copies of the sample's workbooks, as hard links."""
    folder.mkdir(parents=True)
    originals = sorted(SAMPLE.glob("*.xlsx"))
    copies = [folder.parent / f"{number}.bytes" for number in range(len(originals))]
    for original, copy in zip(originals, copies, strict=True):
        shutil.copy(original, copy)
    for number in range(files):
        os.link(copies[number % len(copies)], folder / f"{number:06}.xlsx")


def land_workbooks(files: int, processes: int) -> dict[str, float]:
    """Read `files` workbooks into a database of their own: time, processor and memory."""
    floors = [measure_floor()]
    with tempfile.TemporaryDirectory() as name:
        fill_folder(Path(name) / "2016", files)
        with open_build(Path(name) / "bench.duckdb") as connection:
            before, own, started = count_cpu_seconds(), time.process_time(), time.perf_counter()
            landed = land_round(connection, Path(name) / "2016", "2016", TEMPLATE, processes)
            seconds, used = time.perf_counter() - started, count_cpu_seconds() - before
            own = time.process_time() - own
    floors.append(measure_floor())
    assert landed.read == files, landed
    return {
        "files": files,
        "processes": processes,
        "returns_per_second": round(files / seconds, 1),
        "cpu_ms_per_return": round(1000 * used / files, 3),
        "to_the_floor": round(1000 * used / files / statistics.mean(floors), 2),
        # Readers work in parallel; one process writes the rows.
        "share_of_the_readers": round(1 - own / used, 3),
        "peak_mb": read_peak_mb(),
    }


def measure_floor() -> float:
    """Measure the floor at this moment, in milliseconds: the speed of a shared machine changes by the minute.

    It alternates with a reader, as in `compare_readers`: alone it would find its data in the processor's cache.
    """
    paths = sorted(SAMPLE.glob("*.xlsx"))
    times = [
        (measure_cpu_ms(read_answers, paths), measure_cpu_ms(inflate_sheets, paths))[1] for _ in range(25)
    ]
    return statistics.median(times[1:])


def count_cpu_seconds() -> float:
    """Count processor seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def read_peak_mb() -> float:
    """Read the peak memory of this process in megabytes. `ru_maxrss` would start from the parent's."""
    status = Path("/proc/self/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)


def measure_landings(files: int, processes: int, repeats: int) -> dict[str, float]:
    """Land workbooks in one process per repeat, so that each has a peak of its own: medians over the repeats."""
    program = [sys.executable, "-m", "tools.bench.ingest", "--one", str(files), "--processes", str(processes)]
    found: list[dict[str, float]] = [
        json.loads(subprocess.run(program, cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout)
        for _ in range(repeats)
    ]
    return {name: round(statistics.median(one[name] for one in found), 3) for name in found[0]}


def main(
    repeats: Annotated[int, typer.Option(help="Repeats of each landing; medians are printed.")] = 5,
    large: Annotated[bool, typer.Option("--large", help="Land up to 20,000 workbooks.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Land no more than 500 workbooks.")] = False,
    one: Annotated[int, typer.Option(help="Only land this many workbooks, and print the figures.")] = 0,
    processes: Annotated[int, typer.Option(help="Number of reading processes, with --one.")] = 1,
) -> None:
    """Measure and print."""
    if one:
        typer.echo(json.dumps(land_workbooks(one, processes)))
        return
    typer.echo("ingest: readers", err=True)
    readers, ratios = compare_readers(5 if quick else 30)
    # Starting the processes and writing the last rows takes a tenth of a second: many files make it negligible.
    landed = []
    for count in (1, 2):
        typer.echo(f"ingest: landed by {count}", err=True)
        landed.append(measure_landings(500 if quick else 20_000, count, repeats))
    sizes = (200, 2_000, 20_000) if large else (100, 500) if quick else (200, 2_000)
    memory = {size: measure_landings(size, 2, 1)["peak_mb"] for size in sizes}
    figures = {
        "load_of_the_machine_at_the_start": [round(load, 2) for load in os.getloadavg()],
        "cpu_ms_per_workbook": readers,
        "floors": ratios | {f"landed_by_{run['processes']:.0f}": run["to_the_floor"] for run in landed},
        "landed": landed,
        "two_processes_to_one": round(landed[1]["returns_per_second"] / landed[0]["returns_per_second"], 2),
        "peak_mb_by_files": memory,
        "memory_of_the_largest_to_the_smallest": round(memory[sizes[-1]] / memory[sizes[0]], 2),
    }
    typer.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
