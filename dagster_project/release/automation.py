"""The jobs that load rounds and publish, the sensor that requests them when returns arrive, and a schedule."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import dagster as dg

from dagster_project.home.fingerprints import is_up_to_date
from dagster_project.paths import Home
from dagster_project.raw.arrivals import FolderState, hash_listing, look_at
from dagster_project.raw.assets import PARTITIONS, ROUNDS
from dagster_project.release.catalog import find_rollback, find_up_to_date_release
from dagster_project.resources import HomeFolder
from dagster_project.seeds import list_rounds

SECONDS_BETWEEN_LOOKS = int(os.environ.get("SELFEVAL_SECONDS_BETWEEN_LOOKS", "15"))

EVERY_MORNING = "0 6 * * *"
"""When the schedule publishes, in UTC."""

LOAD_ROUND = "load_round"
PUBLISH = "publish"
SENSOR = "returns_arrived"

ARRIVAL = "selfeval/arrival"
"""Tag of a run that the sensor requested: which arrival it loads."""

load_round = dg.define_asset_job(
    LOAD_ROUND,
    selection=dg.AssetSelection.groups("raw").without_checks(),
    description="Read the returned files of a round into the raw tables.",
)

publish_job = dg.define_asset_job(
    PUBLISH,
    selection=(dg.AssetSelection.all() - dg.AssetSelection.groups("raw"))
    | dg.AssetSelection.all_asset_checks(),
    description="Audit the raw tables, build and audit the marts, and publish a release. Publishes nothing, and "
    "lists what to fix, if a check fails.",
)


@dataclass(frozen=True)
class Cursor:
    """What the sensor stores between two looks: the folders, the arrivals being loaded, a number for the next one."""

    folders: Mapping[str, FolderState] = field(default_factory=dict)
    loading: Sequence[str] = ()
    next_number: int = 0

    def to_json(self) -> str:
        """Return the text that Dagster stores."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | None) -> "Cursor | None":
        """Read what an earlier look stored. Returns None if there was none, or another version stored it."""
        try:
            stored = json.loads(text or "{}")
            folders = {round_id: FolderState(**state) for round_id, state in stored["folders"].items()}
            return cls(folders, tuple(stored["loading"]), stored["next_number"])
        except (ValueError, LookupError, TypeError):
            return None


@dataclass(frozen=True)
class Look:
    """The outcome of one look: the cursor to store, and the runs to request, or why there are none."""

    cursor: Cursor
    requests: Sequence[dg.RunRequest] = ()
    skip_reason: str | None = None


@dg.sensor(
    name=SENSOR,
    jobs=[load_round, publish_job],
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Loads the rounds whose files have changed, then publishes one release of all of them. The files of "
    "its first look are the baseline.",
)
def returns_arrived(context: dg.SensorEvaluationContext, folder: HomeFolder) -> dg.SensorResult:
    """Look at the folders of the rounds. Starting Dagster publishes nothing: the first look only takes a baseline."""
    home = folder.home
    rounds = [one.round_id for one in list_rounds(home.seeds)]
    new = [one for one in rounds if not context.instance.has_dynamic_partition(PARTITIONS, one)]
    partitions = [ROUNDS.build_add_request(new)] if new else []
    before = Cursor.from_json(context.cursor)
    look = _look_again(home, rounds, before, context.instance) if before else _take_baseline(home, rounds)
    return dg.SensorResult(
        run_requests=look.requests,
        skip_reason=look.skip_reason,
        cursor=look.cursor.to_json(),
        dynamic_partitions_requests=partitions,
    )


def _take_baseline(home: Home, rounds: Sequence[str]) -> Look:
    listings = {one: hash_listing(home.returns / one) for one in rounds}
    folders = {one: FolderState(listing, listing) for one, listing in listings.items()}
    # Dagster ignores a run key that it has seen before, also from before the cursor was reset.
    cursor = Cursor(folders, next_number=int(time.time()))
    known = ", ".join(rounds) or "(none)"
    reason = (
        f"Baseline: the files that rounds {known} have now. Returns that arrive later are loaded and published. "
        f"To publish the files of the baseline, run `selfeval run`, or the jobs {LOAD_ROUND} and {PUBLISH}."
    )
    return Look(cursor, skip_reason=reason)


