"""The second invented round: built from the first, with the changes that a repeated survey meets."""

import csv
import os
from collections import Counter
from pathlib import Path

import pytest

from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.paths import VARIABLE, Home
from dagster_project.raw import checking
from dagster_project.seeds import load_rounds
from tools.sample import second
from tools.sample.model import RATINGS


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with both rounds."""
    home = Home(tmp_path_factory.mktemp("two rounds"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(home.root))
        assert second.make_rounds(home) == 24
    return home


def rows(home: Home, seed: str) -> list[dict[str, str]]:
    with (home.seeds / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def return_files(home: Home) -> list[Path]:
    return sorted(path for path in (home.returns / "2018").iterdir() if path.suffix != ".md")


def test_every_return_is_read_without_a_problem_and_complete(home: Home) -> None:
    later = load_rounds(home.seeds)[-1]
    checked = checking.check_files(home, return_files(home), later)
    assert [one.problems for one in checked] == [()] * 24
    assert {one.ratings for one in checked} == {20}
    assert Counter(Path(one.file).suffix for one in checked) == {".xlsx": 19, ".docx": 5}
    names = {one.committee for one in checked}
    assert {"Highland", "Angus and Dundee"} <= names
    assert not {"Angus", "Dundee", "Shetland"} & names


def test_ratings_move_but_mostly_stay(home: Home) -> None:
    before = second.read_first_ratings(home)
    assert len(before) == 475
    ids = {row["committee_name"]: row["committee_id"] for row in rows(home, "committees")}
    template = load_template(home.seeds, "cse-2018")
    steps: Counter[int] = Counter()
    for path in return_files(home):
        returned = read_return(path, template)
        committee = ids[returned.cover[labels.COMMITTEE]]
        for answer in returned.answers:
            earlier = before.get((committee, answer.question_no))
            if earlier is not None:
                steps[RATINGS.index(earlier) - RATINGS.index(answer.rating_typed.lower())] += 1
    # All committees but the merged one and the one that was silent in 2016.
    assert steps.total() == 22 * 19
    assert set(steps) == {-1, 0, 1}
    assert steps[0] > 0.6 * steps.total() and steps[1] > 2 * steps[-1]


def test_one_question_is_reworded_and_one_is_new(home: Home) -> None:
    old, new = (
        {row["question_key"]: row for row in rows(home, "questions") if row["question_set"] == name}
        for name in ("cse-2016", "cse-2018")
    )
    assert new.keys() - old.keys() == {"online-safety"} and old.keys() <= new.keys()
    assert [key for key in old if old[key]["question_text"] != new[key]["question_text"]] == [
        "missing-statistics"
    ]
    assert new["missing-statistics"]["is_comparable_with_previous"] == "false"


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="makes the round again: `make test-long`")
def test_the_same_first_round_gives_the_same_second(home: Home, tmp_path: Path) -> None:
    again = Home(tmp_path)
    second.make_rounds(again)
    for folder in ("warehouse/returns/2018", "warehouse/templates/2018", "dbt/seeds"):
        one, other = (
            {path.name: path.read_bytes() for path in (root / folder).iterdir()}
            for root in (home.root, again.root)
        )
        assert one == other
