"""Seeds as typed values: an incomplete seed is an error that names its file."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY
from dagster_project.seeds import (
    SeedError,
    load_problem_codes,
    load_questionnaire,
    load_rating_words,
    load_rounds,
    read_seed,
)

SEEDS = REPOSITORY / "dbt" / "seeds"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the repository's seeds."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


def replace(seeds: Path, name: str, old: str, new: str) -> None:
    path = seeds / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_question_set_has_six_sections_and_nineteen_questions() -> None:
    questionnaire = load_questionnaire(SEEDS, "cse-2016")
    assert [section.number for section in questionnaire.sections] == [1, 2, 3, 4, 5, 6]
    assert [question.number for question in questionnaire.questions] == list(range(1, 20))
    assert questionnaire.rating_labels == ("Green", "Amber", "Red")
    assert [part.number for part in questionnaire.questions[5].sub_questions] == [1, 2, 3]


def test_rounds_are_loaded_oldest_first(seeds: Path) -> None:
    with (seeds / "rounds.csv").open("a", encoding="utf-8") as file:
        file.write("2014,Earlier,2014-08-01,2015-01-31,,cse-2016,false\n")
    first, second = load_rounds(seeds)
    assert (first.round_id, first.fieldwork_start, first.closed_on) == (
        "2014",
        datetime.date(2014, 8, 1),
        None,
    )
    assert (second.round_id, second.question_set) == ("2016", "cse-2016")


def load_set(seeds: Path) -> object:
    return load_questionnaire(seeds, "cse-2016")


@pytest.mark.parametrize(
    ("load", "name", "old", "new", "message"),
    [
        (load_set, "questions", "question_key", "key", "lacks the columns question_key"),
        (load_set, "questions", "cse-2016,2,training-delivery", "cse-2016,1,training-delivery", "1 twice"),
        (load_set, "questions", "workplan,4,", "workplan,9,", "into section 9"),
        (load_set, "questions", "cse-2016,2,", "cse-2016,two,", "'two' in question_no is not a whole number"),
        (load_set, "sub_questions", "cse-2016,15,", "cse-2016,25,", "questions that do not exist: [25]"),
        (
            load_rounds,
            "rounds",
            "2016-08-01",
            "1 August 2016",
            "'1 August 2016' in fieldwork_start is not a date",
        ),
        (load_rounds, "rounds", "question_set", "questions", "lacks the columns question_set"),
        (load_rating_words, "rating_words", "word,", "term,", "lacks the columns word"),
        (load_problem_codes, "problem_codes", "remedy", "cure", "lacks the columns remedy"),
    ],
)
def test_a_broken_seed_is_named(
    seeds: Path, load: Callable[[Path], object], name: str, old: str, new: str, message: str
) -> None:
    replace(seeds, name, old, new)
    with pytest.raises(SeedError) as error:
        load(seeds)
    assert f"{name}.csv" in str(error.value)
    assert message in str(error.value)


def test_an_unknown_question_set_is_named() -> None:
    with pytest.raises(SeedError, match="no question of the question set 'cse-1999'"):
        load_questionnaire(SEEDS, "cse-1999")


def test_a_registry_without_a_round_is_an_error(seeds: Path) -> None:
    path = seeds / "rounds.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(SeedError, match=r"There is no round yet"):
        load_rounds(seeds)


def test_a_missing_seed_is_named_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=rf"committees\.csv is missing in {tmp_path}"):
        read_seed(tmp_path, "committees")


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_bytes("\ufeffword,rating\nFine,green\nBad\n".encode())
    rows = read_seed(tmp_path, "words", ("word", "rating"))
    assert rows == [{"word": "Fine", "rating": "green"}, {"word": "Bad", "rating": ""}]


def test_a_seed_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_bytes("word\nSiùbhlach\n".encode("latin-1"))
    with pytest.raises(SeedError, match=r"words\.csv is not UTF-8\. Save it as CSV UTF-8"):
        read_seed(tmp_path, "words")
