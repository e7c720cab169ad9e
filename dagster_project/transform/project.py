"""The dbt project of the current home, and dbt commands in this process: dbt is imported once, not per command."""

import json
from collections.abc import Mapping
from contextlib import chdir
from functools import cache
from typing import Any

from filelock import FileLock

from dagster_project.home.files import prepare_home, write_atomically
from dagster_project.home.fingerprints import hash_sources
from dagster_project.paths import REPOSITORY, Home

PARSED = "partial_parse.msgpack"
"""File of parsed models that dbt writes into its target folder."""

TESTS = "parsed_tests.sha256"
"""File next to it: the hash of the singular tests, and of the packages, that were parsed."""

TESTS_FOLDER = "dbt/tests"

_just_parsed: dict[Home, Any] = {}
"""dbt's object of the models that this process has parsed, for its first build of that home."""


class DbtError(Exception):
    """dbt could not parse or build the project. The message is dbt's own."""


def build_project(arguments: list[str], home: Home) -> Any:
    """Run `dbt build` with the models that `load_manifest` parsed: to read them again takes 0.4 seconds."""
    return run_dbt(["build", *arguments], home, _just_parsed.pop(home, None))


def run_dbt(arguments: list[str], home: Home | None = None, manifest: Any = None) -> Any:
    """Run one dbt command on a home, or on the current one, with a parsed manifest or with the models' files.

    Returns dbt's result object. A failed model or test is in it, and raises nothing.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home = home or Home.from_environment()
    prepare_home(home)
    try:
        # The path of the database in the profile is relative to the project's folder.
        with chdir(home.dbt):
            result = dbtRunner(manifest=manifest).invoke(
                [
                    *arguments,
                    *("--project-dir", str(home.dbt), "--profiles-dir", str(home.dbt)),
                    *("--target-path", str(home.dbt_target), "--log-path", str(home.dbt_target)),
                    *_find_parsed_models(home),
                    # The result says what failed and why.
                    *("--no-use-colors", "--log-level", "none", "--log-level-file", "none"),
                    "--write-json" if "parse" in arguments else "--no-write-json",
                ]
            )
        if (home.dbt_target / PARSED).exists() and not _has_parsed(home):
            write_atomically(home.dbt_target / TESTS, _hash_tests().encode())
        return result
    finally:
        # dbt keeps the database open after the command, and locked.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _find_parsed_models(home: Home) -> list[str]:
    """Return dbt's option for the parsed models to begin with, those of the repository in a home that has none.

    Deletes those of other tests: dbt loses the description of a singular test whose file has changed since.
    """
    if _has_parsed(home):
        return []
    (home.dbt_target / PARSED).unlink(missing_ok=True)
    repository = Home(REPOSITORY)
    return (
        ["--partial-parse-file-path", str(repository.dbt_target / PARSED)] if _has_parsed(repository) else []
    )


def _has_parsed(home: Home) -> bool:
    try:
        return (home.dbt_target / PARSED).exists() and (home.dbt_target / TESTS).read_text() == _hash_tests()
    except FileNotFoundError:
        return False


@cache
def _hash_tests() -> str:
    return hash_sources([TESTS_FOLDER])


@cache
def load_manifest() -> Mapping[str, Any]:
    """Parse the project of the home that is current at the first call. Returns dbt's `manifest.json`.

    dbt parses again only files that have changed since the last parse. Raises `DbtError`.
    """
    home = Home.from_environment()
    prepare_home(home)
    # Several processes may load the definitions at once, and dbt does not write the file in one step.
    with FileLock(home.build / "parse.lock"):
        result = run_dbt(["parse"])
        if not result.success:
            raise DbtError(str(result.exception))
        _just_parsed[home] = result.result
        found: Mapping[str, Any] = json.loads((home.dbt_target / "manifest.json").read_bytes())
    return found


def list_marts() -> dict[str, Mapping[str, Any]]:
    """Return the marts by name, as the manifest describes them: the models that declare an audience."""
    found = {}
    for node in load_manifest()["nodes"].values():
        declares = node.get("config", {}).get("meta", {}).get("audience")
        if node["resource_type"] == "model" and declares:
            found[node["name"]] = node
    return dict(sorted(found.items()))


def list_data_tests() -> list[Mapping[str, Any]]:
    """Return the generic data tests, as the manifest describes them."""
    return [
        node
        for node in load_manifest()["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata")
    ]
