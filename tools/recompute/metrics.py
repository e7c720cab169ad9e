"""`mart_metric`: every measure by question, consortium and rating, and those that only the report's statements use."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tools.recompute.marts import Row, make_coverage, make_question_ranking, make_ranking
from tools.recompute.round import Round
from tools.recompute.seeds import Seeds
from tools.recompute.statistics import COUNTED, count_ratings, format_label, rank_by_sum, sum_ratings

Subject = tuple[str, int | None, str, str | None]
"""A metric, and the question, the consortium (or `all`) and the rating that it is about."""
Values = dict[Subject, float | str]

OF_QUESTIONS = (
    "blank",
    "rated",
    "returns",
    "green_rank",
    "red_rank",
    "rank_sum",
    "confidence_rank",
    "is_joint",
)
COVERAGE = {
    "invited": "invited",
    "committees": "invited",
    "returned": "returned",
    "returns": "returned",
    "not_returned": "not_returned",
    "local_authorities": "local_authorities",
    "local_authorities_covered": "local_authorities_covered",
    "distinct_contents": "distinct_contents",
}


def measure_metrics(one: Round, seeds: Seeds, authorities: Counter[str]) -> Values:
    """Measure the metrics of a round that are published, by subject."""
    found: Values = {}
    for code in ("all", *sorted(row["consortium_code"] for row in seeds["consortia"])):
        members = {name for name in one.answers if code in ("all", one.consortium[name])}
        found |= _measure_questions(one, code, members)
    found |= _measure_words(one)
    found |= _measure_questionnaire(one, seeds)
    areas = list(make_coverage(one, authorities))
    for row in areas:
        code = row["consortium_code"]
        found |= {(metric, None, code, None): row[column] for metric, column in COVERAGE.items()}
        found["duplicate_returns", None, code, None] = row["returned"] - row["distinct_contents"]
    found["consortia", None, "all", None] = len(areas) - 1
    found["consortia_covered", None, "all", None] = sum(row["returned"] > 0 for row in areas[1:])
    found["blank", None, "all", None] = sum(c["blank"] for c in count_ratings(one, set(one.answers)).values())
    for question in range(1, one.questions + 1):
        for name, answers in one.answers.items():
            rating = answers[question] or one.estimates.get((name, question))
            subject = ("without_comment", question, "all", rating)
            found[subject] = int(found.get(subject, 0)) + ((name, question) not in one.comments)
    return found


def _measure_questions(one: Round, code: str, members: set[str]) -> Values:
    found: Values = {}
    counts = count_ratings(one, members)
    rows = {row["question_no"]: row for row in make_ranking(one, members)}
    sums = sorted({row["rank_sum"] for row in rows.values() if row["rank_sum"] is not None})
    for question, row in rows.items():
        c = counts[question]
        for metric in OF_QUESTIONS:
            if row[metric] is not None:
                found[metric, question, code, None] = int(row[metric])
        if row["rated"]:
            found["mean_score", question, code, None] = float(
                Fraction(2 * c["green"] + c["amber"], sum_ratings(c))
            )
        if row["rank_sum"] in sums[:-1]:
            gap = sums[sums.index(row["rank_sum"]) + 1] - row["rank_sum"]
            found["gap_after", question, code, None] = gap
        for rating in COUNTED:
            others = [other[rating] for other in counts.values()]
            found["count", question, code, rating] = c[rating]
            if members:
                found["share", question, code, rating] = c[rating] / len(members)
            found["questions_with_fewer", question, code, rating] = sum(n < c[rating] for n in others)
            found["questions_with_as_many", question, code, rating] = others.count(c[rating]) - 1
    return found


def _measure_words(one: Round) -> Values:
    found: Values = {}
    green = rank_by_sum(count_ratings(one, set(one.answers)))[0]
    for row in make_question_ranking(one):
        question = row["question_no"]
        words = {
            "report_label": row["report_label"],
            "green_label": format_label(green, question),
            "confidence_group": row["confidence_group"],
            "ranking_comment": row["comment"] or "none",
        }
        found |= {(metric, question, "all", None): word for metric, word in words.items() if word is not None}
    return found


def _measure_questionnaire(one: Round, seeds: Seeds) -> Values:
    own = next(row for row in seeds["rounds"] if row["round_id"] == one.round_id)
    questions = [row for row in seeds["questions"] if row["question_set"] == own["question_set"]]
    parts = [row for row in seeds["sub_questions"] if row["question_set"] == own["question_set"]]
    found: Values = {
        ("questions", None, "all", None): len(questions),
        ("sections", None, "all", None): len({row["section_no"] for row in questions}),
        ("rating_steps", None, "all", None): len(seeds["rating_scale"]),
        ("fieldwork_first_month", None, "all", None): own["fieldwork_start"][:7],
        ("fieldwork_last_month", None, "all", None): own["fieldwork_end"][:7],
    }
    for row in questions:
        question = int(row["question_no"])
        for code in ("all", *(one["consortium_code"] for one in seeds["consortia"])):
            found["section_of_question", question, code, None] = int(row["section_no"])
            found["sub_questions", question, code, None] = sum(
                part["question_no"] == row["question_no"] for part in parts
            )
    first, last = date.fromisoformat(own["fieldwork_start"]), date.fromisoformat(own["fieldwork_end"])
    found["returns_outside_fieldwork", None, "all", None] = sum(
        day is None or not first <= day <= last for day in one.received.values()
    )
    return found


def make_metrics(one: Round, values: Values) -> Iterator[Row]:
    """Make the rows of `mart_metric`."""
    for (metric, question, code, rating), value in values.items():
        is_text = isinstance(value, str)
        yield {
            "metric": metric,
            "round_id": one.round_id,
            "question_no": question,
            "consortium_code": code,
            "rating": rating,
            "value": None if isinstance(value, str) else float(value),
            "text_value": value if is_text else None,
        }


def measure_for_claims(
    one: Round, seeds: Seeds, metric: str, question: int | None, rating: str | None
) -> float | str | None:
    """Measure a metric with a subject in its name, which no table publishes; None where it has no value."""
    name, _, subject = metric.partition(":")
    counts = count_ratings(one, set(one.answers))
    scores = {row["rating"]: int(row["sort_order"]) for row in seeds["rating_scale"]}
    if found := metric.rpartition("_blanks_")[2] if "_with_blanks_" in metric else "":
        blanks = [sum(r is None for r in answers.values()) for answers in one.answers.values()]
        if metric.startswith("questions"):
            blanks = [c["blank"] for c in counts.values()]
        return blanks.count(int(found))
    if name == "committees_lower_than_on" and question:
        pairs = [
            [answers[q] or one.estimates.get((who, q)) for q in (question, int(subject))]
            for who, answers in one.answers.items()
        ]
        return sum(scores[own] < scores[other] for own, other in pairs if own and other)
    if name == "questions_in_section":
        own_set = next(row["question_set"] for row in seeds["rounds"] if row["round_id"] == one.round_id)
        return sum(
            row["question_set"] == own_set and row["section_no"] == subject for row in seeds["questions"]
        )
    if name == "comments_on_topic":
        return _count_topic(one, seeds, subject, question, rating)
    if subject not in one.consortium:
        return None
    owner = one.duplicates.get(subject, subject)
    sharing = [
        other
        for other in sorted(one.answers)
        if other != subject and one.duplicates.get(other, other) == owner
    ]
    facts: dict[str, float | str | None] = {
        "return_status": "returned" if subject in one.answers else "not_returned",
        "consortium_of": one.consortium[subject],
        "local_authority_count": sum(row["committee_id"] == subject for row in seeds["local_authorities"]),
        "shares_content_with": ", ".join(sharing) or None,
    }
    return facts.get(name)


def _count_topic(one: Round, seeds: Seeds, topic: str, question: int | None, rating: str | None) -> int:
    """Count returns with a comment on a topic; the sample's comments are all coded."""
    return len(
        {
            row["committee_id"]
            for row in seeds["comment_codes"]
            if row["round_id"] == one.round_id
            and topic in row["topics"].split("|")
            and (row["committee_id"], int(row["question_no"])) in one.comments
            and question in (None, int(row["question_no"]))
            and (rating is None or rating == _find_rating(one, row["committee_id"], int(row["question_no"])))
        }
    )


def _find_rating(one: Round, name: str, question: int) -> str | None:
    return one.answers[name][question] or one.estimates.get((name, question))
