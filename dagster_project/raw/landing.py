"""Load a round's folder into the raw tables in one transaction; only new or changed files are parsed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from dagster_project.home.entries import escape_name, is_folder, list_entries
from dagster_project.intake.folder import hash_return, is_ignored
from dagster_project.intake.reading import READER_VERSION
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import Template
from dagster_project.raw.spool import Spool
from dagster_project.raw.tables import OF_FILES, create_tables


@dataclass(frozen=True)
class Landed:
    """Counts of one landing. `files` = `read` + `rejected` + `ignored`; `parsed` files are new or changed."""

    round_id: str
    files: int
    read: int
    rejected: int
    ignored: int
    parsed: int
    answers: int
    problems: int


def land_round(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    round_id: str,
    template: Template,
    processes: int | None = None,
    spool_folder: Path | None = None,
) -> Landed:
    """Make the raw tables of a round equal to its folder.

    A file with known bytes, reader and template keeps its rows. A missing folder counts as empty. `processes` is the
    number of worker processes: one by default, two for many files. `spool_folder` contains the answers until they are
    loaded: the system's temporary folder by default.
    """
    create_tables(connection)
    reader = f"{READER_VERSION}/{template.compute_fingerprint()}"
    paths = list_entries(folder)
    known = dict(
        connection.execute(
            "select source_file, sha256 from raw.return_file where round_id = ? and reader = ?",
            [round_id, reader],
        ).fetchall()
    )
    connection.begin()
    try:
        kept, new = _partition_paths(paths, lambda path: _is_unchanged(path, known))
        _delete_all_except(connection, round_id, kept)
        ignored, returns = _partition_paths(new, is_ignored)
        with (
            Spool(connection, round_id, reader, spool_folder) as spool,
            ReaderPool(template, len(returns), processes) as pool,
        ):
            for path in ignored:
                spool.add_ignored(escape_name(path.name), path)
            for line in pool.read((escape_name(path.name), path) for path in returns):
                spool.add(line)
        landed = count_round(connection, round_id, len(returns))
        if landed.files != len(paths) or landed.files != landed.read + landed.rejected + landed.ignored:
            raise RuntimeError(f"{len(paths)} entries in {folder.name} and {landed} do not add up")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return landed


def count_changed_files(
    connection: duckdb.DuckDBPyConnection, returns: Path, purged: Collection[str] = ()
) -> int:
    """Count files that were added, changed or removed since they were loaded. Those of purged rounds do not count."""
    loaded = set(connection.execute("select round_id, source_file, sha256 from raw.return_file").fetchall())
    loaded = {row for row in loaded if row[0] not in purged}
    present = {
        (folder.name, escape_name(path.name), None if is_ignored(path) else hash_return(path)[1] or None)
        for folder in filter(is_folder, list_entries(returns))
        for path in list_entries(folder)
    }
    return len({(round_id, name) for round_id, name, _ in loaded ^ present})


def _is_unchanged(path: Path, known: Mapping[str, str | None]) -> bool:
    known_hash = known.get(escape_name(path.name))
    return known_hash is not None and not is_ignored(path) and hash_return(path)[1] == known_hash


def _partition_paths(
    paths: Iterable[Path], predicate: Callable[[Path], bool]
) -> tuple[list[Path], list[Path]]:
    """Split paths into those for which the predicate is true, and the others."""
    groups: tuple[list[Path], list[Path]] = ([], [])
    for path in paths:
        groups[not predicate(path)].append(path)
    return groups


def _delete_all_except(connection: duckdb.DuckDBPyConnection, round_id: str, kept: Iterable[Path]) -> None:
    names = [escape_name(path.name) for path in kept]
    connection.execute(
        "create or replace temp table kept as select unnest(?::varchar[]) as source_file", [names]
    )
    for table in OF_FILES:
        connection.execute(
            f"delete from raw.{table} where round_id = ? and source_file not in (select source_file from kept)",
            [round_id],
        )
    connection.execute("drop table kept")


def count_round(connection: duckdb.DuckDBPyConnection, round_id: str, parsed: int) -> Landed:
    """Count the raw rows of a round. `parsed` files are new or changed."""
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
