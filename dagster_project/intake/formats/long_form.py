"""Answers in the long form (.csv): a row per question with committee, question, rating and comment."""

import csv

from dagster_project.intake.formats.csv_text import UnbalancedQuote, decode, read_records
from dagster_project.intake.formats.grid import Grid, Place
from dagster_project.intake.interpret.columns import NUMBER, QUESTION, RATING, heading_role
from dagster_project.intake.problems import Problem, Rejected
from dagster_project.intake.security.limits import MAX_COLUMNS, MAX_MEMBER_BYTES, MAX_ROWS
from dagster_project.intake.text import clean

LONGER_RECORD = "in a record with more fields than the heading: a comma is not quoted"


def read_longform(content: bytes, problems: list[Problem]) -> list[Grid]:
    """The records of the file as one grid; doubts about its letters are added to `problems`.

    Raises `Rejected` past a limit and for an unbalanced quotation mark, `csv.Error` on a broken file.
    """
    if len(content) > MAX_MEMBER_BYTES:
        raise Rejected(
            "unsafe_file",
            f"The file was not opened: it has {len(content):,} bytes; the limit is {MAX_MEMBER_BYTES:,}.",
        )
    decoded = decode(content)
    if decoded.doubt:
        problems.append(Problem("uncertain_letters", f"Some letters may be wrong: {decoded.doubt}."))
    csv.field_size_limit(MAX_MEMBER_BYTES)
    rows: list[tuple[str, ...]] = []
    doubts: dict[Place, str] = {}
    width = 0
    try:
        for record in read_records(decoded.text.replace("\x00", "")):
            if len(rows) == MAX_ROWS:
                raise Rejected(
                    "unsafe_file", f"The file was not read: it has more than {MAX_ROWS:,} rows, the limit."
                )
            roles = {heading_role(field) for field in record}
            if RATING in roles and roles & {NUMBER, QUESTION}:
                width = len(record)
            elif width and any(record[width:]):
                doubts.update(((len(rows), column), LONGER_RECORD) for column in range(len(record)))
            rows.append(tuple(clean(field) for field in record[:MAX_COLUMNS]))
    except UnbalancedQuote as error:
        raise Rejected("unreadable_file", f"The file was not read: {error}.") from None
    return [
        Grid("rows", tuple(rows), lambda row, column: f"record {row + 1}, column {column + 1}", doubts=doubts)
    ]
