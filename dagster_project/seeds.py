"""Reference data of the seeds, read from CSV into typed values. Nothing else parses a seed in Python."""

import csv
import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

COVER_FIELDS = frozenset({"completed_by_role", "agencies_consulted"})
"""Fields that a cover can ask for: each has a column in the raw tables."""

Row = dict[str, str]
Severity = Literal["reject_return", "reject_answer", "leaves_blank", "inform"]


class SeedError(ValueError):
    """A seed is missing, incomplete or contradictory. The message names the file and what to fix."""


@dataclass(frozen=True)
class Round:
    """One round. `round_id` is also the name of its folder of returns."""

    round_id: str
    title: str
    fieldwork_start: datetime.date
    fieldwork_end: datetime.date
    closed_on: datetime.date | None
    question_set: str


@dataclass(frozen=True)
class SubQuestion:
    """A part of a question with its own comment and no rating of its own."""

    number: int
    text: str


@dataclass(frozen=True)
class Question:
    """One rated question. `subheading` is None where the template prints none above it."""

    number: int
    key: str
    short_reference: str
    text: str
    subheading: str | None
    sub_questions: tuple[SubQuestion, ...]


@dataclass(frozen=True)
class Section:
    """A heading of the template and its questions by number."""

    number: int
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class RatingLevel:
    """A step of the rating scale; a higher `sort_order` is a better rating."""

    rating: str
    meaning: str
    sort_order: int

    @property
    def label(self) -> str:
        """The word that the template offers, such as `Green`."""
        return self.rating.capitalize()


@dataclass(frozen=True)
class CoverField:
    """A cell of the cover after committee and date. `field` is its name in the raw tables."""

    field: str
    label: str
    instruction: str


@dataclass(frozen=True)
class Questionnaire:
    """One question set: sections by number, ratings from best to worst, fields of the cover."""

    question_set: str
    sections: tuple[Section, ...]
    rating_scale: tuple[RatingLevel, ...]
    cover_fields: tuple[CoverField, ...] = ()

    @property
    def template_version(self) -> str:
        """The version printed on every blank, such as `cse-2016`."""
        return self.question_set

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions by number."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def rating_labels(self) -> tuple[str, ...]:
        """The words offered for a rating, best first."""
        return tuple(level.label for level in self.rating_scale)


@dataclass(frozen=True)
class ProblemCode:
    """A kind of problem with a returned file: its severity and what its sender can do about it."""

    code: str
    severity: Severity
    title: str
    remedy: str


def read_seed(seeds: Path, name: str, columns: Iterable[str] = ()) -> list[Row]:
    """Read the rows of a seed: text by column.

    Raises: `SeedError` where the file is missing, is not UTF-8, or lacks one of `columns`.
    """
    file_name = f"{name}.csv"
    try:
        with (seeds / file_name).open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            rows = list(reader)
    except FileNotFoundError:
        raise SeedError(f"{file_name} is missing in {seeds}.") from None
    except UnicodeDecodeError:
        raise SeedError(f"{file_name} is not UTF-8. Save it as CSV UTF-8.") from None
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise SeedError(f"{file_name} lacks the columns {', '.join(missing)}.")
    return rows


def load_rounds(seeds: Path) -> tuple[Round, ...]:
    """Load all rounds, oldest first. Raises `SeedError` where there is none, or a date is invalid."""
    rounds = list_rounds(seeds)
    if not rounds:
        raise SeedError("There is no round yet. Open one, such as: selfeval round new 2018")
    return rounds


def list_rounds(seeds: Path) -> tuple[Round, ...]:
    """Load all rounds, oldest first; none in a new home. Raises `SeedError` where a date is invalid."""
    columns = ("round_id", "title", "fieldwork_start", "fieldwork_end", "closed_on", "question_set")
    rounds = [
        Round(
            round_id=row["round_id"],
            title=row["title"],
            fieldwork_start=_parse_date(row, "fieldwork_start"),
            fieldwork_end=_parse_date(row, "fieldwork_end"),
            closed_on=_parse_date(row, "closed_on") if row["closed_on"] else None,
            question_set=row["question_set"],
        )
        for row in read_seed(seeds, "rounds", columns)
    ]
    return tuple(sorted(rounds, key=lambda one: (one.fieldwork_start, one.round_id)))


def load_rating_words(seeds: Path) -> tuple[str, ...]:
    """Load the words that people type for a rating. Raises `SeedError`."""
    return tuple(row["word"] for row in read_seed(seeds, "rating_words", ("word",)))


def load_committee_names(seeds: Path) -> dict[str, str]:
    """Load every name by which a committee is known in any round, with the committee. Raises `SeedError`."""
    columns = {
        "committees": "committee_name",
        "committee_aliases": "alias",
        "local_authorities": "local_authority_name",
    }
    return {
        row[column]: row["committee_id"]
        for seed, column in columns.items()
        for row in read_seed(seeds, seed, (column, "committee_id"))
    }


