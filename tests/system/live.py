"""A live Dagster: `selfeval dev` of a home, driven through the GraphQL API that its interface uses."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dagster_project.home.notify import COMMAND
from dagster_project.paths import VARIABLE, Home
from tools.spark.cluster import LOOPBACK, find_free_port

SECONDS_BETWEEN_LOOKS = 1
MAX_SECONDS = 600
ENDED = ("SUCCESS", "FAILURE", "CANCELED")

_REPOSITORY = {
    "repositoryName": "__repository__",
    "repositoryLocationName": "dagster_project.definitions",
}
_LAUNCH = """
mutation($parameters: ExecutionParams!) {
  launchRun(executionParams: $parameters) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on InvalidSubsetError { message }
    ... on PythonError { message }
  }
}"""
_BACKFILL = """
mutation($parameters: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $parameters) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}"""
_RUNS = "{ runsOrError { ... on Runs { results { runId jobName status tags { key value } } } } }"
_EVENTS = """
query($id: ID!, $after: String) { runOrError(runId: $id) { ... on Run { eventConnection(afterCursor: $after) {
  cursor hasMore events {
  __typename
  ... on MessageEvent { message }
  ... on ErrorEvent { error { message causes { message } } }
  ... on MaterializationEvent { assetKey { path } }
  ... on AssetCheckEvaluationEvent { evaluation { checkName success description assetKey { path } } }
} } } } }"""
_TICKS = """
query($sensor: SensorSelector!) { sensorOrError(sensorSelector: $sensor) { ... on Sensor { sensorState {
  ticks(limit: 100) { timestamp status skipReason runIds error { message } }
} } } }"""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Run:
    """One run, as Dagster's storage has it."""

    run_id: str
    job: str
    status: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Events:
    """What the events of a run say: tables that were built, outcomes of checks, and all of their text."""

    built: frozenset[str]
    checks: Mapping[str, tuple[bool, str]]
    text: str


