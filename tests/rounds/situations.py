"""Legitimate rounds that are sparse, early or unlike the sample, each with the decisions that a person records."""

import datetime
from collections.abc import Mapping, Sequence

from dagster_project.audit.findings import Finding
from tools.rounds.generate import Return, Round, Survey

CONSORTIA = (("N", "North"), ("COAST", "Coast & Isles"))
COMMITTEES = {
    "aberdeen-city": ("Aberdeen City", "N"),
    "aberdeenshire": ("Aberdeenshire", "N"),
    "ardmore": ("Ardmore", "N"),
    "balloch": ("Balloch", "COAST"),
    "st-kilda": ("St Kilda", "COAST"),
}


def make_survey(
    ratings: Mapping[str, Sequence[str]],
    *,
    round_id: str = "spring-2031",
    day: int = 1,
    is_closed: bool = True,
    consortia: Sequence[tuple[str, str]] = CONSORTIA,
    comments: Mapping[str, str] | None = None,
) -> Survey:
    """One round with a return of each committee in `ratings`: a rating per question, empty where it is blank."""
    questions = len(next(iter(ratings.values())))
    one = Round(
        round_id=round_id,
        title="Survey “spring”",
        question_set="set-2031",
        questions=questions,
        start=datetime.date(2031, 2, 1),
        end=datetime.date(2031, 5, 31),
        closed_on=datetime.date(2031, 6, 10) if is_closed else None,
        is_illustrative=False,
        invited=list(COMMITTEES),
    )
    for committee, given in ratings.items():
        name, _ = COMMITTEES[committee]
        comment = (comments or {}).get(committee, f"In {name} two workers meet a youth officer.")
        one.returns.append(
            Return(
                f"{committee}.csv",
                name,
                f"2031-02-{day:02}",
                dict(enumerate(given, start=1)),
                dict.fromkeys(range(1, questions + 1), comment),
            )
        )
    return Survey(
        1, COMMITTEES, consortia, {name: committee for committee, (name, _) in COMMITTEES.items()}, [one]
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
REAL = "two returns, and a consortium without any"
"""Its release is searched by test_real_round.py."""

SITUATIONS = {
    "blanks of every kind": SPARSE,
    "three identical returns, one of Aberdeenshire": IDENTICAL,
    "one return on the first day of a provisional round": make_survey(
        {"balloch": ("Green",)}, is_closed=False
    ),
    REAL: make_survey({"ardmore": ("Green", "Red", "Red"), "aberdeenshire": ("Amber", "Red", "Green")}),
    "three returns": make_survey(
        {"ardmore": ("Red", "Red"), "balloch": ("Red", "Green"), "st-kilda": ("Amber", "")}, round_id="2031"
    ),
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
