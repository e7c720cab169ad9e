"""What a command costs: wall seconds, processor seconds and the most memory, of it and of all that it starts."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_LYING = "nanobind: leaked"
"""How DuckDB's list of what a process did not tidy up begins."""


@dataclass(frozen=True)
class Cost:
    """Wall and processor seconds, peak megabytes."""

    wall: float
    cpu: float
    peak_mb: float


class CommandFailed(Exception):
    """A measured command did not end well. The message is the end of what it said."""


def measure(
    command: Sequence[str | Path],
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    *,
    show: bool = False,
) -> tuple[Cost, str]:
    """Run a command and wait for it. Returns what it cost and what it printed; `show` lets its progress be seen.

    Processor seconds and memory are those of the process and of its children that have ended. Memory counts from
    the size of the caller: keep that small. Raises `CommandFailed`.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        said = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        # What went wrong stands before it.
        told = f"ended with {process.returncode}. {said.partition(LEFT_LYING)[0][-2000:]}"
        raise CommandFailed(f"{' '.join(map(str, command))[:200]}\n{told}".strip())
    wall = time.perf_counter() - started
    return Cost(round(wall, 2), round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / 1024)), said


def python(code: str, *arguments: str | Path) -> list[str | Path]:
    """The command that runs code in this environment, with `sys.argv[1:]`."""
    return [sys.executable, "-c", code, *arguments]


def median(costs: Sequence[Cost]) -> dict[str, float]:
    """The median of each figure over repeats."""
    figures = [asdict(cost) for cost in costs]
    return {name: round(statistics.median(one[name] for one in figures), 2) for name in figures[0]}


def ratio(ours: Mapping[str, float], others: Mapping[str, float]) -> dict[str, float]:
    """Ours as a share of another's, for processor time and memory."""
    return {name: round(ours[name] / others[name], 3) for name in ("cpu", "peak_mb")}