def _look_again(home: Home, rounds: Sequence[str], before: Cursor, instance: dg.DagsterInstance) -> Look:
    folders: dict[str, FolderState] = {}
    due = []
    for round_id in rounds:
        state = before.folders.get(round_id, FolderState())
        folders[round_id], has_changed = look_at(home.returns / round_id, state)
        # A person may have loaded the round with `selfeval run`.
        if has_changed and not is_up_to_date(home, round_id):
            due.append(round_id)
    requests = [_request_load(one, number) for number, one in enumerate(due, start=before.next_number)]
    loading = [*before.loading, *(request.tags[ARRIVAL] for request in requests)]
    cursor = Cursor(folders, loading, before.next_number + len(due))
    if requests:
        return Look(cursor, requests)
    if not loading:
        return Look(cursor, skip_reason="No returned file has changed.")
    return _publish_when_loaded(home, cursor, instance)


def _request_load(round_id: str, number: int) -> dg.RunRequest:
    arrival = f"{round_id}-{number}"
    return dg.RunRequest(
        run_key=arrival, job_name=LOAD_ROUND, partition_key=round_id, tags={ARRIVAL: arrival}
    )


def _publish_when_loaded(home: Home, cursor: Cursor, instance: dg.DagsterInstance) -> Look:
    records = instance.get_run_records(dg.RunsFilter(tags={ARRIVAL: list(cursor.loading)}))
    runs = {one.dagster_run.tags[ARRIVAL]: one.dagster_run for one in records}
    if any(not run.is_finished for run in runs.values()):
        return Look(
            cursor, skip_reason="Waits until the changed rounds are loaded, to publish one release of all."
        )
    ended = Cursor(cursor.folders, (), cursor.next_number + 1)
    if failed := [one for one in cursor.loading if one not in runs or not runs[one].is_success]:
        reason = f"Nothing is published: these runs of {LOAD_ROUND} failed: {', '.join(failed)}."
        return Look(ended, skip_reason=reason)
    if rolled_back := _explain_rollback(home):
        return Look(ended, skip_reason=rolled_back)
    return Look(ended, [dg.RunRequest(run_key=f"publish-{cursor.next_number}", job_name=PUBLISH)])


def _explain_rollback(home: Home) -> str | None:
    """Return why nothing may be published without a person, or None."""
    release_id = find_rollback(home)
    return release_id and (
        f"Nothing is published: readers were sent back to release {release_id}. To publish the new returns, run "
        f"`selfeval run`, or the job {PUBLISH}."
    )


@dg.schedule(
    job=publish_job,
    cron_schedule=EVERY_MORNING,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description="Publishes each morning what has changed since the release that readers see, such as decisions and "
    f"reference data, which no sensor watches. Off unless a person turns it on. The sensor {SENSOR} loads returns.",
)
def publish_changes(folder: HomeFolder) -> dg.RunRequest | dg.SkipReason:
    """Request a release unless readers were sent back to an earlier one, or a release would have nothing new."""
    home = folder.home
    if reason := _explain_rollback(home):
        return dg.SkipReason(reason)
    if not_loaded := [
        one.round_id for one in list_rounds(home.seeds) if not is_up_to_date(home, one.round_id)
    ]:
        return dg.SkipReason(
            f"Nothing is published: rounds {', '.join(not_loaded)} have files that are not loaded. Turn the sensor "
            f"{SENSOR} on, or run the job {LOAD_ROUND}."
        )
    if release_id := find_up_to_date_release(home):
        return dg.SkipReason(f"Nothing has changed since release {release_id}.")
    return dg.RunRequest()
