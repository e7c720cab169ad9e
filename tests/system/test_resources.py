"""The folder of the data as a resource: configured, or from the environment."""

import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.definitions import defs
from dagster_project.home.files import prepare_home
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.raw.assets import PARTITIONS, returned_files
from dagster_project.raw.database import open_build
from dagster_project.resources import HomeFolder, WriterLock, retry_while_locked
from tests.conftest import ROUND


def test_the_folder_is_the_one_of_the_environment_unless_it_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "a"))
    assert HomeFolder().home == Home(tmp_path / "a")
    assert HomeFolder(root=str(tmp_path / "b")).home == Home(tmp_path / "b")
    monkeypatch.delenv(VARIABLE)
    assert HomeFolder().home == Home(REPOSITORY)


def test_a_run_works_in_the_configured_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other, configured = Home(tmp_path / "other"), Home(tmp_path / "configured")
    monkeypatch.setenv(VARIABLE, str(other.root))
    prepare_home(configured)
    (configured.returns / ROUND).mkdir()
    shutil.copy(
        REPOSITORY / "warehouse" / "returns" / ROUND / "CPC return Fife.docx", configured.returns / ROUND
    )
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(PARTITIONS, [ROUND])
        result = dg.materialize(
            [returned_files],
            partition_key=ROUND,
            instance=instance,
            resources={"writer_lock": WriterLock(folder=HomeFolder(root=str(configured.root)))},
        )
    assert result.success
    with duckdb.connect(str(configured.build_database), read_only=True) as connection:
        assert connection.execute("select source_file from raw.return_file").fetchall() == [
            ("CPC return Fife.docx",)
        ]
    assert not other.root.exists()


def test_a_step_is_repeated_while_another_program_has_the_build_open_and_not_otherwise(
    tmp_path: Path,
) -> None:
    path = tmp_path / "build.duckdb"
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; db = duckdb.connect(sys.argv[1]); print(); input()",
            path,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert reader.stdout and reader.stdout.readline()
    with pytest.raises(dg.RetryRequested), retry_while_locked(), open_build(path):
        pass
    reader.communicate(b"\n")
    with retry_while_locked(), open_build(path):
        pass
    with pytest.raises(duckdb.IOException), retry_while_locked(), open_build(tmp_path):
        pass


def test_an_unknown_round_is_named() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(PARTITIONS, ["1999"])
        result = defs.resolve_job_def("load_round").execute_in_process(
            instance=instance, partition_key="1999", raise_on_error=False
        )
    [failed] = [event for event in result.all_events if event.is_step_failure]
    assert "There is no round '1999' in " in str(failed.step_failure_data.error)
