"""The claims about a round and its committees, as the generator needs them, from the seeds."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from dagster_project.seeds import read_seed


@dataclass(frozen=True)
class Subject:
    """The subject of a claim. Empty parts mean: no single question, all consortia, no single rating."""

    metric: str
    question_no: int | None
    consortium_code: str
    rating: str


@dataclass(frozen=True)
class Claim:
    """`left` is compared with `right` (a number, a text or another subject) plus `margin`."""

    claim_id: str
    left: Subject
    comparison: str
    right: Fraction | str | Subject
    margin: Fraction


@dataclass(frozen=True)
class Committee:
    """A committee that sent a return."""

    committee_id: str
    name: str
    consortium_code: str


def load_claims(seeds: Path, round_id: str) -> list[Claim]:
    """Load every claim of the round that ratings can meet, in the order of the table.

    Claims that are not checkable or that the report itself contradicts are left out.
    """
    return [
        _parse_claim(row)
        for row in read_seed(seeds, "claims")
        if row["round_id"] == round_id and not row["contradiction"] and not row["not_checkable_reason"]
    ]


def load_committees(seeds: Path, round_id: str) -> list[Committee]:
    """Load the committees that sent a return according to the claims, by id."""
    returned = {
        row["metric"].partition(":")[2]
        for row in read_seed(seeds, "claims")
        if row["round_id"] == round_id
        and row["metric"].startswith("return_status:")
        and row["expected"] == "returned"
    }
    return sorted(
        (
            Committee(row["committee_id"], row["committee_name"], row["consortium_code"])
            for row in read_seed(seeds, "committees")
            if row["committee_id"] in returned and row["from_round"] in ("", round_id)
        ),
        key=lambda committee: committee.committee_id,
    )


def _parse_claim(row: dict[str, str]) -> Claim:
    right: Fraction | str | Subject
    if row["versus_metric"]:
        right = _parse_subject(row, "versus_")
    else:
        try:
            right = Fraction(row["expected"])
        except ValueError:
            right = row["expected"]
    return Claim(
        row["claim_id"], _parse_subject(row, ""), row["comparison"], right, Fraction(row["margin"] or 0)
    )


def _parse_subject(row: dict[str, str], prefix: str) -> Subject:
    number = row[f"{prefix}question_no"]
    return Subject(
        metric=row[f"{prefix}metric"],
        question_no=int(number) if number else None,
        consortium_code=row[f"{prefix}consortium_code"],
        rating=row[f"{prefix}rating"],
    )
