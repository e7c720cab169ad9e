"""What one question set asks: sections, questions, sub-questions and the rating scale, read from the seeds.

Only the definition belongs here. Writing it to a file is `workbook.py` and `document.py`; reading a returned
file is elsewhere.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

COVER_FIELDS = frozenset({"completed_by_role", "agencies_consulted"})
"""What a cover can ask for besides: each has a column in the raw tables."""


class QuestionnaireError(ValueError):
    """The seeds do not describe a complete questionnaire. The message names the file and what to mend."""


@dataclass(frozen=True)
class SubQuestion:
    """A part of a question with room for its own comment, without a rating of its own."""

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
    """A heading of the template and its questions, in the order in which they are asked."""

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
        """The word as the template offers it, such as `Green`."""
        return self.rating.capitalize()


@dataclass(frozen=True)
class CoverField:
    """What the cover asks for beside committee and date. `field` names it in the raw tables."""

    field: str
    label: str
    instruction: str


@dataclass(frozen=True)
class Questionnaire:
    """One question set: sections in order, the rating scale from the best rating to the worst, the cover's fields."""

    question_set: str
    sections: tuple[Section, ...]
    rating_scale: tuple[RatingLevel, ...]
    cover_fields: tuple[CoverField, ...] = ()

    @property
    def template_version(self) -> str:
        """The text printed on every blank, such as `cse-2016`; a question set is one version of the template."""
        return self.question_set

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, by number."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def rating_labels(self) -> tuple[str, ...]:
        """The words offered for a rating, best first."""
        return tuple(level.label for level in self.rating_scale)


def load_questionnaire(seeds: Path, question_set: str) -> Questionnaire:
    """Read one question set from the folder of seeds.

    Raises `QuestionnaireError` when a seed or a column is missing, a number is not a number, the question set is
    unknown, a number occurs twice, or a question or sub-question points to something that does not exist.
    """
    sections = _of_set(seeds, "question_sections", ("section_no", "section_title"), question_set)
    questions = _of_set(
        seeds,
        "questions",
        ("question_no", "question_key", "short_reference", "section_no", "subheading", "question_text"),
        question_set,
    )
    sub_questions = _of_set(
        seeds, "sub_questions", ("question_no", "sub_question_no", "sub_question_text"), question_set
    )
    if not questions:
        raise QuestionnaireError(f"questions.csv has no question of the question set '{question_set}'.")
    _refuse_twice("questions.csv", (_number(row, "question_no", "questions.csv") for row in questions))
    _refuse_twice(
        "question_sections.csv", (_number(row, "section_no", "question_sections.csv") for row in sections)
    )

    parts = _sub_questions_by_question(sub_questions)
    unknown = sorted(parts.keys() - {int(row["question_no"]) for row in questions})
    if unknown:
        raise QuestionnaireError(f"sub_questions.csv names questions that do not exist: {unknown}.")

    by_section: dict[int, list[Question]] = {int(row["section_no"]): [] for row in sections}
    for row in sorted(questions, key=lambda row: int(row["question_no"])):
        section_no = _number(row, "section_no", "questions.csv")
        if section_no not in by_section:
            raise QuestionnaireError(
                f"questions.csv puts question {row['question_no']} into section {section_no}, "
                f"which question_sections.csv does not have for '{question_set}'."
            )
        number = int(row["question_no"])
        by_section[section_no].append(
            Question(
                number=number,
                key=row["question_key"],
                short_reference=row["short_reference"],
                text=row["question_text"],
                subheading=row["subheading"] or None,
                sub_questions=parts.get(number, ()),
            )
        )
    return Questionnaire(
        question_set=question_set,
        sections=tuple(
            Section(int(row["section_no"]), row["section_title"], tuple(by_section[int(row["section_no"])]))
            for row in sorted(sections, key=lambda row: int(row["section_no"]))
        ),
        rating_scale=_rating_scale(seeds),
        cover_fields=_cover_fields(seeds, question_set),
    )


def _cover_fields(seeds: Path, question_set: str) -> tuple[CoverField, ...]:
    rows = _of_set(seeds, "cover_fields", ("position", "cover_field", "label", "instruction"), question_set)
    rows.sort(key=lambda row: _number(row, "position", "cover_fields.csv"))
    if unknown := sorted({row["cover_field"] for row in rows} - COVER_FIELDS):
        raise QuestionnaireError(
            f"cover_fields.csv has the field '{unknown[0]}'; known are {', '.join(sorted(COVER_FIELDS))}."
        )
    return tuple(CoverField(row["cover_field"], row["label"], row["instruction"]) for row in rows)


def _rating_scale(seeds: Path) -> tuple[RatingLevel, ...]:
    rows = _rows(seeds, "rating_scale", ("rating", "meaning", "sort_order"))
    levels = [
        RatingLevel(row["rating"], row["meaning"], _number(row, "sort_order", "rating_scale.csv"))
        for row in rows
    ]
    if not levels:
        raise QuestionnaireError("rating_scale.csv has no rating.")
    return tuple(sorted(levels, key=lambda level: -level.sort_order))


def _sub_questions_by_question(rows: list[dict[str, str]]) -> dict[int, tuple[SubQuestion, ...]]:
    def place(row: dict[str, str]) -> tuple[int, int]:
        return (
            _number(row, "question_no", "sub_questions.csv"),
            _number(row, "sub_question_no", "sub_questions.csv"),
        )

    ordered = sorted(rows, key=place)
    _refuse_twice("sub_questions.csv", (place(row) for row in ordered))
    return {
        number: tuple(SubQuestion(int(row["sub_question_no"]), row["sub_question_text"]) for row in group)
        for number, group in groupby(ordered, key=lambda row: int(row["question_no"]))
    }


def _of_set(seeds: Path, seed: str, columns: tuple[str, ...], question_set: str) -> list[dict[str, str]]:
    rows = _rows(seeds, seed, ("question_set", *columns))
    return [row for row in rows if row["question_set"] == question_set]


def _rows(seeds: Path, seed: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    path = seeds / f"{seed}.csv"
    if not path.is_file():
        raise QuestionnaireError(f"{path.name} is missing in {seeds}.")
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise QuestionnaireError(f"{path.name} lacks the columns {', '.join(missing)}.")
        return [dict(row) for row in reader]


def _number(row: dict[str, str], column: str, file: str) -> int:
    try:
        return int(row[column])
    except (TypeError, ValueError):
        raise QuestionnaireError(f"{file}: '{row[column]}' in {column} is not a whole number.") from None


def _refuse_twice(file: str, numbers: Iterable[object]) -> None:
    seen: set[object] = set()
    for number in numbers:
        if number in seen:
            raise QuestionnaireError(f"{file} has {number} twice in one question set.")
        seen.add(number)


@dataclass(frozen=True)
class Round:
    """A round: its id is the name of its folder, its question set is what its template asks."""

    round_id: str
    title: str
    question_set: str


def load_rounds(seeds: Path) -> tuple[Round, ...]:
    """All rounds, oldest first. Raises `QuestionnaireError` where there is no registry or no round."""
    path = seeds / "rounds.csv"
    if not path.is_file():
        raise QuestionnaireError(f"rounds.csv is missing in {seeds}.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["fieldwork_start"])
    if not rows:
        raise QuestionnaireError("rounds.csv has no round.")
    return tuple(Round(row["round_id"], row["title"], row["question_set"]) for row in rows)
