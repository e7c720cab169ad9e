"""dbt's own commands work in `dbt/` after a run, without environment variables."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dagster_project.home.table_hashes import hash_schema
from dagster_project.paths import Home
from dagster_project.transform.project import load_manifest, run_dbt
from tests.conftest import Workplace

COMMANDS = (
    "build --select mart_question_ranking+",
    "test --select fct_rating",
    "show --select mart_question_ranking --limit 1",
    "ls --select marts",
    "compile --select mart_question_ranking",
    "docs generate",
    "source freshness",
    "seed --select rounds --full-refresh",
    "test --select fct_rating --store-failures",
)
IN_ONE_PROCESS = """
import sys
from dbt.cli.main import dbtRunner
sys.exit("; ".join(line for line in sys.argv[1:] if not dbtRunner().invoke(line.split()).success) or 0)
"""


def run(folder: Path, *command: str | Path) -> None:
    """Run a command in a folder with nothing of this project or of dbt in its environment."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("SELFEVAL_", "DBT_"))}
    done = subprocess.run(command, cwd=folder, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def tables(home: Home) -> dict[str, str]:
    """A hash of every row of each schema."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        return {schema: hash_schema(connection, schema) for schema in ("reference", "intermediate", "marts")}


@pytest.mark.timeout(300)
def test_a_build_gives_the_marts_of_the_run_and_passes_every_test(workplace: Workplace) -> None:
    home = workplace.home
    before = tables(home)
    run(home.dbt, Path(sys.executable).with_name("dbt"), "build")
    assert tables(home) == before
    results = json.loads((home.dbt / "target" / "run_results.json").read_text())["results"]
    statuses = {one["unique_id"]: one["status"] for one in results}
    assert set(statuses.values()) == {"success", "pass"}
    nodes = {
        unique_id
        for unique_id, node in load_manifest()["nodes"].items()
        if node["resource_type"] != "operation"
    }
    assert statuses.keys() >= nodes | load_manifest()["unit_tests"].keys()


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="takes a minute: `make test-long`")
@pytest.mark.timeout(300)
def test_the_other_commands_end_well_and_change_no_mart(workplace: Workplace) -> None:
    before = tables(workplace.home)
    run(workplace.home.dbt, sys.executable, "-c", IN_ONE_PROCESS, *COMMANDS)
    assert tables(workplace.home) == before


def test_an_open_round_without_a_new_return_is_not_fresh(workplace: Workplace) -> None:
    def freshness() -> str:
        # The first result is that of the project's hook.
        return str(run_dbt(["source", "freshness"]).result.results[-1].status)

    # The sample's only round is closed: nothing is expected of it.
    assert freshness() == "pass"
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute(
            "update reference.rounds set closed_on = null, fieldwork_start = current_date - 60, "
            "fieldwork_end = current_date + 1"
        )
    assert freshness() == "warn"
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("update reference.rounds set fieldwork_start = current_date - 5")
    assert freshness() == "pass"
