"""Ctrl-C while a program starts, or starts others."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Deliver a SIGINT after the block, and never to the processes and threads that are started in it.

    An interrupted import can swallow a `KeyboardInterrupt`, or make the interpreter end with the signal instead of an
    exit code. A process that is being started prints a traceback.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
