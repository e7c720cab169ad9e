"""The raw tables: three of the returned files, with text as typed, and two of the published release."""

from collections.abc import Mapping

import duckdb

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "return_file": {
        "round_id": "varchar not null",
        "source_file": "varchar not null",
        "file_status": "varchar not null",
        "file_format": "varchar not null",
        "size_bytes": "bigint not null",
        "sha256": "varchar",
        "reader": "varchar",
        "reader_version": "varchar",
        "committee_typed": "varchar",
        "completed_on_typed": "varchar",
        "round_typed": "varchar",
        "completed_by_role_typed": "varchar",
        "agencies_consulted_typed": "varchar",
        "template_version": "varchar",
        "application": "varchar",
        "document_created": "varchar",
        "document_modified": "varchar",
    },
    "answer": {
        "round_id": "varchar not null",
        "source_file": "varchar not null",
        "question_no_typed": "varchar not null",
        "sheet": "varchar not null",
        "cell": "varchar not null",
        "question_typed": "varchar not null",
        "rating_typed": "varchar not null",
        "comment_typed": "varchar not null",
        "rating_colour": "varchar",
    },
    "problem": {
        "round_id": "varchar not null",
        "source_file": "varchar not null",
        "sheet": "varchar not null",
        "cell": "varchar not null",
        "code": "varchar not null",
        "severity": "varchar not null",
        "message": "varchar not null",
        "remedy": "varchar not null",
    },
    "published_return": {
        "release_id": "varchar not null",
        "round_id": "varchar not null",
        "committee_id": "varchar not null",
        "source_file": "varchar not null",
        "sha256": "varchar",
        "is_withdrawn": "boolean not null",
        "closed_on": "date",
        "times_reopened": "bigint not null",
    },
    "published_suppression": {
        "round_id": "varchar not null",
        "question_no": "integer not null",
        "consortium_code": "varchar not null",
        "minimum_base": "integer not null",
        "protects_from_insiders": "boolean not null",
        "shown_rating": "varchar not null",
        "hides_rated": "boolean not null",
    },
}

OF_FILES = ("return_file", "answer", "problem")
"""Tables of the returned files. A landing replaces their rows of one round."""

OF_RELEASE = ("published_return", "published_suppression")
"""Tables of the release that readers see. Each run copies them."""

COMMENTS = {
    "return_file": "One row per file seen in a round's folder, also a rejected or an ignored one.",
    "answer": "One row per question of a file that was read; text as typed.",
    "problem": "One row per problem met while reading a file.",
    "published_return": "One row per round and committee with a return in the published release, or in one before it.",
    "published_suppression": "One row per round, question and consortium with counts that the published release hides.",
}


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the raw tables where they are missing or have the columns of an earlier version.

    The rows of a replaced table are lost: the next landing reads the files again.
    """
    connection.execute("create schema if not exists raw")
    for table, columns in COLUMNS.items():
        found = connection.execute(
            "select column_name from duckdb_columns() where schema_name = 'raw' and table_name = ? "
            "order by column_index",
            [table],
        ).fetchall()
        if found and [name for (name,) in found] != list(columns):
            connection.execute(f"drop table raw.{table}")
            # Without their answers or problems, files must be read again.
            connection.execute("drop table if exists raw.return_file")
    for table, columns in COLUMNS.items():
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create table if not exists raw.{table} ({listed})")
        text = COMMENTS[table].replace("'", "''")
        connection.execute(f"comment on table raw.{table} is '{text}'")
