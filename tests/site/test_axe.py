"""axe finds no violation on any page, in light and dark, narrow and wide, and enlarged to 200%."""

import os
from collections import Counter

import pytest
from playwright.sync_api import Browser

from tests.site.axe import SCHEMES, SETTINGS, ZOOMED, AxeChecker
from tests.site.chromium import needs_browser
from tests.site.site_sample import BuiltSite

pytestmark = needs_browser


OF_ONE_LAYOUT = ("questions", "dbt-docs", "manual/adr", "manual/how-to")
"""Folders whose pages differ in their text alone: the suite checks some of them, `make test-long` all."""

CHECKED = 2


def choose_paths(site: BuiltSite) -> list[str]:
    seen: Counter[str] = Counter()
    chosen = []
    for path in site.paths():
        folder = path.rpartition("/")[0]
        seen[folder] += 1
        if os.environ.get("LONG_TESTS") or folder not in OF_ONE_LAYOUT or seen[folder] <= CHECKED:
            chosen.append(path)
    return chosen


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """Combinations of text styles that have passed, by scheme; all pages have one style sheet."""
    return {scheme: set() for scheme in SCHEMES}


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_loads_clean_and_passes_axe(
    site: BuiltSite, address: str, browser: Browser, known: dict[str, set[str]], half: int
) -> None:
    """Each page in both schemes at both widths and enlarged; in two halves because of the time limit.

    Enlarging changes only the layout, so each enlarged page is checked in one of the schemes.
    """
    # Colours during a transition belong to neither scheme.
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"{page.url}: {error}"))
    page.on("request", lambda r: messages.append(f"asks {r.url}") if not r.url.startswith(address) else None)
    checker = AxeChecker(page, context.new_cdp_session(page), known)
    found = []
    for number, path in enumerate(choose_paths(site)[half::2]):
        checker.open(address + path)
        # The first setting, which is checked with all rules, differs between pages.
        turn = number % len(SETTINGS)
        for setting in [*SETTINGS[turn:], *SETTINGS[:turn], (SCHEMES[number % 2], ZOOMED)]:
            found += [(path, *setting, rule, html[:120]) for rule, html in checker.check(*setting)]
    context.close()
    assert messages == []
    assert found == []
