"""Publication: the one step in which readers are switched to another release, and the way back."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.home.files import sync_folder
from dagster_project.home.fingerprints import stable_fingerprint
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.release.baseline import find_baseline
from dagster_project.release.candidate import ABOUT, require_candidate
from dagster_project.release.catalog import (
    MANIFEST,
    Release,
    ReleaseError,
    UnknownReleaseError,
    describe_release,
    hash_file,
    list_files,
    list_releases,
    pin_path,
    read_manifest,
    verify_release,
)
from dagster_project.release.disclosure import find_disclosures


def publish_candidate(home: Home, events: Sequence[tuple[str, str]]) -> Release:
    """Complete the candidate with its manifest, and switch readers to it in one step.

    `events` are Dagster's events since the last release, each with the id of its run.
    Raises `GateClosed` if the candidate was not built from the audited data, and `ReleaseError` if it is incomplete or
    contains what its audience may not see.
    """
    candidate = require_candidate(home)
    about = json.loads((candidate / ABOUT).read_text())
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        tokens = require_passed(home, connection)
    if about["tokens"] != tokens:
        raise GateClosed(
            "The candidate was not built from the audited data. Run the whole job: `selfeval run`."
        )
    _require_baseline(home, about)
    if not (candidate / "site" / "index.html").is_file():
        raise ReleaseError("The candidate has no site. Run the whole job: `selfeval run`.")
    _write_manifest(candidate, about | {"inputs": stable_fingerprint(home)})
    _refuse_disclosures(home, candidate, about, events)
    _sync_tree(candidate)
    # The solver takes a second to import, and most commands need none.
    from dagster_project.release.attack.gate import store_public_figures

    store_public_figures(home, candidate)
    home.releases.mkdir(parents=True, exist_ok=True)
    final = home.releases / about["release_id"]
    if final.exists():
        raise ReleaseError(
            f"There is already a release {final.name}. Run the whole job again: `selfeval run`."
        )
    candidate.rename(final)
    sync_folder(home.releases)
    switch_release(home, final.name)
    return describe_release(home, final)


def switch_release(home: Home, release_id: str) -> None:
    """Switch readers to another complete release. Files of the old release that they have open stay readable.

    Only the holder of the writer lock may call this. Raises `ReleaseError` if there is no such release.
    """
    if not (home.releases / release_id / MANIFEST).is_file():
        raise UnknownReleaseError(release_id, list_releases(home))
    link = home.published.with_name(f".published.{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.published)
    sync_folder(home.published.parent)


def roll_back_release(home: Home, release_id: str) -> None:
    """Send readers back to an earlier release in one step, and pin that release.

    Raises `ReleaseError` if there is no such release, or it is damaged.
    """
    with only_writer(home):
        if not (home.releases / release_id).is_dir() or release_id.startswith("."):
            raise UnknownReleaseError(release_id, list_releases(home))
        if faults := verify_release(home, release_id):
            raise ReleaseError(
                f"Release '{release_id}' is damaged: {'; '.join(faults)}. The published release has not changed. "
                "Choose another release, or restore its files from a copy."
            )
        pin_path(home, release_id).touch()
        switch_release(home, release_id)


def _require_baseline(home: Home, about: dict[str, Any]) -> None:
    """Raise `GateClosed` if the returns were compared with another release than the one that readers see.

    The same data may be published again.
    """
    baseline = find_baseline(home)
    if baseline is None or about["revision"].get("before") == baseline.name:
        return
    try:
        if read_manifest(baseline).get("tokens") == about["tokens"]:
            return
    except ReleaseError:
        pass
    raise GateClosed(
        "Readers see another release than the one that the returns were compared with. "
        "Run the whole job: `selfeval run`."
    )


def _refuse_disclosures(
    home: Home, candidate: Path, about: dict[str, Any], events: Sequence[tuple[str, str]]
) -> None:
    # The solver takes a second to import, and most commands need none.
    from dagster_project.release.attack.gate import find_derivable

    if found := [*find_disclosures(home, candidate, about, events), *find_derivable(home, candidate)]:
        raise ReleaseError(
            "Nothing was published: the release contains what its readers may not see.\n"
            + "\n".join(f"- {one}" for one in found)
        )


def _write_manifest(candidate: Path, about: dict[str, Any]) -> None:
    files = [
        {
            "path": path.relative_to(candidate).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hash_file(path),
        }
        for path in list_files(candidate)
        if path != candidate / MANIFEST
    ]
    (candidate / MANIFEST).write_text(json.dumps(about | {"files": files}, indent=2) + "\n")


def _sync_tree(folder: Path) -> None:
    """Sync a folder and its contents to disk, before a link points to it."""
    for path in list_files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        sync_folder(path)
