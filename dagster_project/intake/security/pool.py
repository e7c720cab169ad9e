"""Reading many files in child processes: a file that ends its process is rejected, and all others are read."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from dagster_project.intake.files import hash_file
from dagster_project.intake.problems import Problem
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security import limits
from dagster_project.intake.template import Template
from dagster_project.paths import REPOSITORY

MANY_FILES = 40
"""From so many files on, a second process is worth its start."""

_BATCH = 16
"""Files that a child is given at once: fewer words between the processes than work."""

_AHEAD = 6
"""Batches handed out for each child before the first is taken back: it works on while rows are landed."""

NamedFile = tuple[str, Path]
"""The name by which a file is to be known, and where it is."""


class ReaderPool:
    """Child processes that read returned files. A context manager; the processes start and end with it.

    For so many `files` there is one process, two where that saves time, and none for none.
    """

    def __init__(self, template: Template, files: int, processes: int | None = None) -> None:
        self._template = template
        self._size = min(processes or (2 if files >= MANY_FILES else 1), files)
        self._idle: SimpleQueue[_Child] = SimpleQueue()
        self._threads = ThreadPoolExecutor(max_workers=max(self._size, 1), thread_name_prefix="reader")

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

    def read(self, files: Iterable[NamedFile]) -> Iterator[bytes]:
        """Read files in the order given: a line of JSON for each, as `ReadReturn.as_line` makes it.

        Never raises for what is in a file.
        """
        waiting = iter(files)
        batches = iter(lambda: list(islice(waiting, _BATCH)), [])
        handed_out: deque[Future[list[bytes]]] = deque()
        for batch in islice(batches, _AHEAD * self._size):
            handed_out.append(self._threads.submit(self._read, batch))
        while handed_out:
            yield from handed_out.popleft().result()
            for batch in islice(batches, 1):
                handed_out.append(self._threads.submit(self._read, batch))

    def _read(self, batch: list[NamedFile]) -> list[bytes]:
        child = self._idle.get()
        try:
            return child.read(batch)
        except (_Stopped, BrokenPipeError):
            child.end()
            child = _Child(self._template)
        finally:
            self._idle.put(child)
        if len(batch) == 1:
            return [_stopped(*batch[0])]
        # One of them has ended the child or kept it too long: which, is seen when each is read by itself.
        return [line for file in batch for line in self._read([file])]


def _stopped(name: str, path: Path) -> bytes:
    message = (
        "Reading the file was stopped: it took more than the limits of "
        f"{limits.CHILD_MEMORY_BYTES:,} bytes of memory or {limits.CHILD_CPU_SECONDS} seconds, "
        "or broke the program that reads it."
    )
    size_bytes, sha256 = hash_file(path)
    found = ReadReturn(problems=[Problem("reader_stopped", message)], size_bytes=size_bytes, sha256=sha256)
    return found.as_line(name, path)


class _Stopped(Exception):
    """The child has ended, or does not answer in time."""


class _Child:
    def __init__(self, template: Template) -> None:
        # -P: a file called like a module in the current folder is not imported instead of it.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dagster_project.intake.security.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin, self._process.stdout
        self._send(template.as_json())

    def read(self, batch: list[NamedFile]) -> list[bytes]:
        self._send([(name, str(path)) for name, path in batch])
        return self._lines(len(batch))

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

    def _lines(self, count: int) -> list[bytes]:
        deadline = time.monotonic() + limits.CHILD_WALL_SECONDS
        pieces: list[bytes] = []
        ended = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._out, selectors.EVENT_READ)
            while ended < count:
                if not selector.select(max(deadline - time.monotonic(), 0)):
                    raise _Stopped
                piece = os.read(self._out.fileno(), 1 << 20)
                if not piece:
                    raise _Stopped
                pieces.append(piece)
                ended += piece.count(b"\n")
        return b"".join(pieces).splitlines(keepends=True)
