"""Assembles one invented round: solved ratings, assigned comments, and returns as committees send them."""

import calendar
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.seeds import Questionnaire, load_questionnaire, read_seed
from tools.sample.bank import CommentBankError, Sentence, load_bank
from tools.sample.claims import Claim, Committee, load_claims, load_committees
from tools.sample.comments import Comments, assign_comments, find_broken_claims
from tools.sample.constraints import list_duplicate_pairs
from tools.sample.solve import SampleRatings, solve_ratings

DOCUMENTS = 8
_MAX_ATTEMPTS = 200

# Names on the cover that differ from the committee's; each is an entry of the aliases.
_COVER_NAMES = {
    "borders": "Scottish Borders",
    "outer-hebrides": "Na h-Eileanan Siar",
    "forth-valley": "Falkirk, Stirling & Clacks",
    "dundee": "Dundee City",
}
_FILE_NAMES = (
    "{name} CPC self-evaluation",
    "CSE self-evaluation - {name}",
    "{name} CSE return {month}",
    "{name}_CPC_self_evaluation_final",
    "CPC return {name}",
    "{name} completed template",
    "CSE template {name} v2",
)
# Wordings of ratings in documents; workbooks have a list of choices.
_WORDS = (
    {"green": "Green", "amber": "Amber", "red": "Red"},
    {"green": "green", "amber": "amber", "red": "red"},
    {"green": "Green (in place)", "amber": "Amber (getting there)", "red": "Red (not in place)"},
    {"green": "In place", "amber": "Getting there", "red": "Not in place"},
)


@dataclass(frozen=True)
class SampleReturn:
    """One return as sent: a Word file if `is_document`, otherwise a workbook. `file_name` includes the suffix."""

    committee_id: str
    file_name: str
    is_document: bool
    filled: FilledReturn


@dataclass(frozen=True)
class SampleRound:
    """A whole round: its returns, and the ratings behind them with the estimates of blanks."""

    round_id: str
    title: str
    questionnaire: Questionnaire
    committees: list[Committee]
    ratings: SampleRatings
    comments: Comments
    returns: list[SampleReturn]


def make_round(seeds: Path, round_id: str, seed: int) -> SampleRound:
    """Solve for a round and compose its returns. The same seeds and seed give the same round.

    Raises `NoSolutionError` where no ratings meet the claims, `CommentBankError` where comments break one.
    """
    info = next(row for row in read_seed(seeds, "rounds") if row["round_id"] == round_id)
    questionnaire = load_questionnaire(seeds, info["question_set"])
    committees = load_committees(seeds, round_id)
    claims = load_claims(seeds, round_id)
    numbers = [question.number for question in questionnaire.questions]
    ratings = solve_ratings(committees, numbers, claims, seed)
    pairs = list_duplicate_pairs(claims)
    silent = {
        (claim.left.question_no, claim.left.rating): int(str(claim.right))
        for claim in claims
        if claim.left.metric == "without_comment" and claim.left.question_no is not None
    }
    comments = _assign_fitting_comments(committees, ratings, pairs, silent, claims, seed)
    draw = random.Random(seed)  # invents, does not encrypt
    dates = _draw_dates(info, committees, comments, {second: first for first, second in pairs}, draw)
    returns = _compose_returns(committees, numbers, ratings, comments, dates, draw)
    return SampleRound(round_id, info["title"], questionnaire, committees, ratings, comments, returns)


def _assign_fitting_comments(
    committees: list[Committee],
    ratings: SampleRatings,
    pairs: list[tuple[str, str]],
    silent: dict[tuple[int, str], int],
    claims: list[Claim],
    seed: int,
) -> Comments:
    """Assign comments until the claims about them are met: empty comments are random."""
    bank = load_bank()
    broken: list[str] = []
    for attempt in range(_MAX_ATTEMPTS):
        comments = assign_comments(committees, ratings, bank, pairs, silent, seed + attempt)
        broken = find_broken_claims(claims, comments, ratings.rating)
        if not broken:
            return comments
    raise CommentBankError("Comments break claims: " + "; ".join(broken))


def _compose_returns(
    committees: list[Committee],
    numbers: list[int],
    ratings: SampleRatings,
    comments: Comments,
    dates: dict[str, date],
    draw: random.Random,
) -> list[SampleReturn]:
    documents = draw.sample([c.committee_id for c in committees], DOCUMENTS)
    returns = []
    for place, committee in enumerate(committees):
        own = committee.committee_id
        completed = dates[own]
        is_document = own in documents
        words = _WORDS[documents.index(own) % len(_WORDS)] if is_document else _WORDS[0]
        name = _COVER_NAMES.get(own, committee.name)
        stem = _FILE_NAMES[place % len(_FILE_NAMES)].format(
            name=name, month=f"{calendar.month_abbr[completed.month]} {completed.year}"
        )
        answers = tuple(
            FilledAnswer(
                question_no=number,
                rating=None if (own, number) in ratings.blank else words[ratings.rating[own, number]],
                comment=comments.by_place.get((own, number), Sentence("")).text,
            )
            for number in numbers
        )
        file_name = stem + (".docx" if is_document else ".xlsx")
        returns.append(SampleReturn(own, file_name, is_document, FilledReturn(name, completed, answers)))
    return returns


def _draw_dates(
    info: dict[str, str],
    committees: list[Committee],
    comments: Comments,
    copies: dict[str, str],
    draw: random.Random,
) -> dict[str, date]:
    """Draw a working day of the fieldwork for each committee, consistent with the months in its comments."""
    first, last = date.fromisoformat(info["fieldwork_start"]), date.fromisoformat(info["fieldwork_end"])
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    days = [day for day in days if day.weekday() < 5 and not (day.month == 12 and day.day > 22)]
    dates: dict[str, date] = {}
    for committee in committees:
        own = committee.committee_id
        topics = {
            t for (author, _), sentence in comments.by_place.items() if author == own for t in sentence.topics
        }
        before = [
            date.fromisoformat(f"{t.removeprefix('before-')}-01") for t in topics if t.startswith("before-")
        ]
        after = [
            date.fromisoformat(f"{t.removeprefix('after-')}-01") for t in topics if t.startswith("after-")
        ]
        fitting = [day for day in days if all(day < b for b in before) and all(day >= a for a in after)]
        if not fitting:
            raise CommentBankError(f"No day of the fieldwork fits the comments of {own}.")
        dates[own] = draw.choice(fitting)
    return dates | {copy: dates[original] for copy, original in copies.items()}
