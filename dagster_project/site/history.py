"""What each release held, from the manifests: tables that release notes are queries of."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.release.shelf import ReleaseError, read_manifest
from dagster_project.site.filling import fill


def write_history(
    connection: duckdb.DuckDBPyConnection, release: Path, about: Mapping[str, Any], history: Path | None
) -> None:
    """Make `release_history` (one row per release) and `release_table` (one per release and public table).

    `history` is the folder of complete releases; the one in the making, `release`, has no manifest yet.
    Two tables with the same `sha256` have the same content. `made_at` is in UTC; `number` is the order of making,
    also where a clock went back. A damaged release is left out: `selfeval releases` tells of it.
    """
    connection.execute(
        "create table release_history (release_id text, number bigint, made_at timestamp, rounds text)"
    )
    connection.execute(
        "create table release_table (release_id text, table_name text, row_count bigint, sha256 text)"
    )
    manifests = {str(about["release_id"]): {**about, "files": list(_files(release))}}
    for path in history.glob("[!.]*/") if history else ():
        with suppress(ReleaseError):
            manifests.setdefault(path.name, read_manifest(path))
    for name, manifest in sorted(manifests.items()):
        connection.execute(
            "insert into release_history values (?, ?, (?::timestamptz at time zone 'UTC'), ?)",
            [name, manifest.get("number", 0), manifest["made_at"], ", ".join(manifest["rounds"])],
        )
        hashes = {file["path"]: file["sha256"] for file in manifest["files"]}
        rows = [
            [name, table["name"], table["rows"], hashes.get(f"data/csv/{table['name']}.csv")]
            for table in manifest["tables"]
        ]
        fill(connection, "release_table", rows)


def _files(release: Path) -> Iterator[dict[str, str]]:
    for path in sorted(release.glob("data/csv/*.csv")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        yield {"path": path.relative_to(release).as_posix(), "sha256": content}
