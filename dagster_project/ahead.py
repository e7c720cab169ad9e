"""What later stages of a run need, got ready while it waits for the audits, which another process makes.

For a run that a terminal waits for. Nothing depends on it: what was not got ready is when it is asked for.
"""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from threading import Thread

from dagster_project.progress import STAGES


def _dbt() -> None:
    from dagster_project.transform.project import invoke

    # The smallest thing that it can be asked: the first question of a process takes it longest, whatever it is.
    invoke(["list", "--select", "dim_rating"])


def _writers() -> None:
    for name in ("gptables", "mkdocs.commands.build"):
        import_module(name)


_DURING = {STAGES["audit_raw"]: _dbt, STAGES["audit_marts"]: _writers}


class Ahead:
    """Works beside the stage that is told last, and has ended before the next one starts."""

    def __init__(self) -> None:
        self._thread: Thread | None = None

    def told(self, stage: str) -> None:
        """Another stage starts."""
        if self._thread:
            self._thread.join()
            self._thread = None
        if work := _DURING.get(stage):
            # After a stage that stops the run, Python waits for it: to end amid an import can end badly.
            self._thread = Thread(target=_undisturbed, args=(work,))
            self._thread.start()


def _undisturbed(work: Callable[[], None]) -> None:
    # Who needs it will meet the same, and say so.
    with suppress(Exception):
        work()
