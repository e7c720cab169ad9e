"""Rows of the raw tables on their way into the database: columns in memory, a few hundred files at a time."""

from pathlib import Path

import duckdb

from dagster_project.questionnaire import labels
from dagster_project.questionnaire.reading import reader_name
from dagster_project.questionnaire.returned import ReadReturn
from dagster_project.raw.tables import COLUMNS

Row = tuple[object, ...]


class Batch:
    """Rows of one round's files. `reader` is the identity by which a file is known to have been read."""

    def __init__(self, round_id: str, reader: str) -> None:
        self.round_id = round_id
        self.reader = reader
        self._rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        self._reader_names: dict[str, str] = {}

    def add_ignored(self, name: str, path: Path, size_bytes: int) -> None:
        """A file that is none of the returns."""
        file_format = "folder" if path.is_dir() else _format(path)
        nothing = (None,) * (len(COLUMNS["return_file"]) - 5)
        self._rows["return_file"].append((self.round_id, name, "ignored", file_format, size_bytes, *nothing))

    def add(self, name: str, path: Path, size_bytes: int, sha256: str | None, content: ReadReturn) -> None:
        """A file that was read or rejected, with its answers and problems."""
        cover, properties = content.cover, content.properties
        ids = (self.round_id, name)
        self._rows["return_file"].append(
            (
                *ids,
                "rejected" if content.is_rejected else "read",
                _format(path),
                size_bytes,
                sha256,
                self.reader,
                self._reader_name(path.suffix.lower()),
                cover.get(labels.COMMITTEE),
                cover.get(labels.DATE_COMPLETED),
                cover.get(labels.ROUND),
                cover.get("completed_by_role"),
                cover.get("agencies_consulted"),
                properties.template_version or cover.get(labels.TEMPLATE_VERSION),
                properties.application or None,
                properties.created or None,
                properties.modified or None,
            )
        )
        self._rows["answer"].extend(
            (
                *ids,
                str(answer.question_no),
                answer.sheet,
                answer.cell,
                answer.question_typed,
                answer.rating_typed,
                answer.comment_typed,
                answer.rating_colour or None,
            )
            for answer in content.answers
        )
        self._rows["problem"].extend(
            (
                *ids,
                problem.sheet,
                problem.cell,
                problem.code,
                problem.kind.severity,
                problem.message,
                problem.kind.remedy,
            )
            for problem in content.problems
        )

    def write(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Append what was added to the raw tables, and forget it."""
        for table, rows in self._rows.items():
            if not rows:
                continue
            columns = [list(values) for values in zip(*rows, strict=True)]
            # Lists, not Arrow: to look at an Arrow table DuckDB imports pandas, which takes a second.
            listed = ", ".join(["unnest(?)"] * len(columns))
            connection.execute(f"insert into raw.{table} select {listed}", columns)
            rows.clear()

    def _reader_name(self, suffix: str) -> str:
        if suffix not in self._reader_names:
            self._reader_names[suffix] = reader_name(suffix)
        return self._reader_names[suffix]


def _format(path: Path) -> str:
    suffix = path.suffix.lower().lstrip(".")
    return suffix.encode("utf-8", "backslashreplace").decode()
