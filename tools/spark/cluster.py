"""A standalone cluster on this machine: Spark's master and workers, on loopback, as processes with recorded ids.

`python -m tools.spark build` accepts the address of any other cluster.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

LOOPBACK = "127.0.0.1"
ENVIRONMENT = Path(sys.prefix) / "spark"
MAX_START_SECONDS = 120.0
MAX_STOP_SECONDS = 30.0


class ClusterError(Exception):
    """The cluster could not be started. The message names the logs."""


@dataclass(frozen=True)
class Cluster:
    """Addresses and process ids of a running cluster."""

    master: str
    interface: str
    processes: tuple[int, ...]

    def read_state(self) -> dict[str, Any]:
        """Read the state of the master as JSON: workers, active and completed applications."""
        state: dict[str, Any] = get_json(f"{self.interface}/json/")
        return state


def get_json(address: str) -> Any:
    """Return the JSON under an address of Spark's interfaces. Raises `OSError` where no server answers."""
    with urlopen(address, timeout=10) as answer:  # noqa: S310 - addresses are our own, on loopback
        return json.load(answer)


def is_installed() -> bool:
    """Return whether the environment of the dependency group `spark` exists."""
    return (ENVIRONMENT / "bin" / "dbt").exists()


def build_environment() -> dict[str, str]:
    """Build the variables for every process of Spark: it listens on loopback only."""
    return {
        **os.environ,
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_HOSTNAME": LOOPBACK,
        "SPARK_DAEMON_MEMORY": "256m",
        # The master accepts no applications by HTTP.
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
    }


def start_cluster(folder: Path, workers: int = 2, cores: int = 1, memory: str = "1g") -> Cluster:
    """Start a master and workers of `cores` cores and `memory` each; logs and ids are in `folder`.

    Raises `ClusterError` where Spark is not installed or does not come up.
    """
    if not is_installed():
        raise ClusterError("Spark is not installed: run `make spark`.")
    if find_cluster(folder):
        raise ClusterError(
            f"A cluster of {folder} is running already: stop it with `python -m tools.spark down`."
        )
    folder.mkdir(parents=True, exist_ok=True)
    port, interface = find_free_port(), find_free_port()
    master = f"spark://{LOOPBACK}:{port}"
    listens = ["--host", LOOPBACK]
    processes = [
        _start_process(
            folder, "master", "Master", [*listens, "--port", str(port), "--webui-port", str(interface)]
        )
    ]
    for number in range(1, workers + 1):
        size = ["--cores", str(cores), "--memory", memory, "--work-dir", str(folder / f"worker-{number}")]
        arguments = [*listens, *size, "--webui-port", str(find_free_port()), master]
        processes.append(_start_process(folder, f"worker-{number}", "Worker", arguments))
    cluster = Cluster(master, f"http://{LOOPBACK}:{interface}", tuple(processes))
    (folder / "cluster.json").write_text(json.dumps(asdict(cluster)), encoding="utf-8")
    try:
        if _is_up(cluster, workers):
            return cluster
    except BaseException:
        stop_cluster(folder)
        raise
    stop_cluster(folder)
    raise ClusterError(f"The cluster did not come up in {MAX_START_SECONDS:.0f} s: see the logs in {folder}.")


def _is_up(cluster: Cluster, workers: int) -> bool:
    """Wait until all workers have registered with the master, or for the maximum time."""
    until = time.monotonic() + MAX_START_SECONDS
    while time.monotonic() < until:
        # The first answers may be empty.
        with suppress(OSError, ValueError):
            if cluster.read_state()["aliveworkers"] == workers:
                return True
        time.sleep(0.5)
    return False


def find_cluster(folder: Path) -> Cluster | None:
    """Find the running cluster that was started in `folder`; None if there is none."""
    try:
        kept = json.loads((folder / "cluster.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    cluster = Cluster(kept["master"], kept["interface"], tuple(kept["processes"]))
    return cluster if any(_is_ours(process) for process in cluster.processes) else None


def stop_cluster(folder: Path) -> None:
    """Stop the cluster that was started in `folder`, workers first. Does nothing where none is running."""
    cluster = find_cluster(folder)
    for process in reversed(cluster.processes if cluster else ()):
        if _is_ours(process):
            os.kill(process, signal.SIGTERM)
            _wait_for_exit(process)
    (folder / "cluster.json").unlink(missing_ok=True)


def find_free_port() -> int:
    """Find a free port of loopback."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _start_process(folder: Path, name: str, kind: str, arguments: list[str]) -> int:
    spark = next((ENVIRONMENT / "lib").glob("python*/site-packages/pyspark"))
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [
                str(spark / "bin" / "spark-class"),
                f"org.apache.spark.deploy.{kind.lower()}.{kind}",
                *arguments,
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=build_environment(),
            cwd=folder,
            start_new_session=True,
        ).pid


def _is_ours(process: int) -> bool:
    """Return whether a process id is still Spark's: the system may have given it to another process."""
    # -ww: the whole command, independent of the width of the terminal.
    command = ["/bin/ps", "-ww", "-o", "stat=,command=", "-p", str(process)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return "org.apache.spark.deploy" in listed and not listed.startswith("Z")


def _wait_for_exit(process: int) -> None:
    until = time.monotonic() + MAX_STOP_SECONDS
    while _is_ours(process):
        if time.monotonic() > until:
            os.kill(process, signal.SIGKILL)
        time.sleep(0.1)
