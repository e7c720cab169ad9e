"""The dbt project in Dagster: each part can be run by itself, and a failed test says how to fix it."""

import dagster as dg
import duckdb
import pytest

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.definitions import defs
from dagster_project.transform.assets import models
from tests.conftest import Workplace

KEY = dg.AssetKey


def run(selection: dg.AssetSelection) -> dg.ExecuteInProcessResult:
    """Run a part of the dbt project as a job, as the interface does."""
    job = dg.define_asset_job("part", selection=selection)
    part = dg.Definitions(assets=[models], jobs=[job], resources=defs.resources)
    with dg.DagsterInstance.ephemeral() as instance:
        return part.resolve_job_def("part").execute_in_process(instance=instance, raise_on_error=False)


def built(result: dg.ExecuteInProcessResult) -> set[dg.AssetKey]:
    return {event.asset_key for event in result.get_asset_materialization_events() if event.asset_key}


def checked(result: dg.ExecuteInProcessResult) -> set[dg.AssetKey]:
    return {evaluation.asset_key for evaluation in result.get_asset_check_evaluations()}


@pytest.mark.parametrize(
    "key", [KEY(["marts", "mart_coverage"]), KEY(["reference", "consortia"]), KEY(["staging", "stg_answers"])]
)
def test_one_table_is_built_alone_with_its_own_tests(workplace: Workplace, key: dg.AssetKey) -> None:
    result = run(dg.AssetSelection.assets(key))
    assert result.success
    assert built(result) == checked(result) == {key}


def test_checks_alone_build_nothing(workplace: Workplace) -> None:
    key = KEY(["marts", "fct_rating"])
    selection = dg.AssetSelection.checks_for_assets(key)
    result = run(selection)
    assert result.success
    assert (built(result), checked(result)) == (set(), {key})


def test_a_table_without_its_checks_is_not_tested(workplace: Workplace) -> None:
    key = KEY(["marts", "fct_rating"])
    result = run(dg.AssetSelection.assets(key).without_checks())
    assert result.success
    assert (built(result), checked(result)) == ({key}, set())


def test_materialize_takes_a_selection(workplace: Workplace) -> None:
    selection = dg.AssetSelection.assets(KEY(["marts", "dim_rating"])).upstream(depth=1)
    result = dg.materialize([models], selection=selection, resources=defs.resources)
    assert built(result) == {KEY(["marts", "dim_rating"]), KEY(["reference", "rating_scale"])}


def test_only_a_complete_build_opens_the_gate(workplace: Workplace) -> None:
    def is_open() -> bool:
        with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
            try:
                require_passed(workplace.home, connection)
            except GateClosed as closed:
                assert "dbt_build did not report" in str(closed)
                return False
        return True

    assert is_open()
    run(dg.AssetSelection.assets(KEY(["marts", "mart_coverage"])))
    assert not is_open()
    result = run(dg.AssetSelection.all())
    assert result.success
    assert is_open()

    # Every table says how many rows it has.
    counts = {
        event.asset_key.path[-1]: event.materialization.metadata["dagster/row_count"].value
        for event in result.get_asset_materialization_events()
        if event.asset_key and "dagster/row_count" in event.materialization.metadata
    }
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, schema_name || '.' || table_name from duckdb_tables() "
            "where schema_name in ('reference', 'intermediate', 'marts')"
        ).fetchall()
        assert counts == {name: len(connection.table(table)) for name, table in tables}


def test_a_failed_test_stops_what_follows_and_says_how_to_fix_it(workplace: Workplace) -> None:
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("update raw.answer set rating_typed = 'grün' where rating_typed = 'green'")
    result = run(dg.AssetSelection.assets(KEY(["staging", "stg_answers"])).downstream())
    assert not result.success
    [failed] = [one for one in result.get_asset_check_evaluations() if not one.passed]
    assert failed.asset_key == KEY(["intermediate", "int_rating_readings"])
    assert failed.description and "every_typed_rating_is_read_or_reported: Got" in failed.description
    assert "Protects the blanks" in failed.description
    tests = failed.metadata["tests"].value
    assert isinstance(tests, dict) and tests["every_typed_rating_is_read_or_reported"] == "fail"
    assert not {KEY(["intermediate", "int_problems"]), KEY(["marts", "mart_data_quality"])} & built(result)


def test_a_model_that_fails_stops_the_run_with_the_message_of_dbt(workplace: Workplace) -> None:
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("alter table raw.problem rename column remedy to cure")
    result = run(dg.AssetSelection.assets(KEY(["staging", "stg_problems"])).downstream())
    [failure] = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    assert failure and "dbt stopped: stg_problems: " in failure.message
    assert "remedy" in failure.message
    assert KEY(["marts", "mart_data_quality"]) not in built(result)
