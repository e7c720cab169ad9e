"""dbt run inside this process: its start-up is paid once, and the project is parsed once."""

import json
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from dagster_project.home import Home


class DbtError(Exception):
    """dbt could not parse or build the project. The message is dbt's own."""


def invoke(arguments: list[str], callback: Callable[[Any], None] | None = None) -> Any:
    """Run one dbt command on the current home; `callback` receives each event.

    Returns dbt's result object; never raises for a failed model or test.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home = Home.current()
    os.environ["SELFEVAL_BUILD"] = str(home.build_database)
    os.environ["DO_NOT_TRACK"] = "1"
    home.prepare()
    try:
        return dbtRunner(callbacks=[callback] if callback else []).invoke(
            [
                *arguments,
                *("--project-dir", str(home.dbt), "--profiles-dir", str(home.dbt)),
                *("--target-path", str(home.dbt_target), "--log-path", str(home.dbt_target)),
                # What went wrong stands in the result; nobody reads the rest.
                *("--no-use-colors", "--log-level", "none", "--log-level-file", "none", "--no-write-json"),
            ]
        )
    finally:
        # Held open from model to model; now the audit waits for the file.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


@cache
def manifest() -> Mapping[str, Any]:
    """The parsed project, as in dbt's `manifest.json`.

    Taken from the parse itself: another process may be writing that file just now.
    """
    from dbt.utils import JSONEncoder

    result = invoke(["parse"])
    if not result.success:
        raise DbtError(str(result.exception))
    parsed: Mapping[str, Any] = json.loads(
        json.dumps(result.result.writable_manifest().to_dict(omit_none=False), cls=JSONEncoder)
    )
    return parsed


def models() -> dict[str, Mapping[str, Any]]:
    """The marts by name, as the manifest describes them: those models that declare an audience."""
    found = {}
    for node in manifest()["nodes"].values():
        declares = node.get("config", {}).get("meta", {}).get("audience")
        if node["resource_type"] == "model" and declares:
            found[node["name"]] = node
    return dict(sorted(found.items()))


def data_tests() -> list[Mapping[str, Any]]:
    """The data tests that stand in a model's own file, as the manifest describes them."""
    return [
        node
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata")
    ]
