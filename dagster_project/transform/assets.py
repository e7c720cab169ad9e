"""Every seed and model of dbt as a Dagster asset; all data tests of one as one asset check."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from dagster_project.home.fingerprints import BUILT, store_inputs
from dagster_project.home.records import DBT_BUILD, Record, delete_records, write_record
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, hash_schema
from dagster_project.paths import Home
from dagster_project.raw.tables import OF_FILES
from dagster_project.resources import AUDIENCE, RESTRICTED, WriterLock
from dagster_project.transform.project import build_project, load_manifest

CHECK = "dbt_tests"
"""Name of the check of each seed and model that has data tests."""

WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
"""Unit tests prove the models on invented rows: the test suite and `dbt build` run them, not each run."""


SEEDS = "reference"
"""Group of the seeds."""

RAW = [dg.AssetKey(["raw", table]) for table in OF_FILES]

HINT = (
    "\nThis run builds a part of the tables. If one before it is missing, materialize that too, or run the job "
    "`publish`."
)


class Translator(DagsterDbtTranslator):
    """Groups, tags and checks of the assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the folder below `models/`, or `reference` for a seed."""
        return SEEDS if dbt_resource_props["resource_type"] == "seed" else dbt_resource_props["fqn"][1]

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Order seeds and models after all raw tables: a backfill of several rounds builds them in one run then.

        Dagster would load seeds in a run of their own before, and no release is made of two parts.
        """
        spec = super().get_asset_spec(manifest, unique_id, project)
        sources = {node for node in manifest["parent_map"].get(unique_id, ()) if node in manifest["sources"]}
        if unique_id in manifest["nodes"] and (sources or spec.group_name == SEEDS):
            known = {dep.asset_key for dep in spec.deps}
            return spec.merge_attributes(deps=[key for key in RAW if key not in known])
        return spec

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the audience that a mart declares. All other tables stay in the build."""
        audience = dbt_resource_props["config"].get("meta", {}).get("audience")
        return {AUDIENCE: audience} if audience else RESTRICTED

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,  # noqa: ARG002 - dagster-dbt passes it
    ) -> dg.AssetCheckSpec | None:
        """Return the same check for all data tests of an asset."""
        if self.get_tested_key(manifest, unique_id) != asset_spec.key:
            return None
        tests = [f"- `{name}`: {text}" for name, text in list_tests()[asset_spec.key].items()]
        description = "\n".join(["All dbt data tests of this table.", "", *tests])
        return dg.AssetCheckSpec(CHECK, asset=asset_spec.key, blocking=True, description=description)

    def get_tested_key(self, manifest: Mapping[str, Any], unique_id: str) -> dg.AssetKey:
        """Return the asset that a data test is about: of a singular test, the first that it reads."""
        test = manifest["nodes"][unique_id]
        return self.get_asset_key(
            manifest["nodes"][test.get("attached_node") or test["depends_on"]["nodes"][0]]
        )


TRANSLATOR = Translator(DagsterDbtTranslatorSettings(enable_code_references=True))


@cache
def list_tests() -> Mapping[dg.AssetKey, Mapping[str, str]]:
    """List the data tests of each seed and model: what each means when it fails, by name."""
    tests: dict[dg.AssetKey, dict[str, str]] = defaultdict(dict)
    for unique_id, node in load_manifest()["nodes"].items():
        if node["resource_type"] == "test":
            key = TRANSLATOR.get_tested_key(load_manifest(), unique_id)
            tests[key][node["name"]] = " ".join(node["description"].split())
    return tests


@dbt_assets(
    manifest=load_manifest(),
    project=DbtProject(Home.from_environment().dbt, target_path=Home.from_environment().dbt_target),
    dagster_dbt_translator=TRANSLATOR,
)
def models(
    context: dg.AssetExecutionContext, writer_lock: WriterLock
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Load the seeds, build the models and run their data tests, or those that are selected."""
    home = writer_lock.home
    delete_records(home, [DBT_BUILD])
    store_inputs(home, BUILT)
    if not context.is_subset:
        # Findings of an earlier run must not be shown as those of this one, which may stop before it has any.
        with duckdb.connect(str(home.build_database)) as connection:
            connection.execute("drop schema if exists marts cascade")
    result = build_project([*WITHOUT_UNIT_TESTS, *_select_nodes(context)], home)
    if result.exception:
        raise dg.Failure(f"dbt stopped: {result.exception}")
    outcomes = {outcome.node.unique_id: outcome for outcome in result.result.results}
    yield from _list_table_results(home, outcomes)
    yield from _list_check_results(context, outcomes)
    # The check of a failed test has the test's text as description, and blocks the next steps.
    errors = [one for one in outcomes.values() if one.status == "error" and one.node.resource_type != "test"]
    if errors:
        raise dg.Failure(
            "dbt stopped: " + "; ".join(map(_describe_outcome, errors)) + (HINT if context.is_subset else "")
        )
    if result.success and not context.is_subset:
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            tokens = {schema: hash_schema(connection, schema) for schema in AUDITED_SCHEMAS}
        write_record(home, Record(DBT_BUILD, passed=True, tokens=tokens))