def load_problem_codes(seeds: Path) -> dict[str, ProblemCode]:
    """Load the kinds of problem by code. Raises `SeedError`."""
    rows = read_seed(seeds, "problem_codes", ("code", "severity", "title", "remedy"))
    return {
        row["code"]: ProblemCode(row["code"], cast(Severity, row["severity"]), row["title"], row["remedy"])
        for row in rows
    }


def load_questionnaire(seeds: Path, question_set: str) -> Questionnaire:
    """Load one question set.

    Raises: `SeedError` where a file or column is missing, a number is invalid or occurs twice, the question set
    is unknown, or a question or sub-question refers to a row that does not exist.
    """
    sections = _index_set(seeds, question_set, "question_sections", ("section_no",), ("section_title",))
    questions = _load_questions(seeds, question_set)
    for section_no, question in questions:
        if (section_no,) not in sections:
            raise SeedError(
                f"questions.csv puts question {question.number} into section {section_no}, "
                f"which question_sections.csv does not have for '{question_set}'."
            )
    return Questionnaire(
        question_set=question_set,
        sections=tuple(
            Section(
                number, row["section_title"], tuple(one for section, one in questions if section == number)
            )
            for (number,), row in sections.items()
        ),
        rating_scale=_load_rating_scale(seeds),
        cover_fields=_load_cover_fields(seeds, question_set),
    )


def _load_questions(seeds: Path, question_set: str) -> list[tuple[int, Question]]:
    """Load all questions by number, each with the number of its section."""
    columns = ("question_key", "short_reference", "section_no", "subheading", "question_text")
    questions = _index_set(seeds, question_set, "questions", ("question_no",), columns)
    if not questions:
        raise SeedError(f"questions.csv has no question of the question set '{question_set}'.")
    keys = ("question_no", "sub_question_no")
    parts = _index_set(seeds, question_set, "sub_questions", keys, ("sub_question_text",))
    if unknown := sorted({number for number, _ in parts if (number,) not in questions}):
        raise SeedError(f"sub_questions.csv names questions that do not exist: {unknown}.")
    return [
        (
            _parse_number(row, "section_no", "questions"),
            Question(
                number=number,
                key=row["question_key"],
                short_reference=row["short_reference"],
                text=row["question_text"],
                subheading=row["subheading"] or None,
                sub_questions=tuple(
                    SubQuestion(part_no, part["sub_question_text"])
                    for (question_no, part_no), part in parts.items()
                    if question_no == number
                ),
            ),
        )
        for (number,), row in questions.items()
    ]


def _load_rating_scale(seeds: Path) -> tuple[RatingLevel, ...]:
    levels = [
        RatingLevel(row["rating"], row["meaning"], _parse_number(row, "sort_order", "rating_scale"))
        for row in read_seed(seeds, "rating_scale", ("rating", "meaning", "sort_order"))
    ]
    if not levels:
        raise SeedError("rating_scale.csv has no rating.")
    return tuple(sorted(levels, key=lambda level: -level.sort_order))


def _load_cover_fields(seeds: Path, question_set: str) -> tuple[CoverField, ...]:
    columns = ("cover_field", "label", "instruction")
    rows = _index_set(seeds, question_set, "cover_fields", ("position",), columns).values()
    if unknown := sorted({row["cover_field"] for row in rows} - COVER_FIELDS):
        raise SeedError(
            f"cover_fields.csv has the field '{unknown[0]}'; known are {', '.join(sorted(COVER_FIELDS))}."
        )
    return tuple(CoverField(row["cover_field"], row["label"], row["instruction"]) for row in rows)


def _index_set(
    seeds: Path, question_set: str, name: str, keys: tuple[str, ...], columns: tuple[str, ...]
) -> dict[tuple[int, ...], Row]:
    """Return the rows of one question set, sorted by their keys."""
    found: dict[tuple[int, ...], Row] = {}
    for row in read_seed(seeds, name, ("question_set", *keys, *columns)):
        if row["question_set"] == question_set:
            key = tuple(_parse_number(row, column, name) for column in keys)
            if key in found:
                numbers = ", ".join(map(str, key))
                raise SeedError(f"{name}.csv has {', '.join(keys)} {numbers} twice in '{question_set}'.")
            found[key] = row
    return dict(sorted(found.items()))


def _parse_number(row: Row, column: str, name: str) -> int:
    try:
        return int(row[column])
    except ValueError:
        raise SeedError(f"{name}.csv: '{row[column]}' in {column} is not a whole number.") from None


def _parse_date(row: Row, column: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(row[column])
    except ValueError:
        raise SeedError(
            f"rounds.csv: '{row[column]}' in {column} is not a date such as 2016-08-01."
        ) from None
