"""axe finds nothing on any page, in light and dark, narrow and wide, and enlarged to 200 %."""

import pytest
from playwright.sync_api import Browser

from tests.site.axe import SCHEMES, SETTINGS, ZOOMED, Looker
from tests.site.chromium import needs_browser
from tests.site.site_sample import BuiltSite

pytestmark = needs_browser


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """The looks of letters that have passed, by scheme: both halves of the pages have one style sheet."""
    return {scheme: set() for scheme in SCHEMES}


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_loads_clean_and_passes_axe(
    site: BuiltSite, address: str, browser: Browser, known: dict[str, set[str]], half: int
) -> None:
    """Every page in both schemes at both widths and enlarged; in two halves, for machines that are slow.

    Enlarged, each page is looked at in one of the schemes by turns: what enlarging changes is the layout.
    """
    # Colours in the middle of a transition would be neither scheme's.
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda r: said.append(f"asks {r.url}") if not r.url.startswith(address) else None)
    looker = Looker(page, context.new_cdp_session(page), known)
    found = []
    for number, path in enumerate(site.paths()[half::2]):
        looker.open(address + path)
        # Which setting is looked at first, with all rules, goes by turns as well.
        turn = number % len(SETTINGS)
        for setting in [*SETTINGS[turn:], *SETTINGS[:turn], (SCHEMES[number % 2], ZOOMED)]:
            found += [(path, *setting, rule, html[:120]) for rule, html in looker.found(*setting)]
    context.close()
    assert said == []
    assert found == []
