"""Hashes of everything that a release is made from. A run compares them to see whether there is anything to do.

Each step stores the hashes of its inputs as they were when it began. A release gets a fingerprint only if all steps
had the same inputs, and nothing has changed since: the next run processes a change made during a run.
"""

import hashlib
import json
import platform
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from dagster_project.home.entries import hash_entry, list_entries
from dagster_project.home.files import write_atomically
from dagster_project.paths import REPOSITORY, Home
from dagster_project.seeds import load_rounds

BUILT = "built"
GATHERED = "gathered"
SHOWN = "shown"
STEPS = (BUILT, GATHERED, SHOWN)
"""Steps after the rounds are loaded that read the home's seeds or the repository: models, open data, site."""

SOURCES = ("dagster_project", "dbt", "docs", "expectations", "manual.yml", "mkdocs.yml", "requirements.lock")
"""The parts of the repository that a release depends on."""

Inputs = Mapping[str, str]
"""Hashes of the inputs of a step: of `sources`, and of a round's `returns` if the step loads the round."""

_GENERATED = frozenset({"__pycache__", "node_modules", "logs", "target"})


def fingerprint_home(home: Home) -> str:
    """Hash every returned file, seed, main point, source and installed package.

    Paths and dates do not count: a copy of the home on another day has the same fingerprint.
    """
    returns = {one.round_id: _hash_returns(home, one.round_id) for one in load_rounds(home.seeds)}
    return hashlib.sha256(f"{returns}{_hash_sources_and_seeds(home)}".encode()).hexdigest()


def stable_fingerprint(home: Home) -> str | None:
    """Return the home's fingerprint, or None if not all steps had the inputs that there are now."""
    sources = {"sources": _hash_sources_and_seeds(home)}
    rounds = [one.round_id for one in load_rounds(home.seeds)]
    now = dict.fromkeys(STEPS, sources) | {
        _name_load_step(one): sources | {"returns": _hash_returns(home, one)} for one in rounds
    }
    if any(_read_inputs(home, step) != inputs for step, inputs in now.items()):
        return None
    return fingerprint_home(home)


def store_inputs(home: Home, step: str) -> None:
    """Store what the inputs of a step are as it begins."""
    _write_inputs(home, step, {"sources": _hash_sources_and_seeds(home)})


def hash_round(home: Home, round_id: str) -> Inputs:
    """Return the inputs for loading a round, for `store_round` when it is loaded."""
    return {"sources": _hash_sources_and_seeds(home), "returns": _hash_returns(home, round_id)}


def store_round(home: Home, round_id: str, inputs: Inputs) -> None:
    """Store the inputs that a round was loaded from."""
    _write_inputs(home, _name_load_step(round_id), inputs)


def is_loaded(home: Home, round_id: str) -> bool:
    """Return whether a round was ever loaded."""
    return bool(_read_inputs(home, _name_load_step(round_id)))


def is_up_to_date(home: Home, round_id: str) -> bool:
    """Return whether the files of a round's folder are those that were loaded last."""
    return _read_inputs(home, _name_load_step(round_id)).get("returns") == _hash_returns(home, round_id)


def hash_sources(names: Iterable[str] = SOURCES) -> str:
    """Hash folders and files of the repository, the installed packages, Python's version and the machine."""
    found = (path for name in names for path in _list_files(REPOSITORY / name))
    packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    own = _hash_files(REPOSITORY, (path for path in found if path.parent != REPOSITORY / "dbt" / "seeds"))
    return hashlib.sha256(f"{own}{packages}{sys.version}{platform.machine()}".encode()).hexdigest()


def _name_load_step(round_id: str) -> str:
    return f"loaded-{round_id}"


def _get_inputs_path(home: Home, step: str) -> Path:
    return home.build / "inputs" / f"{step}.json"


def _write_inputs(home: Home, step: str, inputs: Inputs) -> None:
    path = _get_inputs_path(home, step)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(inputs).encode())


def _read_inputs(home: Home, step: str) -> Inputs:
    try:
        return dict(json.loads(_get_inputs_path(home, step).read_bytes()))
    except (OSError, ValueError):
        return {}


def _hash_returns(home: Home, round_id: str) -> str:
    # Folders and other entries that are not files count, too: the raw tables list them.
    paths = (*list_entries(home.returns / round_id), *list_entries(home.purged / round_id))
    entries = [(path.name, *hash_entry(path)) for path in paths]
    return hashlib.sha256(repr(entries).encode()).hexdigest()


def _hash_sources_and_seeds(home: Home) -> str:
    return (
        hash_sources()
        + _hash_files(home.seeds, home.seeds.glob("[!.]*"))
        + _hash_files(home.main_points, home.main_points.glob("*.md"))
    )


def _list_files(path: Path) -> Iterable[Path]:
    if path.is_dir():
        for one in path.iterdir():
            if one.name not in _GENERATED:
                yield from _list_files(one)
    else:
        yield path


def _hash_files(folder: Path, paths: Iterable[Path]) -> str:
    """Hash the names below a folder and the contents of files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        try:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            # The step that reads the file reports the error.
            content = str(error.errno)
        digest.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
