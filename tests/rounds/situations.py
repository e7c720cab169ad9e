"""Legitimate rounds that are sparse, early or unlike the sample, each with the decisions that a person records."""

import datetime
from collections.abc import Mapping, Sequence

from dagster_project.audit.findings import Finding
from tools.rounds.generate import PLACES, Return, Round, Survey

CONSORTIA = (("N", "North"), ("n", "Север | <b>&* {{ x }}"))
"""Codes that differ in their case, and a name without a letter that a path may have, with characters of markup."""

COMMITTEES = {
    "aberdeen-city": ("Aberdeen City", "N"),
    "aberdeenshire": ("Aberdeenshire", "N"),
    "ardmore": ("Ardmore", "N"),
    "balloch": ("Balloch", "n"),
    "st-kilda": ("St Kilda", "n"),
}


def make_survey(
    ratings: Mapping[str, Sequence[str]],
    *,
    round_id: str = "spring-2031",
    year: int = 2031,
    is_closed: bool = True,
    committees: Mapping[str, tuple[str, str]] = COMMITTEES,
    comments: Mapping[str, str] | None = None,
) -> Survey:
    """One round with a return of each committee in `ratings`: a rating per question, empty where it is blank."""
    questions = len(next(iter(ratings.values())))
    one = Round(
        round_id=round_id,
        title="Survey “spring”",
        question_set=f"set-{year}",
        questions=questions,
        start=datetime.date(year, 2, 1),
        end=datetime.date(year, 5, 31),
        closed_on=datetime.date(year, 6, 10) if is_closed else None,
        is_illustrative=False,
        invited=list(committees),
    )
    for committee, given in ratings.items():
        name, _ = committees[committee]
        comment = (comments or {}).get(committee, f"In {name} two workers meet a youth officer.")
        one.returns.append(
            Return(
                f"{committee}.csv",
                name,
                f"{year}-02-01",
                dict(enumerate(given, start=1)),
                dict.fromkeys(range(1, questions + 1), comment),
            )
        )
    return Survey(
        1, committees, CONSORTIA, {name: committee for committee, (name, _) in committees.items()}, [one]
    )


SPARSE = make_survey(
    # Blank for all; one estimate and nothing else; nobody in one consortium; estimates only; rated by all.
    {
        "aberdeen-city": ("", "", "Green", "", "Red"),
        "ardmore": ("", "", "Amber", "", "Green"),
        "balloch": ("", "", "", "", "Amber"),
        "st-kilda": ("", "", "", "", "Green"),
    }
)
IDENTICAL = make_survey(
    dict.fromkeys(("aberdeen-city", "aberdeenshire", "ardmore"), ("Green", "Amber", "Red")),
    comments=dict.fromkeys(
        ("aberdeen-city", "aberdeenshire", "ardmore"), "We meet each quarter to review data."
    ),
)
MANY = {name.lower(): (name, "N") for name in PLACES[:10]}
CHANGED = make_survey(dict.fromkeys(MANY, ("Green", "Amber")), round_id="2029", year=2029, committees=MANY)
"""Two closed rounds of ten returns: what was green is red in the second."""
CHANGED.rounds += make_survey(dict.fromkeys(MANY, ("Red", "Amber")), committees=MANY).rounds
REAL = "three returns, and a consortium without any"
"""Its ratings are public: test_real_round.py searches its release."""

SITUATIONS = {
    "blanks of every kind": SPARSE,
    "three identical returns, one of Aberdeenshire": IDENTICAL,
    "one return on the first day of a provisional round": make_survey(
        {"balloch": ("Green",)}, is_closed=False
    ),
    REAL: make_survey(
        {
            "aberdeen-city": ("Green", "Amber", "Red"),
            "aberdeenshire": ("Amber", "Red", "Green"),
            "ardmore": ("Green", "Red", "Red"),
        }
    ),
    "two returns": make_survey({"ardmore": ("Red", "Red"), "balloch": ("Red", "")}, round_id="2031"),
}


def decide_blanks(_: object, one: Finding) -> tuple[str, ...] | None:
    """Leave questions 1 and 3 blank, estimate one rating of question 2 and all of question 4; accept the rest."""
    if not one.decisions:
        return None
    rating, decision = "", one.decisions[0]
    if decision == "estimate":
        is_estimated = one.question_no == 4 or (one.question_no == 2 and one.committee_name == "Balloch")
        decision, rating = ("estimate", "green") if is_estimated else ("leave_blank", "")
    return (one.finding_id, decision, rating, "Decided in a test.", "tester", "2031-06-30")
