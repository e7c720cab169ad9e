"""A message when a run of Dagster fails."""

import shlex

import dagster as dg

from dagster_project.home.notify import COMMAND, is_configured, send_message
from dagster_project.paths import Home


@dg.run_failure_sensor(
    name="run_failed",
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Gives a message about a failed run to the command that {COMMAND} names. Without it, does nothing.",
)
def run_failed(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Start the command with the message. The message repeats nothing that was typed in a return."""
    if not is_configured():
        return dg.SkipReason(f"{COMMAND} is not set.")
    run = context.dagster_run
    home = shlex.quote(str(Home.from_environment().root))
    send_message(
        f"The run {run.run_id} of the job {run.job_name} failed. Nothing was published; readers see the release before."
        f"\nIts page in Dagster names the step. Type next: selfeval --home {home} decide\n"
    )
    return None
