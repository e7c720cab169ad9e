"""The one step in which readers' release changes, and the way back."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.audit.gate import GateClosed, require_passed
from dagster_project.home.fingerprints import stable_fingerprint
from dagster_project.home.lock import only_writer
from dagster_project.paths import Home
from dagster_project.release.candidate import ABOUT, candidate_folder
from dagster_project.release.disclosure import disclosures
from dagster_project.release.shelf import (
    MANIFEST,
    Release,
    ReleaseError,
    describe,
    files_of,
    pin_path,
    releases,
    sha256,
    verify,
)


def publish(home: Home, events: Sequence[tuple[str, str]]) -> Release:
    """Complete the candidate with its manifest and switch readers to it in one step.

    `events` are what the history of runs tells since the last release, each with the run that tells it.
    Raises `GateClosed` when the candidate is not made of exactly the audited data, `ReleaseError` when
    it is not complete or holds what its audience may not see.
    """
    candidate = candidate_folder(home)
    if not (candidate / ABOUT).is_file():
        raise ReleaseError("There is no candidate to publish. Run the whole job: `selfeval run`.")
    about = json.loads((candidate / ABOUT).read_text())
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        tokens = require_passed(home, connection)
    if about["tokens"] != tokens:
        raise GateClosed(
            "The candidate was made of other data than were audited. Run the whole job: `selfeval run`."
        )
    if not (candidate / "site" / "index.html").is_file():
        raise ReleaseError("The candidate has no site. Run the whole job: `selfeval run`.")
    _write_manifest(candidate, about | {"inputs": stable_fingerprint(home)})
    _refuse_disclosures(home, candidate, about, events)
    _sync(candidate)

    home.releases.mkdir(parents=True, exist_ok=True)
    final = home.releases / about["release_id"]
    if final.exists():
        raise ReleaseError(f"There is a release {final.name} already. Run the whole job: `selfeval run`.")
    candidate.rename(final)
    _sync_folder(home.releases)
    switch(home, final.name)
    return describe(home, final)


def switch(home: Home, release_id: str) -> None:
    """Let readers see another complete release, as the only writer. Those who have files of the old one open keep them.

    Raises `ReleaseError` when there is no such release.
    """
    if not (home.releases / release_id / MANIFEST).is_file():
        raise _unknown(home, release_id)
    link = home.published.with_name(f".published.{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.published)
    _sync_folder(home.published.parent)


def rollback(home: Home, release_id: str) -> None:
    """Send readers back to an earlier release, in one step, and keep that one from being deleted.

    Raises `ReleaseError` when there is no such release, or it is not whole.
    """
    with only_writer(home):
        if not (home.releases / release_id).is_dir() or release_id.startswith("."):
            raise _unknown(home, release_id)
        if faults := verify(home, release_id):
            raise ReleaseError(
                f"Release '{release_id}' is damaged: {'; '.join(faults)}. Readers keep what they see. "
                "Choose another, or bring its files back from a copy."
            )
        pin_path(home, release_id).touch()
        switch(home, release_id)


def _unknown(home: Home, release_id: str) -> ReleaseError:
    known = ", ".join(one.release_id for one in releases(home) if not one.fault) or "none"
    return ReleaseError(f"There is no complete release '{release_id}'. Known: {known}.")


def _refuse_disclosures(
    home: Home, candidate: Path, about: dict[str, Any], events: Sequence[tuple[str, str]]
) -> None:
    if found := disclosures(home, candidate, about, events):
        raise ReleaseError(
            "Nothing was published: the release holds what its readers may not see.\n"
            + "\n".join(f"- {one}" for one in found)
        )


def _write_manifest(candidate: Path, about: dict[str, Any]) -> None:
    files = [
        {
            "path": path.relative_to(candidate).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": sha256(path),
        }
        for path in files_of(candidate)
        if path.name != MANIFEST or path.parent != candidate
    ]
    (candidate / MANIFEST).write_text(json.dumps(about | {"files": files}, indent=2) + "\n")


def _sync(folder: Path) -> None:
    """Bring a folder's content to the disk before anything points to it."""
    for path in files_of(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
    for path in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        _sync_folder(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
