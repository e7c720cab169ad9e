"""What a new round would be, with what is not said taken from the last one. Writes nothing."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dagster_project.paths import Home
from dagster_project.rounds.registry import (
    RegisteredRound,
    RoundError,
    committees_from,
    find,
    read_rows,
    registered,
)

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True)
class Plan:
    """A round that can be opened. `invited` has names by committee id; `copied_from` is the set that is copied."""

    round_id: str
    title: str
    fieldwork_start: datetime.date
    fieldwork_end: datetime.date
    question_set: str
    copied_from: str | None
    invited: dict[str, str]


def default_title(last: RegisteredRound, round_id: str) -> str:
    """The last round's title with the new id in place of the old one."""
    found = last.title.replace(last.round_id, round_id)
    return found if found != last.title else f"{last.title} {round_id}"


def default_window(last: RegisteredRound, round_id: str) -> tuple[datetime.date | None, datetime.date | None]:
    """The last round's window as many years later as the ids say; none where they are no years."""
    if not (_YEAR.fullmatch(last.round_id) and _YEAR.fullmatch(round_id)):
        return None, None
    years = int(round_id) - int(last.round_id)
    return _later(last.fieldwork_start, years), _later(last.fieldwork_end, years)


def default_question_set(last: RegisteredRound, round_id: str) -> str:
    """The name under which the last question set is copied."""
    found = last.question_set.replace(last.round_id, round_id)
    return found if found != last.question_set else f"{last.question_set}-{round_id}"


def last_round(home: Home, round_id: str) -> RegisteredRound:
    """The round after which the new one comes. Raises `RoundError` where the id is taken or is no id."""
    if not _ID.fullmatch(round_id):
        raise RoundError(
            f"'{round_id}' cannot be a round's id: it becomes a folder's name. Use small letters, figures and "
            "hyphens, at most 20, such as 2018."
        )
    rounds = registered(home.seeds)
    if not rounds:
        raise RoundError("rounds.csv has no round to start from.")
    if any(one.round_id == round_id for one in rounds):
        raise RoundError(
            f"There is a round {round_id} already. Its row stands in {home.seeds / 'rounds.csv'}."
        )
    return rounds[-1]


def plan(
    home: Home,
    round_id: str,
    title: str | None,
    start: datetime.date | None,
    end: datetime.date | None,
    question_set: str | None,
    invite: Sequence[str] = (),
    without: Sequence[str] = (),
) -> Plan:
    """What would be opened, with what is not given taken from the last round.

    Raises `RoundError` for an existing round, a bad window, an unknown committee.
    """
    last = last_round(home, round_id)
    default_start, default_end = default_window(last, round_id)
    start, end = start or default_start, end or default_end
    if start is None or end is None:
        raise RoundError("Say when the fieldwork begins and ends: --from 2018-08-01 --to 2019-01-31.")
    if end < start:
        raise RoundError(f"The fieldwork would end on {end}, before it begins on {start}.")
    if start <= last.fieldwork_end:
        raise RoundError(
            f"The fieldwork would begin on {start}, before that of round {last.round_id} ended "
            f"({last.fieldwork_end}). Rounds follow one another."
        )
    committees = committees_from(home.seeds, round_id, start, end)
    asked = find(invite, committees) if invite else list(committees)
    out = set(find(without, committees))
    invited = {own: name for own, name in committees.items() if own in asked and own not in out}
    if not invited:
        raise RoundError("No committee would be invited.")
    chosen = question_set or default_question_set(last, round_id)
    if not re.fullmatch(r"[\w.-]{1,40}", chosen, re.ASCII):
        raise RoundError(f"'{chosen}' cannot name a question set: use letters, figures, dots and hyphens.")
    exists = any(row["question_set"] == chosen for row in read_rows(home.seeds, "questions"))
    return Plan(
        round_id,
        title or default_title(last, round_id),
        start,
        end,
        chosen,
        None if exists else last.question_set,
        invited,
    )


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
