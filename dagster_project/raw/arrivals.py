"""Whether the files of a round's folder have changed, and have stopped changing."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from dagster_project.raw.landing import is_ignored


@dataclass(frozen=True)
class Watched:
    """What was last seen of a round's folder, what a run was last asked for, and how often one was."""

    seen: str = ""
    asked: str = ""
    times: int = 0


def fingerprint(folder: Path) -> str:
    """Changes with every return that is added, changed or taken away; empty where there is none."""
    seen = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        # What goes away while it is looked at was not there.
        with suppress(FileNotFoundError):
            about = path.stat()
            if not is_ignored(path):
                seen.append((path.name, about.st_size, about.st_mtime_ns, about.st_ino))
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16] if seen else ""


def look(folder: Path, before: Watched) -> tuple[Watched, bool]:
    """What is there now, and whether to ask for a run.

    Files that differ from the last look are perhaps still being copied: a run is asked for when two looks agree.
    """
    now = fingerprint(folder)
    if now != before.seen or now == before.asked:
        return Watched(now, before.asked, before.times), False
    return Watched(now, now, before.times + 1), True


def load(cursor: str | None) -> dict[str, Watched]:
    """What an earlier look left, by round."""
    return {round_id: Watched(**found) for round_id, found in json.loads(cursor or "{}").items()}


def dump(rounds: Mapping[str, Watched]) -> str:
    """For the next look."""
    return json.dumps({round_id: asdict(watched) for round_id, watched in rounds.items()})
