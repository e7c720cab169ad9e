"""Format values for readers: one definition per column name or kind of value. Escape them for pages.

Python-Markdown passes scripts, event handlers and `javascript:` links through. So every character of a value
that could mean something to HTML, Markdown or a template is escaped as a numeric character reference.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

HEADINGS = {
    "actual": "Found",
    "amber_share": "Amber share",
    "best_rank_left_out": "Best, one return left out",
    "best_rank_missing": "Best, extreme",
    "best_rank_missing_drawn": "Best, likely",
    "best_rank_resampled": "Best, resampled",
    "blocks": "What it stops",
    "comment": "Automatic note",
    "committee_name": "Committee",
    "compared_rank": "Rank among these questions",
    "confidence_group": "Confidence",
    "confidence_rank": "Rank",
    "consortium_name": "Consortium",
    "csv_file": "CSV",
    "data_type": "Type",
    "decided_by_role": "Decided by",
    "distinct_contents": "Different returns",
    "duplicate_of_committee_name": "Identical to",
    "equal_share": "Equal",
    "explanation": "What it protects",
    "feasible_with_comments": "With comments",
    "feasible_with_figures": "Figures and order",
    "feasible_with_groups": "With groups",
    "green_rank": "Rank by most green",
    "has_few_ratings": "Few ratings",
    "has_other_members": "Other members",
    "how_to_mend": "How to fix it",
    "is_small_base": "Small base",
    "least_left_out_share": "Stays, one return left out",
    "least_resample_share": "Stays, resampled",
    "left_out_high_share": "High, one return left out",
    "left_out_low_share": "Low, one return left out",
    "left_out_medium_share": "Medium, one return left out",
    "local_authorities_covered": "Local authorities covered",
    "matched": "Committees in both rounds",
    "matched_rank": "Rank, committees in both rounds",
    "mended_by": "Who fixes it",
    "moved_down": "Rated lower",
    "moved_up": "Rated higher",
    "not_returned": "No return",
    "only": "Committees in that round only",
    "order_kept_share": "Above",
    "order_reversed_share": "Below",
    "paraphrase": "What the report says",
    "parquet_file": "Parquet",
    "protects": "What it protects",
    "public_label": "Question",
    "question_no": "No.",
    "rank_blank_green": "Blanks as green",
    "rank_blank_red": "Blanks as red",
    "rank_colours_dense": "Ties by colour dense",
    "rank_colours_fractional": "Ties by colour fractional",
    "rank_colours_modified": "Ties by colour modified",
    "rank_duplicates_once": "Duplicates once",
    "rank_green_alone": "Green alone",
    "rank_mean_score": "Mean score",
    "rank_net": "Green minus red",
    "rank_red_alone": "Red alone",
    "rank_reported_only": "Without estimates",
    "rank_reported_shares": "Shares, without estimates",
    "rank_shares": "Shares",
    "rank_sum": "Ranking score",
    "red_rank": "Rank by fewest red",
    "report_label": "Label in the report",
    "resample_high_share": "High, resampled",
    "resample_low_share": "Low, resampled",
    "resample_medium_share": "Medium, resampled",
    "return_status": "Return",
    "round_title": "Round",
    "row_count": "Rows",
    "scotland_green_share": "Green share, Scotland",
    "scotland_rank": "Rank in Scotland",
    "scotland_red_share": "Red share, Scotland",
    "severity": "Without a decision",
    "short_reference": "Question",
    "stayed": "Rated the same",
    "sub_group": "Sub-group",
    "table_name": "Table",
    "title": "Check",
    "unclear_before": "Merged, unclear before",
    "unrated": "No rating",
    "worst_rank_left_out": "Worst, one return left out",
    "worst_rank_missing": "Worst, extreme",
    "worst_rank_missing_drawn": "Worst, likely",
    "worst_rank_resampled": "Worst, resampled",
}

_GROUPS = {"high": "High", "medium": "Medium", "low": "Low"}
_RATINGS = {"green": "Green", "amber": "Amber", "red": "Red"}

# Codes of the warehouse and the words that readers see.
WORDS: Mapping[str, Mapping[str, str]] = {
    "change": {
        "added": "Added",
        "dropped": "Dropped",
        "merged": "Merged",
        "moved": "In another consortium",
        "new": "New",
        "renamed": "Renamed",
        "renamed and moved": "Renamed, in another consortium",
        "reworded": "Reworded",
        "same": "Unchanged",
        "split": "Split",
    },
    "confidence_group": _GROUPS,
    "confidence_group_now": _GROUPS,
    "confidence_group_then": _GROUPS,
    "decision": {
        "accept": "Accepted",
        "count_both": "Both counted",
        "count_once": "Counted once",
        "estimate": "Estimated",
        "leave_blank": "Left blank",
        "set_aside": "Excluded",
    },
    "rating": _RATINGS,
    "rating_now": _RATINGS,
    "rating_then": _RATINGS,
    "return_status": {"returned": "Returned", "not_returned": "No return", "rejected": "Rejected"},
    "verdict": {
        "agrees": "Agrees",
        "disagrees": "Disagrees",
        "not checkable": "Not checkable",
        "report contradicts itself": "Report contradicts itself",
        "suppressed": "Suppressed",
    },
    "severity": {"stop": "Stops the release", "warn": "Published as a warning", "inform": "Noted"},
}

# The warehouse writes notes in the words of the report; readers see them in plain English.
NOTES: Mapping[str, str] = {
    "Very high number red responses for this rank": "Many more red ratings than similarly ranked questions",
    "High number red responses for this rank": "More red ratings than similarly ranked questions",
    "Low number red responses for this rank": "Fewer red ratings than similarly ranked questions",
    "Very low number green responses for this rank": "Far fewer green ratings than similarly ranked questions",
    "Low number green responses for this rank": "Fewer green ratings than similarly ranked questions",
    "; very low amber": ", and very few amber ratings",
    "; very high amber": ", and very many amber ratings",
    "; high level amber": ", and many amber ratings",
    "; high amber": ", and many amber ratings",
    " blank response": " blank rating",
}

_RANKS = frozenset({"confidence_rank", "rank_now", "rank_then", "scotland_rank"})
_DECIMALS = {"polarisation": 2}
_NUMBERS = (int, float, Decimal)
# Everything except letters, digits and a few signs; `\w` includes the underscore.
_ACTIVE = re.compile(r"[^\w ,;?%£]|_")
# Includes the signs that change the direction of text: they would affect the page around the value.
_SPACE = re.compile(r"[\s\u202a-\u202e\u2066-\u2069]+")


def escape(text: str) -> str:
    """Return `text` on one line, with every active character as a numeric character reference."""
    one_line = _SPACE.sub(" ", text).strip()
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", one_line)


def format_heading(column: str, rounds: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the heading of a column: from `HEADINGS`, else from its name.

    `rounds` has a name for `then` and `now`: `red_then` becomes "Red, 2016".
    """
    for word, name in rounds.items():
        for rest in (column.removeprefix(f"{word}_"), column.removesuffix(f"_{word}")):
            if rest != column:
                return f"{format_heading(rest)}, {name}"
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def is_number(value: Any) -> bool:
    """Return whether a value is written as a number, and so aligned to the right."""
    return isinstance(value, _NUMBERS) and not isinstance(value, bool)


