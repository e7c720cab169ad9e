"""The three raw tables: their columns, and nothing about what the text in them means."""

import duckdb

RETURN_FILE = """
create table if not exists raw.return_file (
    round_id varchar not null,
    source_file varchar not null,
    file_status varchar not null,
    file_format varchar not null,
    size_bytes bigint not null,
    sha256 varchar,
    reader varchar,
    committee_typed varchar,
    completed_on_typed varchar,
    round_typed varchar,
    template_version varchar
)
"""

ANSWER = """
create table if not exists raw.answer (
    round_id varchar not null,
    source_file varchar not null,
    question_no_typed varchar not null,
    sheet varchar not null,
    cell varchar not null,
    question_typed varchar not null,
    rating_typed varchar not null,
    comment_typed varchar not null
)
"""

PROBLEM = """
create table if not exists raw.problem (
    round_id varchar not null,
    source_file varchar not null,
    sheet varchar not null,
    cell varchar not null,
    code varchar not null,
    severity varchar not null,
    message varchar not null,
    remedy varchar not null
)
"""

COMMENTS = {
    "return_file": "One row per file seen in a round's folder, also a rejected or an ignored one.",
    "answer": "One row per question of a file that was read; text as typed.",
    "problem": "One row per problem met while reading a file.",
}


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the schema and its tables where they are not there yet."""
    connection.execute("create schema if not exists raw")
    for statement in (RETURN_FILE, ANSWER, PROBLEM):
        connection.execute(statement)
    for table, text in COMMENTS.items():
        connection.execute(f"comment on table raw.{table} is '{text.replace(chr(39), chr(39) * 2)}'")
