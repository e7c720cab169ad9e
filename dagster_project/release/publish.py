"""The one step in which readers' release changes, and the way back."""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.home import Home
from dagster_project.quality.gate import GateClosed, require_passed
from dagster_project.release.candidate import ABOUT, candidate_folder
from dagster_project.release.disclosure import disclosures

MANIFEST = "manifest.json"


class ReleaseError(Exception):
    """The release cannot be published or found. The message says what to do."""


@dataclass(frozen=True)
class Release:
    """A release that is complete. `is_published`: readers see this one."""

    release_id: str
    made_at: str
    rounds: tuple[str, ...]
    files: int
    size_bytes: int
    is_published: bool


def publish(home: Home) -> Release:
    """Complete the candidate with its manifest and switch readers to it in one step.

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
    _write_manifest(candidate, about)
    _refuse_disclosures(home, candidate, about)
    _sync(candidate)

    home.releases.mkdir(parents=True, exist_ok=True)
    final = home.releases / about["release_id"]
    if final.exists():
        raise ReleaseError(f"There is a release {final.name} already. Run again in a second.")
    candidate.rename(final)
    _sync_folder(home.releases)
    switch(home, final.name)
    return _describe(home, final)


def switch(home: Home, release_id: str) -> None:
    """Let readers see another complete release. Those who have files of the old one open keep them.

    Raises `ReleaseError` when there is no such release.
    """
    target = home.releases / release_id
    if not (target / MANIFEST).is_file():
        known = ", ".join(release.release_id for release in releases(home)) or "none"
        raise ReleaseError(f"There is no complete release '{release_id}'. Known: {known}.")
    link = home.published.with_name(f".published.{os.getpid()}")
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.published)
    _sync_folder(home.published.parent)


def releases(home: Home) -> tuple[Release, ...]:
    """All complete releases, newest first."""
    folders = sorted(home.releases.glob(f"*/{MANIFEST}"), reverse=True)
    return tuple(_describe(home, path.parent) for path in folders)


def verify(home: Home, release_id: str) -> tuple[str, ...]:
    """Compare every file of a release with its manifest. Returns what differs, in words."""
    folder = home.releases / release_id
    manifest = json.loads((folder / MANIFEST).read_text())
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    found = {path.relative_to(folder).as_posix() for path in _files(folder)} - {MANIFEST}
    differences = [f"{path} is missing" for path in sorted(listed.keys() - found)]
    differences += [f"{path} is not in the manifest" for path in sorted(found - listed.keys())]
    differences += [
        f"{path} has been changed"
        for path in sorted(found & listed.keys())
        if _sha256(folder / path) != listed[path]
    ]
    return tuple(differences)


def _describe(home: Home, folder: Path) -> Release:
    manifest = json.loads((folder / MANIFEST).read_text())
    return Release(
        release_id=manifest["release_id"],
        made_at=manifest["made_at"],
        rounds=tuple(manifest["rounds"]),
        files=len(manifest["files"]),
        size_bytes=sum(entry["bytes"] for entry in manifest["files"]),
        is_published=home.published.resolve() == folder.resolve(),
    )


def _refuse_disclosures(home: Home, candidate: Path, about: dict[str, Any]) -> None:
    if found := disclosures(home, candidate, about):
        raise ReleaseError(
            "Nothing was published: the release holds what its readers may not see.\n"
            + "\n".join(f"- {one}" for one in found)
        )


def _write_manifest(candidate: Path, about: dict[str, Any]) -> None:
    files = [
        {
            "path": path.relative_to(candidate).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": _sha256(path),
        }
        for path in _files(candidate)
        if path.name != MANIFEST or path.parent != candidate
    ]
    (candidate / MANIFEST).write_text(json.dumps(about | {"files": files}, indent=2) + "\n")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    """Bring a folder's content to the disk before anything points to it."""
    for path in _files(folder):
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