def _select_nodes(context: dg.AssetExecutionContext) -> list[str]:
    """Return dbt's options for the assets and checks of this run; none where it is the whole project."""
    if not context.is_subset:
        return []
    checked = {key.asset_key for key in context.selected_asset_check_keys}
    names = []
    for unique_id, node in load_manifest()["nodes"].items():
        if node["resource_type"] == "test":
            is_selected = TRANSLATOR.get_tested_key(load_manifest(), unique_id) in checked
        else:
            is_selected = TRANSLATOR.get_asset_key(node) in context.selected_asset_keys
        if is_selected:
            names.append(node["name"])
    # Otherwise dbt adds every test that reads a selected model, also those of other models.
    return ["--indirect-selection", "empty", "--select", *names]


def _list_table_results(home: Home, outcomes: Mapping[str, Any]) -> Iterator[dg.MaterializeResult[None]]:
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        sizes = connection.execute("select schema_name, table_name, estimated_size from duckdb_tables()")
        rows = {(schema, table): count for schema, table, count in sizes.fetchall()}
    for unique_id, outcome in outcomes.items():
        if outcome.status == "success" and outcome.node.resource_type in ("seed", "model"):
            count = rows.get((outcome.node.schema, outcome.node.name))
            yield dg.MaterializeResult(
                TRANSLATOR.get_asset_key(load_manifest()["nodes"][unique_id]),
                metadata={
                    "seconds": round(outcome.execution_time, 3),
                    # A view has no rows of its own.
                    **({} if count is None else {"dagster/row_count": count}),
                },
            )


def _list_check_results(
    context: dg.AssetExecutionContext, outcomes: Mapping[str, Any]
) -> Iterator[dg.AssetCheckResult]:
    tested = defaultdict(list)
    for unique_id, outcome in outcomes.items():
        if outcome.node.resource_type == "test" and outcome.status != "skipped":
            tested[TRANSLATOR.get_tested_key(load_manifest(), unique_id)].append(outcome)
    selected = {key.asset_key for key in context.selected_asset_check_keys}
    for key in (key for key in tested if key in selected):
        unmet = [outcome for outcome in tested[key] if outcome.status != "pass"]
        has_only_warnings = all(outcome.status == "warn" for outcome in unmet)
        yield dg.AssetCheckResult(
            check_name=CHECK,
            asset_key=key,
            passed=not unmet,
            severity=dg.AssetCheckSeverity.WARN if has_only_warnings else dg.AssetCheckSeverity.ERROR,
            description="; ".join(map(_describe_outcome, unmet)) or f"{len(tested[key])} data tests passed.",
            metadata={"tests": {outcome.node.name: str(outcome.status) for outcome in tested[key]}},
        )


def _describe_outcome(outcome: Any) -> str:
    """Return what failed, dbt's message, and the description, which says how to fix it."""
    return f"{outcome.node.name}: {outcome.message}. {outcome.node.description}".strip()
