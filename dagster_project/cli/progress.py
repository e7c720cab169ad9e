"""What a run is doing just now, for the person who waits for it."""

import logging

import dagster as dg

GATHERING = "release__candidate"
STAGES = {
    "returned_files": "read the returns",
    "audit_raw": "audit what was read",
    "models": "build and test the models",
    "feedback__workbooks": "write the feedback for committees",
    "audit_marts": "audit the marts",
    GATHERING: "write database and open data",
    "release__site": "make the site",
    "release__published": "publish",
}
"""Steps of the job in the order in which they run, and what a person calls them."""

LOGGER = logging.getLogger("selfeval.progress")
"""Told the name of each stage as it starts."""


class _Stages(logging.Handler):
    """Picks the starts of steps out of everything that Dagster logs."""

    def emit(self, record: logging.LogRecord) -> None:
        event = getattr(record, "dagster_event", None)
        if event is not None and event.event_type_value == "STEP_START":
            LOGGER.info(STAGES.get(event.step_key, event.step_key))


def _progress(context: dg.InitLoggerContext) -> logging.Logger:
    """A logger for runs that a person watches in a terminal."""
    logger = logging.Logger("selfeval.dagster", logging.DEBUG)
    logger.addHandler(_Stages())
    return logger


progress = dg.LoggerDefinition(
    _progress, description="Says which stage of a run has started, and nothing else."
)
