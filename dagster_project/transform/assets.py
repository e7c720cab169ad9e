"""Every model a Dagster asset, every dbt test an asset check."""

from collections.abc import Iterator, Mapping
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
from dagster_project.transform.project import invoke, manifest

RESULTS = frozenset({"LogSeedResult", "LogModelResult", "LogTestResult"})

SCHEMAS_BUILT = ("reference", "intermediate", "marts")
"""Schemas that hold tables of dbt. `staging` holds views only."""


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
    events: list[dict[str, Any]] = []

    def keep(message: Any) -> None:
        # Thousands of events pass; only those of results are worth the conversion.
        if message.info.name in RESULTS:
            events.append(MessageToDict(message, preserving_proto_field_name=True))

    # Unit tests prove the models on invented rows: they belong to the test suite, not to every run.
    result = invoke(["build", "--exclude-resource-type", "unit_test"], keep)
    failures = [] if result.success else list(_failures(result)) or ["it gave no reason"]
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        found = {schema: seen(connection, schema) for schema in {*SCHEMAS_BUILT, *SCHEMAS}}
    rows = {name: count for schema in SCHEMAS_BUILT for name, count in found[schema].rows.items()}
    tokens = {schema: one.token for schema, one in found.items()}
    for event in events:
        for dagster_event in DbtCoreCliEventMessage(event, {}).to_default_asset_events(
            manifest(), TRANSLATOR, context
        ):
            name = event["data"]["node_info"]["node_name"]
            if isinstance(dagster_event, dg.Output) and name in rows:
                dagster_event = dagster_event.with_metadata(
                    {**dagster_event.metadata, "dagster/row_count": rows[name]}
                )
            yield dagster_event
    if failures:
        raise dg.Failure("dbt stopped: " + "; ".join(failures))
    write(home, Record(DBT_BUILD, passed=True, tokens={schema: tokens[schema] for schema in SCHEMAS}))


def _failures(result: Any) -> Iterator[str]:
    if result.exception:
        yield str(result.exception)
    for one in getattr(result.result, "results", ()):
        if one.status in ("error", "fail"):
            yield f"{one.node.name}: {one.message}. {one.node.description}".strip()
