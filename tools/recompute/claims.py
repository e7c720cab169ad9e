"""`mart_claim_check`: the report's statements, each compared with the recomputed metric that it is about."""

import operator
from collections.abc import Callable, Iterator
from typing import Any

from tools.recompute.marts import Row
from tools.recompute.metrics import Values, measure_for_claims
from tools.recompute.round import Round
from tools.recompute.seeds import CsvRow, Seeds

ROUNDING = 1e-9
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: a > b + ROUNDING,
    ">=": lambda a, b: a >= b - ROUNDING,
    "<": lambda a, b: a < b - ROUNDING,
    "<=": lambda a, b: a <= b + ROUNDING,
    "=": lambda a, b: abs(a - b) < ROUNDING,
    "<>": lambda a, b: abs(a - b) >= ROUNDING,
}
OF_WORDS = {"=": operator.eq, "<>": operator.ne}


def make_claims(one: Round, seeds: Seeds, values: Values) -> Iterator[Row]:
    """Make the rows of `mart_claim_check` for the statements about a round."""

    def get(claim: CsvRow, prefix: str = "") -> float | str | None:
        question, rating = claim[f"{prefix}question_no"], claim[f"{prefix}rating"] or None
        code = claim[f"{prefix}consortium_code"] or "all"
        metric, number = claim[f"{prefix}metric"], int(question) if question else None
        found = values.get((metric, number, code, rating))
        return measure_for_claims(one, seeds, metric, number, rating) if found is None else found

    for claim in seeds["claims"]:
        if claim["round_id"] != one.round_id:
            continue
        own, other = get(claim), get(claim, "versus_") if claim["versus_metric"] else None
        margin = float(claim["margin"] or 0)
        added = f" {margin:+g}" if margin else ""
        compared = f"{_format_value(other)}{added}" if claim["versus_metric"] else claim["expected"]
        sign = claim["comparison"]
        yield {
            "claim_id": claim["claim_id"],
            "round_id": one.round_id,
            "section": claim["section"],
            "paraphrase": claim["paraphrase"],
            "metric": claim["metric"],
            "question_no": int(claim["question_no"]) if claim["question_no"] else None,
            "consortium_code": claim["consortium_code"] or None,
            "rating": claim["rating"] or None,
            "is_hard": claim["is_hard"] == "true",
            "expected": (compared or None) if sign == "=" else f"{sign} {compared}",
            "actual": _format_value(own),
            "verdict": _judge_claim(claim, own, claim["expected"] if other is None else other, margin),
            "note": claim["not_checkable_reason"]
            or claim["contradiction"]
            or claim["threshold_note"]
            or None,
        }


def _judge_claim(claim: CsvRow, own: float | str | None, expected: float | str, margin: float) -> str:
    if claim["not_checkable_reason"]:
        return "not checkable"
    if claim["contradiction"]:
        return "report contradicts itself"
    if own is None:
        return "disagrees"
    try:
        is_true = COMPARISONS[claim["comparison"]](float(own), float(expected) + margin)
    except ValueError:
        is_true = OF_WORDS[claim["comparison"]](own, expected)
    return "agrees" if is_true else "disagrees"


def _format_value(value: float | str | None) -> str | None:
    """Format a number with at most four digits, or a word."""
    if value is None or isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else f"{value * (1 + 1e-12):.4g}"
