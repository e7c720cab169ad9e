"""Write an invented survey into a home of its own: reference data and returned files."""

import csv
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from dagster_project.intake import labels
from dagster_project.paths import REPOSITORY, Home
from tools.rounds.generate import WORDS, Return, Round, Survey


def write_home(survey: Survey, home: Home) -> None:
    """Write seeds and returned files into an empty home."""
    home.seeds.mkdir(parents=True, exist_ok=True)
    for seed in (REPOSITORY / "dbt" / "seeds").iterdir():
        shutil.copyfile(seed, home.seeds / seed.name)
    for name in (
        "claims",
        "comment_codes",
        "committee_aliases",
        "committee_successions",
        "decisions",
        "cover_fields",
    ):
        _keep_header(home.seeds / f"{name}.csv")
    _write_rows(
        home.seeds / "rounds.csv",
        [
            (
                one.round_id, one.title, one.start, one.end, one.closed_on or "", one.question_set,
                str(one.is_illustrative).lower(),
            )
            for one in survey.rounds
        ],
    )  # fmt: skip
    _write_rows(home.seeds / "consortia.csv", survey.consortia)
    _write_rows(
        home.seeds / "committees.csv",
        [(own, "", name, code) for own, (name, code) in survey.committees.items()],
    )
    _write_rows(
        home.seeds / "local_authorities.csv", [(name, "", own) for name, own in survey.authorities.items()]
    )
    _write_rows(
        home.seeds / "invitations.csv",
        [(one.round_id, committee) for one in survey.rounds for committee in one.invited],
    )
    _write_rows(
        home.seeds / "question_sections.csv", [(one.question_set, 1, "Only section") for one in survey.rounds]
    )
    _keep_header(home.seeds / "sub_questions.csv")
    _write_rows(
        home.seeds / "questions.csv",
        [
            (
                one.question_set, number, f"question-{number}",
                "", f"Topic {number}", "", 1, "", _word_question(number),
                "true" if position and number <= survey.rounds[position - 1].questions else "", "",
            )
            for position, one in enumerate(survey.rounds)
            for number in range(1, one.questions + 1)
        ],
    )  # fmt: skip
    for one in survey.rounds:
        folder = home.returns / one.round_id
        folder.mkdir(parents=True)
        for returned in one.returns:
            (folder / returned.file).write_bytes(_format_table(one, returned))


def _word_question(number: int) -> str:
    """Return the wording of a question: no two are alike."""
    first, second = WORDS[number % len(WORDS)], WORDS[(number * 7 + 3) % len(WORDS)]
    return f"Does the committee have {first} and {second} arrangement {number}?"


def _format_table(one: Round, returned: Return) -> bytes:
    if returned.content is not None:
        return returned.content
    lines = [
        [
            labels.COMMITTEE, labels.DATE_COMPLETED, labels.TEMPLATE_VERSION,
            labels.NUMBER, labels.QUESTION, labels.RATING, labels.COMMENT,
        ]
    ]  # fmt: skip
    for number, rating in returned.ratings.items():
        lines.append(
            [
                returned.committee, returned.completed_on, one.question_set,
                str(number), _word_question(number), rating, returned.comments.get(number, ""),
            ]
        )  # fmt: skip
    return "\n".join(",".join(_quote_cell(cell) for cell in line) for line in lines).encode() + b"\n"


def _quote_cell(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _keep_header(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def _write_rows(path: Path, rows: Iterable[Sequence[object]]) -> None:
    header = path.read_text(encoding="utf-8").splitlines()[0]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\n")
        csv.writer(file, lineterminator="\n").writerows(rows)
