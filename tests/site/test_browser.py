"""The finished site in Chromium: loads clean, reads without JavaScript, passes axe, works by keyboard.

Needs Debian's Chromium and axe-core (`npm ci --prefix tests/site`). Where one is missing the tests are
skipped, unless REQUIRE_BROWSER is set.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.site_sample import BuiltSite

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SETTINGS = [("default", 1280), ("default", 320), ("slate", 320), ("slate", 1280)]
RUN_AXE = """axe.run(document, {resultTypes: ["violations"], preload: false}).then(
    found => found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html])))"""

if not os.environ.get("REQUIRE_BROWSER"):
    pytestmark = pytest.mark.skipif(
        CHROMIUM is None or not AXE.is_file(), reason="needs chromium, and npm ci --prefix tests/site"
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's name
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    """The built site, served under a base path of its own as a static host would."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site.folder.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{site.folder.name}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the module."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


def _paths(site: BuiltSite) -> list[str]:
    return sorted(p.relative_to(site.folder).as_posix() for p in site.folder.rglob("*.html"))


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_loads_clean_and_passes_axe(
    site: BuiltSite, address: str, browser: Browser, half: int
) -> None:
    """Every page in both schemes at both widths; in two halves, so that two workers share the time."""
    # Colours in the middle of a transition would be neither scheme's.
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on("request", lambda r: said.append(f"asks {r.url}") if not r.url.startswith(address) else None)
    axe = AXE.read_text(encoding="utf-8")
    found = []
    # The page for addresses that are not there takes its assets from the root of the host.
    for path in [path for path in _paths(site) if path != "404.html"][half::2]:
        page.goto(address + path)
        page.evaluate(axe)
        for scheme, width in SETTINGS:
            page.evaluate("scheme => document.body.dataset.mdColorScheme = scheme", scheme)
            page.set_viewport_size({"width": width, "height": 900})
            for rule, html in page.evaluate(RUN_AXE):
                found.append((path, scheme, width, rule, html[:120]))
    context.close()
    assert said == []
    assert found == []


@pytest.mark.parametrize(("wanted", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_readers_colour_scheme_is_followed(
    address: str, browser: Browser, wanted: Any, scheme: str
) -> None:
    context = browser.new_context(color_scheme=wanted)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.body.dataset.mdColorScheme") == scheme
    context.close()


def test_everything_is_there_without_javascript(site: BuiltSite, address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    charts = 0
    for path in _paths(site):
        page.goto(address + path)
        for chart in page.locator("figure.chart").all():
            assert chart.locator("svg[role=img]").is_visible(), path
            if chart.locator("details:not([open])").count():
                chart.locator("summary").click()
            assert chart.locator("table tbody tr").first.is_visible(), path
            charts += 1
    assert charts == site.report.charts
    page.goto(address)
    assert page.locator(".md-tabs a", has_text="Rankings").is_visible()
    context.close()


def test_menu_opens_and_closes_by_keyboard_on_a_phone(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    page.goto(address + "rankings.html")
    menu = page.get_by_role("button", name="Menu")
    for _ in range(6):
        page.keyboard.press("Tab")
        box = page.evaluate(
            "(() => {const b = document.activeElement.getBoundingClientRect(); return [b.left, b.right]})()"
        )
        assert box[1] > 0 and box[0] < 375, "the focus is off the screen"
        if page.evaluate("document.activeElement.classList.contains('menu-button')"):
            break
    assert menu.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Space")
    assert menu.get_attribute("aria-expanded") == "true"
    assert page.evaluate("document.activeElement.closest('.md-sidebar--primary') !== null")
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    assert page.evaluate("document.activeElement.classList.contains('menu-button')")
    context.close()


def test_wide_charts_scroll_in_their_own_box_on_a_phone(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    drawing = page.locator(".drawing").first
    assert drawing.evaluate("box => box.scrollWidth > box.clientWidth")
    drawing.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert drawing.evaluate("box => box.scrollLeft") > 0
    context.close()


def test_search_finds_a_question_by_its_short_name(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("textbox", name="Search").press_sequentially("Recovery services")
    hit = page.locator(".md-search-result__item a", has_text="Question 15").first
    hit.wait_for(timeout=8000)
    context.close()
