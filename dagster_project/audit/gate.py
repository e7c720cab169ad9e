"""The gate: record the outcomes of checks, and refuse a release unless all of them passed on its data."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import duckdb

from dagster_project.audit.suites import Suite, load_suites
from dagster_project.audit.validate import Outcome
from dagster_project.home.records import DBT_BUILD, Record, read_record, write_record
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, combine_hashes, hash_tables
from dagster_project.paths import Home


class GateClosed(Exception):
    """The release is refused. The message lists every reason with its remedy."""


def record_outcome(home: Home, suite: Suite, hashes: Mapping[str, str], outcome: Outcome) -> None:
    """Record the outcome of a suite on tables with these hashes."""
    results = [asdict(result) for result in outcome.results]
    tokens = _select_tokens(suite, hashes)
    write_record(
        home, Record(suite.name, outcome.passed, tokens, suite.definition, outcome.failures, results)
    )


def require_passed(home: Home, connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the tokens of the audited schemas if every check passed on exactly the data in the build.

    Raises `GateClosed` otherwise.
    """
    hashes = {schema: hash_tables(connection, schema) for schema in AUDITED_SCHEMAS}
    tokens = {schema: combine_hashes(tables) for schema, tables in hashes.items()}
    if reasons := list(_find_reasons(home, tokens, hashes)):
        raise GateClosed("Nothing was released.\n" + "\n".join(f"- {reason}" for reason in reasons))
    return tokens


def _select_tokens(suite: Suite, hashes: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of the tables that a suite reads. A missing table has none."""
    return {name: hashes.get(name, "") for name in suite.tables}


def _find_reasons(
    home: Home, tokens: Mapping[str, str], hashes: Mapping[str, Mapping[str, str]]
) -> Iterator[str]:
    required = [(DBT_BUILD, "", tokens)]
    required += [(one.name, one.definition, _select_tokens(one, hashes[one.schema])) for one in load_suites()]
    for check, definition, current in required:
        record = read_record(home, check)
        if record is None:
            yield f"The check {check} did not report. Run the whole job: `selfeval run`."
        elif not record.passed:
            yield f"The check {check} failed: {'; '.join(record.failures)}"
        elif record.definition != definition:
            yield f"The check {check} has changed since it passed. Run the whole job: `selfeval run`."
        elif record.tokens != current:
            yield f"The check {check} passed on other data. Run the whole job: `selfeval run`."
