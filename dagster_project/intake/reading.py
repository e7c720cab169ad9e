"""Read a returned file: its cover, its answers and its problems. Text is stored as typed."""

import csv
import errno
import os
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError

from dagster_project.home.entries import open_regular_file
from dagster_project.intake import labels
from dagster_project.intake.folder import (
    OTHER_SUFFIXES,
    READ_SUFFIXES,
    describe_entry,
    get_suffix,
    hash_return,
    strip_name,
)
from dagster_project.intake.formats.docx import read_wordprocessing
from dagster_project.intake.formats.grid import Grid
from dagster_project.intake.formats.ods import read_opendocument
from dagster_project.intake.formats.properties import read_properties
from dagster_project.intake.formats.relations import find_main_part
from dagster_project.intake.formats.xlsx import read_spreadsheet
from dagster_project.intake.formats.xml import read_root_name
from dagster_project.intake.interpret.answers import read_answers
from dagster_project.intake.interpret.cover import read_cover
from dagster_project.intake.interpret.general_comments import find_stray_text, find_unread_grids
from dagster_project.intake.interpret.long_form import read_longform
from dagster_project.intake.interpret.tables import drop_tables_in_answers
from dagster_project.intake.problems import Problem, Rejected
from dagster_project.intake.returned import ReadReturn
from dagster_project.intake.security import limits
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.security.other_formats import refuse_texts_of_other_formats
from dagster_project.intake.template import Template
from dagster_project.intake.text import quote_text

READER_VERSION = "21"
"""Increased whenever the same file would give other answers or problems: all files are then read again."""

Reader = Callable[[OfficeFile], Iterable[Grid]]

READERS: dict[str, Reader] = {
    ".xlsx": read_spreadsheet,
    ".xlsm": read_spreadsheet,
    ".ods": read_opendocument,
    ".docx": read_wordprocessing,
}
_LIBRARIES = {".xlsx": "python-calamine", ".xlsm": "python-calamine", ".ods": "lxml", ".docx": "lxml"}

