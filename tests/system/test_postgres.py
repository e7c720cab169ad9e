"""Dagster's own storage in PostgreSQL: a private server, one real run, and what it left there."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.cli.dev import configure_dagster
from dagster_project.definitions import defs
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.assets import PARTITIONS
from dagster_project.release.assets import list_logged_events
from dagster_project.release.automation import LOAD_ROUND, PUBLISH
from tests.conftest import ROUND, Workplace
from tools.spark.cluster import LOOPBACK, find_free_port

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
    programs, port = SERVERS[-1], str(find_free_port())
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

    home = Home.from_environment()
    assert home.root == workplace.home.root
    shutil.copy(REPOSITORY / "deploy" / "dagster.yaml", home.instance)
    for name, value in {
        "DAGSTER_HOME": "",
        "DAGSTER_PG_HOST": server["host"],
        "DAGSTER_PG_PORT": server["port"],
        "DAGSTER_PG_PASSWORD": "not asked for",
    }.items():
        monkeypatch.setenv(name, value)
    configure_dagster(home)
    before = workplace.published()
    with dg.DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(PARTITIONS, [ROUND])
        load, publish = defs.resolve_job_def(LOAD_ROUND), defs.resolve_job_def(PUBLISH)
        assert load.execute_in_process(instance=instance, partition_key=ROUND).success
        assert publish.execute_in_process(instance=instance).success
    assert workplace.published() != before
    with (
        psycopg2.connect(
            host=server["host"], port=server["port"], user="dagster", dbname="dagster"
        ) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("select pipeline_name, status from runs")
        assert sorted(cursor.fetchall()) == [("load_round", "SUCCESS"), ("publish", "SUCCESS")]
        cursor.execute("select count(*) from event_logs where dagster_event_type = 'ASSET_MATERIALIZATION'")
        (materialised,) = cursor.fetchone()
        assert materialised > 90
    # Nothing of the run's history is in the home.
    assert not list(home.dagster.rglob("*.db"))
    # Its events are searched for comments there, too.
    with dg.DagsterInstance.get() as instance:
        runs = {one.dagster_run.run_id for one in instance.get_run_records()}
        events = list(list_logged_events(instance, datetime.fromtimestamp(0, UTC), max(runs)))
        assert len(events) > materialised
        assert {run_id for run_id, _ in events} == runs
