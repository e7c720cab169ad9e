"""How many releases are kept, and the deletion of the others."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from dagster_project.home.lock import RETIRED
from dagster_project.paths import Home
from dagster_project.release.catalog import Release, ReleaseError, list_releases

RETENTION = "SELFEVAL_KEEP"
"""Environment variable: how many releases are kept."""

DEFAULT_RETENTION = 10

DAYS = 30
"""How long the last release of each day is kept."""

MIN_RETENTION = 2
"""The published release, and one to go back to."""


def retention_count() -> int:
    """Return how many releases are kept. Raises `ReleaseError` if the setting is not a number of at least two."""
    value = os.environ.get(RETENTION) or str(DEFAULT_RETENTION)
    if not value.isdecimal() or int(value) < MIN_RETENTION:
        raise ReleaseError(
            f"{RETENTION} is '{value}'. It must be a number of releases to keep, at least {MIN_RETENTION}."
        )
    return int(value)


def prune_releases(home: Home, keep: int) -> tuple[tuple[str, ...], str]:
    """Delete all releases but the newest `keep`, the published one and those that readers were sent back to.

    The last release of each day is kept for 30 days: many arrivals on one day do not use up the range for going back.
    Returns the ids of the deleted releases, and why a release could not be deleted. A release disappears from the list
    in one step; the next run deletes what a killed run leaves of it. Damaged releases are left to a person.
    """
    deleted: list[str] = []
    releases = [one for one in list_releases(home) if not one.fault]
    of_days = _list_last_of_days(releases)
    for one in releases[keep:]:
        if one.is_published or one.is_kept or one.release_id in of_days:
            continue
        hidden = home.releases / f"{RETIRED}{one.release_id}"
        try:
            (home.releases / one.release_id).rename(hidden)
            deleted.append(one.release_id)
            shutil.rmtree(hidden)
        except OSError as error:
            return tuple(deleted), f"Release {one.release_id} could not be deleted: {error.strerror}."
    return tuple(deleted), ""


def _list_last_of_days(releases: Sequence[Release]) -> set[str]:
    """Return the ids of the last release of each of the last days. `releases` are sorted, the newest first."""
    since = (datetime.now(UTC) - timedelta(days=DAYS)).isoformat()
    last: dict[str, str] = {}
    for one in releases:
        # Times are in UTC and sort as text: a damaged one counts as old.
        if one.made_at >= since:
            last.setdefault(one.made_at[:10], one.release_id)
    return set(last.values())
