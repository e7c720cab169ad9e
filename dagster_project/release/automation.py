"""The jobs that load rounds and publish, the sensor that requests them when returns arrive, and a schedule."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import dagster as dg

from dagster_project.home.fingerprints import is_up_to_date
from dagster_project.home.lock import is_locked
from dagster_project.paths import Home
from dagster_project.raw.arrivals import FolderState, compare_folder, hash_listing
from dagster_project.raw.assets import PARTITIONS, ROUNDS
from dagster_project.release.catalog import find_rollback, find_up_to_date_release
from dagster_project.resources import HomeFolder
from dagster_project.seeds import list_rounds

SECONDS_BETWEEN_LOOKS = int(os.environ.get("SELFEVAL_SECONDS_BETWEEN_LOOKS", "15"))

EVERY_MORNING = "0 6 * * *"
"""When the schedule publishes, in UTC."""

LOAD_ROUND = "load_round"
PUBLISH = "publish"
LOAD_AND_PUBLISH = "load_and_publish"
SENSOR = "returns_arrived"

# Dagster's tags of one run of several partitions, which follow each other in the order in which they were added.
FIRST_PARTITION, LAST_PARTITION = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"

NOT_STARTED = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING]

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

load_and_publish = dg.define_asset_job(
    LOAD_AND_PUBLISH,
    selection=dg.AssetSelection.all(),
    description=f"The jobs {LOAD_ROUND} and {PUBLISH} in one run, which the sensor {SENSOR} requests.",
)


@dataclass(frozen=True)
class Cursor:
    """What the sensor stores between two looks: the folders, and a number for the next run."""

    folders: Mapping[str, FolderState] = field(default_factory=dict)
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
            return cls(folders, stored["next_number"])
        except (ValueError, LookupError, TypeError):
            return None


@dataclass(frozen=True)
class Look:
    """The outcome of one look: the cursor to store, and the run to request, or why there is none."""

    cursor: Cursor
    requests: Sequence[dg.RunRequest] = ()
    skip_reason: str | None = None


@dg.sensor(
    name=SENSOR,
    job=load_and_publish,
    minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Loads the rounds whose files have changed and publishes one release of all of them, in one run. The "
    "files of its first look are the baseline.",
)
def returns_arrived(context: dg.SensorEvaluationContext, folder: HomeFolder) -> dg.SensorResult:
    """Look at the folders of the rounds. Starting Dagster publishes nothing: the first look only takes a baseline."""
    home = folder.home
    rounds = [one.round_id for one in list_rounds(home.seeds)]
    known = context.instance.get_dynamic_partitions(PARTITIONS)
    new, gone = [one for one in rounds if one not in known], [one for one in known if one not in rounds]
    partitions: list[dg.AddDynamicPartitionsRequest | dg.DeleteDynamicPartitionsRequest] = []
    if new:
        partitions.append(ROUNDS.build_add_request(new))
    if gone:
        partitions.append(ROUNDS.build_delete_request(gone))
    before = Cursor.from_json(context.cursor)
    # A range of partitions is in the order in which they were added.
    rounds = [*(one for one in known if one in rounds), *new]
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
        f"To publish the files of the baseline, run `selfeval run`, or the job {LOAD_AND_PUBLISH}."
    )
    return Look(cursor, skip_reason=reason)


def _look_again(home: Home, rounds: Sequence[str], before: Cursor, instance: dg.DagsterInstance) -> Look:
    folders: dict[str, FolderState] = {}
    due = []
    for round_id in rounds:
        state = before.folders.get(round_id, FolderState())
        folders[round_id], has_changed = compare_folder(home.returns / round_id, state)
        # A person may have loaded the round with `selfeval run`.
        if has_changed and not is_up_to_date(home, round_id):
            due.append(round_id)
    if not due:
        return Look(Cursor(folders, before.next_number), skip_reason="No returned file has changed.")
    if reason := _explain_rollback(home) or _explain_wait(home, instance):
        # The next look finds the same changes.
        waiting = {
            one: FolderState(folders[one].seen, before.folders.get(one, FolderState()).requested)
            for one in due
        }
        return Look(Cursor(folders | waiting, before.next_number), skip_reason=reason)
    request = dg.RunRequest(
        run_key=f"{SENSOR}-{before.next_number}",
        tags={FIRST_PARTITION: due[0], LAST_PARTITION: due[-1]},
    )
    return Look(Cursor(folders, before.next_number + 1), [request])


def _explain_wait(home: Home, instance: dg.DagsterInstance) -> str | None:
    """Return why a run has to wait, or None. Returns that arrive while one works are one release after it."""
    # A run whose process was killed stays "started" for an hour, but has no lock.
    requested = instance.get_run_records(
        dg.RunsFilter(job_name=LOAD_AND_PUBLISH, statuses=NOT_STARTED), limit=1
    )
    if requested or is_locked(home):
        return "Waits until the run at work has ended, to publish one release of all changed rounds."
    return None


def _explain_rollback(home: Home) -> str | None:
    """Return why nothing may be published without a person, or None."""
    release_id = find_rollback(home)
    return release_id and (
        f"Nothing is published: readers were sent back to release {release_id}. To publish the new returns, run "
        f"`selfeval run`, or the job {LOAD_AND_PUBLISH}."
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
