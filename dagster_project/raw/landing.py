"""A round's folder → the raw tables, in one transaction, parsing only what is new or changed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from dagster_project.questionnaire.pool import MANY_FILES, ReaderPool
from dagster_project.questionnaire.reading import READER_VERSION
from dagster_project.questionnaire.template import Template
from dagster_project.raw.batch import Batch
from dagster_project.raw.tables import create_tables

IGNORED_SUFFIXES = frozenset({".md"})
"""Notes that stand beside the returns."""

IGNORED_PREFIXES = ("~$", ".")
"""Lock files of Office programs, and hidden files."""

IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini"})
"""What Windows leaves in folders."""

BATCH_FILES = 500
"""Files whose rows are held in memory at once."""


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


@dataclass(frozen=True)
class SeenFile:
    """A file as the folder shows it. `sha256` is None where it is ignored."""

    path: Path
    is_ignored: bool
    sha256: str | None
    size_bytes: int

    @property
    def name(self) -> str:
        """The name as text that can be stored, whatever bytes it has."""
        return self.path.name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def land_round(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    round_id: str,
    template: Template,
    processes: int | None = None,
) -> Landed:
    """Bring the raw tables in line with a round's folder.

    A file whose bytes were read before by the same reader for the same template keeps its rows. A
    folder that does not exist is an empty one. `processes` read; by default two where there are many files.
    """
    create_tables(connection)
    reader = f"{READER_VERSION}/{template.fingerprint()}"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    known = set(
        connection.execute(
            "select source_file, sha256 from raw.return_file where round_id = ? and reader = ?",
            [round_id, reader],
        ).fetchall()
    )
    processes = processes or (2 if len(names) - len(known) >= MANY_FILES else 1)
    seen = (look_at(folder / name) for name in names)
    connection.begin()
    try:
        parsed = _land(connection, seen, known, Batch(round_id, reader), template, processes)
        landed = _count(connection, round_id, parsed)
        if landed.files != len(names) or landed.files != landed.read + landed.rejected + landed.ignored:
            raise RuntimeError(f"{len(names)} entries in {folder.name} and {landed} do not add up")
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
        (folder.name, file.name, file.sha256) for folder in folders for file in map(look_at, folder.iterdir())
    }
    return len({(round_id, name) for round_id, name, _ in landed ^ seen})


def look_at(path: Path) -> SeenFile:
    """What a folder's entry is. Only what may be a return is opened, to take its checksum."""
    if path.is_dir() or not path.is_file() or _is_ignored(path):
        size = path.stat().st_size if path.is_file() else 0
        return SeenFile(path, is_ignored=True, sha256=None, size_bytes=size)
    with path.open("rb") as file:
        return SeenFile(path, False, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _is_ignored(path: Path) -> bool:
    name = path.name.lower()
    return (
        name.startswith(IGNORED_PREFIXES) or path.suffix.lower() in IGNORED_SUFFIXES or name in IGNORED_NAMES
    )


def _land(
    connection: duckdb.DuckDBPyConnection,
    seen: Iterator[SeenFile],
    known: set[tuple[str, str]],
    batch: Batch,
    template: Template,
    processes: int,
) -> int:
    """Replace the round's rows but those of files that have not changed; returns how many files were parsed."""
    connection.execute("create or replace temp table kept (source_file varchar)")
    fresh: list[SeenFile] = []
    kept: list[tuple[str, ...]] = []
    for file in seen:
        if (file.name, file.sha256) in known:
            kept.append((file.name,))
        else:
            fresh.append(file)
    if kept:
        connection.execute("insert into kept select unnest(?)", [[name for (name,) in kept]])
    for table in ("return_file", "answer", "problem"):
        connection.execute(
            f"delete from raw.{table} where round_id = ? and source_file not in (select source_file from kept)",
            [batch.round_id],
        )
    connection.execute("drop table kept")
    for file in fresh:
        if file.is_ignored:
            batch.add_ignored(file.name, file.path, file.size_bytes)
    batch.write(connection)
    returns = [file for file in fresh if not file.is_ignored]
    if returns:
        with ReaderPool(template, processes) as pool:
            _parse(connection, returns, batch, pool)
    return len(returns)


def _parse(
    connection: duckdb.DuckDBPyConnection, files: Iterable[SeenFile], batch: Batch, pool: ReaderPool
) -> None:
    files = list(files)
    contents = zip(files, pool.read(file.path for file in files), strict=True)
    while part := list(islice(contents, BATCH_FILES)):
        for file, (_, content) in part:
            batch.add(file.name, file.path, file.size_bytes, file.sha256, content)
        batch.write(connection)


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