_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""Beginnings of files of Office, which some senders name .csv."""

_BROKEN = (CalamineError, etree.XMLSyntaxError, KeyError, IndexError, OSError, ValueError, csv.Error)
"""Exceptions of the parsers on a broken file."""

_NOT_OPENED = "The file could not be opened"
_REASONS = {
    errno.ENOENT: "The file was removed before it was read",
    errno.EACCES: "Access to the file is denied: its owner has to permit it",
}


@cache
def name_reader(suffix: str) -> str:
    """Name the version of the reader and of its library, such as `2 (python-calamine 0.9.0)`."""
    library = _LIBRARIES.get(suffix)
    return f"{READER_VERSION} ({library} {version(library)})" if library else f"{READER_VERSION} (csv)"


def read_return(path: Path, template: Template) -> ReadReturn:
    """Read one returned file.

    Never raises for the content of the file: `problems` has everything that is wrong with it. A file can still
    abort the process or take too long; see `ReaderPool`.
    """
    result = ReadReturn()
    try:
        _read_file(path, template, result)
    except Rejected as rejected:
        result.problems.append(rejected.problem)
    except _BROKEN as error:
        result.problems.append(
            Problem("unreadable_file", f"The file is broken ({type(error).__name__} while it was read).")
        )
    # A finding has one decision: problems of one kind in one cell are one.
    result.problems[:] = {
        (one.code, one.sheet, one.cell, one.message): one for one in result.problems
    }.values()
    stopping = {(one.code, one.sheet, one.cell): one for one in reversed(result.problems)}
    result.problems[:] = [
        one
        for one in result.problems
        if one.kind.severity in ("leaves_blank", "inform") or stopping[one.code, one.sheet, one.cell] is one
    ]
    if result.is_rejected:
        result.answers.clear()
    if len(result.problems) > limits.MAX_PROBLEMS:
        more = len(result.problems) - limits.MAX_PROBLEMS
        result.problems.sort(key=lambda problem: problem.kind.severity != "reject_return")
        result.problems[limits.MAX_PROBLEMS :] = [
            Problem("more_problems", f"{more:,} more problems of this file are not listed.")
        ]
    return result


def _read_file(path: Path, template: Template, result: ReadReturn) -> None:
    suffix = get_suffix(path.name)
    if reason := describe_entry(path):
        result.size_bytes, result.sha256 = hash_return(path)
        raise Rejected("not_a_file", reason)
    if suffix not in READ_SUFFIXES:
        result.size_bytes, result.sha256 = hash_return(path)
        what = f"Files that end in {quote_text(suffix[:12])}" if suffix else "Files without an ending"
        raise Rejected(
            OTHER_SUFFIXES.get(suffix, "unknown_format"),
            f"{what} are not read; {_join_words(READ_SUFFIXES)} are.",
        )
    content = _read_content(path, result)
    result.reader = name_reader(suffix)
    if strip_name(path.name) != path.name:
        message = f"The name goes on behind its ending, with spaces or dots; the file was read as {suffix}."
        result.problems.append(Problem("wrong_extension", message))
    if not content:
        raise Rejected("empty_file", "The file has no content: 0 bytes.")
    if suffix == ".csv" and not content.startswith(_BINARY):
        refuse_texts_of_other_formats(content)
        grids = read_longform(content, template, result.problems)
    else:
        parts = OfficeFile(content)
        suffix = _find_true_suffix(suffix, parts, result)
        result.reader = name_reader(suffix)
        result.properties = read_properties(parts)
        grids = list(drop_tables_in_answers(READERS[suffix](parts)))
    # Visible sheets take precedence over hidden ones.
    grids.sort(key=lambda grid: grid.is_hidden)
    tables = read_answers(grids, template, result)
    result.problems += read_cover(grids, tables, template, is_longform=suffix == ".csv", cover=result.cover)
    result.problems += find_stray_text(grids, result.cover, template)
    if tables:
        result.problems += find_unread_grids(grids, tables, tuple(result.problems), template)
    if not result.answers:
        raise Rejected("no_questions", _explain_no_questions(grids, template))
    _check_result(result, template)


def _read_content(path: Path, result: ReadReturn) -> bytes:
    try:
        opened = open_regular_file(path)
    except OSError as error:
        raise Rejected("unreadable_file", f"{_REASONS.get(error.errno or 0, _NOT_OPENED)}.") from None
    with opened as file:
        size_bytes = os.fstat(file.fileno()).st_size
        # Without a size, `read` would allocate a buffer for a file that grows.
        content = file.read(size_bytes) if size_bytes <= limits.MAX_FILE_BYTES else None
    if content is not None:
        result.size_bytes, result.sha256 = len(content), sha256(content).hexdigest()
        return content
    result.size_bytes, result.sha256 = hash_return(path)
    raise Rejected(
        "unsafe_file",
        f"The file was not opened: it has {result.size_bytes:,} bytes; the limit is {limits.MAX_FILE_BYTES:,}.",
    )


def _find_true_suffix(suffix: str, parts: OfficeFile, result: ReadReturn) -> str:
    """Find the format of the content. Adds a problem for macros, and where the name says another format."""
    if parts.has_macros:
        result.problems.append(Problem("macros", "The file holds macros. They were not run."))
    main, kind = find_main_part(parts)
    root = read_root_name(parts[main]) if main and not kind else ""
    found = suffix
    if "wordprocessingml" in kind or "ms-word" in kind or root == "document":
        found = ".docx"
    elif "spreadsheetml" in kind or "ms-excel" in kind or root == "workbook":
        found = suffix if suffix in (".xlsx", ".xlsm") else ".xlsx"
    elif "content.xml" in parts:
        found = ".ods"
    else:
        raise Rejected("unreadable_file", "The file is a zip archive and neither a workbook nor a document.")
    if found != suffix:
        result.problems.append(
            Problem(
                "wrong_extension", f"The file is named {suffix} and was read as {found}, its true format."
            )
        )
    return found


def _explain_no_questions(grids: Iterable[Grid], template: Template) -> str:
    ratings = sum(template.is_rating(text) for grid in grids for row in grid.rows for text in row)
    if ratings < len(template.numbers) / 2:
        return "No table with questions and ratings was found."
    return (
        f"{ratings} ratings were found, but no table has a heading of ratings and a row for each question, with the "
        "question's wording in the template."
    )


def _check_result(result: ReadReturn, template: Template) -> None:
    if not result.cover.get(labels.COMMITTEE):
        result.problems.append(Problem("no_committee", "The cover does not say whose return this is."))
    answered = {answer.question_no for answer in result.answers}
    for number in sorted(template.numbers - answered):
        result.problems.append(Problem("missing_question", f"Question {number} is not in the file."))
    found = result.properties.template_version
    typed = result.cover.get(labels.TEMPLATE_VERSION, "")
    if found and found != template.version:
        result.problems.append(
            Problem(
                "other_template",
                f"The file has another template than {template.version}, the template of the round.",
            )
        )
    elif not found and typed != template.version:
        result.problems.append(
            Problem(
                "no_template_version", f"The file does not state that its template is {template.version}."
            )
        )


def _join_words(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}"
