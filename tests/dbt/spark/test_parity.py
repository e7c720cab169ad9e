"""One set of models, two engines: every mart of Spark is DuckDB's, row for row."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from dagster_project.home.files import prepare_home
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.raw.tables import create_tables
from dagster_project.transform.project import list_marts, run_dbt
from tests.conftest import Workplace
from tests.dbt.ranking.random_rounds import invent, write
from tests.dbt.spark.parity import DUCKDB, SPARK, differences
from tests.dbt.spark.rounds import at_scale, edge_texts
from tests.dbt.spark.watch import Watch
from tools.spark import build, cluster

# What only the whole parity does: it starts a cluster, and takes minutes.
whole = pytest.mark.skipif(not os.environ.get("SPARK_PARITY"), reason="`make spark-parity` does this")
SCALE = int(os.environ.get("RATINGS", 1_000_000))
# Small rounds end before Java's compilers have paid for themselves.
SMALL = {"SPARK_CODEGEN": "false", "SPARK_JAVA": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
EVERYTHING = ["build", "--exclude-resource-type", "unit_test"]
# A part of the resamples: more of them take minutes on Spark and show nothing else.
FEW_RESAMPLES = ["--vars", '{"bootstrap_resamples": 100}']
MODELS = [*EVERYTHING, "--exclude-resource-type", "test", *FEW_RESAMPLES]


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    """Without Java and Spark's environment there is nothing to compare."""
    there = {"Java": bool(shutil.which("java")), "Spark": cluster.is_installed()}
    missing = " and ".join(what for what, found in there.items() if not found)
    if missing and (os.environ.get("REQUIRE_SPARK") or os.environ.get("SPARK_PARITY")):
        pytest.fail(f"{missing} must be there: install Java 17, and run `make spark`.")
    if missing:
        pytest.skip(f"{missing} is not installed (`make spark`)")


@pytest.fixture(scope="module")
def running() -> Iterator[cluster.Cluster]:
    """A master and two workers. Their folder is not one of pytest's, which other runs of it clear away."""
    with tempfile.TemporaryDirectory(prefix="selfeval-cluster-") as folder:
        started = cluster.start_cluster(Path(folder))
        yield started
        cluster.stop_cluster(Path(folder))
        assert cluster.find_cluster(Path(folder)) is None
        with pytest.raises(OSError):
            started.read_state()
        for process in started.processes:
            # Children of this process: it would wait until the test's time is over for one that lives on.
            with suppress(ChildProcessError):
                os.waitpid(process, 0)


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home with the sample's seeds and empty raw tables."""
    shutil.copytree(REPOSITORY / "dbt" / "seeds", tmp_path / "dbt" / "seeds")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home.from_environment()
    prepare_home(home)
    with duckdb.connect(str(home.build_database)) as connection:
        create_tables(connection)
    return home


def compare(
    home: Home,
    folder: Path,
    master: str,
    command: list[str],
    variables: Mapping[str, str],
    only: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """Build the home's raw tables on Spark, and compare the marts with those in its build database: all, or `only`."""
    build.export_raw(home.build_database, folder)
    build.build_models(home.dbt, folder, master, command, **variables)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.build_database}' as build (read_only); create schema {DUCKDB}")
        marts = only or set(list_marts())
        for mart in marts:
            connection.execute(f"create view {DUCKDB}.{mart} as select * from build.marts.{mart}")
        assert set(build.attach_marts(folder, connection, SPARK)) >= marts
        return differences(connection, sorted(marts))


def on_duckdb() -> float:
    """Build the home's raw tables on DuckDB. Gives seconds of CPU."""
    started = time.process_time()
    assert run_dbt(
        ["build", "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test", *FEW_RESAMPLES]
    ).success
    return time.process_time() - started


@pytest.mark.timeout(600)
def test_the_sample_has_the_same_rankings_in_one_process(sample_home: Workplace, tmp_path: Path) -> None:
    marts = frozenset({"mart_question_ranking", "mart_consortium_ranking", "mart_coverage"})
    command = [*MODELS, "--select", *(f"+{mart}" for mart in sorted(marts))]
    assert compare(sample_home.home, tmp_path, "local[2]", command, SMALL, marts) == {}


@whole
@pytest.mark.timeout(1800)
def test_the_sample_has_the_same_marts_on_a_cluster_and_passes_the_tests_of_the_models(
    sample_home: Workplace, tmp_path: Path, running: cluster.Cluster
) -> None:
    assert compare(sample_home.home, tmp_path, running.master, EVERYTHING, SMALL) == {}


@whole
@pytest.mark.timeout(1800)
def test_texts_from_the_edges_of_what_people_type_are_read_alike(
    workplace: Workplace, tmp_path: Path, running: cluster.Cluster
) -> None:
    edge_texts(workplace.home.build_database)
    on_duckdb()
    assert compare(workplace.home, tmp_path / "spark", running.master, MODELS, SMALL) == {}


@whole
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [20, 21])
def test_random_rounds_have_the_same_marts(
    seed: int, invented: Home, tmp_path: Path, running: cluster.Cluster
) -> None:
    write(invent(seed, count=25), invented.seeds, invented.build_database)
    on_duckdb()
    assert compare(invented, tmp_path / "spark", running.master, MODELS, SMALL) == {}


@whole
@pytest.mark.timeout(3600)
def test_a_large_round_has_the_same_marts_and_its_work_is_spread_over_both_workers(
    invented: Home, tmp_path: Path, running: cluster.Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    at_scale(SCALE, invented.seeds, invented.build_database)
    cpu = on_duckdb()
    port = cluster.find_free_port()
    shown = {"SPARK_UI": "true", "SPARK_UI_PORT": str(port), "SPARK_PARTITIONS": "4"}
    with Watch(port) as watch:
        found = compare(invented, tmp_path / "spark", running.master, MODELS, shown)
    tasks = watch.tasks_by_worker()
    with capsys.disabled():
        print(
            f"\n{SCALE:,} ratings: DuckDB {cpu:.0f} s of CPU, Spark {watch.task_seconds():.0f} s of tasks: {tasks}"
        )
    assert found == {}
    assert len(tasks) == 2, tasks
    assert min(tasks.values()) > 0.2 * max(tasks.values()), tasks
    assert running.read_state()["completedapps"][-1]["state"] == "FINISHED"
