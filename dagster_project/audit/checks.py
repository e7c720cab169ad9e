"""The suites as blocking asset checks: one step before the models, one before the release."""

from collections.abc import Iterator, Sequence

import dagster as dg
import duckdb

from dagster_project.audit.findings import load_findings
from dagster_project.audit.gate import record_outcome
from dagster_project.audit.suites import Suite, load_suites
from dagster_project.audit.validate import Outcome
from dagster_project.audit.worker import stop_worker, validate_suites
from dagster_project.home.records import delete_records
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, hash_tables
from dagster_project.paths import Home
from dagster_project.resources import WriterLock


class AuditWorker(dg.ConfigurableResource["AuditWorker"]):
    """The worker process of a run's audits. A process that Dagster started for a run would wait for it forever."""

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Let the worker end with the run, also where an audit was left out or failed."""
        stop_worker()


def _build_checks(name: str, schema: str, suites: Sequence[Suite]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=name,
        description=f"Great Expectations suites on the {schema} tables. A failed one stops everything after it.",
        specs=[
            dg.AssetCheckSpec(
                suite.name, asset=_build_asset_key(suite), blocking=True, description=suite.description
            )
            for suite in suites
        ],
        can_subset=True,
    )
    def audit(
        context: dg.AssetCheckExecutionContext, writer_lock: WriterLock, audit_worker: AuditWorker
    ) -> Iterator[dg.AssetCheckResult]:
        home = writer_lock.home
        names = {key.name for key in context.selected_asset_check_keys}
        selected = [suite for suite in suites if suite.name in names]
        outcomes = audit_schema(home, schema, selected)
        if schema == AUDITED_SCHEMAS[-1]:
            stop_worker()
        for suite, outcome in zip(selected, outcomes, strict=True):
            yield _check_result(home, suite, outcome)

    return audit


def audit_schema(home: Home, schema: str, suites: Sequence[Suite]) -> list[Outcome]:
    """Validate the suites of a schema of the build, and record their outcomes for the gate."""
    delete_records(home, [suite.name for suite in suites])
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        hashes = hash_tables(connection, schema)
    outcomes = validate_suites(home.build_database, suites)
    for suite, outcome in zip(suites, outcomes, strict=True):
        record_outcome(home, suite, hashes, outcome)
    return outcomes


def _check_result(home: Home, suite: Suite, outcome: Outcome) -> dg.AssetCheckResult:
    messages = [*outcome.failures, *outcome.warnings]
    return dg.AssetCheckResult(
        check_name=suite.name,
        asset_key=_build_asset_key(suite),
        passed=not messages,
        # A warning does not stop a run, although the check is a blocking one.
        severity=dg.AssetCheckSeverity.WARN if outcome.passed else dg.AssetCheckSeverity.ERROR,
        description="; ".join(messages) or f"All {len(outcome.results)} expectations are met.",
        metadata={
            "expectations": len(outcome.results),
            "failures": list(outcome.failures),
            "warnings": list(outcome.warnings),
            "how_to_fix": suite.how_to_fix,
            **({"open_findings": _list_open_findings(home)} if suite.table == "mart_data_quality" else {}),
        },
    )


def _list_open_findings(home: Home) -> list[str]:
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        return [f"{one} {one.how_to_mend}" for one in load_findings(connection) if one.status == "open"]


def _build_asset_key(suite: Suite) -> dg.AssetKey:
    return dg.AssetKey([suite.schema, suite.table])


def _build_all_checks() -> Iterator[dg.AssetChecksDefinition]:
    """Build the steps. The baseline is audited on its own: in a run of all assets it is copied before the returns."""
    raw = load_suites("raw")
    yield _build_checks("audit_baseline", "raw", [one for one in raw if one.table == "published_return"])
    yield _build_checks("audit_raw", "raw", [one for one in raw if one.table != "published_return"])
    yield _build_checks("audit_marts", "marts", load_suites("marts"))


CHECKS = list(_build_all_checks())
