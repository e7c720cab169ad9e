"""What a release is made of, as hashes: by them a run knows that there is nothing to do.

A hash stands in a release only where everything was the same as its steps began and when it was published: what
changes while a run is at work is taken in by the next one.
"""

import hashlib
import json
import platform
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from dagster_project.paths import REPOSITORY, Home

READ = "read"
BUILT = "built"
GATHERED = "gathered"
SHOWN = "shown"
"""Steps of a run that take in what people have put into the home or the repository."""

STEPS = (READ, BUILT, GATHERED, SHOWN)

SOURCES = ("dagster_project", "dbt", "docs", "expectations", "mkdocs.yml", "requirements.lock")
"""All of the repository that a release depends on, besides the home's seeds and returns."""

_MADE = frozenset({"__pycache__", "node_modules", "logs", "target"})


def fingerprint(home: Home) -> str:
    """Changes with every returned file, seed, source and installed package, and with nothing else.

    It is the same in another folder and at another time: neither paths nor dates of files enter it.
    """
    return hashlib.sha256(f"{_returns(home)}{_rest(home)}".encode()).hexdigest()


def mark(home: Home, step: str) -> None:
    """Note what there is as a step begins. Returned files are looked at only by the step that reads them."""
    found = {"rest": _rest(home)} | ({"returns": _returns(home)} if step == READ else {})
    _mark(home, step).parent.mkdir(parents=True, exist_ok=True)
    _mark(home, step).write_text(json.dumps(found))


def settled(home: Home) -> str | None:
    """The fingerprint of what all steps have taken in; None where they differ, or something has changed since."""
    now = {"rest": _rest(home), "returns": _returns(home)}
    try:
        marks = [json.loads(_mark(home, step).read_text()) for step in STEPS]
    except (OSError, ValueError):
        return None
    if all(now[name] == value for found in marks for name, value in found.items()):
        return fingerprint(home)
    return None


def _mark(home: Home, step: str) -> Path:
    return home.build / "inputs" / f"{step}.json"


def _returns(home: Home) -> str:
    # A folder among the returns, or whatever else is no file, is none of them, but it is counted.
    found = list(home.returns.rglob("*"))
    others = sorted(str(path.relative_to(home.returns)) for path in found if not path.is_file())
    return _hash(home.returns, found) + repr(others)


def sources(names: Iterable[str] = SOURCES) -> str:
    """A hash of the repository's part: those of its folders and files, and the packages that are installed."""
    found = (path for name in names for path in _files(REPOSITORY / name))
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    own = _hash(REPOSITORY, (path for path in found if path.parent != REPOSITORY / "dbt" / "seeds"))
    return hashlib.sha256(f"{own}{packages}{sys.version}{platform.machine()}".encode()).hexdigest()


def _rest(home: Home) -> str:
    return sources() + _hash(home.seeds, home.seeds.glob("[!.]*"))


def _files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        for one in path.iterdir():
            if one.name not in _MADE:
                yield from _files(one)
    else:
        yield path


def _hash(folder: Path, paths: Iterable[Path]) -> str:
    """Of names below the folder, and contents."""
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            # Who reads it says what is wrong with it.
            content = str(error.errno)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
