"""A new round: rows for the registry, a folder for its returns, a blank workbook for each committee.

Everything is made beside what is there and put in its place at the end, the registry's row last: until that row
stands there is no round, and what an interrupted attempt left is replaced by the next.
"""

import csv
import datetime
import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from dagster_project.home import Home
from dagster_project.questionnaire.definition import load_questionnaire
from dagster_project.questionnaire.filled import FilledReturn
from dagster_project.questionnaire.workbook import write_workbook
from dagster_project.rounds.registry import (
    RegisteredRound,
    RoundError,
    committees_from,
    committees_of,
    find,
    read_rows,
    registered,
)

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
_YEAR = re.compile(r"(19|20)\d\d")

# What the report of June 2017 could not say of the returns. Every new question set asks for it.
NEW_COVER_FIELDS = (
    (
        "completed_by_role",
        "Role of who completed this",
        "Please give the role of the person who completed this template, such as lead officer. Name no person.",
    ),
    (
        "agencies_consulted",
        "Agencies consulted",
        "Please list the agencies that were consulted on the answers. Name no person.",
    ),
)


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


@dataclass(frozen=True)
class Opened:
    """What was made."""

    plan: Plan
    seeds: tuple[str, ...]
    returns: Path
    templates: Path
    workbooks: int


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


def open_round(home: Home, planned: Plan) -> Opened:
    """Write what a round needs. Raises `RoundError` where a run is at work; on any error nothing has changed."""
    home.prepare()
    try:
        with FileLock(home.build / "run.lock", timeout=0):
            return _open(home, planned)
    except Timeout:
        raise RoundError("A run is at work. Wait until it has ended, then try again.") from None


