"""How a value of a column is written for a reader: one definition per column name or kind of value."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

HEADINGS = {
    "actual": "Found",
    "amber_share": "Amber share",
    "bootstrap_high": "Highest of nine in ten draws",
    "bootstrap_low": "Lowest of nine in ten draws",
    "committee_name": "Committee",
    "confidence_group": "Confidence",
    "confidence_rank": "Rank",
    "consortium_name": "Consortium",
    "csv_file": "CSV",
    "data_type": "Type",
    "decided_by_role": "Decided by",
    "distinct_contents": "Distinct contents",
    "duplicate_of_committee_name": "Same content as",
    "explanation": "What it protects",
    "feasible_with_comments": "With the remarks",
    "feasible_with_figures": "Figures and order possible",
    "feasible_with_groups": "With the groups",
    "green_rank": "Rank by most green",
    "highest_rank": "Highest, one return left out",
    "is_small_base": "Small base",
    "local_authorities_covered": "Local authorities covered",
    "lowest_rank": "Lowest, one return left out",
    "not_returned": "No return",
    "paraphrase": "What the report says",
    "parquet_file": "Parquet",
    "question_no": "No.",
    "rank_blank_green": "Blanks as green",
    "rank_blank_red": "Blanks as red",
    "rank_dense": "Sum of ranks, dense",
    "rank_duplicates_once": "Duplicates once",
    "rank_fractional": "Sum of ranks, fractional",
    "rank_green_alone": "Green alone",
    "rank_mean_score": "Mean score",
    "rank_modified": "Sum of ranks, modified",
    "rank_net": "Green minus red",
    "rank_red_alone": "Red alone",
    "rank_reported_only": "Without estimates",
    "rank_sum": "Sum of the two ranks",
    "red_rank": "Rank by fewest red",
    "report_label": "Label in the report",
    "return_status": "Return",
    "row_count": "Rows",
    "scotland_rank": "Rank in Scotland",
    "severity": "If undecided",
    "short_reference": "Question",
    "table_name": "Table",
    "title": "Check",
    "unrated": "No rating",
}

# Codes of the warehouse, and what a reader should see instead.
WORDS: Mapping[str, Mapping[str, str]] = {
    "confidence_group": {"high": "High", "medium": "Medium", "low": "Low"},
    "decision": {
        "accept": "Accepted",
        "count_both": "Both count",
        "count_once": "Counted once",
        "estimate": "Estimated",
        "leave_blank": "Left blank",
        "set_aside": "Set aside",
    },
    "rating": {"green": "Green", "amber": "Amber", "red": "Red"},
    "return_status": {"returned": "Returned", "not_returned": "No return", "rejected": "Rejected"},
    "verdict": {
        "agrees": "Agrees",
        "disagrees": "Disagrees",
        "not checkable": "Not checkable",
        "report contradicts itself": "Report contradicts itself",
    },
    "severity": {"stop": "Stops the release", "warn": "Is published as a warning", "inform": "Is noted"},
}

_RANKS = frozenset({"confidence_rank", "scotland_rank"})


def heading(column: str) -> str:
    """The heading of a column: from the list above, else its name in plain words."""
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def is_number(value: Any) -> bool:
    """Whether a value is written as a number, and so aligned to the right."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def rank(value: int, joint: bool) -> str:
    """A rank, marked when it is shared: `=8 (joint)`."""
    return f"={value} (joint)" if joint else str(value)


def text(column: str, value: Any, row: Mapping[str, Any] | None = None) -> str:
    """A value that is not null, as plain text, by its column's name and its own kind.

    Shares (`*_share`, 0 to 1) become whole per cents, polarisation keeps two decimals, dates become
    `5 June 2017`, ranks look for the row's `is_joint` (or `<column>_is_joint`). Escaping is the caller's
    business.
    """
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column in _RANKS and row is not None:
        joint = row.get(f"{column}_is_joint", row.get("is_joint") if column == "confidence_rank" else None)
        return rank(int(value), bool(joint))
    if column.endswith("_share"):
        return f"{100 * float(value):.0f}%"
    if column == "polarisation":
        return f"{float(value):.2f}"
    if column.endswith("_bytes"):
        return size(int(value))
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M} UTC"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        return f"{value:,.1f}".removesuffix(".0")
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    return WORDS.get(column, {}).get(str(value), str(value))


def size(number: int) -> str:
    """A file's size: `12 kB`."""
    return f"{number} bytes" if number < 1000 else f"{number / 1000:,.0f} kB"
