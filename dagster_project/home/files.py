"""Files and folders of a home: written in one step, made when they are missing."""

import csv
import io
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dagster_project.paths import REPOSITORY, Home

SHARED = ("dbt_project.yml", "profiles.yml", "macros", "models", "tests")
"""Parts of the dbt project that every home shares with the repository."""

OF_PROGRAM = ("_seeds.yml", "claim_metrics.csv", "problem_codes.csv", "quality_checks.csv")
"""Seeds that describe models and readers. A home always has the program's; all others belong to its owner."""

NEW_COLUMNS = {"questions.csv": ("public_label",)}
"""Columns that seeds of version 1.0.0 do not have. They may be empty."""

NEW = ".new-"
"""Prefix of a file or folder that is being written."""

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700

_PRIVATE_UMASK = 0o077


def keep_files_private() -> None:
    """Let only their owner read the files that this process creates from now on, for any umask."""
    os.umask(_PRIVATE_UMASK)


@contextmanager
def open_replacement(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that replaces another in one step when it is closed, or is deleted on an error."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=NEW)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode if path.exists() else PRIVATE_FILE)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file in one step: a reader sees the old content or the new, also if the writer is killed."""
    with open_replacement(path) as file:
        file.write(content)


def sync_folder(folder: Path) -> None:
    """Sync the names in a folder to disk: a renamed file would have its old name after a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prepare_home(home: Home) -> None:
    """Make the folders that a run writes to. A home outside of the repository gets this version's models and seeds.

    The models are linked, and dbt is never given their absolute path: it would overwrite them with compiled SQL.
    Files that this process creates from now on are private.
    """
    keep_files_private()
    for folder in (home.returns, home.build, home.audit, home.dagster, home.releases):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
    # They repeat comments and single ratings. Earlier versions let others read them.
    for folder in (home.build, home.returns, home.releases):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & stat.S_IRWXO:
            folder.chmod(mode & ~stat.S_IRWXO)
    home.build.chmod(PRIVATE_FOLDER)
    if home.root == REPOSITORY:
        return
    home.seeds.mkdir(parents=True, exist_ok=True)
    _upgrade_seeds(home)
    for name in SHARED:
        link, target = home.dbt / name, REPOSITORY / "dbt" / name
        if link.is_symlink() and link.readlink() != target:
            link.unlink()
        # Two processes may prepare a new home at once.
        with suppress(FileExistsError):
            link.symlink_to(target)


def _upgrade_seeds(home: Home) -> None:
    """Add the seeds and columns that a home of an earlier version lacks, and replace the program's own seeds."""
    for seed in sorted((REPOSITORY / "dbt" / "seeds").glob("[!.]*")):
        own, content = home.seeds / seed.name, seed.read_bytes()
        if not own.exists() or (seed.name in OF_PROGRAM and own.read_bytes() != content):
            write_atomically(own, content)
    for name, columns in NEW_COLUMNS.items():
        _add_columns(home.seeds / name, columns)


def _add_columns(path: Path, columns: Iterable[str]) -> None:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        first, *rows = list(csv.reader(file)) or [[]]
    # An empty seed is damaged: the step that reads it says so.
    if first and (missing := [column for column in columns if column not in first]):
        output = io.StringIO(newline="")
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow([*first, *missing])
        writer.writerows([*row, *([""] * len(missing))] for row in rows)
        write_atomically(path, output.getvalue().encode(errors="surrogateescape"))
