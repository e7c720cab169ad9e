"""Readers' pages are easy to read: measured on the built pages, without data and quotations."""

from pathlib import Path

import pytest
import textstat  # type: ignore[import-untyped]

from tests.site.prose import list_sentences
from tests.site.site_sample import BuiltSite

MIN_READING_EASE = 55
MAX_WORDS = 30


@pytest.fixture(scope="module")
def prose(site: BuiltSite) -> dict[str, list[str]]:
    """The sentences of every readers' page."""
    paths = [Path(path) for path in site.paths() if path != "404.html"]
    readers = [path for path in paths if path.parts[0] not in ("manual", "data-docs", "dbt-docs")]
    return {str(p): list_sentences((site.folder / p).read_text(encoding="utf-8")) for p in readers}


def test_no_sentence_is_too_long(prose: dict[str, list[str]]) -> None:
    assert sum(map(len, prose.values())) > 500
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
