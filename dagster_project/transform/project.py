"""dbt run inside this process: its start-up is paid once, and the project is parsed once."""

import json
import os
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.home import Home


class DbtError(Exception):
    """dbt could not parse or build the project. The message is dbt's own."""


def invoke(arguments: list[str], callback: Callable[[Any], None] | None = None) -> Any:
    """Run one dbt command on the current home; `callback` receives each event.

    Returns dbt's result object; never raises for a failed model or test.
    """
    from dbt.cli.main import dbtRunner

    home = Home.current()
    os.environ["SELFEVAL_BUILD"] = str(home.build_database)
    os.environ["DO_NOT_TRACK"] = "1"
    home.prepare()
    return dbtRunner(callbacks=[callback] if callback else []).invoke(
        [
            *arguments,
            *("--project-dir", str(home.dbt), "--profiles-dir", str(home.dbt)),
            *("--target-path", str(home.dbt_target), "--log-path", str(home.dbt_target)),
            *("--quiet", "--no-use-colors", "--log-level-file", "none"),
        ]
    )


@cache
def manifest() -> Mapping[str, Any]:
    """The parsed project as dbt writes it to `manifest.json`."""
    home = Home.current()
    result = invoke(["parse"])
    if not result.success:
        raise DbtError(str(result.exception))
    return json.loads((home.dbt_target / "manifest.json").read_text())


def forget() -> None:
    """Delete what dbt remembers of the current home, so that the next run parses anew."""
    manifest.cache_clear()
    shutil.rmtree(Home.current().dbt_target, ignore_errors=True)


def models(audience: str | None = None) -> dict[str, Mapping[str, Any]]:
    """Marts by name, as the manifest describes them; of one audience or of all."""
    found = {}
    for node in manifest()["nodes"].values():
        declared = node.get("config", {}).get("meta", {}).get("audience")
        if node["resource_type"] == "model" and declared and audience in (None, declared):
            found[node["name"]] = node
    return dict(sorted(found.items()))


def manifest_path() -> Path:
    """Where the parsed project of the current home stands."""
    return Home.current().dbt_target / "manifest.json"
