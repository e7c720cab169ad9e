"""The site as an asset, built from the public data of the candidate release."""

from dataclasses import asdict

import dagster as dg

from dagster_project.home.fingerprints import SHOWN, store_inputs
from dagster_project.release.assets import CANDIDATE, SITE
from dagster_project.release.candidate import require_candidate
from dagster_project.resources import OWNERS, PUBLIC, WriterLock
from dagster_project.site.build import build_site


@dg.asset(
    key=SITE,
    deps=[CANDIDATE],
    group_name="release",
    kinds={"markdown"},
    owners=OWNERS,
    tags=PUBLIC,
)
def site(writer_lock: WriterLock) -> dg.MaterializeResult[None]:
    """Pages of the site, with tables and charts.

    They are made for a candidate: on its own this works until the candidate is published. The job `publish` makes all.
    """
    home = writer_lock.home
    folder = require_candidate(home)
    store_inputs(home, SHOWN)
    report = build_site(
        release=folder, output=folder / "site", releases=home.releases, main_points=home.main_points
    )
    return dg.MaterializeResult(metadata=asdict(report))
