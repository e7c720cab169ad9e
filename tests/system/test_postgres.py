"""Dagster's own storage in PostgreSQL: a private server, one real run, and what it left there."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.home.history import events_since, forget_old_runs
from dagster_project.paths import Home
from tests.conftest import Workplace
from tools.spark.cluster import LOOPBACK, free_port

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="a whole run: `make test-long`"),
    pytest.mark.skipif(not SERVERS, reason="PostgreSQL is not installed (Debian's package `postgresql`)"),
    pytest.mark.skipif(not find_spec("dagster_postgres"), reason="`make postgres` installs it"),
]


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not among the temporary folders of pytest, which are closed to other users."""
    with tempfile.TemporaryDirectory(prefix="selfeval-postgres-") as made:
        yield Path(made)


@pytest.fixture
def server(folder: Path) -> Iterator[dict[str, str]]:
    """A server of PostgreSQL on loopback with its data in a temporary folder; how to reach it."""
    programs, port = SERVERS[-1], str(free_port())
    # PostgreSQL refuses to run as root.
    user = "postgres" if getpass.getuser() == "root" else getpass.getuser()
    if user != getpass.getuser():
        shutil.chown(folder, user)

    def call(program: str, *arguments: str) -> None:
        identity = pwd.getpwnam(user)
        subprocess.run(
            [str(programs / program), *arguments],
            check=True,
            user=identity.pw_uid if user != getpass.getuser() else None,
            group=identity.pw_gid if user != getpass.getuser() else None,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    data = str(folder / "data")
    call("initdb", "-D", data, "-U", "dagster", "--auth", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses={LOOPBACK} -c unix_socket_directories={folder}"
    call("pg_ctl", "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        call("createdb", "-h", LOOPBACK, "-p", port, "-U", "dagster", "dagster")
        yield {"host": LOOPBACK, "port": port}
    finally:
        call("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def test_a_run_and_its_events_are_kept_in_postgresql(
    workplace: Workplace, server: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg2

    home = Home.current()
    assert home.root == workplace.home.root
    # What the sample's own run has left.
    shutil.rmtree(home.dagster)
    home.instance.write_text(
        (Path(__file__).parent / "postgres.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    monkeypatch.setenv("DAGSTER_PG_HOST", server["host"])
    monkeypatch.setenv("DAGSTER_PG_PORT", server["port"])
    report = workplace.run()
    assert report.release_id and not report.errors, report
    with (
        psycopg2.connect(
            host=server["host"], port=server["port"], user="dagster", dbname="dagster"
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select pipeline_name, status from runs")
        assert cursor.fetchall() == [("publish", "SUCCESS")]
        cursor.execute("select count(*) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'")
        (materialised,) = cursor.fetchone()
        assert materialised >= report.models
    # Nothing of the run's history stands in the home.
    assert not list(home.dagster.rglob("*.db"))
    # There it is looked through for comments, too, and let go when it is old.
    with dg.DagsterInstance.get() as instance:
        [run] = instance.get_runs()
        told = list(events_since(instance, datetime.fromtimestamp(0, UTC), ""))
        assert len(told) > materialised
        assert {run_id for run_id, _ in told} == {run.run_id}
        assert list(events_since(instance, datetime.now(UTC) + timedelta(hours=1), "")) == []
        forget_old_runs(instance, keep=0)
        assert (list(instance.get_runs()), list(instance.all_logs(run.run_id))) == ([], [])
