"""Reading many files in child processes: a file that ends its process is rejected, and the next one is read."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from dagster_project.home import REPOSITORY
from dagster_project.questionnaire import limits
from dagster_project.questionnaire.problems import Problem
from dagster_project.questionnaire.returned import ReadReturn
from dagster_project.questionnaire.template import Template

MANY_FILES = 40
"""From so many files on, a second process is worth its start."""

_AHEAD = 8
"""Files handed out before the first of them is taken back: keeps both processes busy and little in memory."""


class ReaderPool:
    """One or two child processes that read returned files. A context manager; the processes end with it."""

    def __init__(self, template: Template, processes: int = 1) -> None:
        self._template = template
        self._size = processes
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._threads = ThreadPoolExecutor(max_workers=processes, thread_name_prefix="reader")

    def __enter__(self) -> Self:
        for _ in range(self._size):
            self._idle.put(_Child(self._template))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()

    def read(self, paths: Iterable[Path]) -> Iterator[tuple[Path, ReadReturn]]:
        """Read files in the order given. Never raises for what is in a file."""
        waiting = iter(paths)
        handed_out: list[tuple[Path, Future[ReadReturn]]] = []
        for path in islice(waiting, _AHEAD * self._size):
            handed_out.append((path, self._threads.submit(self._read, path)))
        while handed_out:
            path, future = handed_out.pop(0)
            yield path, future.result()
            for following in islice(waiting, 1):
                handed_out.append((following, self._threads.submit(self._read, following)))

    def _read(self, path: Path) -> ReadReturn:
        child = self._idle.get()
        try:
            return child.read(path)
        except (_Stopped, BrokenPipeError, json.JSONDecodeError):
            child.end()
            child = _Child(self._template)
            message = (
                "Reading the file was stopped: it took more than the limits of "
                f"{limits.CHILD_MEMORY_BYTES:,} bytes of memory or {limits.CHILD_CPU_SECONDS} seconds, "
                "or broke the program that reads it."
            )
            return ReadReturn(problems=[Problem("reader_stopped", message)])
        finally:
            self._idle.put(child)


class _Stopped(Exception):
    """The child has ended, or does not answer in time."""


class _Child:
    def __init__(self, template: Template) -> None:
        # -P: a file called like a module in the current folder is not imported instead of it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dagster_project.questionnaire.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self._send(template.as_json())

    def read(self, path: Path) -> ReadReturn:
        self._send(str(path))
        return ReadReturn.from_json(json.loads(self._line()))

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        # What could not be told to it any more is lost with it.
        with suppress(OSError):
            self._in.close()
        self._out.close()

    def _send(self, message: object) -> None:
        self._in.write(json.dumps(message).encode() + b"\n")
        self._in.flush()

    def _line(self) -> bytes:
        deadline = time.monotonic() + limits.CHILD_WALL_SECONDS
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            while not pieces or not pieces[-1].endswith(b"\n"):
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise _Stopped
                piece = os.read(self._out.fileno(), 1 << 20)
                if not piece:
                    raise _Stopped
                pieces.append(piece)
        return b"".join(pieces)
