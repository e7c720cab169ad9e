"""The Dagster definitions: assets, checks, jobs, sensors, a schedule, and their resources."""

import dagster as dg

from dagster_project.audit.checks import CHECKS, AuditWorker
from dagster_project.feedback.assets import feedback
from dagster_project.raw.assets import returned_files, rounds_loaded
from dagster_project.release.assets import baseline, candidate, published
from dagster_project.release.automation import (
    load_and_publish,
    load_round,
    publish_changes,
    publish_job,
    returns_arrived,
)
from dagster_project.release.notification import run_failed
from dagster_project.release.run_logs import run_logs
from dagster_project.resources import HomeFolder, WriterLock, step_starts
from dagster_project.site.assets import site
from dagster_project.transform.assets import models

folder = HomeFolder()

defs = dg.Definitions(
    assets=[returned_files, baseline, models, feedback, candidate, site, published],
    asset_checks=[rounds_loaded, *CHECKS],
    jobs=[load_round, publish_job, load_and_publish],
    sensors=[returns_arrived, run_failed, run_logs],
    schedules=[publish_changes],
    resources={
        "folder": folder,
        "writer_lock": WriterLock(folder=folder),
        "audit_worker": AuditWorker(),
    },
    # One process per run: dbt and Great Expectations are imported once, not once per step.
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "step_starts": step_starts},
)
