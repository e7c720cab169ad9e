"""Finished pages of builds before, so that a page whose queries answer as they did is not made again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Resolved:
    """A page as plain Markdown, and the files that belong to it, by their path in the tree."""

    text: str
    files: Mapping[str, str] = field(default_factory=dict)


class Cache:
    """A folder of pages, each named after a hash of all that it was made of; without a folder, nothing.

    What a build did not use is dropped at its end: the folder never grows beyond one site.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._used: set[str] = set()
        self.hits = 0
        self._generator = _generator() if folder else ""

    def key(self, *ingredients: Any) -> str:
        """A name for a page made of these: the same only where all of them and the generator are."""
        if self._folder is None:
            return ""
        return hashlib.sha256("\0".join([self._generator, *map(repr, ingredients)]).encode()).hexdigest()

    def get(self, key: str) -> Resolved | None:
        """The page of that name, if an earlier build has made it. A damaged file is as good as none."""
        if self._folder is None:
            return None
        self._used.add(key)
        try:
            found = Resolved(**json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        self.hits += 1
        return found

    def put(self, key: str, page: Resolved) -> None:
        """Keep a page for later builds."""
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{key}.json").write_text(json.dumps(asdict(page)), encoding="utf-8")

    def prune(self) -> None:
        """Drop what this build did not ask for."""
        for path in self._folder.glob("*.json") if self._folder else ():
            if path.stem not in self._used:
                path.unlink()


def _generator() -> str:
    """A hash of this package's code."""
    code = hashlib.sha256()
    for path in sorted(_HERE.rglob("*.py")):
        code.update(path.read_bytes())
    return code.hexdigest()
