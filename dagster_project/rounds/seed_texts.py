"""The seeds as they will be with a new round in them. Writes nothing."""

import csv
import io
from pathlib import Path

from dagster_project.rounds.planning import Plan
from dagster_project.rounds.registry import read_rows

# What the report of June 2017 could not say of the returns. Every new question set asks for it.
NEW_COVER_FIELDS = (
    (
        "completed_by_role",
        "Role of who completed this",
        "Please give the role of the person who completed this template, such as lead officer. Name no person.",
    ),
    (
        "agencies_consulted",
        "Agencies consulted",
        "Please list the agencies that were consulted on the answers. Name no person.",
    ),
)


def seed_texts(seeds: Path, planned: Plan) -> dict[str, str]:
    """The new text of every seed that changes."""
    row = {
        "round_id": planned.round_id,
        "title": planned.title,
        "fieldwork_start": planned.fieldwork_start.isoformat(),
        "fieldwork_end": planned.fieldwork_end.isoformat(),
        "question_set": planned.question_set,
        "is_illustrative": "false",
    }
    texts = {
        "rounds": _appended(seeds, "rounds", [row]),
        "invitations": _appended(
            seeds,
            "invitations",
            [{"round_id": planned.round_id, "committee_id": own} for own in planned.invited],
            # Of an attempt that was cut short: there is no such round yet.
            without=("round_id", planned.round_id),
        ),
    }
    if planned.copied_from is None:
        return texts
    for name in ("questions", "question_sections", "sub_questions", "cover_fields"):
        rows = [
            {**old, "question_set": planned.question_set}
            for old in read_rows(seeds, name)
            if old["question_set"] == planned.copied_from
        ]
        if name == "questions":
            same = {
                "previous_question_key": "",
                "is_comparable_with_previous": "true",
                "comparability_note": "",
            }
            rows = [{**one, **same} for one in rows]
        if name == "cover_fields":
            rows += _new_cover_fields(rows, planned.question_set)
        if rows:
            texts[name] = _appended(seeds, name, rows, without=("question_set", planned.question_set))
    return texts


def _new_cover_fields(rows: list[dict[str, str]], question_set: str) -> list[dict[str, str]]:
    asked = {row["cover_field"] for row in rows}
    missing = [one for one in NEW_COVER_FIELDS if one[0] not in asked]
    return [
        {
            "question_set": question_set,
            "position": str(position),
            "cover_field": own,
            "label": label,
            "instruction": instruction,
        }
        for position, (own, label, instruction) in enumerate(missing, start=len(rows) + 1)
    ]


def _appended(
    seeds: Path, name: str, rows: list[dict[str, str]], without: tuple[str, str] | None = None
) -> str:
    """A seed's text with rows added; what is there stays as it is, but for rows where a column has a value."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        text = file.read()
    end = "\r\n" if "\r\n" in text else "\n"
    columns = next(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", lineterminator=end)
    if without and any(row[without[0]] == without[1] for row in read_rows(seeds, name)):
        writer.writeheader()
        writer.writerows(row for row in read_rows(seeds, name) if row[without[0]] != without[1])
    else:
        written.write(text if text.endswith("\n") else text + end)
    writer.writerows(rows)
    return written.getvalue()
