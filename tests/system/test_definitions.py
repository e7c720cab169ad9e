"""The definitions as Dagster's own tools load them, and what each asset and check says about itself."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from dagster_project.definitions import defs
from dagster_project.paths import REPOSITORY
from dagster_project.release.automation import LOAD_AND_PUBLISH, LOAD_ROUND, PUBLISH
from dagster_project.resources import AUDIENCE

BIN = Path(sys.executable).parent


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["dagster", "definitions", "validate"], "All code locations passed validation."),
        pytest.param(
            ["dg", "check", "defs"],
            "All definitions loaded successfully.",
            marks=pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="`make test-long` runs it"),
        ),
    ],
    ids=["dagster", "dg"],
)
def test_the_tools_load_the_definitions_without_options(
    tmp_path: Path, command: list[str], message: str
) -> None:
    # Both write files about themselves into the user's folder.
    user = {"HOME": str(tmp_path), "VIRTUAL_ENV": str(BIN.parent), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=REPOSITORY,
        env={**os.environ, **user},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert message in done.stdout + done.stderr


def test_every_asset_has_kinds_an_owner_an_audience_a_group_and_a_description() -> None:
    specs = list(defs.resolve_all_asset_specs())
    assert len(specs) > 100
    incomplete = [
        spec.key.to_user_string()
        for spec in specs
        if not (spec.kinds and spec.owners and AUDIENCE in spec.tags and spec.group_name and spec.description)
    ]
    assert incomplete == []
    audiences = {spec.key.to_user_string(): spec.tags[AUDIENCE] for spec in specs}
    assert audiences["marts/mart_coverage"] == "public"
    assert audiences["marts/fct_rating"] == "analyst"
    assert audiences["staging/stg_answers"] == audiences["raw/answer"] == "restricted"


def test_a_release_of_last_year_is_shown_as_old() -> None:
    [published] = [
        spec for spec in defs.resolve_all_asset_specs() if spec.key.path == ["release", "published"]
    ]
    assert published.freshness_policy == dg.FreshnessPolicy.time_window(
        fail_window=timedelta(days=365), warn_window=timedelta(days=300)
    )


def test_every_check_has_a_description() -> None:
    graph = defs.resolve_asset_graph()
    specs = [
        spec
        for one in [*(defs.assets or ()), *(defs.asset_checks or ())]
        if isinstance(one, dg.AssetsDefinition)
        for spec in one.check_specs
    ]
    assert len(specs) == len(graph.asset_check_keys) > 50
    assert [f"{spec.asset_key.to_user_string()}: {spec.name}" for spec in specs if not spec.description] == []


def test_the_check_of_a_table_describes_each_of_its_data_tests() -> None:
    [description] = [
        spec.description
        for one in defs.assets or ()
        if isinstance(one, dg.AssetsDefinition)
        for spec in one.check_specs
        if spec.asset_key.path == ["reference", "committees"]
    ]
    assert "- `unique_combination_committees_committee_id__from_round`: Two rows of" in str(description)
    assert "- `not_null_committees_committee_id`: A cell of" in str(description)


def test_jobs_sensors_and_schedules_have_a_description() -> None:
    repository = defs.get_repository_def()
    for job in (LOAD_ROUND, PUBLISH, LOAD_AND_PUBLISH):
        assert repository.get_job(job).description
    assert repository.get_sensor_def("returns_arrived").description
    schedule = repository.get_schedule_def("publish_changes")
    assert schedule.description
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
