"""The stages of a run: their names for people, and a call for each one as it starts."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dagster_project.resources import STEP_STARTS

START = "start"
"""The stage before the first step: imports, and the parsed dbt project."""

MODELS = "models"
"""The step that builds the models."""

STAGES = {
    "returned_files": "read the returns",
    "baseline": "audit the answers",
    "audit_baseline": "audit the answers",
    "raw__return_file_rounds_loaded": "audit the answers",
    "audit_raw": "audit the answers",
    MODELS: "build and test the models",
    "feedback__workbooks": "write the feedback for committees",
    "audit_marts": "audit the marts",
    "release__candidate": "write database and open data",
    "release__site": "make the site",
    "release__published": "publish",
}
"""Steps of the jobs in the order in which they run, and their names for people."""


class _Listener(logging.Handler):
    def __init__(self, on_stage: Callable[[str], None]) -> None:
        super().__init__()
        self.on_stage = on_stage
        self.stage = ""

    def emit(self, record: logging.LogRecord) -> None:
        stage = STAGES.get(record.getMessage(), record.getMessage())
        # Several steps are one stage.
        if stage != self.stage:
            self.on_stage(stage)
        self.stage = stage


@contextmanager
def listen_to_stages(on_stage: Callable[[str], None]) -> Iterator[None]:
    """Call `on_stage` with the name of each stage of the runs in this process, as it starts."""
    STEP_STARTS.setLevel(logging.INFO)
    STEP_STARTS.propagate = False
    listener = _Listener(on_stage)
    STEP_STARTS.addHandler(listener)
    try:
        yield
    finally:
        STEP_STARTS.removeHandler(listener)
