"""Readers' pages are easy to read: measured on the built pages, without data and quotations."""

from pathlib import Path

import pytest
import textstat  # type: ignore[import-untyped]

from tests.site.prose import list_sentences

MIN_READING_EASE = 55
MAX_WORDS = 30


@pytest.fixture(scope="module", params=["one round", "two rounds", "open round"])
def prose(request: pytest.FixtureRequest) -> dict[str, list[str]]:
    """The sentences of every readers' page."""
    fixture = {"two rounds": "site_of_two_rounds", "open round": "site_of_open_round"}.get(request.param)
    folder: Path = request.getfixturevalue(fixture) if fixture else request.getfixturevalue("site").folder
    paths = [path.relative_to(folder) for path in folder.rglob("*.html")]
    readers = [p for p in paths if p.parts[0] not in ("manual", "data-docs", "dbt-docs", "404.html")]
    return {str(path): list_sentences((folder / path).read_text(encoding="utf-8")) for path in readers}


def test_no_sentence_is_too_long(prose: dict[str, list[str]]) -> None:
    assert len(prose) > 10 and sum(map(len, prose.values())) > 100
    found = {
        (page, sentence)
        for page, sentences in prose.items()
        for sentence in sentences
        if len(sentence.split()) > MAX_WORDS
    }
    assert found == set()


def test_pages_are_easy_to_read(prose: dict[str, list[str]]) -> None:
    ease = {
        page: textstat.flesch_reading_ease(
            " ".join(f"{sentence.rstrip('.:?!;,')}." for sentence in sentences)
        )
        for page, sentences in prose.items()
    }
    assert {page: value for page, value in ease.items() if value < MIN_READING_EASE} == {}
