"""Processes that this one starts."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keep_interrupts_from_children() -> Iterator[None]:
    """Start processes to which Ctrl-C is not delivered: they inherit the mask of this thread.

    A process that is interrupted while it starts prints a traceback. Its parent ends it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
