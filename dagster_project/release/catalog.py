"""The catalog of releases: their order, their manifests, and whether their files are intact."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.home.fingerprints import fingerprint_home
from dagster_project.paths import Home

MANIFEST = "manifest.json"


class ReleaseError(Exception):
    """The release cannot be published, found or shown. The message says what to do."""


@dataclass(frozen=True)
class Release:
    """One release. `number` counts releases in the order in which they were made, regardless of the clock.

    `is_published`: readers see this release. `is_kept`: readers were sent back to it once, so it is never deleted.
    `fault`: why its manifest cannot be used, or empty; with a fault, only id and `is_published` are known.
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


class UnknownReleaseError(ReleaseError):
    """There is no complete release of this name."""

    def __init__(self, name: str, releases: Iterable[Release]) -> None:
        known = ", ".join(one.release_id for one in releases if not one.fault) or "none"
        super().__init__(f"There is no complete release '{name}'. Known: {known}.")


def list_releases(home: Home) -> tuple[Release, ...]:
    """List all releases, the newest first and damaged ones last."""
    found = [describe_release(home, folder) for folder in home.releases.glob("[!.]*/")]
    return tuple(sorted(found, key=lambda one: (not one.fault, one.number, one.release_id), reverse=True))


def find_release(home: Home, prefix: str) -> str:
    """Return the id of the one release that begins with `prefix`. Raises `ReleaseError` otherwise."""
    releases = list_releases(home)
    found = [one.release_id for one in releases if prefix and one.release_id.startswith(prefix)]
    if len(found) == 1 or prefix in found:
        return prefix if prefix in found else found[0]
    if found:
        raise ReleaseError(f"'{prefix}' matches {len(found)} releases. Which one?\n" + "\n".join(found))
    raise UnknownReleaseError(prefix, releases)


def find_next_number(home: Home) -> int:
    """Return the number of the next release."""
    return max((one.number for one in list_releases(home)), default=0) + 1


def describe_release(home: Home, folder: Path) -> Release:
    """Describe a release from its manifest, without opening another file."""
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


def pin_path(home: Home, release_id: str) -> Path:
    """Return the path of the empty file that keeps a release from being deleted. Delete it to unpin the release."""
    return home.releases / f"{release_id}.kept"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read a release's manifest. Raises `ReleaseError` if it is missing, damaged, or another release's."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        is_complete = (
            isinstance(manifest["made_at"], str)
            and isinstance(manifest["rounds"], list)
            and isinstance(manifest["tables"], list)
            and all((entry["path"], entry["sha256"], entry["bytes"]) for entry in manifest["files"])
        )
        release_id = manifest["release_id"]
    except OSError as error:
        raise ReleaseError(f"{MANIFEST} is missing or cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError):
        raise ReleaseError(f"{MANIFEST} is damaged") from None
    if not is_complete:
        raise ReleaseError(f"{MANIFEST} is damaged")
    if release_id != folder.name:
        raise ReleaseError(f"{MANIFEST} is that of {release_id}")
    return dict(manifest)


def verify_release(home: Home, release_id: str) -> tuple[str, ...]:
    """Compare every file of a release with its manifest. Returns the differences as sentences."""
    folder = home.releases / release_id
    try:
        manifest = read_manifest(folder)
    except ReleaseError as error:
        return (str(error),)
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    present = {path.relative_to(folder).as_posix() for path in list_files(folder)} - {MANIFEST}
    differences = [f"{path} is missing" for path in sorted(listed.keys() - present)]
    differences += [f"{path} is not in the manifest" for path in sorted(present - listed.keys())]
    for path in sorted(present & listed.keys()):
        try:
            if hash_file(folder / path) != listed[path]:
                differences.append(f"{path} has been changed")
        except OSError as error:
            differences.append(f"{path} cannot be read ({error.strerror})")
    return tuple(differences)


def find_up_to_date_release(home: Home) -> str | None:
    """Return the published release if a run would make the same again, and all its files are intact."""
    folder = home.published.resolve()
    try:
        inputs = read_manifest(folder).get("inputs")
    except ReleaseError:
        return None
    if inputs is None or inputs != fingerprint_home(home) or verify_release(home, folder.name):
        return None
    return folder.name


def find_rollback(home: Home) -> str | None:
    """Return the release that readers were sent back to, if a newer one exists that they do not see."""
    intact = [one for one in list_releases(home) if not one.fault]
    rolled_back = [one for one in intact[1:] if one.is_published and one.is_kept]
    return rolled_back[0].release_id if rolled_back else None


def list_files(folder: Path) -> list[Path]:
    """List every file below a folder, sorted by path."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def hash_file(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
