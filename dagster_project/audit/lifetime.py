"""Bind the lifetime of a worker process to its parent.

This module does not import DuckDB: the process pool keeps its initializer until the interpreter ends, and DuckDB prints
a warning for each object that is left by then.
"""

import os
import signal
import threading
from multiprocessing import parent_process


def bind_to_parent() -> None:
    """Leave Ctrl-C to the parent process, and end this process when the parent has ended.

    An idle worker of a process pool does not notice that its parent was killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)
