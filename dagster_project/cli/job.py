"""One run of the whole job in this process. `docs/adr/0005-ephemeral-instance-for-command-line-runs.md` says why."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from tempfile import TemporaryDirectory

from dagster_project.audit.worker import start_worker, stop_worker
from dagster_project.cli.faults import add_remedy, find_fault
from dagster_project.cli.interrupts import hold_interrupts
from dagster_project.cli.outcome import Outcome
from dagster_project.cli.report import Report, store_report
from dagster_project.home.files import prepare_home
from dagster_project.home.lock import TEMPORARY, only_writer
from dagster_project.home.run_log import RunLog
from dagster_project.paths import Home
from dagster_project.release.catalog import find_up_to_date_release
from dagster_project.release.stages import START, listen_to_stages
from dagster_project.seeds import load_rounds


def run_job(
    home: Home,
    on_stage: Callable[[str], None],
    *,
    force: bool = False,
    keep: int | None = None,
    is_interrupted: Callable[[], bool] = lambda: False,
) -> Report:
    """Run the whole job on all rounds, and log it. Calls `on_stage` with each stage as it starts.

    Does nothing if nothing has changed since the published release, unless with `force`. `keep` is how many releases
    are kept. `is_interrupted` says whether Ctrl-C was pressed.
    Raises `RunInProgress` if another process writes in the home, and `KeyboardInterrupt` after Ctrl-C if nothing was
    published.
    """
    log = RunLog(home)

    def add_stage(stage: str) -> None:
        if is_interrupted():
            # A library swallowed it.
            raise KeyboardInterrupt
        log.add_stage(stage)
        on_stage(stage)

    try:
        try:
            report = _run_if_needed(home, add_stage, force=force, keep=keep)
        except Exception:
            # Dagster and dbt turn Ctrl-C into errors of their own.
            if is_interrupted():
                raise KeyboardInterrupt from None
            raise
        if is_interrupted() and not report.release_id:
            raise KeyboardInterrupt
    except BaseException as error:
        log.end(asdict(Outcome.from_error(error)))
        raise
    log.end(asdict(Outcome.from_report(report)))
    return report


def _run_if_needed(home: Home, on_stage: Callable[[str], None], *, force: bool, keep: int | None) -> Report:
    started = time.monotonic()
    with only_writer(home):
        prepare_home(home)
        release_id = None if force else find_up_to_date_release(home)
        if not release_id:
            return _run_or_explain(home, on_stage, started, keep)
    report = Report(unchanged_since=release_id)
    report.total_seconds = round(time.monotonic() - started, 1)
    return report


def _run_or_explain(home: Home, on_stage: Callable[[str], None], started: float, keep: int | None) -> Report:
    """Run, store the report, and turn a fault of the machine outside of the job's steps into a report."""
    before = home.published.resolve()
    try:
        report = _run_rounds(home, on_stage, started, keep)
        report.total_seconds = round(time.monotonic() - started, 1)
        store_report(home, report)
        return report
    except Exception as error:
        if not (fault := find_fault(error)):
            raise
        after = home.published.resolve()
        if after == before:
            return Report(errors=[add_remedy(fault)])
        return Report(
            release_id=after.name, warnings=[f"After the release was published: {add_remedy(fault)}"]
        )


@contextmanager
def _stop_on_interrupt(interrupted: type[BaseException]) -> Iterator[None]:
    """Raise `KeyboardInterrupt` where Dagster raises its own exception after Ctrl-C, and let the worker end."""
    try:
        yield
    except (KeyboardInterrupt, interrupted):
        stop_worker()
        raise KeyboardInterrupt from None


def _run_rounds(home: Home, on_stage: Callable[[str], None], started: float, keep: int | None) -> Report:
    """Load each round, then publish. A round that cannot be loaded stops the run."""
    on_stage(START)
    rounds = [one.round_id for one in load_rounds(home.seeds)]
    # The process starts to import Great Expectations while this one imports Dagster.
    start_worker()
    with hold_interrupts():
        import dagster as dg

        from dagster_project.definitions import defs
        from dagster_project.raw.assets import PARTITIONS
        from dagster_project.release.assets import PublishOptions
        from dagster_project.release.automation import LOAD_ROUND, PUBLISH

    report = Report()
    report.seconds[START] = round(time.monotonic() - started, 1)
    loggers: dict[str, dict[str, object]] = {"step_starts": {}}
    options = dg.RunConfig(loggers=loggers, ops={"release__published": PublishOptions(keep_releases=keep)})
    with (
        _stop_on_interrupt(dg.DagsterExecutionInterruptedError),
        listen_to_stages(on_stage),
        TemporaryDirectory(dir=home.dagster, prefix=TEMPORARY) as folder,
        dg.DagsterInstance.ephemeral(folder, settings={"telemetry": {"enabled": False}}) as instance,
    ):
        instance.add_dynamic_partitions(PARTITIONS, rounds)
        load = defs.resolve_job_def(LOAD_ROUND)
        for round_id in rounds:
            result = load.execute_in_process(
                dg.RunConfig(loggers=loggers), instance, partition_key=round_id, raise_on_error=False
            )
            report.add_events(result.all_events)
            if not result.success:
                return report
        publish = defs.resolve_job_def(PUBLISH)
        result = publish.execute_in_process(options, instance, raise_on_error=False)
        report.add_events(result.all_events)
    report.add_findings(home)
    return report
