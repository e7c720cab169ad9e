"""Load answers and problems into the raw tables: DuckDB reads the workers' lines of JSON from a file."""

import json
import shutil
import stat
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from dagster_project.intake import labels
from dagster_project.intake.returned import read_format

FLUSH_BYTES = 4_000_000
"""Lines kept in memory before they are loaded: about 700 returns."""

_COLUMNS = {
    "name": "varchar",
    "format": "varchar",
    "status": "varchar",
    "size_bytes": "bigint",
    "sha256": "varchar",
    "reader": "varchar",
    "cover": "map(varchar, varchar)",
    "properties": "struct(application varchar, created varchar, modified varchar, template_version varchar)",
    "answers": "struct(question_no varchar[], sheet varchar[], cell varchar[], question_typed varchar[], "
    "rating_typed varchar[], comment_typed varchar[], rating_colour varchar[])",
    "problems": "struct(sheet varchar, cell varchar, code varchar, severity varchar, message varchar, "
    "remedy varchar)[]",
}
_MAX_LINE_BYTES = 16 * 1024 * 1024
"""More than one file can need within the limits of the readers."""

_READ = f"""
    create or replace temp table spooled as
    select *
    from read_json(
        $path, format = 'newline_delimited', columns = {_COLUMNS}, maximum_object_size = {_MAX_LINE_BYTES}
    )
"""
_INSERTS = {
    f"""
    insert into raw.return_file
    select
        $round_id, name, status, format, size_bytes, nullif(sha256, ''),
        case when status <> 'ignored' then $reader end,
        nullif(reader, ''),
        cover['{labels.COMMITTEE}'],
        cover['{labels.DATE_COMPLETED}'],
        cover['{labels.ROUND}'],
        cover['completed_by_role'],
        cover['agencies_consulted'],
        coalesce(nullif(properties.template_version, ''), cover['{labels.TEMPLATE_VERSION}']),
        nullif(properties.application, ''),
        nullif(properties.created, ''),
        nullif(properties.modified, '')
    from spooled
    """: ("round_id", "reader"),
    """
    insert into raw.answer
    select
        $round_id, name, unnest(answers.question_no), unnest(answers.sheet), unnest(answers.cell),
        unnest(answers.question_typed), unnest(answers.rating_typed), unnest(answers.comment_typed),
        nullif(unnest(answers.rating_colour), '')
    from spooled
    """: ("round_id",),
    """
    insert into raw.problem
    select
        $round_id, name, problem.sheet, problem.cell, problem.code, problem.severity, problem.message,
        problem.remedy
    from (select name, unnest(problems) as problem from spooled)
    """: ("round_id",),
}


class Spool:
    """Lines of one round's files. `reader` is stored with each file: version of the reader and template.

    The lines contain comments of returns. `folder` belongs to this class, and no other account can read it. Its files
    are deleted when they are loaded; those of a killed run are deleted when the next run begins.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, round_id: str, reader: str, folder: Path | None = None
    ) -> None:
        self._connection = connection
        self._lines: list[bytes] = []
        self._size = 0
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
        self._folder = tempfile.TemporaryDirectory(prefix="selfeval-", dir=folder)
        self._values = {
            "round_id": round_id,
            "reader": reader,
            "path": str(Path(self._folder.name) / "lines.json"),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._load_lines()
        finally:
            self._folder.cleanup()

    def add(self, line: bytes) -> None:
        """Add a file's line, as `ReadReturn.to_line` writes it."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= FLUSH_BYTES:
            self._load_lines()

    def add_ignored(self, name: str, path: Path) -> None:
        """Add an entry of the folder that is not a return."""
        try:
            status = path.stat()
        except OSError:
            # A broken link, or a file that has been deleted.
            status = None
        file = {
            "name": name,
            "format": "folder" if status and stat.S_ISDIR(status.st_mode) else read_format(path),
            "status": "ignored",
            "size_bytes": status.st_size if status and stat.S_ISREG(status.st_mode) else 0,
        }
        self.add(json.dumps(file).encode() + b"\n")

    def _load_lines(self) -> None:
        if self._lines:
            Path(self._values["path"]).write_bytes(b"".join(self._lines))
            self._connection.execute(_READ, {"path": self._values["path"]})
            for statement, names in _INSERTS.items():
                self._connection.execute(statement, {name: self._values[name] for name in names})
            self._lines.clear()
            self._size = 0
