"""Ctrl-C while other programs' code runs, which may swallow it or turn it into an error of its own."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells expect it."""


@contextmanager
def watch_interrupts() -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether this process has received SIGINT since. Only for the main thread.

    Dagster and dbt replace the handler of the signal, and stop with various errors.
    """
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        signals = bytearray()
        yield lambda: _is_received(reader, signals)
    finally:
        signal.set_wakeup_fd(before)
        os.close(reader)
        os.close(writer)


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Raise `KeyboardInterrupt` after the block instead of in it. Only for the main thread.

    An interrupted import can swallow the exception, or make the interpreter end with the signal, not an exit code.
    """
    received = []
    before = signal.getsignal(signal.SIGINT)
    if callable(before):
        signal.signal(signal.SIGINT, lambda *_: received.append(True))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if received:
        raise KeyboardInterrupt


def _is_received(reader: int, signals: bytearray) -> bool:
    """Read the signals that were received, add them to earlier ones, and find SIGINT among all."""
    with suppress(BlockingIOError):
        signals += os.read(reader, 4096)
    return signal.SIGINT in signals
