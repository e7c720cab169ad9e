"""The suites as blocking asset checks: one step before the models, one before the release."""

from collections.abc import Iterator
from dataclasses import asdict

import dagster as dg
import duckdb

from dagster_project.audit.auditor import auditor
from dagster_project.audit.findings import findings
from dagster_project.audit.suites import Suite, load_suites
from dagster_project.home.records import Record, discard, write
from dagster_project.home.tokens import schema_token
from dagster_project.paths import Home
from dagster_project.resources import WRITER


def _asset_key(suite: Suite) -> dg.AssetKey:
    return dg.AssetKey([suite.schema, suite.table])


def _checks(schema: str) -> dg.AssetChecksDefinition:
    suites = load_suites(schema)

    @dg.multi_asset_check(
        name=f"audit_{schema}",
        required_resource_keys={WRITER},
        description=f"Great Expectations suites on the {schema} tables. A failed one stops all that follows.",
        specs=[
            dg.AssetCheckSpec(
                suite.name, asset=_asset_key(suite), blocking=True, description=suite.description
            )
            for suite in suites
        ],
    )
    def audit() -> Iterator[dg.AssetCheckResult]:
        home = Home.current()
        discard(home, [suite.name for suite in suites])
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            token = schema_token(connection, schema)
            outcomes = auditor().validate(home.build_database, suites)
            for suite, outcome in zip(suites, outcomes, strict=True):
                write(
                    home,
                    Record(
                        suite.name,
                        outcome.passed,
                        {schema: token},
                        suite.definition,
                        list(outcome.failures),
                        list(outcome.warnings),
                        [asdict(result) for result in outcome.results],
                    ),
                )
                told = [*outcome.failures, *outcome.warnings]
                yield dg.AssetCheckResult(
                    check_name=suite.name,
                    asset_key=_asset_key(suite),
                    passed=not told,
                    # A warning stops nothing, whatever the check blocks.
                    severity=dg.AssetCheckSeverity.WARN if outcome.passed else dg.AssetCheckSeverity.ERROR,
                    description="; ".join(told) or f"{len(outcome.results)} expectations hold.",
                    metadata={
                        "expectations": len(outcome.results),
                        "failures": list(outcome.failures),
                        "warnings": list(outcome.warnings),
                        "how_to_mend": suite.how_to_mend,
                        **_open_findings(connection, suite),
                    },
                )

    return audit


def _open_findings(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, list[str]]:
    if suite.table != "mart_data_quality":
        return {}
    return {
        "open_findings": [f"{one} {one.how_to_mend}" for one in findings(connection) if one.status == "open"]
    }


CHECKS = [_checks("raw"), _checks("marts")]
