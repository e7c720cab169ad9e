"""The feedback as an asset: written also when the release is stopped, so that returns can be fixed."""

import dagster as dg

from dagster_project.feedback.progress import write_progress
from dagster_project.feedback.workbooks import write_feedback
from dagster_project.resources import OWNERS, RESTRICTED, WriterLock

# The same step builds the other tables of the page. Their blocking checks must not keep the feedback from being written
# when it is needed most.
DEPENDENCIES = [
    dg.AssetKey(["intermediate", "int_problems"]),
    dg.AssetKey(["intermediate", "int_file_outcomes"]),
    dg.AssetKey(["marts", "dim_committee_round"]),
]


@dg.asset(
    key=["feedback", "workbooks"],
    deps=DEPENDENCIES,
    group_name="feedback",
    kinds={"excel"},
    owners=OWNERS,
    tags=RESTRICTED,
)
def feedback(writer_lock: WriterLock) -> dg.MaterializeResult[None]:
    """A page on each round's progress, and one workbook per committee with problems. Restricted: typed text."""
    home = writer_lock.home
    written = write_feedback(home)
    pages = write_progress(home)
    return dg.MaterializeResult(
        metadata={
            "workbooks": len(written),
            "folder": dg.MetadataValue.path(home.feedback),
            "round": dg.MetadataValue.path(pages[-1]),
        }
    )
