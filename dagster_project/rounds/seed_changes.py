"""The new content of the seeds that a new round changes. Writes nothing."""

import csv
import io
from pathlib import Path

from dagster_project.rounds.planning import RoundPlan
from dagster_project.seeds import read_seed

# The report of June 2017 lacks these facts about the returns, so every new question set asks for them.
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


def render_seeds(seeds: Path, plan: RoundPlan) -> dict[str, str]:
    """Return the new text of every seed that changes, by its name."""
    row = {
        "round_id": plan.round_id,
        "title": plan.title,
        "fieldwork_start": plan.fieldwork_start.isoformat(),
        "fieldwork_end": plan.fieldwork_end.isoformat(),
        "question_set": plan.question_set,
        "is_illustrative": "false",
    }
    texts = {
        "rounds": append_rows(seeds, "rounds", [row]),
        "invitations": append_rows(
            seeds,
            "invitations",
            [{"round_id": plan.round_id, "committee_id": own} for own in plan.invited],
            # Rows of an interrupted attempt: this round is not registered yet.
            replace=("round_id", plan.round_id),
        ),
    }
    if plan.copied_from is None:
        return texts
    for name in ("questions", "question_sections", "sub_questions", "cover_fields"):
        rows = [
            {**old, "question_set": plan.question_set}
            for old in read_seed(seeds, name)
            if old["question_set"] == plan.copied_from
        ]
        if name == "questions":
            unchanged = {
                "previous_question_key": "",
                "is_comparable_with_previous": "true",
                "comparability_note": "",
            }
            rows = [{**one, **unchanged} for one in rows]
        if name == "cover_fields":
            rows += _list_new_cover_fields(rows, plan.question_set)
        if rows:
            texts[name] = append_rows(seeds, name, rows, replace=("question_set", plan.question_set))
    return texts


def _list_new_cover_fields(rows: list[dict[str, str]], question_set: str) -> list[dict[str, str]]:
    existing = {row["cover_field"] for row in rows}
    missing = [field for field in NEW_COVER_FIELDS if field[0] not in existing]
    return [
        {
            "question_set": question_set,
            "position": str(position),
            "cover_field": name,
            "label": label,
            "instruction": instruction,
        }
        for position, (name, label, instruction) in enumerate(missing, start=len(rows) + 1)
    ]


def append_rows(
    seeds: Path, name: str, rows: list[dict[str, str]], replace: tuple[str, str] | None = None
) -> str:
    """Return a seed's text with rows appended, and without rows whose column `replace[0]` is `replace[1]`."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        text = file.read()
    line_end = "\r\n" if "\r\n" in text else "\n"
    columns = next(csv.reader(io.StringIO(text)))
    output = io.StringIO()
    writer = csv.DictWriter(output, columns, restval="", lineterminator=line_end)
    old_rows = read_seed(seeds, name)
    kept = [row for row in old_rows if replace is None or row[replace[0]] != replace[1]]
    if len(kept) < len(old_rows):
        writer.writeheader()
        writer.writerows(kept)
    else:
        # The old text stays byte for byte, so that a review shows only the new rows.
        output.write(text if text.endswith("\n") else text + line_end)
    writer.writerows(rows)
    return output.getvalue()