def format_value(
    column: str, value: Any, row: Mapping[str, Any] | None = None, kind: str | None = None
) -> str:
    """Return a value that is not null as text, by its column's name and its type. The caller escapes it.

    Shares (`*_share`, 0 to 1) become whole per cents, polarisation has two decimals, and dates become
    `5 June 2017`. A rank is marked as joint if the row's `is_joint` (or `<column>_is_joint`) is true.
    `kind`, one of `KINDS`, overrides all this.
    """
    if kind is not None:
        return KINDS[kind](value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column in _RANKS and row is not None:
        joint = row.get(f"{column}_is_joint", row.get("is_joint") if column == "confidence_rank" else None)
        return f"={value} (joint)" if joint else str(int(value))
    if column.endswith("_share"):
        return _format_share(value)
    if column.endswith("_bytes"):
        return format_size(int(value))
    if column == "comment":
        for phrase, plain in NOTES.items():
            value = value.replace(phrase, plain)
        return str(value)
    if isinstance(value, str):
        return WORDS.get(column, {}).get(value, value)
    if isinstance(value, datetime):
        return f"{value.day} {value:%B %Y, %H:%M} UTC"
    if isinstance(value, date):
        return _format_date(value)
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float | Decimal):
        decimals = _DECIMALS.get(column)
        return f"{value:,.1f}".removesuffix(".0") if decimals is None else f"{float(value):.{decimals}f}"
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    return WORDS.get(column, {}).get(str(value), str(value))


def format_size(number: int) -> str:
    """Return a file's size: `12 kB`."""
    return f"{number} bytes" if number < 1000 else f"{number / 1000:,.0f} kB"


def round_share(value: Any) -> int:
    """Return a share in whole per cents, as readers see it: halves up, as a spreadsheet rounds them."""
    # 0.145 times 100 is a little less than 14.5.
    return math.floor(round(100 * float(value), 6) + 0.5)


def _format_share(value: Any) -> str:
    return f"{round_share(value)}%"


def _format_points(value: Any) -> str:
    points = round(100 * float(value))
    return f"{points} percentage {'point' if abs(points) == 1 else 'points'}"


def _format_date(value: Any) -> str:
    return f"{value.day} {value:%B %Y}"


KINDS: Mapping[str, Callable[[Any], str]] = {"points": _format_points, "share": _format_share}
