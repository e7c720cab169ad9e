"""Resources of the Dagster definitions: the folder of the data, the lock of its one writer, a log of step starts."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg
import duckdb
from pydantic import Field

from dagster_project.home.lock import MAX_WAIT_SECONDS, RunInProgress, only_writer
from dagster_project.paths import Home

OWNERS = ["team:data-engineering"]
"""Owners of all assets."""

AUDIENCE = "audience"
"""Tag of all assets: who may read them."""

PUBLIC, RESTRICTED = {AUDIENCE: "public"}, {AUDIENCE: "restricted"}

MAX_RETRIES, SECONDS_TO_RETRY = 6, 10


class HomeFolder(dg.ConfigurableResource["HomeFolder"]):
    """The folder of the data: returns and reference data, builds and releases."""

    root: str = Field(
        default="",
        description="Path of the folder. Empty: the one that SELFEVAL_HOME names, or the repository's own.",
    )

    @property
    def home(self) -> Home:
        """The paths in the folder."""
        return Home(Path(self.root).resolve()) if self.root else Home.from_environment()


class WriterLock(dg.ConfigurableResource["WriterLock"]):
    """The lock of the home, held while a run works: no two runs write at once."""

    folder: dg.ResourceDependency[HomeFolder]
    max_wait_seconds: float = Field(
        default=MAX_WAIT_SECONDS,
        description="How long the run waits for another writer. Then it fails.",
    )

    @property
    def home(self) -> Home:
        """The home that this run may write."""
        return self.folder.home

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WriterLock"]:
        """Hold the lock until the run has ended."""
        with ExitStack() as held:
            try:
                held.enter_context(only_writer(self.home))
            except RunInProgress as error:
                assert context.log
                context.log.warning(f"{error} This run waits for it.")
                held.enter_context(only_writer(self.home, max_wait_seconds=self.max_wait_seconds))
            yield self


@contextmanager
def retry_while_locked() -> Iterator[None]:
    """Let Dagster repeat the step while another program, such as an analyst's, has the build database open.

    Every other failure is final: a repetition would only delay its message.
    """
    try:
        yield
    except duckdb.IOException as error:
        if "Could not set lock on file" not in str(error):
            raise
        raise dg.RetryRequested(MAX_RETRIES, SECONDS_TO_RETRY) from error


STEP_STARTS = logging.getLogger("selfeval.steps")
"""Logs the key of each step as it starts, in runs that use the logger below."""


class _StepStarts(logging.Handler):
    """Pass on the starts of steps out of everything that Dagster logs."""

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is not None and event.is_step_start:
            STEP_STARTS.info(event.step_key)


@dg.logger
def step_starts(context: dg.InitLoggerContext) -> logging.Logger:
    """Log the start of each step, and nothing else: for a person who watches the run in a terminal."""
    logger = logging.Logger("selfeval.dagster", logging.DEBUG)
    logger.addHandler(_StepStarts())
    return logger
