"""A returned file → its cover, its answers and its problems. Text stays as typed; nothing is rated here.

Things are found by the words printed on the template (`labels`), not by fixed cells.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree
from python_calamine import CalamineError

from dagster_project.questionnaire import labels, problems
from dagster_project.questionnaire.grids import FORMATS, Grid, read_grids
from dagster_project.questionnaire.guard import UnsafeFile
from dagster_project.questionnaire.problems import Problem

READER = "1"
"""Version of what this module makes of a file. Raised when the same file would be read otherwise."""

_NUMBER = re.compile(r"(?:Q(?:uestion)?\s*)?(\d{1,3})\s*[.)]?", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """One question as answered: text as typed, empty where nothing was typed."""

    question_no: int
    sheet: str
    cell: str
    question_typed: str
    rating_typed: str
    comment_typed: str


@dataclass
class ReadReturn:
    """What a file holds. `cover` maps a label of the template to what was typed beside it."""

    cover: dict[str, str] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_rejected(self) -> bool:
        """Whether nothing of the file can be loaded."""
        return any(problem.kind.severity == "reject_return" for problem in self.problems)


def read_return(path: Path, question_numbers: Collection[int]) -> ReadReturn:
    """Read one returned file.

    `question_numbers` are those of the round's question set. Never raises for what is in the file:
    whatever is wrong with it is in `problems`.
    """
    result = ReadReturn()
    if path.suffix.lower() not in FORMATS:
        known = " and ".join(FORMATS)
        result.problems.append(
            Problem(problems.UNKNOWN_FORMAT, f"Files of the kind '{path.suffix}' are not read; {known} are.")
        )
        return result
    try:
        grids = read_grids(path)
    except UnsafeFile as error:
        result.problems.append(Problem(problems.UNSAFE_FILE, f"The file was not opened: {error}."))
        return result
    except (zipfile.BadZipFile, CalamineError, etree.XMLSyntaxError, KeyError, OSError, ValueError) as error:
        result.problems.append(
            Problem(problems.UNREADABLE_FILE, f"The file is broken or is not what its name says ({error}).")
        )
        return result
    for grid in grids:
        _read_cover(grid, result)
        _read_answers(grid, result, question_numbers)
    _check(result, question_numbers)
    return result


def _read_cover(grid: Grid, result: ReadReturn) -> None:
    wanted = {
        _key(label): label
        for label in (labels.COMMITTEE, labels.DATE_COMPLETED, labels.ROUND, labels.TEMPLATE_VERSION)
    }
    for row in grid.rows:
        for column, text in enumerate(row):
            label = wanted.get(_key(text))
            if label and label not in result.cover:
                result.cover[label] = next((value for value in row[column + 1 :] if value), "")


def _read_answers(grid: Grid, result: ReadReturn, question_numbers: Collection[int]) -> None:
    seen = {answer.question_no for answer in result.answers}
    current: int | None = None
    for row_no, columns, row in _body_rows(grid):
        number = _question_number(_get(row, columns[labels.NUMBER]))
        comment = _get(row, columns[labels.COMMENT])
        if number is None:
            # A row without a number is a heading, or a sub-question whose comment is part of the answer above.
            if current is not None and comment:
                last = result.answers[current]
                joined = f"{last.comment_typed}\n{comment}".strip()
                result.answers[current] = replace(last, comment_typed=joined)
            continue
        place = {"sheet": grid.name, "cell": grid.at(row_no, columns[labels.RATING])}
        current = None
        if number not in question_numbers:
            result.problems.append(
                Problem(problems.UNKNOWN_QUESTION, f"The template has no question {number}.", **place)
            )
        elif number in seen:
            result.problems.append(
                Problem(problems.REPEATED_QUESTION, f"Question {number} is answered twice.", **place)
            )
        else:
            seen.add(number)
            current = len(result.answers)
            result.answers.append(
                Answer(
                    question_no=number,
                    question_typed=_get(row, columns.get(labels.QUESTION)),
                    rating_typed=_get(row, columns[labels.RATING]),
                    comment_typed=comment,
                    **place,
                )
            )


def _body_rows(grid: Grid) -> Iterator[tuple[int, dict[str, int], tuple[str, ...]]]:
    """Rows below a header row, each with the columns that the header above it names."""
    wanted = {_key(label): label for label in (labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT)}
    columns: dict[str, int] | None = None
    for row_no, row in enumerate(grid.rows):
        found = {wanted[_key(text)]: column for column, text in enumerate(row) if _key(text) in wanted}
        if {labels.NUMBER, labels.RATING, labels.COMMENT} <= found.keys():
            columns = found
        elif columns is not None:
            yield row_no, columns, row


def _check(result: ReadReturn, question_numbers: Collection[int]) -> None:
    if not result.answers:
        result.problems.append(
            Problem(
                problems.NO_QUESTIONS, "No table with numbered questions, ratings and comments was found."
            )
        )
        return
    if not result.cover.get(labels.COMMITTEE):
        result.problems.append(Problem(problems.NO_COMMITTEE, "The cover does not say whose return this is."))
    answered = {answer.question_no for answer in result.answers}
    for number in sorted(set(question_numbers) - answered):
        result.problems.append(Problem(problems.MISSING_QUESTION, f"Question {number} is not in the file."))


def _question_number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text.strip())
    return int(match.group(1)) if match else None


def _get(row: tuple[str, ...], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _key(text: str) -> str:
    return " ".join(text.split()).rstrip(":").casefold()
