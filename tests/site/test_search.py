"""What readers type finds the page that answers it, among the first three results."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.site.chromium import needs_browser

pytestmark = needs_browser

EXPECTED = {
    "Aberdeen": "coverage.html",
    "Highland": "coverage.html",
    "Glasgow": "coverage.html",
    "ratings by committee": "coverage.html",
    "response rate": "coverage.html",
    "who answered": "coverage.html",
    "API": "data.html",
    "CSV": "data.html",
    "Excel": "data.html",
    "download": "data.html",
    "Python": "data.html",
    "SQL": "sql.html",
    "2016": "index.html",
    "summary": "index.html",
    "main points": "index.html",
    "contact": "contact.html",
    "email": "contact.html",
    "report an error": "contact.html",
    "workshop": "about.html",
    "purpose": "about.html",
    "how is the rank calculated": "method.html",
    "methodology": "method.html",
    "ranking": "rankings.html",
    "tied ranks": "rankings.html",
    "blank": "quality.html",
    "missing ratings": "quality.html",
    "duplicate returns": "quality.html",
    "uncertainty": "robustness.html",
    "confidence interval": "robustness.html",
    "corrections": "release-notes.html",
    "CAMHS": "glossary.html",
    "screen reader": "accessibility.html",
    "trafficking": "questions/q13.html",
    "missing children": "questions/q12.html",
    "Recovery services": "questions/q15.html",
    "question 13": "questions/q13.html",
    "consent": "questions/q17.html",
    "diversity": "questions/q16.html",
    "North": "consortia/north.html",
    "West consortium": "consortia/west.html",
    "contradictions": "report.html",
}


@pytest.fixture(scope="module")
def search(address: str, browser: Browser) -> Iterator[Page]:
    """A page with the search open."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("textbox", name="Search").click()
    yield page
    context.close()


def find_pages(search: Page, query: str) -> list[str]:
    """Return the pages found, best first."""
    box = search.get_by_role("textbox", name="Search")
    count = search.locator(".md-search-result__meta")
    # The theme searches when a key is released.
    box.fill("")
    box.press("End")
    count.filter(has_text="Type to start").wait_for(timeout=5000)
    box.fill(query)
    box.press("End")
    count.filter(has_text=re.compile("match")).wait_for(timeout=5000)
    links = search.locator(".md-search-result__item > a.md-search-result__link")
    hrefs = links.evaluate_all("links => links.map(link => link.href)")
    root = search.url.partition("#")[0].removesuffix("index.html")
    return [href.removeprefix(root).partition("#")[0].partition("?")[0] for href in hrefs]


@pytest.mark.parametrize(("query", "expected"), EXPECTED.items())
def test_what_readers_type_finds_the_page(search: Page, query: str, expected: str) -> None:
    assert expected in find_pages(search, query)[:3]


def test_engineering_is_not_in_the_readers_search(search: Page) -> None:
    for query in ("Dagster", "mutation", "benchmark", "runbook", "architecture decision"):
        assert not [page for page in find_pages(search, query) if page.startswith("manual/")]
