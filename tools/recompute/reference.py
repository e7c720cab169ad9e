"""Tables of reference data, and facts about a round's committees, questions and returns."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tools.recompute.history import find_previous, list_authorities, list_committees, list_rounds
from tools.recompute.marts import Row
from tools.recompute.round import Round
from tools.recompute.seeds import CsvRow, Seeds, find_round

COPIES = {
    "dim_consortium": "consortia",
    "dim_metric": "claim_metrics",
    "dim_problem_code": "problem_codes",
    "dim_quality_check": "quality_checks",
    "dim_rating": "rating_scale",
    "mart_ranking_rule": "ranking_rules",
}
"""Tables that are reference data, each with its file."""
RENAMED = {"code": "problem_code"}

QUESTION_COLUMNS = (
    "question_key",
    "question_no",
    "section_no",
    "short_reference",
    "public_label",
    "question_text",
    "subheading",
)


def copy_reference(seeds: Seeds) -> dict[str, list[Row]]:
    """Copy the rows of the files that are published as they are, with values as texts."""
    return {
        table: [
            {RENAMED.get(name, name): value for name, value in row.items()}
            | ({"decisions": row["decisions"].replace("|", ", ")} if "decisions" in row else {})
            for row in seeds[name]
            # Metrics of one committee or topic are not published.
            if "<" not in row.get("metric", "")
        ]
        for table, name in COPIES.items()
    }


def make_reference(one: Round, seeds: Seeds) -> dict[str, list[Row]]:
    """Make the tables that reference data gives."""
    *earlier, latest = list_rounds(seeds)
    of_round: Row = {"round_id": one.round_id}
    last = {name: round_id for round_id in (*earlier, latest) for name in list_committees(seeds, round_id)}
    tables: dict[str, list[Row]] = {
        "dim_committee": [
            row | {"last_round_id": round_id, "is_current": round_id == latest}
            for round_id in (*earlier, latest)
            for row in make_committees(seeds, round_id)
            if last[row["committee_id"]] == round_id
        ],
        "dim_committee_round": [
            row | of_round | {"is_invited": row["committee_id"] in one.consortium}
            for row in make_committees(seeds, one.round_id)
        ],
        "dim_local_authority": make_authorities(seeds, latest),
        "dim_local_authority_round": [row | of_round for row in make_authorities(seeds, one.round_id)],
        "dim_question": list(make_questions(one, seeds)),
        "mart_disclosure_acceptance": _number_rows(
            seeds["disclosure_acceptances"],
            "acceptance_no",
            ("accepted_on", "question_no", "committee_id", "reason"),
        ),
        "mart_round_reopening": _number_rows(
            seeds["round_reopenings"], "reopening_no", ("reopened_on", "reason")
        ),
        "mart_round_retention": [
            {
                **of_round,
                **_find_row(seeds["round_retention"], one.round_id),
                **_find_row(seeds["round_purges"], one.round_id),
            }
        ],
        "dim_round": [
            find_round(seeds, one.round_id)
            | {
                "is_provisional": not find_round(seeds, one.round_id)["closed_on"],
                "is_latest": one.round_id == latest,
                "previous_round_id": find_previous(seeds, one.round_id),
            }
        ],
    }
    return copy_reference(seeds) | tables


def make_committees(seeds: Seeds, round_id: str) -> Iterator[Row]:
    """Make the committees of a round, with the number of their local authorities."""
    authorities = Counter(list_authorities(seeds, round_id).values())
    for name, row in list_committees(seeds, round_id).items():
        yield {
            **{column: row[column] for column in ("committee_id", "committee_name", "consortium_code")},
            "local_authority_count": authorities[name],
        }


def make_authorities(seeds: Seeds, round_id: str) -> list[Row]:
    """Make the local authorities of a round."""
    return [
        {"local_authority_name": name, "committee_id": committee}
        for name, committee in list_authorities(seeds, round_id).items()
    ]


def _find_row(rows: list[CsvRow], round_id: str) -> CsvRow:
    """Find the row about a round; without a row, none of its columns has a value."""
    return next((row for row in rows if row["round_id"] == round_id), {})


def _number_rows(rows: list[CsvRow], column: str, order: Sequence[str]) -> list[Row]:
    """Number the recorded decisions of each round by some columns, empty values last."""

    def list_values(row: CsvRow) -> list[tuple[bool, int, str]]:
        # Numbers, which are in text here, are ordered as numbers.
        return [(row[one] == "", int(row[one]) if row[one].isdigit() else 0, row[one]) for one in order]

    numbers: Counter[str] = Counter()
    numbered: list[Row] = []
    for row in sorted(rows, key=list_values):
        numbers[row["round_id"]] += 1
        numbered.append(row | {column: numbers[row["round_id"]]})
    return numbered


def make_questions(one: Round, seeds: Seeds) -> Iterator[Row]:
    """Make `dim_question`."""
    own_set = find_round(seeds, one.round_id)["question_set"]
    titles = {
        row["section_no"]: row["section_title"]
        for row in seeds["question_sections"]
        if row["question_set"] == own_set
    }
    parts = sorted(seeds["sub_questions"], key=lambda part: int(part["sub_question_no"]))
    for row in seeds["questions"]:
        if row["question_set"] == own_set:
            subject = (own_set, row["question_no"])
            yield {name: row[name] for name in QUESTION_COLUMNS} | {
                "round_id": one.round_id,
                "section_title": titles[row["section_no"]],
                "sub_questions": [
                    part["sub_question_text"]
                    for part in parts
                    if (part["question_set"], part["question_no"]) == subject
                ],
            }


def make_details(one: Round, seeds: Seeds) -> Iterator[Row]:
    """Make `rating_detail`: each rating with the names of everything."""
    own = find_round(seeds, one.round_id)
    committees = {name: row["committee_name"] for name, row in list_committees(seeds, one.round_id).items()}
    consortia = {row["consortium_code"]: row["consortium_name"] for row in seeds["consortia"]}
    scores = {row["rating"]: int(row["sort_order"]) for row in seeds["rating_scale"]}
    lowest = min(scores.values())
    for question in make_questions(one, seeds):
        number = int(question["question_no"])
        for name, answers in one.answers.items():
            rating = answers[number] or one.estimates.get((name, number))
            yield {
                "round_id": one.round_id,
                "round_title": own["title"],
                "committee_id": name,
                "committee_name": committees[name],
                "consortium_code": one.consortium[name],
                "consortium_name": consortia[one.consortium[name]],
                "question_no": number,
                "question_key": question["question_key"],
                "short_reference": question["short_reference"],
                "section_no": int(question["section_no"]),
                "section_title": question["section_title"],
                "rating": rating,
                "score": scores[rating] - lowest if rating else None,
                "rating_status": "reported" if answers[number] else "estimated" if rating else "missing",
                "received_on": one.received[name],
                "is_counted": True,
            }


def make_returns(one: Round) -> Iterator[Row]:
    """Make `fct_return`."""
    for name in one.consortium:
        is_returned = name in one.answers
        yield {
            "round_id": one.round_id,
            "committee_id": name,
            "duplicate_of_committee_id": one.duplicates.get(name),
            "source_file": one.files.get(name, ("", ""))[0] or None,
            "return_status": "returned" if is_returned else "not_returned",
            "is_counted": is_returned,
            "received_on": one.received.get(name),
            "blank_ratings": sum(r is None for r in one.answers[name].values()) if is_returned else None,
        }


def make_versions(one: Round) -> Iterator[Row]:
    """Make `fct_return_version`, for a folder from which no file was removed."""
    for name, (file, digest) in one.files.items():
        yield {
            "round_id": one.round_id,
            "committee_id": name,
            "source_file": file,
            "sha256": digest,
            "is_withdrawn": False,
        }
