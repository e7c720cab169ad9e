"""What assistive technology gets: names of links, landmarks and controls, and the accessibility tree of five pages.

`UPDATE_SPOKEN=1` writes the expected trees again. Read the difference before you commit it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.site.chromium import needs_browser
from tests.site.site_sample import BuiltSite

pytestmark = needs_browser

EXPECTED = Path(__file__).parent / "spoken"
PAGES = ("index", "about", "questions/q13", "polarity", "contact")


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A wide page."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_tree_of_a_page_is_as_expected(address: str, page: Page, name: str) -> None:
    page.goto(f"{address}{name}.html")
    # The words of figures have tests of their own.
    page.locator("figure").evaluate_all("figures => figures.forEach((figure) => figure.remove())")
    tree = page.locator("body").aria_snapshot() + "\n"
    file = EXPECTED / f"{name.replace('/', '-')}.yml"
    if os.environ.get("UPDATE_SPOKEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(tree, encoding="utf-8")
    assert tree == file.read_text(encoding="utf-8")


def test_links_of_headings_are_named_after_them(site: BuiltSite, address: str, page: Page) -> None:
    for path in (path for path in site.paths() if "/" not in path):
        page.goto(address + path)
        for link in page.locator("a.headerlink").all():
            assert (link.get_attribute("aria-label") or "").startswith("Link to "), path


def test_landmarks_are_named(address: str, page: Page) -> None:
    page.goto(address)
    names = page.locator("nav, aside, [role=region], section[aria-labelledby]").evaluate_all(
        "all => all.map(e => e.ariaLabel"
        " || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim())"
    )
    assert len(names) > 5 and all(names)


def test_search_opens_when_a_reader_types_not_when_the_keyboard_passes(address: str, page: Page) -> None:
    page.goto(address)
    is_open = "document.getElementById('__search').checked"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.md-search__input')"):
            break
    else:
        pytest.fail("the keyboard does not reach the search")
    page.wait_for_timeout(100)
    assert not page.evaluate(is_open)
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('.md-search__output')")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("rank")
    assert page.evaluate(is_open)
    page.locator(".md-search-result__item").first.wait_for()


def test_search_of_a_phone_opens_with_a_button(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    for _ in range(8):
        page.keyboard.press("Tab")
        assert not page.evaluate("!!document.activeElement.closest('.md-search')")
        if page.evaluate("document.activeElement.matches('.search-button')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".md-search__input")).to_be_focused()
    context.close()


def test_a_copy_on_a_disk_says_that_it_has_no_search(site: BuiltSite, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    page.goto((site.folder / "index.html").as_uri())
    expect(page.locator(".no-search")).to_be_visible()
    expect(page.locator(".search-button")).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".no-search")).to_be_visible()
    context.close()
