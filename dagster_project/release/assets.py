"""The release as assets: the candidate's data, and the switch. The site is made between the two."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg
from pydantic import Field

from dagster_project.home.fingerprints import GATHERED, store_inputs
from dagster_project.raw.tables import COMMENTS, OF_RELEASE
from dagster_project.release.baseline import load_baseline
from dagster_project.release.candidate import make_candidate
from dagster_project.release.disclosure import find_last_search_time
from dagster_project.release.marts import select_marts
from dagster_project.release.modeldocs import describe_models
from dagster_project.release.publish import publish_candidate
from dagster_project.release.retention import MIN_RETENTION, prune_releases, retention_count
from dagster_project.resources import OWNERS, PUBLIC, RESTRICTED, WriterLock, retry_while_locked
from dagster_project.transform.project import list_data_tests, list_marts, load_manifest

CANDIDATE = dg.AssetKey(["release", "candidate"])
SITE = dg.AssetKey(["release", "site"])
MARTS = [dg.AssetKey(["marts", name]) for name in list_marts()]

MAX_AGE, WARNING_AGE = timedelta(days=365), timedelta(days=300)
"""How old a release may become. Returns decide when there is a new one; pages are made again at least once a year."""


@dg.multi_asset(
    name="baseline",
    group_name="baseline",
    specs=[
        dg.AssetSpec(
            ["raw", table], description=COMMENTS[table], kinds={"duckdb"}, owners=OWNERS, tags=RESTRICTED
        )
        for table in OF_RELEASE
    ],
)
def baseline(writer_lock: WriterLock) -> Iterator[dg.MaterializeResult[None]]:
    """Copy what the release that readers see says about returns and suppressed counts, for the models to compare."""
    with retry_while_locked():
        release_id, rows = load_baseline(writer_lock.home)
    for table, count in rows.items():
        yield dg.MaterializeResult(
            ["raw", table], metadata={"release_id": release_id, "dagster/row_count": count}
        )


@dg.asset(
    key=CANDIDATE,
    deps=MARTS,
    group_name="release",
    kinds={"duckdb", "parquet", "csv", "excel"},
    owners=OWNERS,
    tags=RESTRICTED,
)
def candidate(writer_lock: WriterLock) -> dg.MaterializeResult[None]:
    """Databases, open data and spreadsheet of the audited marts, not yet visible to anyone.

    On its own this works while every check has passed on the tables as they are. The job `publish` makes all.
    """
    home = writer_lock.home
    store_inputs(home, GATHERED)
    made = make_candidate(
        home, select_marts(list_marts(), list_data_tests()), describe_models(load_manifest())
    )
    return dg.MaterializeResult(
        metadata={"release_id": made.release_id, "tables": len(made.rows), "rows": sum(made.rows.values())}
    )


class PublishOptions(dg.Config):
    """Options of a run that publishes."""

    keep_releases: int | None = Field(
        default=None,
        ge=MIN_RETENTION,
        description="How many releases to keep; older ones are deleted. By default SELFEVAL_KEEP, or 10.",
    )


def list_logged_events(
    instance: dg.DagsterInstance, since: datetime, run_id: str
) -> Iterator[tuple[str, str]]:
    """Yield every event that Dagster stored for the run `run_id` and for runs updated since a time.

    Each event is the id of its run and the event as JSON.
    """
    updated = instance.get_run_records(dg.RunsFilter(updated_after=since))
    for one in sorted({run_id, *(record.dagster_run.run_id for record in updated)}):
        for entry in instance.all_logs(one):
            yield one, dg.serialize_value(entry)


@dg.asset(
    key=["release", "published"],
    deps=[CANDIDATE, SITE],
    group_name="release",
    kinds={"file"},
    owners=OWNERS,
    tags=PUBLIC,
    freshness_policy=dg.FreshnessPolicy.time_window(fail_window=MAX_AGE, warn_window=WARNING_AGE),
)
def published(
    context: dg.AssetExecutionContext, config: PublishOptions, writer_lock: WriterLock
) -> dg.MaterializeResult[None]:
    """The release that readers see, switched to in one step.

    On its own this works while there is a candidate with a site. The job `publish` makes all.
    """
    home = writer_lock.home
    keep = config.keep_releases or retention_count()
    events = list(list_logged_events(context.instance, find_last_search_time(home), context.run.run_id))
    release = publish_candidate(home, events)
    gone, left = prune_releases(home, keep)
    return dg.MaterializeResult(
        metadata={
            "deleted_releases": list(gone),
            "not_deleted": left,
            "release_id": release.release_id,
            "files": release.files,
            "bytes": release.size_bytes,
            "site": dg.MetadataValue.path(home.published / "site" / "index.html"),
        }
    )
