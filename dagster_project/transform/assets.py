"""Every model a Dagster asset, every dbt test an asset check."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage
from google.protobuf.json_format import MessageToDict

from dagster_project.audit.suites import SCHEMAS
from dagster_project.home.inputs import BUILT, mark
from dagster_project.home.records import DBT_BUILD, Record, discard, write
from dagster_project.home.tokens import seen
from dagster_project.paths import Home
from dagster_project.resources import WRITER
from dagster_project.transform import state
from dagster_project.transform.project import invoke, manifest, rounds_of_seeds

RESULTS = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult"})

REUSED = "reused"
"""What the history says of a model that was not made anew; dbt has the word, too."""


class Translator(DagsterDbtTranslator):
    """Assets are grouped as the models' folders are."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below `models/`, or `reference` for a seed."""
        return "reference" if dbt_resource_props["resource_type"] == "seed" else dbt_resource_props["fqn"][1]


TRANSLATOR = Translator()
"""One for all events: it remembers what it has worked out of the manifest."""


@dbt_assets(manifest=manifest(), dagster_dbt_translator=TRANSLATOR, required_resource_keys={WRITER})
def models(context: dg.AssetExecutionContext) -> Iterator[Any]:
    """Load the seeds, build the models and run their tests. A failed test fails the run."""
    home = Home.current()
    discard(home, [DBT_BUILD])
    mark(home, BUILT)
    before, given = state.load(home), state.state_of(home, rounds_of_seeds())
    selected = state.selection(before, given)
    state.forget(home)
    events: list[dict[str, Any]] = []

    def keep(message: Any) -> None:
        # Thousands of events pass; only those of results are worth the conversion.
        if message.info.name in RESULTS:
            events.append(MessageToDict(message, preserving_proto_field_name=True))

    failures: list[str] = []
    if selected != []:
        # Unit tests prove the models on invented rows: they belong to the test suite, not to every run.
        only = ["--select", *selected] if selected else []
        result = invoke(
            ["build", "--exclude-resource-type", "unit_test", *only], keep, state.kept_rounds(before, given)
        )
        if not result.success:
            failures = list(_failures(result)) or ["it gave no reason"]
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        found = {schema: seen(connection, schema) for schema in {*state.MADE, *SCHEMAS}}
    rows = {name: count for schema in state.MADE for name, count in found[schema].rows.items()}
    tokens = {schema: one.token for schema, one in found.items()}
    if not failures:
        yield from _reused({event["data"]["node_info"]["unique_id"] for event in events})
    checked = set()
    for event in events:
        for dagster_event in DbtCoreCliEventMessage(event, {}).to_default_asset_events(
            manifest(), TRANSLATOR, context
        ):
            name = event["data"]["node_info"]["node_name"]
            if isinstance(dagster_event, dg.AssetCheckResult):
                checked.add((dagster_event.asset_key, dagster_event.check_name))
            if isinstance(dagster_event, dg.Output) and name in rows:
                dagster_event = dagster_event.with_metadata(
                    {**dagster_event.metadata, "dagster/row_count": rows[name]}
                )
            yield dagster_event
    if failures:
        raise dg.Failure("dbt stopped: " + "; ".join(failures))
    if selected is not None:
        # They have passed on exactly what they would look at.
        for key, name in {(one.asset_key, one.name) for one in context.selected_asset_check_keys} - checked:
            yield dg.AssetCheckResult(
                passed=True, asset_key=key, check_name=name, metadata={"status": REUSED}
            )
    state.keep(home, replace(given, made={schema: tokens[schema] for schema in state.MADE}))
    write(home, Record(DBT_BUILD, passed=True, tokens={schema: tokens[schema] for schema in SCHEMAS}))


def _reused(made: Set[str]) -> Iterator[dg.Output[None]]:
    """Seeds and models of which nothing has changed: they stand, and have passed their tests, as they were made.

    None depends on one that was made, so they come before those, each after what it depends on.
    """
    nodes = {
        unique_id: node["depends_on"].get("nodes", ())
        for unique_id, node in manifest()["nodes"].items()
        if node["resource_type"] in ("seed", "model")
    }
    for unique_id in TopologicalSorter(nodes).static_order():
        if unique_id in nodes and unique_id not in made:
            key = TRANSLATOR.get_asset_spec(manifest(), unique_id, None).key
            yield dg.Output(None, key.to_python_identifier(), metadata={"status": REUSED})


def _failures(result: Any) -> Iterator[str]:
    if result.exception:
        yield str(result.exception)
    for one in getattr(result.result, "results", ()):
        if one.status in ("error", "fail"):
            yield f"{one.node.name}: {one.message}. {one.node.description}".strip()
