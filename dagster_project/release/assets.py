"""The release as assets: the candidate's data, and the switch. The site is made between the two."""

import dagster as dg

from dagster_project.home.history import events_since
from dagster_project.home.inputs import GATHERED, mark
from dagster_project.paths import Home
from dagster_project.release.candidate import make_candidate
from dagster_project.release.disclosure import searched_until
from dagster_project.release.marts import marts_of
from dagster_project.release.modeldocs import documented
from dagster_project.release.publish import publish
from dagster_project.release.shelf import how_many, let_go
from dagster_project.resources import OWNERS, WRITER
from dagster_project.transform.project import data_tests, manifest, models

CANDIDATE = dg.AssetKey(["release", "candidate"])
SITE = dg.AssetKey(["release", "site"])
MARTS = [dg.AssetKey(["marts", name]) for name in models()]


@dg.asset(
    key=CANDIDATE,
    deps=MARTS,
    group_name="release",
    kinds={"duckdb", "parquet", "csv", "excel"},
    owners=OWNERS,
    required_resource_keys={WRITER},
)
def candidate() -> dg.MaterializeResult[None]:
    """Databases, open data and spreadsheet of the audited marts, not yet visible to anyone."""
    home = Home.current()
    mark(home, GATHERED)
    made = make_candidate(home, marts_of(models(), data_tests()), documented(manifest()))
    return dg.MaterializeResult(
        metadata={"release_id": made.release_id, "tables": len(made.rows), "rows": sum(made.rows.values())}
    )


@dg.asset(
    key=["release", "published"],
    deps=[CANDIDATE, SITE],
    group_name="release",
    kinds={"file"},
    owners=OWNERS,
    required_resource_keys={WRITER},
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """The release that readers see, switched to in one step."""
    home = Home.current()
    keep = how_many()
    events = list(events_since(context.instance, searched_until(home), context.run.run_id))
    release = publish(home, events)
    gone, left = let_go(home, keep)
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
