"""Whether the build may be released: decided from the records, whoever started the run."""

from collections.abc import Iterator

import duckdb

from dagster_project.audit.suites import load_suites
from dagster_project.home.records import DBT_BUILD, read
from dagster_project.home.tokens import SCHEMAS, schema_token
from dagster_project.paths import Home


class GateClosed(Exception):
    """The release is refused. The message lists every reason with its remedy."""


def require_passed(home: Home, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Refuse unless every check passed on exactly the data in the build.

    Returns the tokens of the audited schemas. Raises `GateClosed`.
    """
    tokens = {schema: schema_token(connection, schema) for schema in SCHEMAS}
    reasons = list(_reasons(home, tokens))
    if reasons:
        raise GateClosed("Nothing was released.\n" + "\n".join(f"- {reason}" for reason in reasons))
    return tokens


def _reasons(home: Home, tokens: dict[str, str]) -> Iterator[str]:
    demanded = {DBT_BUILD: ("", tokens)}
    for schema in SCHEMAS:
        for suite in load_suites(schema):
            demanded[suite.name] = (suite.definition, {schema: tokens[schema]})
    for check, (definition, expected) in demanded.items():
        record = read(home, check)
        if record is None:
            yield f"The check {check} did not report. Run the whole job: `selfeval run`."
        elif not record.passed:
            yield f"The check {check} failed: {'; '.join(record.failures)}"
        elif record.definition != definition:
            yield f"The check {check} has been changed since it passed. Run the whole job: `selfeval run`."
        elif dict(record.tokens) != expected:
            yield f"The check {check} passed on other data than these. Run the whole job: `selfeval run`."
