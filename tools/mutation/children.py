"""Each mutant is judged in a child process of its own: it may hang, crash or eat memory, and harms nobody."""

import json
import os
import resource
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CPU_SECONDS = 120
"""A mutant that takes longer has been noticed: a run with it would not end."""
WAITING_SECONDS = 1800


@dataclass(frozen=True)
class Ended:
    """What a child returned, or how it broke. `cpu` is in seconds, of all its processes."""

    answer: Any
    error: str
    timed_out: bool
    cpu: float


def each(
    works: Sequence[Callable[[Path], Any]], folder: Path, jobs: int = 1, cpu_seconds: int = CPU_SECONDS
) -> Iterator[tuple[int, Ended]]:
    """Run each in a child with an empty folder of its own, so many at a time. Answers come as they end."""
    waiting = list(enumerate(works))[::-1]
    at_work: dict[int, tuple[int, float]] = {}
    try:
        while waiting or at_work:
            while waiting and len(at_work) < jobs:
                number, work = waiting.pop()
                at_work[_start(work, folder / f"{number}", cpu_seconds)] = (number, time.monotonic())
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if pid in at_work:
                number, _ = at_work.pop(pid)
                yield number, _ended(folder / f"{number}", status, usage.ru_utime + usage.ru_stime)
            else:
                for running, (_, started) in at_work.items():
                    if time.monotonic() - started > WAITING_SECONDS:
                        os.killpg(running, signal.SIGKILL)
                time.sleep(0.02)
    finally:
        for running in at_work:
            os.killpg(running, signal.SIGKILL)


def one(work: Callable[[Path], Any], folder: Path) -> Any:
    """Run one in a child, which may take its time. Raises `RuntimeError` where it broke."""
    [(_, ended)] = each([work], folder, cpu_seconds=10 * CPU_SECONDS)
    if ended.error or ended.timed_out:
        raise RuntimeError(ended.error or "took too long")
    return ended.answer


def _start(work: Callable[[Path], Any], scratch: Path, cpu_seconds: int) -> int:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    if pid := os.fork():
        return pid
    code = 1
    try:
        os.setsid()
        # The soft limit alone: the readers of returns set one of their own, and could not raise a hard one.
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, resource.RLIM_INFINITY))
        _answer(scratch, answer=work(scratch))
        code = 0
    except BaseException as error:
        # Whatever it is, the parent is told: what was forked must never go on as if it were the parent.
        last = traceback.extract_tb(error.__traceback__)[-1]
        _answer(scratch, error=f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})")
    finally:
        os._exit(code)


def _answer(scratch: Path, answer: Any = None, error: str = "") -> None:
    scratch.mkdir(exist_ok=True)
    (scratch / "answer.json").write_text(json.dumps({"answer": answer, "error": error}))


def _ended(scratch: Path, status: int, cpu: float) -> Ended:
    path = scratch / "answer.json"
    told = json.loads(path.read_text()) if path.exists() else {"answer": None, "error": ""}
    shutil.rmtree(scratch, ignore_errors=True)
    killed = os.WIFSIGNALED(status)
    timed_out = killed and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
    error = told["error"] or (f"died of signal {os.WTERMSIG(status)}" if killed and not timed_out else "")
    return Ended(told["answer"], error, timed_out, round(cpu, 2))
