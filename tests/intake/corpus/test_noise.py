"""Random answers in any layout and format are read back."""

import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagster_project.intake import labels
from dagster_project.intake.interpret.personal import count_personal_data
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import Template, load_template
from dagster_project.intake.text import clean_text, key_rating
from dagster_project.raw.models import render_sql
from tests.intake.corpus.base import SEEDS
from tests.intake.corpus.noise import WORDS, Written, returns

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template(SEEDS, "cse-2016")


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".ods", ".csv"])
@SETTINGS
@given(written=returns())
def test_random_answers_are_read_back(suffix: str, template: Template, written: Written) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"return{suffix}"
        path.write_bytes(written.as_file(suffix))
        read = read_return(path, template)
    assert not read.is_rejected, read.problems
    assert read.cover[labels.COMMITTEE] == "Fife"
    words = {rating: {key_rating(word) for word in typed} for rating, typed in WORDS.items()}
    assert len(read.answers) == 19
    for answer in read.answers:
        assert key_rating(answer.rating_typed) in words[written.ratings[answer.question_no]]
        assert answer.comment_typed == written.comments[answer.question_no]
    # Random text is sometimes like an address; only then is a problem expected.
    personal = sum(len(count_personal_data(comment)) for comment in written.comments.values())
    problems = [problem.code for problem in read.problems if problem.code != "rating_elsewhere"]
    assert problems == ["personal_data"] * personal


KEYS = {
    "Green\u0085.": "green",
    "\u1680amber \u2029 (getting\u2028there)!": "amber (getting there)",
    "🟢": "green",
    "🟠 Amber": "amber",
    "🟡\ufe0f": "amber",
    "🟥🟥": "red",
    "❤\ufe0f Red": "red",
    "🟢 Amber": "green amber",
    "“Green”": "green",
    "'amber'": "amber",
    "[ Red ]": "red",
    "((green))": "green",
    "\u2013 Amber \u2013": "amber",
    '- "(Red)" -': "red",
    "Green (in place)": "green (in place)",
    "(Green (in place))": "green (in place",
    "Green (see comment)": "green (see comment)",
    "evergreen green": "evergreen green",
    "Green?": "green?",
    "Amber/Green": "amber/green",
    "-": "",
    "\u25a0": "\u25a0",
}


def read_model_key(typed: str) -> object:
    """The key by the macro of the models."""
    macro = render_sql("{{ word_key('$typed') }}")
    with duckdb.connect() as connection:
        return connection.execute(f"select {macro}", {"typed": typed}).fetchall()[0][0]


@pytest.mark.parametrize("text", KEYS)
def test_the_key_of_a_rating_leaves_out_what_does_not_change_it(text: str) -> None:
    assert key_rating(clean_text(text)) == KEYS[text]
    assert read_model_key(clean_text(text)) == KEYS[text]


@SETTINGS
@given(text=st.text())
def test_readers_and_models_use_the_same_key_for_ratings(text: str) -> None:
    typed = clean_text(text)
    # Case of letters outside the words of ratings may be folded otherwise.
    if typed.isascii() or not any(character.isupper() for character in typed):
        assert read_model_key(typed) == key_rating(typed)
