"""Invent one round, or two consecutive ones: committees, questions and what was returned."""

import datetime
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MAX_RETURNS = 40
MAX_QUESTIONS = 30
MAX_CONSORTIA = 6

RATINGS = ("green", "amber", "red")
TYPED = {
    "green": ("Green", "G", "green"),
    "amber": ("Amber", "A", "Amber."),
    "red": ("Red", "R", "RED"),
}
"""Words under which committees give a rating; all are in the seed of rating words."""

PLACES = (
    "Ardmore", "Balloch", "Carrick", "Dunbeg", "Elrick", "Fintry", "Glenlyon", "Huntly", "Inverallan", "Kelso",
    "Lismore", "Morven", "Nairnshire", "Oban", "Peebles", "Rannoch", "Strathy", "Tain", "Ullapool", "Wick",
    "Zetland", "Arran & Bute", "St Kilda", "Eilean Mòr", "Black Isle", "Upper Tweed", "Lower Tweed", "Kinross",
    "Isle of May", "Mearns", "Buchan", "Lorn", "Cowal", "Kintyre", "Badenoch", "Lochaber", "Sutherland", "Ross",
    "Cromarty", "Nithsdale", "Annandale", "Galloway", "Clydesdale", "Monklands", "Cunninghame",
)  # fmt: skip
CONSORTIA = (
    ("N", "North"),
    ("S1", "South 1"),
    ("COAST", "Coast"),
    ("hills", "Hills"),
    ("Z", "Zone Z"),
    ("M", "Mid"),
)
WORDS = (
    "training", "plan", "protocol", "police", "school", "parents", "review", "draft", "quarterly",
    "audit", "subgroup", "housing", "youth", "worker", "data", "lead", "officer", "national", "local",
    "partner", "guidance", "leaflet", "taxi", "licence", "survey", "shelter", "sibling", "transport",
    "clinic",
)  # fmt: skip


@dataclass(frozen=True)
class Return:
    """One returned file: typed ratings and comments by question number."""

    file: str
    committee: str
    completed_on: str
    ratings: Mapping[int, str]
    comments: Mapping[int, str]
    content: bytes | None = None
    """Bytes that replace the table, for a file that no reader accepts."""


@dataclass
class Round:
    """One round of a survey and everything that came back."""

    round_id: str
    title: str
    question_set: str
    questions: int
    start: datetime.date
    end: datetime.date
    closed_on: datetime.date | None
    is_illustrative: bool
    invited: Sequence[str]
    returns: list[Return] = field(default_factory=list)


@dataclass
class Survey:
    """The content of a home. `committees` maps an id to its name and the code of its consortium."""

    seed: int
    committees: Mapping[str, tuple[str, str]]
    consortia: Sequence[tuple[str, str]]
    authorities: Mapping[str, str]
    rounds: list[Round]
    traits: list[str] = field(default_factory=list)


def invent_survey(seed: int) -> Survey:
    """Invent a survey with one round, or in a quarter of cases two."""
    chance = random.Random(seed)
    consortia = chance.sample(CONSORTIA, chance.randint(1, MAX_CONSORTIA))
    number = chance.choice(
        [1, 2, 3, chance.randint(1, 6), chance.randint(1, MAX_RETURNS), chance.randint(4, 45)]
    )
    names = chance.sample(PLACES, number)
    committees = {
        name.lower().replace(" & ", "-and-").replace(" ", "-").replace("ò", "o"): (
            name,
            chance.choice(consortia)[0],
        )
        for name in names
    }
    authorities = {
        f"{name}{suffix}": committee
        for committee, (name, _) in committees.items()
        for suffix in chance.choice([("",), ("",), (" North", " South"), ("", " Islands", " Landward")])
    }
    survey = Survey(seed, committees, consortia, authorities, [])
    rounds = 2 if chance.random() < 0.25 else 1
    year = chance.choice([2016, 2019, 2031])
    for position in range(rounds):
        survey.rounds.append(_invent_round(chance, survey, year + 2 * position, position))
    return survey


