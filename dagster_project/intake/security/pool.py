"""Read many files in worker processes: a file that ends its worker is rejected, all others are read."""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from dagster_project.home.children import keep_interrupts_from_children
from dagster_project.intake.folder import hash_return
from dagster_project.intake.problems import Problem
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security.limits import WorkerLimits
from dagster_project.intake.security.worker import NamedFile, read_batch, start_worker
from dagster_project.intake.template import Template

MIN_FILES_FOR_TWO_PROCESSES = 40
"""A second worker takes 0.2 s to start: it saves no time for fewer files."""

BATCH_FILES = 16
"""Files per task. A task costs 0.3 ms to send and collect, reading a file 1 ms."""

MAX_BATCHES_PER_PROCESS = 6
"""Batches sent before the first is collected, so that workers read on while rows are loaded."""

Batch = list[NamedFile]


class ReaderPool:
    """Worker processes that read returned files. A context manager: its end stops the workers.

    The default is one process, or two for many `files`.
    """

    def __init__(
        self,
        template: Template,
        files: int,
        processes: int | None = None,
        limits: WorkerLimits = WorkerLimits(),  # noqa: B008 - immutable
    ) -> None:
        self._template = template
        self._limits = limits
        self._processes = processes or (2 if files >= MIN_FILES_FOR_TWO_PROCESSES else 1)
        self._pool = self._create_pool()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_pool()

    def read(self, files: Iterable[NamedFile]) -> Iterator[bytes]:
        """Start to read files and return, in the order given, a line of JSON for each.

        Never raises for the content of a file.
        """
        remaining = iter(files)
        batches = iter(lambda: list(islice(remaining, BATCH_FILES)), [])
        first = islice(batches, MAX_BATCHES_PER_PROCESS * self._processes)
        scheduled = deque((batch, self._schedule_batch(batch)) for batch in first)
        return self._collect_lines(scheduled, batches)

    def _collect_lines(
        self, scheduled: deque[tuple[Batch, ProcessFuture[list[bytes]]]], batches: Iterator[Batch]
    ) -> Iterator[bytes]:
        while scheduled:
            yield from self._collect_batch(*scheduled.popleft())
            for batch in islice(batches, 1):
                scheduled.append((batch, self._schedule_batch(batch)))

    def _collect_batch(
        self, batch: Batch, future: ProcessFuture[list[bytes]], attempts: int = 2
    ) -> list[bytes]:
        try:
            return future.result()
        except BrokenProcessPool:
            # pebble abandons its pool when the only worker dies before the pool saw the task start.
            if attempts == 1:
                raise
            return self._collect_batch(batch, self._schedule_batch(batch), attempts - 1)
        except (ProcessExpired, TimeoutError):
            if len(batch) == 1:
                return [self._reject_file(*batch[0])]
            return [
                line for file in batch for line in self._collect_batch([file], self._schedule_batch([file]))
            ]

    def _reject_file(self, name: str, path: Path) -> bytes:
        message = (
            f"Reading the file was stopped: it needed more than {self._limits.memory_bytes:,} bytes of memory "
            f"or {self._limits.cpu_seconds} seconds, or broke the program that reads it."
        )
        size_bytes, sha256 = hash_return(path)
        rejected = ReadReturn(
            problems=[Problem("reader_stopped", message)], size_bytes=size_bytes, sha256=sha256
        )
        return rejected.to_line(name, path)

    def _schedule_batch(self, batch: Batch) -> ProcessFuture[list[bytes]]:
        if not self._pool.active:
            self._stop_pool()
            self._pool = self._create_pool()
        # The first task starts the processes.
        with keep_interrupts_from_children():
            return self._pool.schedule(read_batch, (batch,), timeout=self._limits.wall_seconds)

    def _create_pool(self) -> ProcessPool:
        # Not fork: a copy of a process with threads can deadlock. The workers start with the first task.
        return ProcessPool(
            max_workers=self._processes,
            initializer=start_worker,
            # A copy: the template keeps functions that cannot be sent to another process.
            initargs=(replace(self._template), self._limits),
            context=multiprocessing.get_context("spawn"),
        )

    def _stop_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]  # pebble does not annotate it
        self._pool.join()
