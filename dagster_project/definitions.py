"""Everything that Dagster knows: assets, checks, the job that publishes, the sensor that notices returns."""

from collections.abc import Iterator

import dagster as dg

from dagster_project.audit.checks import CHECKS
from dagster_project.feedback.assets import feedback
from dagster_project.paths import Home
from dagster_project.raw.arrivals import Watched, dump, load, look
from dagster_project.raw.assets import ROUNDS, returned_files
from dagster_project.release.assets import candidate, published
from dagster_project.resources import WRITER, HomeFolder, WriterLock, step_starts
from dagster_project.seeds import load_rounds
from dagster_project.site.assets import site
from dagster_project.transform.assets import models

publish_job = dg.define_asset_job(
    "publish",
    selection=dg.AssetSelection.all(),
    description="Returned files to a published release, or to nothing and a list of what to mend.",
)


@dg.sensor(job=publish_job, minimum_interval_seconds=15, default_status=dg.DefaultSensorStatus.RUNNING)
def returns_arrived(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run when the files of a round's folder have changed and are complete."""
    home = Home.current()
    watched = load(context.cursor)
    known = set(ROUNDS.get_partition_keys())
    unknown = [one.round_id for one in load_rounds(home.seeds) if one.round_id not in known]
    if unknown:
        yield dg.SkipReason(f"Reload the definitions: round {', '.join(unknown)} is new.")
    for round_id in sorted(known):
        before = watched.get(round_id, Watched())
        watched[round_id], is_due = look(home.returns / round_id, before)
        if is_due:
            # A folder can come back to what it was: the number makes each request one of its own.
            key = f"{round_id}-{watched[round_id].asked}-{watched[round_id].times}"
            yield dg.RunRequest(run_key=key, partition_key=round_id)
    context.update_cursor(dump(watched))


defs = dg.Definitions(
    assets=[returned_files, models, feedback, candidate, site, published],
    asset_checks=CHECKS,
    jobs=[publish_job],
    sensors=[returns_arrived],
    resources={"folder": HomeFolder(), WRITER: WriterLock(folder=HomeFolder())},
    # One process: dbt is imported and the project parsed once, not once per step.
    executor=dg.in_process_executor,
    loggers={"console": dg.colored_console_logger, "step_starts": step_starts},
)
