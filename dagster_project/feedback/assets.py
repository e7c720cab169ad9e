"""The feedback as an asset: written also when the release is stopped, so that returns can be mended."""

import dagster as dg

from dagster_project.feedback.workbooks import write_feedback
from dagster_project.home import Home

DEPENDENCIES = [
    dg.AssetKey(["intermediate", "int_problems"]),
    dg.AssetKey(["intermediate", "int_file_outcomes"]),
    dg.AssetKey(["marts", "dim_committee_round"]),
]


@dg.asset(key=["feedback", "workbooks"], deps=DEPENDENCIES, group_name="feedback", kinds={"excel"})
def feedback() -> dg.MaterializeResult[None]:
    """One workbook per committee with problems: what to mend, where. Restricted: it repeats typed text."""
    home = Home.current()
    written = write_feedback(home)
    return dg.MaterializeResult(
        metadata={"workbooks": len(written), "folder": dg.MetadataValue.path(home.feedback)}
    )
