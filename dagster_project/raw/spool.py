"""What was read, on its way into the raw tables: lines of JSON in a file, some megabytes at a time.

No row of an answer passes through Python: DuckDB reads the lines as the readers wrote them.
"""

import json
import shutil
import stat
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from dagster_project.intake import labels
from dagster_project.intake.returned import format_name

FLUSH_BYTES = 4_000_000
"""So much is held before it is written to the tables: some 700 returns."""

_SHAPE = {
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
_LARGEST_LINE = 16 * 1024 * 1024
"""Above what one file can come to within the limits of the readers."""

_LINES = f"read_json($path, format = 'newline_delimited', columns = {_SHAPE}, maximum_object_size = {_LARGEST_LINE})"
_READ = f"create or replace temp table spooled as select * from {_LINES}"
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
    """Lines of one round's files. `reader` is the identity by which a file is known to have been read.

    They are comments of returns: they lie in `folder`, which is this program's alone and no other account's, and
    go when they are landed. What a killed run left there goes when the next one begins.
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
                self._flush()
        finally:
            self._folder.cleanup()

    def add(self, line: bytes) -> None:
        """Take in what `ReadReturn.as_line` made of a file."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= FLUSH_BYTES:
            self._flush()

    def add_ignored(self, name: str, path: Path) -> None:
        """A file, or a folder, that is none of the returns."""
        try:
            about = path.stat()
        except OSError:
            # It leads nowhere, or went away meanwhile.
            about = None
        file = {
            "name": name,
            "format": "folder" if about and stat.S_ISDIR(about.st_mode) else format_name(path),
            "status": "ignored",
            "size_bytes": about.st_size if about and stat.S_ISREG(about.st_mode) else 0,
        }
        self.add(json.dumps(file).encode() + b"\n")

    def _flush(self) -> None:
        if self._lines:
            Path(self._values["path"]).write_bytes(b"".join(self._lines))
            self._connection.execute(_READ, {"path": self._values["path"]})
            for statement, names in _INSERTS.items():
                self._connection.execute(statement, {name: self._values[name] for name in names})
            self._lines.clear()
            self._size = 0
