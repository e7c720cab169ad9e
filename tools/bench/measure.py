"""Wall seconds, processor seconds and peak memory of a command and of all processes that it starts."""

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from dagster_project.paths import REPOSITORY
from tools.bench.stages import STEPS

MAX_SAMPLING_SHARE = 0.02
"""Maximum share of a core for sampling memory: the kernel counts the pages of a process for each sample."""

SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds, peak megabytes."""

    wall: float
    cpu: float
    peak_mb: float


class CommandFailed(Exception):
    """A measured command failed. The message is the end of its output."""


def measure_command(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    *,
    folder: Path = REPOSITORY,
    show: bool = False,
    sum_processes: bool = False,
) -> tuple[Cost, str]:
    """Run a command in a folder and wait for it. Returns its cost and its output; `show` passes its errors on.

    Processor seconds include children that have ended. Peak memory is the largest of any one process, or with
    `sum_processes` the largest sum over all of them, sampled, with shared pages counted once. It starts from the size
    of the caller: keep that small. Raises `CommandFailed`.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=None if show else subprocess.PIPE,
        text=True,
    ) as process:
        errors: list[str] = []

        def read_errors(stream: IO[str]) -> None:
            errors.append(stream.read())

        readers = [threading.Thread(target=read_errors, args=(process.stderr,))] if process.stderr else []
        peak = [0.0]
        if sum_processes:
            readers.append(threading.Thread(target=sample_memory, args=(process.pid, peak), daemon=True))
        for reader in readers:
            reader.start()
        assert process.stdout
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for reader in readers:
            reader.join()
    if process.returncode:
        # DuckDB lists unreleased objects after the error that counts.
        detail = (
            f"exit code {process.returncode}. {output}{''.join(errors).partition('nanobind: leaked')[0]}"[
                -2000:
            ]
        )
        raise CommandFailed(f"{' '.join(map(str, command))[:200]}\n{detail}".strip())
    wall = time.perf_counter() - started
    megabytes = peak[0] if sum_processes else used.ru_maxrss / 1024
    return Cost(round(wall, 2), round(used.ru_utime + used.ru_stime, 2), round(megabytes)), output


def run_step(
    step: Callable[..., None], *arguments: object, home: Path | None = None, sum_processes: bool = False
) -> Cost:
    """Measure a function of `stages` in a process of its own. Raises `CommandFailed`."""
    return measure_command(
        build_step_command(step, *arguments), build_environment(home), sum_processes=sum_processes
    )[0]


def build_step_command(step: Callable[..., None], *arguments: object) -> list[str]:
    """Build the command that runs a function of `stages`."""
    assert step.__name__ in STEPS
    return [sys.executable, "-m", "tools.bench.stages", step.__name__, *map(str, arguments)]


def build_environment(home: Path | None) -> dict[str, str]:
    """Build the variables that name a home; none for the current one."""
    return {"SELFEVAL_HOME": str(home)} if home else {}


def sample_memory(pid: int, peak: list[float]) -> None:
    """Keep the largest sum of a process tree's megabytes in `peak` until the process has ended."""
    while total := sum(map(read_proportional_mb, list_processes(pid))):
        started = time.thread_time()
        peak[0] = max(peak[0], total)
        time.sleep(max(SAMPLE_SECONDS, (time.thread_time() - started) / MAX_SAMPLING_SHARE))


def list_processes(pid: int) -> Iterator[int]:
    """List a process and its descendants."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from list_processes(int(child))


def read_proportional_mb(pid: int) -> float:
    """Read the proportional set size of a process in megabytes; 0 if it has ended.

    It splits shared pages among the processes that share them.
    """
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def calculate_medians(costs: Sequence[Cost]) -> dict[str, float]:
    """Calculate the median of each figure over repeats."""
    figures = [asdict(cost) for cost in costs]
    return {name: round(statistics.median(one[name] for one in figures), 2) for name in figures[0]}


def calculate_ratios(ours: Mapping[str, float], others: Mapping[str, float]) -> dict[str, float]:
    """Calculate our processor time and memory as shares of another's."""
    return {name: round(ours[name] / others[name], 3) for name in ("cpu", "peak_mb")}
