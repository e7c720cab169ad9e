"""A round's folder → the raw tables, in one transaction, parsing only what is new or changed."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.questionnaire import labels
from dagster_project.questionnaire.reading import READER, ReadReturn, read_return
from dagster_project.raw.tables import create_tables

IGNORED_SUFFIXES = frozenset({".md"})
"""Notes that stand beside the returns."""

IGNORED_PREFIXES = ("~$", ".")
"""Lock files of Office programs, and hidden files."""

Row = dict[str, object]


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
class _SeenFile:
    path: Path
    is_ignored: bool
    sha256: str | None


def land_round(
    connection: duckdb.DuckDBPyConnection, folder: Path, round_id: str, question_numbers: Collection[int]
) -> Landed:
    """Bring the raw tables in line with a round's folder.

    A file whose bytes were read before by the same reader for the same questions keeps its rows. A
    folder that does not exist is an empty one.
    """
    create_tables(connection)
    reader = f"{READER}/{_fingerprint(question_numbers)}"
    seen = [_look_at(path) for path in _entries(folder)]
    known = set(
        connection.execute(
            "select source_file, sha256 from raw.return_file where round_id = ? and reader = ?",
            [round_id, reader],
        ).fetchall()
    )
    kept = [file for file in seen if (file.path.name, file.sha256) in known]
    fresh = [file for file in seen if (file.path.name, file.sha256) not in known]

    files: list[Row] = []
    answers: list[Row] = []
    problems: list[Row] = []
    parsed = 0
    for file in fresh:
        ids: Row = {"round_id": round_id, "source_file": file.path.name}
        if file.is_ignored:
            files.append(ids | _file_row(file, "ignored", None, {}))
            continue
        parsed += 1
        content = read_return(file.path, question_numbers)
        status = "rejected" if content.is_rejected else "read"
        files.append(ids | _file_row(file, status, reader, content.cover))
        answers.extend(ids | row for row in _answer_rows(content))
        problems.extend(ids | row for row in _problem_rows(content))

    _replace(connection, round_id, [file.path.name for file in kept], files, answers, problems)
    return _count(connection, round_id, parsed)


def _entries(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.iterdir())) if folder.is_dir() else iter(())


def _look_at(path: Path) -> _SeenFile:
    if path.is_dir() or path.name.startswith(IGNORED_PREFIXES) or path.suffix.lower() in IGNORED_SUFFIXES:
        return _SeenFile(path, is_ignored=True, sha256=None)
    with path.open("rb") as file:
        return _SeenFile(path, is_ignored=False, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def _fingerprint(question_numbers: Collection[int]) -> str:
    text = ",".join(map(str, sorted(question_numbers)))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _file_row(file: _SeenFile, status: str, reader: str | None, cover: dict[str, str]) -> Row:
    return {
        "file_status": status,
        "file_format": "folder" if file.path.is_dir() else file.path.suffix.lower().lstrip("."),
        "size_bytes": 0 if file.path.is_dir() else file.path.stat().st_size,
        "sha256": file.sha256,
        "reader": reader,
        "committee_typed": cover.get(labels.COMMITTEE),
        "completed_on_typed": cover.get(labels.DATE_COMPLETED),
        "round_typed": cover.get(labels.ROUND),
        "template_version": cover.get(labels.TEMPLATE_VERSION),
    }


def _answer_rows(content: ReadReturn) -> Iterator[Row]:
    for answer in content.answers:
        yield {
            "question_no_typed": str(answer.question_no),
            "sheet": answer.sheet,
            "cell": answer.cell,
            "question_typed": answer.question_typed,
            "rating_typed": answer.rating_typed,
            "comment_typed": answer.comment_typed,
        }


def _problem_rows(content: ReadReturn) -> Iterator[Row]:
    for problem in content.problems:
        yield {
            "sheet": problem.sheet,
            "cell": problem.cell,
            "code": problem.kind.code,
            "severity": problem.kind.severity,
            "message": problem.message,
            "remedy": problem.kind.remedy,
        }


def _replace(
    connection: duckdb.DuckDBPyConnection,
    round_id: str,
    kept: list[str],
    files: list[Row],
    answers: list[Row],
    problems: list[Row],
) -> None:
    connection.begin()
    try:
        for table, rows in (("return_file", files), ("answer", answers), ("problem", problems)):
            connection.execute(
                f"delete from raw.{table} where round_id = ? and not list_contains(?, source_file)",
                [round_id, kept],
            )
            if rows:
                described = connection.execute(f"select * from raw.{table} limit 0").description
                names = [column[0] for column in described or ()]
                batch = pa.table({name: [row[name] for row in rows] for name in names})
                connection.register("batch", batch)
                connection.execute(f"insert into raw.{table} select * from batch")
                connection.unregister("batch")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


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
    ).fetchone()
    assert counts is not None
    files, read, rejected, ignored, answers, problems = counts
    return Landed(round_id, files, read, rejected, ignored, parsed, answers, problems)
