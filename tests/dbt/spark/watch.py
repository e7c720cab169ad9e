"""What the interface of a running Spark application says about who did the work."""

import threading
from collections import Counter
from types import TracebackType
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from tools.spark.cluster import LOOPBACK, get_json


class Watch:
    """Asks the interface on `port` every second, for as long as the block lasts."""

    def __init__(self, port: int) -> None:
        """Nothing is asked yet."""
        self.address = f"http://{LOOPBACK}:{port}/api/v1/applications"
        self.executors: dict[str, dict[str, Any]] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def tasks_by_worker(self) -> Counter[str]:
        """Tasks completed, by the interface of the worker that ran them."""
        tasks: Counter[str] = Counter()
        for executor in self.executors.values():
            logs = executor["executorLogs"].get("stdout")
            if logs:
                tasks[urlsplit(logs).netloc] += executor["completedTasks"]
        return tasks

    def task_seconds(self) -> float:
        """What the tasks of all executors took, each on its core."""
        milliseconds = sum(int(executor["totalDuration"]) for executor in self.executors.values())
        return milliseconds / 1000

    def _watch(self) -> None:
        while not self._over.wait(1):
            try:
                for application in get_json(self.address):
                    for executor in get_json(f"{self.address}/{application['id']}/allexecutors"):
                        self.executors[f"{application['id']} {executor['id']}"] = executor
            except (URLError, ConnectionError, TimeoutError, ValueError):
                # Not there yet, or gone: the application lives as long as the build.
                continue
