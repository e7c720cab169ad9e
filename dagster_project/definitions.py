"""Everything that Dagster knows: assets, checks, the job that publishes, the sensor that notices returns."""

import hashlib
from collections.abc import Iterator

import dagster as dg

from dagster_project.feedback.assets import feedback
from dagster_project.home import Home
from dagster_project.progress import progress
from dagster_project.quality.checks import CHECKS
from dagster_project.raw.assets import ROUNDS, returned_files
from dagster_project.release.assets import candidate, published
from dagster_project.site.assets import site
from dagster_project.transform.assets import models

publish_job = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.all(),
    description="Returned files to a published release, or to nothing and a list of what to mend.",
)


@dg.sensor(job=publish_job, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.RUNNING)
def returns_arrived(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
    """Ask for a run when the files of a round's folder have changed."""
    for round_id in ROUNDS.get_partition_keys():
        folder = Home.current().returns / round_id
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files if path.is_file()]
        fingerprint = hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
        yield dg.RunRequest(run_key=f"{round_id}-{fingerprint}", partition_key=round_id)


defs = dg.Definitions(
    assets=[returned_files, models, feedback, candidate, site, published],
    asset_checks=CHECKS,
    jobs=[publish_job],
    sensors=[returns_arrived],
    # One process: dbt is imported and the project parsed once, not once per step.
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "progress": progress},
)
