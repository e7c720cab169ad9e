"""The releases that there are: their order, whether they are whole, and which are deleted."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.home.fingerprints import fingerprint_home
from dagster_project.home.lock import RETIRED
from dagster_project.paths import Home

MANIFEST = "manifest.json"

RETENTION = "SELFEVAL_KEEP"
"""Environment variable: how many releases are kept."""

DEFAULT_RETENTION = 10

MIN_RETENTION = 2
"""The published release, and one to go back to."""


class ReleaseError(Exception):
    """The release cannot be published, found or shown. The message says what to do."""


@dataclass(frozen=True)
class Release:
    """A folder of releases. `number` counts them in the order of their making, independent of the clock.

    `is_published`: readers see this one. `is_kept`: readers were sent back to it once, so it is never deleted.
    `fault`: why its manifest cannot be used, in which case nothing else is known of it; else empty.
    """

    release_id: str
    number: int = 0
    made_at: str = ""
    rounds: tuple[str, ...] = ()
    files: int = 0
    size_bytes: int = 0
    is_published: bool = False
    is_kept: bool = False
    fault: str = ""


def releases(home: Home) -> tuple[Release, ...]:
    """All releases, the last made first; damaged ones at the end."""
    found = [describe(home, folder) for folder in home.releases.glob("[!.]*/")]
    return tuple(sorted(found, key=lambda one: (not one.fault, one.number, one.release_id), reverse=True))


def next_number(home: Home) -> int:
    """The number of the release to be made next."""
    return max((one.number for one in releases(home)), default=0) + 1


def describe(home: Home, folder: Path) -> Release:
    """What a release's manifest says of it, without opening any other file."""
    is_published = home.published.resolve() == folder.resolve()
    try:
        manifest = read_manifest(folder)
    except ReleaseError as error:
        return Release(folder.name, is_published=is_published, fault=str(error))
    return Release(
        release_id=folder.name,
        number=manifest.get("number", 0),
        made_at=manifest["made_at"],
        rounds=tuple(manifest["rounds"]),
        files=len(manifest["files"]),
        size_bytes=sum(entry["bytes"] for entry in manifest["files"]),
        is_published=is_published,
        is_kept=pin_path(home, folder.name).exists(),
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """A release's manifest. Raises `ReleaseError` where it is missing, torn, or another release's."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        complete = isinstance(manifest["made_at"], str) and all(
            (one["path"], one["sha256"], one["bytes"]) for one in manifest["files"]
        )
        own, rounds, tables = manifest["release_id"], manifest["rounds"], manifest["tables"]
    except OSError as error:
        raise ReleaseError(f"{MANIFEST} is missing or cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise ReleaseError(f"{MANIFEST} is damaged") from None
    if not (complete and isinstance(rounds, list) and isinstance(tables, list)):
        raise ReleaseError(f"{MANIFEST} is damaged")
    if own != folder.name:
        raise ReleaseError(f"{MANIFEST} is that of {own}")
    return dict(manifest)


def verify(home: Home, release_id: str) -> tuple[str, ...]:
    """Compare every file of a release with its manifest. Returns what differs, in words."""
    folder = home.releases / release_id
    try:
        manifest = read_manifest(folder)
    except ReleaseError as error:
        return (str(error),)
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    found = {path.relative_to(folder).as_posix() for path in files_of(folder)} - {MANIFEST}
    differences = [f"{path} is missing" for path in sorted(listed.keys() - found)]
    differences += [f"{path} is not in the manifest" for path in sorted(found - listed.keys())]
    for path in sorted(found & listed.keys()):
        try:
            if sha256(folder / path) != listed[path]:
                differences.append(f"{path} has been changed")
        except OSError as error:
            differences.append(f"{path} cannot be read ({error.strerror})")
    return tuple(differences)


def unchanged(home: Home) -> str | None:
    """The release that readers see, where a run would make the same again and every file of it is whole."""
    folder = home.published.resolve()
    try:
        made_of = read_manifest(folder).get("inputs")
    except ReleaseError:
        return None
    if made_of is None or made_of != fingerprint_home(home) or verify(home, folder.name):
        return None
    return folder.name


def find_rollback(home: Home) -> str | None:
    """Return the release that readers were sent back to, if a newer one exists that they do not see."""
    whole = [one for one in releases(home) if not one.fault]
    rolled_back = [one for one in whole[1:] if one.is_published and one.is_kept]
    return rolled_back[0].release_id if rolled_back else None


def files_of(folder: Path) -> list[Path]:
    """Every file of a release, in the order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sha256(path: Path) -> str:
    """A file's checksum, as a manifest gives it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pin_path(home: Home, release_id: str) -> Path:
    """Return the path of the empty file that keeps a release from being deleted. Delete it to unpin the release."""
    return home.releases / f"{release_id}.kept"


def retention_count() -> int:
    """Return how many releases are kept. Raises `ReleaseError` where the setting is no such number."""
    typed = os.environ.get(RETENTION) or str(DEFAULT_RETENTION)
    if not typed.isdecimal() or int(typed) < MIN_RETENTION:
        raise ReleaseError(
            f"{RETENTION} is '{typed}'. It must be a number of releases to keep, at least {MIN_RETENTION}."
        )
    return int(typed)


def prune_releases(home: Home, keep: int) -> tuple[tuple[str, ...], str]:
    """Delete all releases but the newest `keep`, the published one and those that readers were sent back to.

    Returns the ids of the deleted releases, and why a release could not be deleted. A release disappears from the list
    in one step; the next run deletes what a killed run leaves of it. Damaged releases are left to a person.
    """
    gone: list[str] = []
    for one in [one for one in releases(home) if not one.fault][keep:]:
        if one.is_published or one.is_kept:
            continue
        hidden = home.releases / f"{RETIRED}{one.release_id}"
        try:
            (home.releases / one.release_id).rename(hidden)
            gone.append(one.release_id)
            shutil.rmtree(hidden)
        except OSError as error:
            return tuple(gone), f"Release {one.release_id} could not be deleted: {error.strerror}."
    return tuple(gone), ""