def _open(home: Home, planned: Plan) -> Opened:
    texts = _seed_texts(home.seeds, planned)
    templates, returns = home.templates / planned.round_id, home.returns / planned.round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as made:
        blanks, staged = Path(made) / "blanks", Path(made) / "seeds"
        shutil.copytree(home.seeds, staged)
        for name, text in texts.items():
            (staged / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        # The blanks are made of the new seeds: what cannot be read back is not put in place.
        _blanks(
            staged, planned.round_id, planned.title, planned.question_set, planned.invited.values(), blanks
        )
        undo: list[Callable[[], object]] = []
        try:
            shutil.rmtree(templates, ignore_errors=True)
            blanks.rename(templates)
            undo.append(lambda: shutil.rmtree(templates))
            if not returns.exists():
                returns.mkdir()
                undo.append(lambda: shutil.rmtree(returns))
            readme = returns / "README.md"
            if not readme.exists():
                readme.write_text(_readme(planned), encoding="utf-8")
                undo.append(lambda: readme.unlink(missing_ok=True))
            for name in sorted(texts, key=lambda name: name == "rounds"):
                target = home.seeds / f"{name}.csv"
                before = target.read_bytes()
                (staged / f"{name}.csv").replace(target)
                undo.append(lambda target=target, before=before: target.write_bytes(before))  # type: ignore[misc]
        except BaseException:
            for step in reversed(undo):
                step()
            raise
    for folder in (home.seeds, templates.parent):
        _sync(folder)
    return Opened(planned, tuple(sorted(texts)), returns, templates, len(planned.invited))


def _seed_texts(seeds: Path, planned: Plan) -> dict[str, str]:
    """The new text of every seed that changes."""
    row = {
        "round_id": planned.round_id,
        "title": planned.title,
        "fieldwork_start": planned.fieldwork_start.isoformat(),
        "fieldwork_end": planned.fieldwork_end.isoformat(),
        "question_set": planned.question_set,
        "is_illustrative": "false",
    }
    texts = {
        "rounds": _appended(seeds, "rounds", [row]),
        "invitations": _appended(
            seeds,
            "invitations",
            [{"round_id": planned.round_id, "committee_id": own} for own in planned.invited],
            # Of an attempt that was cut short: there is no such round yet.
            without=("round_id", planned.round_id),
        ),
    }
    if planned.copied_from is None:
        return texts
    for name in ("questions", "question_sections", "sub_questions", "cover_fields"):
        rows = [
            {**old, "question_set": planned.question_set}
            for old in read_rows(seeds, name)
            if old["question_set"] == planned.copied_from
        ]
        if name == "questions":
            same = {
                "previous_question_key": "",
                "is_comparable_with_previous": "true",
                "comparability_note": "",
            }
            rows = [{**one, **same} for one in rows]
        if name == "cover_fields":
            rows += _new_cover_fields(rows, planned.question_set)
        if rows:
            texts[name] = _appended(seeds, name, rows, without=("question_set", planned.question_set))
    return texts


def _new_cover_fields(rows: list[dict[str, str]], question_set: str) -> list[dict[str, str]]:
    asked = {row["cover_field"] for row in rows}
    missing = [one for one in NEW_COVER_FIELDS if one[0] not in asked]
    return [
        {
            "question_set": question_set,
            "position": str(position),
            "cover_field": own,
            "label": label,
            "instruction": instruction,
        }
        for position, (own, label, instruction) in enumerate(missing, start=len(rows) + 1)
    ]


def _appended(
    seeds: Path, name: str, rows: list[dict[str, str]], without: tuple[str, str] | None = None
) -> str:
    """A seed's text with rows added; what is there stays as it is, but for rows where a column has a value."""
    with (seeds / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        text = file.read()
    end = "\r\n" if "\r\n" in text else "\n"
    columns = next(csv.reader(io.StringIO(text)))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", lineterminator=end)
    if without and any(row[without[0]] == without[1] for row in read_rows(seeds, name)):
        writer.writeheader()
        writer.writerows(row for row in read_rows(seeds, name) if row[without[0]] != without[1])
    else:
        written.write(text if text.endswith("\n") else text + end)
    writer.writerows(rows)
    return written.getvalue()


def write_blanks(home: Home, round_id: str) -> tuple[Path, int]:
    """Make the blanks of a round anew from the seeds, as after a question was changed.

    Returns their folder and their number. Raises `RoundError` where there is no such round.
    """
    one = _known(home, round_id)
    invited = {
        row["committee_id"] for row in read_rows(home.seeds, "invitations") if row["round_id"] == round_id
    }
    committees = committees_of(home.seeds, round_id)
    names = [name for own, name in committees.items() if own in invited]
    folder = home.templates / round_id
    home.templates.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.templates, prefix=".new-") as made:
        blanks = Path(made) / "blanks"
        _blanks(home.seeds, round_id, one.title, one.question_set, names, blanks)
        shutil.rmtree(folder, ignore_errors=True)
        blanks.rename(folder)
    return folder, len(names)


def _blanks(
    seeds: Path, round_id: str, title: str, question_set: str, names: Iterable[str], folder: Path
) -> None:
    questionnaire = load_questionnaire(seeds, question_set)
    folder.mkdir()
    for name in names:
        safe = re.sub(r"[^\w &'().,-]", "_", name)
        write_workbook(questionnaire, title, folder / f"{safe} {round_id}.xlsx", FilledReturn(name))


def _known(home: Home, round_id: str) -> RegisteredRound:
    rounds = {one.round_id: one for one in registered(home.seeds)}
    if round_id not in rounds:
        raise RoundError(f"There is no round '{round_id}'. Known: {', '.join(rounds)}.")
    return rounds[round_id]


def _readme(planned: Plan) -> str:
    return (
        f"# Returns of {planned.title}\n\n"
        "Put the files that committees send back into this folder, as they are. Then run `selfeval run`.\n"
        f"The blanks to send out stand in `warehouse/templates/{planned.round_id}`.\n"
    )


def _later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def close_round(home: Home, round_id: str, closed_on: datetime.date | None) -> None:
    """Write the day on which a round was closed into the registry, or take it out again.

    Raises `RoundError` where there is no such round, or it had not begun on that day.
    """
    start = _known(home, round_id).fieldwork_start
    if closed_on and closed_on < start:
        raise RoundError(f"Round {round_id} begins on {start}, after {closed_on}.")
    rows = read_rows(home.seeds, "rounds")
    target = home.seeds / "rounds.csv"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=home.seeds, prefix=".rounds-", delete=False
    ) as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            if row["round_id"] == round_id:
                row["closed_on"] = closed_on.isoformat() if closed_on else ""
            writer.writerow(row)
    Path(file.name).chmod(target.stat().st_mode)
    Path(file.name).replace(target)
