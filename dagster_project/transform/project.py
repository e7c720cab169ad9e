"""dbt run inside this process: its start-up is paid once, and the project is parsed once."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from dagster_project.home import PREPARED, Home, write_whole
from dagster_project.inputs import sources

PARSED = PREPARED / "parsed.msgpack"
"""The project as it was parsed last, with a hash of what it was parsed from."""


class DbtError(Exception):
    """dbt could not parse or build the project. The message is dbt's own."""


def invoke(
    arguments: list[str],
    callback: Callable[[Any], None] | None = None,
    kept_rounds: Sequence[str] = (),
    parsed: Any = None,
) -> Any:
    """Run one dbt command on the current home; `callback` receives each event, rows of `kept_rounds` may stand.

    What was `parsed` elsewhere is not parsed again.
    Returns dbt's result object; never raises for a failed model or test.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home = Home.current()
    os.environ["SELFEVAL_BUILD"] = str(home.build_database)
    os.environ["SELFEVAL_KEPT_ROUNDS"] = json.dumps(kept_rounds)
    os.environ["DO_NOT_TRACK"] = "1"
    home.prepare()
    runner = dbtRunner(manifest=parsed or _known(home, arguments), callbacks=[callback] if callback else [])
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
    from dbt.utils import JSONEncoder

    _, project = _parsed()
    parsed: Mapping[str, Any] = json.loads(
        json.dumps(project.writable_manifest().to_dict(omit_none=False), cls=JSONEncoder)
    )
    return parsed


@cache
def _parsed() -> tuple[str, Any]:
    """The project as dbt's own object, and a hash of what it was parsed from."""
    before = _parsed_from(Home.current())
    kept = _kept(before)
    result = invoke(["parse"], parsed=kept)
    if not result.success:
        raise DbtError(str(result.exception))
    if kept is None:
        _keep(before, result.result)
    return before, result.result


def _kept(parsed_from: str) -> Any:
    """What an earlier process parsed of the same, whichever its home; None where there is no such thing.

    dbt's own memory is a home's alone: it holds the path of the database, and another one parses all anew.
    """
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    try:
        key, _, content = PARSED.read_bytes().partition(b"\n")
        if key.decode() != parsed_from:
            return None
        return Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _keep(parsed_from: str, project: Any) -> None:
    from dbt.parser.manifest import extended_mashumaro_encoder

    # Where the repository may not be written, each new home parses for itself.
    with suppress(OSError):
        PARSED.parent.mkdir(parents=True, exist_ok=True)
        content = project.to_msgpack(extended_mashumaro_encoder)
        write_whole(PARSED, parsed_from.encode() + b"\n" + content)


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


def rounds_of_seeds() -> dict[str, str]:
    """What tells the round of a row, in SQL, of each seed whose rows belong to a round each."""
    return {
        node["name"]: node["config"]["meta"]["round_of"]
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "seed" and "round_of" in node["config"]["meta"]
    }


def data_tests() -> list[Mapping[str, Any]]:
    """The data tests that stand in a model's own file, as the manifest describes them."""
    return [
        node
        for node in manifest()["nodes"].values()
        if node["resource_type"] == "test" and node.get("test_metadata")
    ]
