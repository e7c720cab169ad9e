"""Whether the files in a round's folder have changed, and have stopped changing."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from dagster_project.home.entries import is_folder, list_entries, walk_files
from dagster_project.intake.folder import is_ignored


@dataclass(frozen=True)
class FolderState:
    """The listing of a round's folder at the last look, and the one for which a run was last requested."""

    seen: str = ""
    requested: str = ""


def hash_listing(folder: Path) -> str:
    """Hash names, sizes and times of the returns in a folder, without opening them. Empty if there are none."""
    listing = [(path.name, *_describe_entry(path)) for path in list_entries(folder) if not is_ignored(path)]
    return hashlib.sha256(repr(listing).encode()).hexdigest()[:16] if listing else ""


def _describe_entry(path: Path) -> tuple[object, ...]:
    try:
        about = path.stat()
    except OSError:
        # A link to nothing, or a file that disappeared after the folder was listed.
        return ()
    below = sorted(walk_files(path)) if is_folder(path) else ()
    return about.st_size, about.st_mtime_ns, about.st_ino, below


def compare_folder(folder: Path, before: FolderState) -> tuple[FolderState, bool]:
    """Compare a folder with its last state. Returns the new state, and whether a run is due.

    A folder that differs from the last look may still be being copied: a run is due when two looks agree.
    """
    now = hash_listing(folder)
    if now != before.seen or now == before.requested:
        return FolderState(now, before.requested), False
    return FolderState(now, now), True