@dataclass(frozen=True)
class Dagster:
    """A running `selfeval dev`."""

    home: Home
    address: str
    group: int

    def count_processes(self) -> int:
        """Count the processes of the server and of its runs."""
        pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
        return sum(is_in_group(pid, self.group) for pid in pids)

    def query(self, query: str, **variables: object) -> dict[str, Any]:
        """Send a query or a mutation. Fails on errors of the API."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/graphql", body, headers)  # noqa: S310 - of loopback
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            content: dict[str, Any] = json.load(answer)
        assert not content.get("errors"), content["errors"]
        return dict(content["data"])

    def launch(
        self,
        *assets: str,
        job: str = "__ASSET_JOB",
        checks: Sequence[tuple[str, str]] | None = None,
        partition: str = "",
    ) -> str:
        """Launch a run of assets with their checks, or of checks alone, as the interface does. Returns its id."""
        selector: dict[str, object] = {**_REPOSITORY, "pipelineName": job}
        if assets or checks:
            selector["assetSelection"] = [{"path": key.split("/")} for key in assets]
        if checks:
            selector["assetCheckSelection"] = [
                {"assetKey": {"path": key.split("/")}, "name": name} for key, name in checks
            ]
        tags = [{"key": "dagster/partition", "value": partition}] if partition else []
        parameters = {
            "selector": selector,
            "mode": "default",
            "executionMetadata": {"tags": tags},
            "runConfigData": {},
        }
        launched = self.query(_LAUNCH, parameters=parameters)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def backfill(self, assets: Sequence[str], partitions: Sequence[str]) -> None:
        """Launch a backfill, as the interface does for several partitions."""
        parameters = {
            "assetSelection": [{"path": key.split("/")} for key in assets],
            "partitionNames": partitions,
        }
        launched = self.query(_BACKFILL, parameters=parameters)["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched

    def runs(self) -> list[Run]:
        """All runs, the newest first."""
        found = self.query(_RUNS)["runsOrError"]["results"]
        return [
            Run(
                one["runId"],
                one["jobName"],
                one["status"],
                {tag["key"]: tag["value"] for tag in one["tags"]},
            )
            for one in found
        ]

    def wait_for(self, run_id: str) -> Run:
        """Wait until a run has ended."""

        def find() -> Run | None:
            [run] = [one for one in self.runs() if one.run_id == run_id]
            return run if run.status in ENDED else None

        return wait_until(find)

    def events(self, run_id: str) -> Events:
        """Read the events of a run."""
        events, after, has_more = [], None, True
        while has_more:
            page = self.query(_EVENTS, id=run_id, after=after)["runOrError"]["eventConnection"]
            events += page["events"]
            after, has_more = page["cursor"], page["hasMore"]
        checks = [one["evaluation"] for one in events if "evaluation" in one]
        return Events(
            frozenset("/".join(one["assetKey"]["path"]) for one in events if one.get("assetKey")),
            {
                f"{'/'.join(one['assetKey']['path'])}: {one['checkName']}": (
                    one["success"],
                    one["description"] or "",
                )
                for one in checks
            },
            json.dumps(events, ensure_ascii=False),
        )

    def ticks(self) -> list[dict[str, Any]]:
        """Looks of the sensor for new returns, the newest first."""
        sensor = _REPOSITORY | {"sensorName": "returns_arrived"}
        return list(self.query(_TICKS, sensor=sensor)["sensorOrError"]["sensorState"]["ticks"])

    def wait_for_look(self, *reasons: str) -> str:
        """Wait until a look after this one skips with a reason that begins as given. Returns it."""
        # Their number stays the same when there are more than are listed.
        latest = max((one["timestamp"] for one in self.ticks()), default=0.0)

        def find() -> str | None:
            found = [one["skipReason"] or "" for one in self.ticks() if one["timestamp"] > latest]
            return next((one for one in found if one.startswith(reasons)), None)

        return wait_until(find)

    def partitions(self) -> list[str]:
        """The partitions of the raw tables."""
        query = (
            '{ assetNodeOrError(assetKey: {path: ["raw", "answer"]}) { ... on AssetNode { partitionKeys } } }'
        )
        return list(self.query(query)["assetNodeOrError"]["partitionKeys"])


def wait_until(find: Callable[[], Found | None], seconds: float = MAX_SECONDS) -> Found:
    """Wait until there is something to be found."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (found := find()) is not None:
            return found
        time.sleep(0.5)
    raise AssertionError(f"not found within {seconds} seconds")


def is_in_group(pid: int, group: int) -> bool:
    """Whether a process is in a group. False if it has ended."""
    try:
        return os.getpgid(pid) == group
    except ProcessLookupError:
        return False


@contextmanager
def live_dagster(home: Home, log: Path, notify: str = "") -> Iterator[Dagster]:
    """Start `selfeval dev` on a free port of loopback, and end it with all of its processes."""
    port = find_free_port()
    environment = {
        VARIABLE: str(home.root),
        "SELFEVAL_SECONDS_BETWEEN_LOOKS": str(SECONDS_BETWEEN_LOOKS),
        COMMAND: notify,
    }
    with log.open("ab") as file:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("selfeval")), "dev", "--port", str(port)],
            env=os.environ | environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            # A group of their own: they are ended together, and nothing else is.
            start_new_session=True,
        )
    dagster = Dagster(home, f"http://{LOOPBACK}:{port}", process.pid)

    def is_up() -> bool | None:
        assert process.poll() is None, log.read_text()
        try:
            return bool(dagster.query("{ version }"))
        except (urllib.error.URLError, ConnectionError):
            return None

    try:
        wait_until(is_up)
        yield dagster
    finally:
        end_processes(process)


def end_processes(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group, and what is left of the group."""
    # Not SIGINT: programs that a shell starts in the background ignore it.
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