def _invent_round(chance: random.Random, survey: Survey, year: int, position: int) -> Round:
    name = chance.choice([f"{year}", f"spring-{year}", f"pilot{position}"])
    start, end = datetime.date(year, 2, 1), datetime.date(year, 5, 31)
    is_closed = chance.random() < 0.6
    committees = list(survey.committees)
    invited = committees if chance.random() < 0.7 else chance.sample(committees, max(1, len(committees) - 2))
    one = Round(
        round_id=name,
        title=chance.choice([f"Self-evaluation {year}", f"Pilot of {year}", f"Survey “{year}”"]),
        question_set=f"set-{name}",
        questions=chance.choice([1, 2, 3, chance.randint(1, MAX_QUESTIONS), chance.randint(5, 25)]),
        start=start,
        end=end,
        closed_on=end + datetime.timedelta(days=chance.randint(0, 30)) if is_closed else None,
        is_illustrative=chance.random() < 0.3,
        invited=invited,
    )
    _invent_returns(chance, survey, one)
    return one


def _invent_returns(chance: random.Random, survey: Survey, one: Round) -> None:
    share = chance.choice([0.0, 0.1, 0.5, 0.8, 1.0, 1.0])
    answering = chance.sample(list(one.invited), min(MAX_RETURNS, round(share * len(one.invited))))
    if share and not answering:
        answering = [one.invited[0]]
    words = chance.choice([RATINGS, RATINGS, RATINGS, RATINGS[:2], ("green",), ("red",), ("amber", "red")])
    blank = chance.choice([0.0, 0.0, 0.05, 0.3, 0.9])
    numbers = range(1, one.questions + 1)
    silent = set(chance.sample(numbers, min(len(numbers), chance.choice([0, 0, 0, 1, 3]))))
    if blank:
        survey.traits.append("blanks")
    if silent:
        survey.traits.append("a question nobody rated")
    for committee in answering:
        ratings = {
            number: ""
            if number in silent or chance.random() < blank
            else chance.choice(TYPED[chance.choice(words)])
            for number in numbers
        }
        comments = {
            number: _invent_comment(chance, survey.committees[committee][0])
            for number in numbers
            if chance.random() < 0.7
        }
        one.returns.append(
            Return(
                f"{committee}.csv",
                survey.committees[committee][0],
                _invent_date(chance, one),
                ratings,
                comments,
            )
        )
    _add_oddities(chance, survey, one)


def _invent_comment(chance: random.Random, place: str) -> str:
    start = chance.choice(["Not at present", "In place", "We have a", "The", "Work in progress on"])
    contact = chance.choice([""] * 30 + [" Ring 0131 496 0000.", " Office at EH1 1AA."])
    return f"{start} {' '.join(chance.choices(WORDS, k=chance.randint(0, 14)))} in {place}.{contact}"


def _invent_date(chance: random.Random, one: Round) -> str:
    day = one.start + datetime.timedelta(days=chance.randint(0, (one.end - one.start).days))
    if chance.random() < 0.05:
        day = one.end + datetime.timedelta(days=10)
    return chance.choice([day.isoformat(), f"{day.day} {day:%B} {day.year}"])


def _add_oddities(chance: random.Random, survey: Survey, one: Round) -> None:
    """Add copies, resubmissions and files that cannot be read, as a real round has them."""
    if not one.returns:
        survey.traits.append("no return")
        return
    if len(one.returns) > 2 and chance.random() < 0.4:
        source, *copies = chance.sample(one.returns, chance.choice([2, 2, 3]))
        for target in copies:
            one.returns[one.returns.index(target)] = Return(
                target.file, target.committee, target.completed_on, source.ratings, source.comments
            )
        survey.traits.append(f"{len(copies) + 1} identical returns")
    if chance.random() < 0.3:
        source = chance.choice(one.returns)
        later = one.end.isoformat() if chance.random() < 0.5 else source.completed_on
        ratings = {**source.ratings, 1: "Amber"}
        one.returns.append(Return(f"again {source.file}", source.committee, later, ratings, source.comments))
        survey.traits.append("a resubmission")
    if chance.random() < 0.15:
        source = chance.choice(one.returns)
        one.returns.append(Return(f"copy of {source.file}", *list(vars(source).values())[1:]))
        survey.traits.append("one file twice")
    if chance.random() < 0.15:
        one.returns.append(Return("scan.csv", "", "", {}, {}, content=b"\x00\x01\x02"))
        survey.traits.append("an unreadable file")
    if chance.random() < 0.15:
        source = chance.choice(one.returns)
        one.returns[one.returns.index(source)] = Return(
            source.file, source.committee, source.completed_on, dict.fromkeys(source.ratings, ""), {}
        )
        survey.traits.append("a blank return")
    if chance.random() < 0.1:
        source = chance.choice(one.returns)
        one.returns.append(
            Return("unknown.csv", "Atlantis", source.completed_on, source.ratings, {1: "A comment."})
        )
        survey.traits.append("an unknown committee")
