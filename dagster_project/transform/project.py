"""dbt run inside this process: its start-up is paid once, and the project is parsed once."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from dagster_project.home.inputs import sources
from dagster_project.paths import PREPARED, Home, write_whole

PARSED = PREPARED / "parsed.msgpack"
"""The project as it was parsed last, with a hash of what it was parsed from."""

DESCRIBED = PREPARED / "described.json"
"""The same as dbt describes it to others: to write that takes dbt longer than to read it takes anybody."""


class DbtError(Exception):
    """dbt could not parse or build the project. The message is dbt's own."""


def invoke(
    arguments: list[str],
    callback: Callable[[Any], None] | None = None,
) -> Any:
    """Run one dbt command on the current home; `callback` receives each event.

    Returns dbt's result object; never raises for a failed model or test.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home = Home.current()
    os.environ["SELFEVAL_BUILD"] = str(home.build_database)
    os.environ["DO_NOT_TRACK"] = "1"
    home.prepare()
    runner = dbtRunner(manifest=_known(home, arguments), callbacks=[callback] if callback else [])
    try:
        return runner.invoke(
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
    with suppress(ValueError):
        described: Mapping[str, Any] = json.loads(_kept(DESCRIBED, _parsed_from(Home.current())))
        return described
    return _parsed_anew()[2]


@cache
def _parsed() -> tuple[str, Any]:
    """The project as dbt's own object, and a hash of what it was parsed from."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    # dbt's own memory is a home's alone: it holds the path of the database, and another one parses all anew.
    before = _parsed_from(Home.current())
    with suppress(ValueError, LookupError, TypeError):
        if kept := _kept(PARSED, before):
            return before, Manifest.from_msgpack(kept, decoder=extended_mashumuro_decoder)
    return _parsed_anew()[:2]


@cache
def _parsed_anew() -> tuple[str, Any, Mapping[str, Any]]:
    """What was parsed, by its hash: dbt's own object, and what describes it. Both are kept for other processes."""
    from dbt.parser.manifest import extended_mashumaro_encoder
    from dbt.utils import JSONEncoder

    before = _parsed_from(Home.current())
    result = invoke(["parse"])
    if not result.success:
        raise DbtError(str(result.exception))
    project = result.result
    described = json.dumps(project.writable_manifest().to_dict(omit_none=False), cls=JSONEncoder)
    _keep(PARSED, before, project.to_msgpack(extended_mashumaro_encoder))
    _keep(DESCRIBED, before, described.encode())
    return before, project, json.loads(described)


def _kept(path: Path, parsed_from: str) -> bytes:
    """What an earlier process kept that parsed the same, whichever its home; empty where there is no such thing."""
    try:
        key, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return b""
    return content if key == parsed_from.encode() else b""


def _keep(path: Path, parsed_from: str, content: bytes) -> None:
    # Where the repository may not be written, each new home parses for itself.
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, parsed_from.encode() + b"\n" + content)


def _parsed_from(home: Home) -> str:
    """Changes with whatever dbt parses. Of seeds it looks at the names: what is in them it loads later."""
    seeds = sorted(home.seeds.glob("[!.]*"))
    found = [(path.name, b"" if path.suffix == ".csv" else path.read_bytes()) for path in seeds]
    return sources(["dbt"]) + hashlib.sha256(repr(found).encode()).hexdigest()


def _known(home: Home, arguments: list[str]) -> Any:
    """A copy of the parsed project for this home, or None where dbt has to parse: anew, or something else."""
    if "parse" in arguments or "--vars" in arguments:
        return None
    parsed_from, project = _parsed()
    if parsed_from != _parsed_from(home):
        return None
    copy = project.deepcopy()
    for node in copy.nodes.values():
        # The one thing in it that names a home.
        if node.resource_type == "seed":
            node.root_path = str(home.dbt)
    return copy


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
