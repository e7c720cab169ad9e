"""Plan a new round; missing details are derived from the last round. Writes nothing."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.paths import Home
from dagster_project.rounds.registry import RoundError, find_committee_ids, list_committees_of_new_round
from dagster_project.seeds import Round, list_rounds, read_seed

_ROUND_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_YEAR = re.compile(r"(19|20)\d\d")
_QUESTION_SET = re.compile(r"[\w.-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class RoundPlan:
    """A round that can be opened.

    `invited` has committee names by id. `copied_from` is the question set to copy; none if the set exists.
    """

    round_id: str
    title: str
    fieldwork_start: datetime.date
    fieldwork_end: datetime.date
    question_set: str
    copied_from: str | None
    invited: dict[str, str]


def propose_title(last: Round | None, round_id: str) -> str:
    """Return the last round's title with the new id instead of the old one."""
    if last is None:
        return f"Self-evaluation {round_id}"
    title = last.title.replace(last.round_id, round_id)
    return title if title != last.title else f"{last.title} {round_id}"


def propose_fieldwork(last: Round | None, round_id: str) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the last round's fieldwork in the new year; no dates unless both ids are years."""
    if last is None or not (_YEAR.fullmatch(last.round_id) and _YEAR.fullmatch(round_id)):
        return None, None
    years = int(round_id) - int(last.round_id)
    return _add_years(last.fieldwork_start, years), _add_years(last.fieldwork_end, years)


def propose_question_set(home: Home, last: Round | None, round_id: str) -> str:
    """Return the name for a copy of the last question set; in the first round the set of the home."""
    if last is None:
        return _list_question_sets(home)[-1]
    name = last.question_set.replace(last.round_id, round_id)
    return name if name != last.question_set else f"{last.question_set}-{round_id}"


def find_last_round(home: Home, round_id: str) -> Round | None:
    """Return the round before the new one, if there is one. Raises `RoundError` if the new id is invalid or taken."""
    if not _ROUND_ID.fullmatch(round_id):
        raise RoundError(
            f"'{round_id}' is not a valid round id, because it is also the name of a folder. "
            "Use at most 20 lower-case letters, digits and hyphens, such as 2018."
        )
    rounds = list_rounds(home.seeds)
    if any(one.round_id == round_id for one in rounds):
        raise RoundError(f"Round {round_id} exists already, in {home.seeds / 'rounds.csv'}.")
    return rounds[-1] if rounds else None


def require_start(last: Round | None, start: datetime.date) -> None:
    """Raise `RoundError` unless the fieldwork begins after that of the last round."""
    if last and start <= last.fieldwork_end:
        raise RoundError(
            f"The fieldwork would begin on {start}, but round {last.round_id} ends on {last.fieldwork_end}. "
            "Rounds must not overlap."
        )


def require_end(start: datetime.date, end: datetime.date) -> None:
    """Raise `RoundError` unless the fieldwork ends after it begins."""
    if end < start:
        raise RoundError(f"The fieldwork would end on {end}, before it begins on {start}.")


def require_question_set(name: str) -> None:
    """Raise `RoundError` unless this can be the name of a question set."""
    if not _QUESTION_SET.fullmatch(name):
        raise RoundError(
            f"'{name}' is not a valid name of a question set: use letters, digits, dots and hyphens."
        )


def plan_round(
    home: Home,
    round_id: str,
    title: str | None,
    start: datetime.date | None,
    end: datetime.date | None,
    question_set: str | None,
    invite: Sequence[str] = (),
    without: Sequence[str] = (),
) -> RoundPlan:
    """Return the plan of a new round. Missing details are derived from the last round.

    Raises `RoundError` for an existing round, invalid dates or an unknown committee.
    """
    last = find_last_round(home, round_id)
    default_start, default_end = propose_fieldwork(last, round_id)
    start, end = start or default_start, end or default_end
    if start is None or end is None:
        raise RoundError("Give the first and last day of the fieldwork: --from 2018-08-01 --to 2019-01-31.")
    require_start(last, start)
    require_end(start, end)
    committees = list_committees_of_new_round(home.seeds, round_id, start, end)
    included = find_committee_ids(invite, committees) if invite else list(committees)
    excluded = set(find_committee_ids(without, committees))
    invited = {own: name for own, name in committees.items() if own in included and own not in excluded}
    if not invited:
        raise RoundError("No committee would be invited.")
    name = question_set or propose_question_set(home, last, round_id)
    require_question_set(name)
    known = _list_question_sets(home)
    return RoundPlan(
        round_id,
        title or propose_title(last, round_id),
        start,
        end,
        name,
        None if name in known else last.question_set if last else known[-1],
        invited,
    )


def _list_question_sets(home: Home) -> list[str]:
    """Return the names of question sets, in the order of the seed. Raises `RoundError` if there is none."""
    names = list(dict.fromkeys(row["question_set"] for row in read_seed(home.seeds, "questions")))
    if not names:
        raise RoundError("questions.csv has no question. Copy the seed from the repository.")
    return names


def _add_years(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
