"""A round's folder → the raw tables, in one transaction, parsing only what is new or changed."""

import errno
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import duckdb

from dagster_project.intake.files import hash_file
from dagster_project.intake.reading import READER_VERSION
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import Template
from dagster_project.raw.spool import Spool
from dagster_project.raw.tables import COLUMNS, create_tables

IGNORED_SUFFIXES = frozenset({".md"})
"""Notes that stand beside the returns."""

IGNORED_PREFIXES = ("~$", ".")
"""Lock files of Office programs, and hidden files."""

IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows leaves in folders."""


@dataclass(frozen=True)
class Landed:
    """What a round's folder held. `files` = `read` + `rejected` + `ignored`; `parsed` were opened in this run."""

    round_id: str
    files: int
    read: int
    rejected: int
    ignored: int
    parsed: int
    answers: int
    problems: int


def stored_name(path: Path) -> str:
    """A file's name as text that can be stored, whatever bytes it has."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def land_round(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    round_id: str,
    template: Template,
    processes: int | None = None,
    spool_folder: Path | None = None,
) -> Landed:
    """Bring the raw tables in line with a round's folder.

    A file whose bytes were read before by the same reader for the same template keeps its rows. A
    folder that does not exist is an empty one. `processes` read; by default two where there are many files.
    What they read lies in `spool_folder` until it is landed, or in the system's folder for such.
    """
    create_tables(connection)
    reader = f"{READER_VERSION}/{template.fingerprint()}"
    # Each path is made once: for many files that is felt beside landing them.
    paths = sorted(folder.iterdir(), key=attrgetter("name")) if folder.is_dir() else []
    known = dict(
        connection.execute(
            "select source_file, sha256 from raw.return_file where round_id = ? and reader = ?",
            [round_id, reader],
        ).fetchall()
    )
    connection.begin()
    try:
        kept, fresh = _parted(paths, lambda path: _is_known(path, known))
        _delete_all_but(connection, round_id, kept)
        ignored, returns = _parted(fresh, is_ignored)
        with (
            Spool(connection, round_id, reader, spool_folder) as spool,
            ReaderPool(template, len(returns), processes) as pool,
        ):
            for path in ignored:
                spool.add_ignored(stored_name(path), path)
            for line in pool.read((stored_name(path), path) for path in returns):
                spool.add(line)
        landed = _count(connection, round_id, len(returns))
        if landed.files != len(paths) or landed.files != landed.read + landed.rejected + landed.ignored:
            raise RuntimeError(f"{len(paths)} entries in {folder.name} and {landed} do not add up")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return landed


def unlike_the_folder(connection: duckdb.DuckDBPyConnection, returns: Path) -> int:
    """How many files of all rounds came, went or changed since the raw tables were filled."""
    landed = set(connection.execute("select round_id, source_file, sha256 from raw.return_file").fetchall())
    folders = [folder for folder in returns.iterdir() if folder.is_dir()] if returns.is_dir() else []
    seen = {
        (folder.name, stored_name(path), None if is_ignored(path) else hash_file(path)[1] or None)
        for folder in folders
        for path in folder.iterdir()
    }
    return len({(round_id, name) for round_id, name, _ in landed ^ seen})


def is_ignored(path: Path) -> bool:
    """Whether a folder's entry is none of the returns. Nothing is opened to know it."""
    name = path.name.lower()
    return (
        name.startswith(IGNORED_PREFIXES)
        or path.suffix.lower() in IGNORED_SUFFIXES
        or name in IGNORED_NAMES
        or not _may_be_file(path)
    )


def _parted(paths: Iterable[Path], belongs: Callable[[Path], bool]) -> tuple[list[Path], list[Path]]:
    """Those that belong, and the others."""
    found: tuple[list[Path], list[Path]] = ([], [])
    for path in paths:
        found[not belongs(path)].append(path)
    return found


def _may_be_file(path: Path) -> bool:
    """Whether it is a file, or hides what it is: that is told when it cannot be read."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        return error.errno == errno.EACCES


def _is_known(path: Path, known: Mapping[str, str | None]) -> bool:
    before = known.get(stored_name(path))
    return before is not None and not is_ignored(path) and hash_file(path)[1] == before


def _delete_all_but(connection: duckdb.DuckDBPyConnection, round_id: str, kept: Iterable[Path]) -> None:
    """Forget the round's files but those that have not changed."""
    names = [stored_name(path) for path in kept]
    connection.execute(
        "create or replace temp table kept as select unnest(?::varchar[]) as source_file", [names]
    )
    for table in COLUMNS:
        connection.execute(
            f"delete from raw.{table} where round_id = ? and source_file not in (select source_file from kept)",
            [round_id],
        )
    connection.execute("drop table kept")


def _count(connection: duckdb.DuckDBPyConnection, round_id: str, parsed: int) -> Landed:
    counts = connection.execute(
        """
        select
            count(*),
            count(*) filter (where file_status = 'read'),
            count(*) filter (where file_status = 'rejected'),
            count(*) filter (where file_status = 'ignored'),
            (select count(*) from raw.answer where round_id = $round_id),
            (select count(*) from raw.problem where round_id = $round_id)
        from raw.return_file
        where round_id = $round_id
        """,
        {"round_id": round_id},
    ).fetchall()
    files, read, rejected, ignored, answers, problems = counts[0]
    return Landed(round_id, files, read, rejected, ignored, parsed, answers, problems)
