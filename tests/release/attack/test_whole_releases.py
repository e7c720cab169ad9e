"""Every file of whole releases, attacked with plain arithmetic: nothing follows, and much would without suppression."""

import csv
import datetime
import os
import random
from pathlib import Path

import duckdb
import pytest

from dagster_project.paths import Home
from dagster_project.release.candidate import get_candidate_folder
from tests.conftest import ROUND, Workplace
from tests.release.attack.plain_check import find_changes, find_leaks
from tests.release.attack.plain_reading import (
    read_consortium_texts,
    read_everywhere,
    read_question_pages,
    read_sql_page,
)
from tools.attack.whole import write_whole
from tools.rounds.generate import PLACES, Return, Round, Survey
from tools.rounds.trial import try_round

COLOURS = ("green", "amber", "red")
QUESTIONS = range(1, 9)
RETURNS = {"N": 8, "S1": 7, "Z": 1}
"""Number of returns by consortium."""

is_long = pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="whole releases: `make test-long`")


def test_every_file_of_the_sample_shows_the_same_counts(sample_home: Workplace, tmp_path: Path) -> None:
    release = sample_home.home.published.resolve()
    [(title,)] = sample_home.ask(f"select title from dim_round where round_id = '{ROUND}'")
    found = dict(read_everywhere(release, ROUND, str(title)))
    public = found["csv"]
    hidden = {key for key, counts in public.items() if "" in counts}
    assert len(hidden) >= 22
    # The pages of consortia leave rows with suppressed counts out.
    assert found.pop("pages of consortia") == {
        key: counts for key, counts in public.items() if key not in hidden
    }
    assert {name for name, counts in found.items() if counts != public} == set()
    assert read_sql_page(release, tmp_path, ROUND) == public


def test_no_text_about_a_consortium_names_a_question_with_suppressed_counts(sample_home: Workplace) -> None:
    release = sample_home.home.published.resolve()
    counts = dict(read_question_pages(release / "site"))
    labels = {
        int(str(question_no)): str(label)
        for question_no, label in sample_home.ask(
            f"select question_no, public_label from mart_question_ranking where round_id = '{ROUND}'"
        )
    }
    for consortium in {name for name, _ in counts}:
        text = read_consortium_texts(release / "site", consortium)
        named = {number for number, label in labels.items() if label in text}
        assert named == {number for number in labels if "" not in counts[consortium, number]}


def invent_survey(returns: dict[str, int], *, is_closed: bool) -> Survey:
    """Invent a survey: the same committees always give the same ratings."""
    names = iter(PLACES)
    members = [(next(names), code) for code, number in returns.items() for _ in range(number)]
    ids = {name: name.lower().replace(" ", "-").replace("&", "and") for name, _ in members}
    start = datetime.date(2031, 2, 1)
    one = Round(
        "2031", "Self-evaluation 2031", "set-2031", len(QUESTIONS), start, start + datetime.timedelta(days=100),
        start + datetime.timedelta(days=110) if is_closed else None, is_illustrative=False,
        invited=list(ids.values()),
    )  # fmt: skip
    for name, _ in members:
        chance = random.Random(name)
        ratings = {number: chance.choice(COLOURS).capitalize() for number in QUESTIONS}
        one.returns.append(Return(f"{ids[name]}.csv", name, start.isoformat(), ratings, {}))
    consortia = [("N", "North"), ("S1", "South 1"), ("Z", "Zone Z")]
    committees = {ids[name]: (name, code) for name, code in members}
    return Survey(1, committees, consortia, {name: ids[name] for name, _ in members}, [one])


def publish(survey: Survey, folder: Path) -> tuple[Path, Path]:
    """Make the files of a release; returns its open data, and those that it would have without suppression."""
    home = Home(folder / "home")
    outcome = try_round(survey, home.root)
    assert outcome.published, outcome
    candidate = get_candidate_folder(home)
    return candidate / "data" / "csv", write_whole(candidate, folder / "whole") / "csv"


@is_long
def test_a_consortium_with_one_return_gives_nothing_away(sample_home: Workplace, tmp_path: Path) -> None:
    data, whole = publish(invent_survey(RETURNS, is_closed=True), tmp_path)
    assert list(find_leaks(data)) == []
    assert sum(": Z has" in leak for leak in find_leaks(whole)) == len(QUESTIONS)


@is_long
def test_two_provisional_releases_do_not_show_the_return_between_them(
    sample_home: Workplace, tmp_path: Path
) -> None:
    releases = [
        publish(invent_survey({**RETURNS, "Z": number}, is_closed=False), tmp_path / str(number))
        for number in (0, 1)
    ]
    (before, whole_before), (after, whole_after) = releases
    assert list(find_changes(before, after)) == []
    assert not any(map(count_rated, (before, after)))
    assert len(list(find_changes(whole_before, whole_after))) == len(QUESTIONS)


def count_rated(data: Path) -> int:
    """The number of cells with a count of ratings in any file of open data that has counts of ratings."""
    found = 0
    for path in sorted(data.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found += sum(bool(row.get(colour)) for colour in COLOURS)
    with duckdb.connect(str(data.parent / "self_evaluation_public.duckdb"), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() where column_name in ('green', 'amber', 'red')"
        ).fetchall()
        for table, column in columns:
            [(number,)] = connection.execute(f'select count("{column}") from "{table}"').fetchall()
            found += number
    return found
