"""The rows that the published tables should have, each value computed from the answers of a round."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from tools.recompute.round import Round
from tools.recompute.statistics import (
    COUNTED,
    Counts,
    Ranks,
    Resamples,
    choose_remark,
    count_ratings,
    draw_missing,
    draw_resamples,
    format_label,
    group_questions,
    rank_by_sum,
    rank_questions,
    rank_shares,
    rank_with_ties,
    split_medium_group,
    sum_ratings,
)

SMALL_BASE_BELOW = 5
FEW_RATINGS_BELOW = Fraction(80, 100)
CLEAR_ORDER = Fraction(95, 100)
INTERVAL = Fraction(90, 100)
DEPRECATED = {
    "lowest_rank": "best_rank_left_out",
    "highest_rank": "worst_rank_left_out",
    "rank_dense": "rank_colours_dense",
    "rank_modified": "rank_colours_modified",
    "rank_fractional": "rank_colours_fractional",
    "bootstrap_low": "best_rank_resampled",
    "bootstrap_high": "worst_rank_resampled",
}
"""Old names of columns of `mart_rank_robustness`, each with the new one."""

Row = dict[str, Any]


def make_ratings(one: Round) -> Iterator[Row]:
    """Make `fct_rating`, without `has_comment`."""
    for name, answers in one.answers.items():
        for question, rating in answers.items():
            resolved = rating or one.estimates.get((name, question))
            yield {
                "round_id": one.round_id,
                "committee_id": name,
                "question_no": question,
                "reported_rating": rating,
                "resolved_rating": resolved,
                "rating_status": "reported" if rating else "estimated" if resolved else "missing",
                "is_duplicate": name in one.duplicates,
                "is_counted": True,
            }


def make_ranking(one: Round, members: set[str], withheld: frozenset[int] = frozenset()) -> Iterator[Row]:
    """Count and rank each question among the returns of `members`; withheld questions have no rank."""
    counts = count_ratings(one, members)
    green, red, total, rank = rank_by_sum(
        {question: c for question, c in counts.items() if question not in withheld}
    )
    tied = Counter(rank.values())
    for question, c in counts.items():
        row: Row = {"round_id": one.round_id, "question_no": question, "returns": len(members)}
        row |= {"rated": sum_ratings(c), **{rating: c[rating] for rating in COUNTED}, "blank": c["blank"]}
        for rating in COUNTED:
            row[f"{rating}_share"] = c[rating] / len(members) if members else None
        row["polarisation"] = 4 * c["green"] * c["red"] / len(members) ** 2 if members else None
        row |= {"green_rank": green.get(question), "red_rank": red.get(question)}
        row |= {"rank_sum": total.get(question), "confidence_rank": rank.get(question)}
        row["is_joint"] = question in rank and tied[rank[question]] > 1
        row["has_few_ratings"] = row["rated"] < FEW_RATINGS_BELOW * len(members)
        yield row


def make_question_ranking(one: Round) -> Iterator[Row]:
    """Make `mart_question_ranking`."""
    counts = count_ratings(one, set(one.answers))
    *_, total, rank = rank_by_sum(counts)
    group = group_questions(total)
    subgroup = split_medium_group(total, group)
    for row in make_ranking(one, set(one.answers)):
        question = row["question_no"]
        yield row | {
            "report_label": format_label(rank, question) if one.has_claims else None,
            "confidence_group": group.get(question),
            "confidence_subgroup": subgroup.get(question),
            "comment": choose_remark(counts, len(one.answers), group, question),
        }


def make_consortium_ranking(
    one: Round, consortia: list[str], withheld: frozenset[tuple[str, int]] = frozenset()
) -> Iterator[Row]:
    """Make `mart_consortium_ranking`, or its public form.

    The ranks of the public form are those among the questions that are not withheld.
    """
    for code in consortia:
        members = {name for name in one.answers if one.consortium[name] == code}
        own = frozenset(question for consortium, question in withheld if consortium == code)
        for row in make_ranking(one, members, own):
            yield row | {"consortium_code": code, "is_small_base": len(members) < SMALL_BASE_BELOW}


def make_robustness(one: Round, resampled: Resamples, drawn: Resamples | None) -> Iterator[Row]:
    """Make `mart_rank_robustness`."""
    everyone = set(one.answers)
    missing = len(one.consortium) - len(one.answers)
    counts, reported = count_ratings(one, everyone), count_ratings(one, everyone, estimated=False)
    blanks = {
        rating: {q: c + Counter({rating: c["blank"]}) for q, c in reported.items()} for rating in COUNTED
    }
    green, red, _, rank = rank_by_sum(counts)
    left_out = [rank_by_sum(count_ratings(one, everyone - {name}))[3] for name in sorted(everyone)]
    measures: dict[str, Ranks] = {
        "confidence_rank": rank,
        "rank_duplicates_once": rank_by_sum(count_ratings(one, everyone - one.duplicates.keys()))[3],
        "rank_reported_only": rank_by_sum(reported)[3],
        "rank_blank_red": rank_by_sum(blanks["red"])[3],
        "rank_blank_green": rank_by_sum(blanks["green"])[3],
        "rank_net": rank_questions(counts, lambda c: c["red"] - c["green"]),
        "rank_mean_score": rank_questions(
            counts, lambda c: -Fraction(2 * c["green"] + c["amber"], sum_ratings(c))
        ),
        "rank_green_alone": green,
        "rank_red_alone": red,
        "rank_shares": rank_shares(counts),
        "rank_reported_shares": rank_shares(reported),
        "rank_colours_dense": rank_with_ties(counts, "dense"),
        "rank_colours_modified": rank_with_ties(counts, "modified"),
        "rank_colours_fractional": rank_with_ties(counts, "fractional"),
    }
    for question in counts:
        found = [other[question] for other in left_out if question in other]
        row: Row = {"round_id": one.round_id, "question_no": question}
        row |= {name: values.get(question) for name, values in measures.items()}
        row |= {
            "best_rank_left_out": min(found, default=None),
            "worst_rank_left_out": max(found, default=None),
        }
        for name, own, others in (("best", "green", "red"), ("worst", "red", "green")):
            row[f"{name}_rank_missing"] = rank_with_missing(counts, question, missing, own, others)
        for suffix, runs in (("resampled", resampled), ("missing_drawn", drawn)):
            bounds = runs.calculate_interval(question) if runs else (None, None)
            row[f"best_rank_{suffix}"], row[f"worst_rank_{suffix}"] = bounds
        yield row | {old: row[new] for old, new in DEPRECATED.items()}


def rank_with_missing(counts: Counts, question: int, missing: int, own: str, others: str) -> int | None:
    """Rank a question as if each missing return rated it `own` and every other question `others`."""
    filled = {q: c + Counter({own if q == question else others: missing}) for q, c in counts.items()}
    return rank_by_sum(filled)[3].get(question)


def make_stability(one: Round, resampled: Resamples) -> Iterator[Row]:
    """Make `mart_group_stability`."""
    everyone = set(one.answers)
    *_, total, rank = rank_by_sum(count_ratings(one, everyone))
    published = group_questions(total)
    runs = {
        "left_out": [
            group_questions(rank_by_sum(count_ratings(one, everyone - {name}))[2]) for name in everyone
        ],
        "resample": resampled.group_questions(),
    }
    for question in range(1, one.questions + 1):
        row: Row = {"round_id": one.round_id, "question_no": question}
        row |= {"confidence_rank": rank.get(question), "confidence_group": published.get(question)}
        row |= {"left_out_runs": len(everyone), "resamples": len(runs["resample"])}
        for kind, found in runs.items():
            for group in ("high", "medium", "low"):
                times = sum(run.get(question) == group for run in found)
                row[f"{kind}_{group}_share"] = times / len(found)
        yield row


def make_pairs(one: Round, resampled: Resamples) -> Iterator[Row]:
    """Make `mart_rank_pair`."""
    rank = rank_by_sum(count_ratings(one, set(one.answers)))[3]
    for question in range(1, one.questions + 1):
        for other in range(question + 1, one.questions + 1):
            order = resampled.count_orders(question, other)
            row: Row = {"round_id": one.round_id, "question_no": question, "other_question_no": other}
            row |= {"confidence_rank": rank.get(question), "other_confidence_rank": rank.get(other)}
            row["pair_resamples"] = sum(order)
            for way, times in zip(("above", "equal", "below"), order, strict=True):
                row[f"{way}_share"] = times / sum(order) if sum(order) else None
            row["has_clear_order"] = sum(order) > 0 and max(order[0], order[2]) >= CLEAR_ORDER * sum(order)
            yield row


def make_reliability(one: Round, resampled: Resamples) -> Iterator[Row]:
    """Make `mart_ranking_reliability`."""
    everyone = set(one.answers)
    published = group_questions(rank_by_sum(count_ratings(one, everyone))[2])
    regrouped = [
        sum(
            group != published[q]
            for q, group in group_questions(rank_by_sum(count_ratings(one, everyone - {name}))[2]).items()
        )
        for name in everyone
    ]
    rated = [
        question
        for question in range(1, one.questions + 1)
        if resampled.calculate_interval(question) != (None, None)
    ]
    halves = [resampled.select(slice(start, None, 2)) for start in (0, 1)]
    bounds = [zip(*(half.calculate_interval(question) for half in halves), strict=True) for question in rated]
    differences = [abs(a - b) for pairs in bounds for a, b in pairs if a is not None and b is not None]
    yield {
        "round_id": one.round_id,
        "returns": len(everyone),
        "missing_returns": len(one.consortium) - len(everyone),
        "few_ratings_below_share": float(FEW_RATINGS_BELOW),
        "left_out_runs": len(everyone),
        "regrouping_runs": sum(number > 0 for number in regrouped),
        "most_questions_regrouped": max(regrouped),
        "resamples": len(resampled.rank),
        "interval_share": float(INTERVAL),
        "clear_order_share": float(CLEAR_ORDER),
        "interval_bounds": 2 * len(rated),
        "differing_bounds": sum(difference > 0 for difference in differences),
        "largest_bound_difference": max(differences, default=0),
    }


def make_coverage(one: Round, authorities: Counter[str]) -> Iterator[Row]:
    """Make `mart_coverage`; `authorities` has the number of local authorities of each committee."""
    for code in ("all", *sorted(set(one.consortium.values()))):
        invited = {name for name, own in one.consortium.items() if code in ("all", own)}
        returned = invited & one.answers.keys()
        yield {
            "round_id": one.round_id,
            "consortium_code": code,
            "invited": len(invited),
            "returned": len(returned),
            "rejected": 0,
            "not_returned": len(invited - returned),
            "distinct_contents": len(returned - one.duplicates.keys()),
            "local_authorities": sum(authorities[name] for name in invited),
            "local_authorities_covered": sum(authorities[name] for name in returned),
        }


def make_statuses(one: Round, names: dict[str, str]) -> Iterator[Row]:
    """Make `mart_return_status`; `names` are the names of committees by id."""
    for name, code in one.consortium.items():
        yield {
            "round_id": one.round_id,
            "committee_id": name,
            "committee_name": names[name],
            "consortium_code": code,
            "return_status": "returned" if name in one.answers else "not_returned",
            "duplicate_of_committee_name": names.get(one.duplicates.get(name, "")),
        }


def make_marts(one: Round, consortia: list[str], resamples: int) -> dict[str, list[Row]]:
    """Make all tables that follow from the answers alone, by name."""
    resampled, drawn = draw_resamples(one, resamples), draw_missing(one, resamples)
    return {
        "fct_rating": list(make_ratings(one)),
        "mart_question_ranking": list(make_question_ranking(one)),
        "mart_consortium_ranking": list(make_consortium_ranking(one, consortia)),
        "mart_rank_robustness": list(make_robustness(one, resampled, drawn)),
        "mart_group_stability": list(make_stability(one, resampled)),
        "mart_rank_pair": list(make_pairs(one, resampled)),
        "mart_ranking_reliability": list(make_reliability(one, resampled)),
    }
