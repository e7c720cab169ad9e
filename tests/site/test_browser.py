"""The finished site in Chromium: without JavaScript, by keyboard, in print, and within its budget of bytes."""

import re
import threading
from collections import Counter
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dagster_project.site import colours, serve
from tests.site.chromium import needs_browser
from tests.site.site_sample import BuiltSite

pytestmark = needs_browser


@pytest.mark.parametrize("path", ["index.html", "rankings.html", "questions/q04.html", "sql.html"])
def test_text_of_twice_the_size_fits(address: str, browser: Browser, path: str) -> None:
    """Some browsers enlarge text only."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address + path)
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
    page.add_style_tag(content="html { font-size: 250% }")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)") == 2 * size
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    cut = page.evaluate("""() => [...document.querySelectorAll("button, summary, th, td, dt, dd, .md-tabs__link")]
        .filter((e) => e.checkVisibility() && getComputedStyle(e).overflow === "hidden"
            && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1))
        .map((e) => e.outerHTML.slice(0, 120))""")
    assert cut == []
    context.close()


@pytest.mark.parametrize(("wanted", "scheme"), [("light", "default"), ("dark", "slate")])
def test_the_colour_scheme_of_the_system_is_used(
    address: str, browser: Browser, wanted: Any, scheme: str
) -> None:
    context = browser.new_context(color_scheme=wanted)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.body.dataset.mdColorScheme") == scheme
    page.emulate_media(color_scheme="light" if wanted == "dark" else "dark")
    page.wait_for_function("was => document.body.dataset.mdColorScheme !== was", arg=scheme, timeout=5000)
    context.close()


def test_pages_are_complete_without_javascript(site: BuiltSite, address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800})
    page = context.new_page()
    charts = 0
    with_figures = [p for p in site.paths() if "<figure" in (site.folder / p).read_text(encoding="utf-8")]
    for path in with_figures:
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


def test_a_shade_shows_that_a_chart_scrolls_further(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme="light")
    page = context.new_page()
    page.goto(address)
    drawing = page.locator(".drawing").first

    def corner() -> bytes:
        """Return a picture of the top right corner of the box, where there are no marks."""
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box
        return page.screenshot(
            clip={"x": box["x"] + box["width"] - 3, "y": box["y"] + 1, "width": 3, "height": 3}
        )

    scrolls_further = corner()
    drawing.evaluate("box => box.scrollLeft = box.scrollWidth")
    at_its_end = corner()
    assert scrolls_further != at_its_end
    drawing.evaluate("box => box.style.background = 'none'")
    assert corner() == at_its_end
    context.close()


def test_search_finds_a_question_by_its_short_name(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address)
    page.get_by_role("textbox", name="Search").press_sequentially("Recovery services")
    hit = page.locator(".md-search-result__item a", has_text="Question 15").first
    hit.wait_for(timeout=8000)
    context.close()


class CountingHandler(serve.QuietHandler):
    """Counts the bytes sent by path: a page's developer tools do not include requests of its workers."""

    def __init__(self, *args: Any, sent: Counter[str], **kwargs: Any) -> None:
        self.sent = sent
        super().__init__(*args, **kwargs)

    def setup(self) -> None:
        super().setup()
        write = self.wfile.write

        def count(content: Any) -> int:
            self.sent[self.path] += len(content)
            return write(content)

        self.wfile.write = count  # type: ignore[method-assign]


@pytest.mark.parametrize(("path", "kilobytes"), [("index.html", 150), ("questions/q04.html", 100)])
def test_first_visit_stays_within_its_budget(
    site: BuiltSite, browser: Browser, path: str, kilobytes: int
) -> None:
    sent: Counter[str] = Counter()
    handler = partial(CountingHandler, directory=str(site.folder), sent=sent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        context = browser.new_context()
        page = context.new_page()
        with page.expect_worker():
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path}", wait_until="networkidle")
        page.wait_for_function(
            "document.querySelector('.md-search-result__meta').textContent.includes('Type')"
        )
        context.close()
        server.shutdown()
    assert any("workers/search" in loaded for loaded in sent) and len(sent) < 20
    assert sent.total() < 1000 * kilobytes, sent


@pytest.mark.parametrize("path", ["index.html", "rankings.html", "questions/q04.html"])
@pytest.mark.parametrize("width", [375, 1280])
def test_the_keyboard_reaches_everything_and_the_focus_stays_on_the_screen(
    address: str, browser: Browser, path: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + path)
    wanted = page.evaluate("""() => {
        // A group of radio buttons is one stop.
        const kinds = "a[href], button, summary, input:not(.md-toggle, .md-option:not(:checked)), select, "
            + "[tabindex='0']";
        return [...document.querySelectorAll(kinds)].filter((e) => e.tabIndex >= 0 && !e.closest("[hidden]")
            && e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
            && !e.closest(".md-search, .md-skip, details:not([open]) > :not(summary)"))
            .map((e, number) => { e.dataset.walked = number; return number; });
    }""")
    reached = set()
    for _ in range(len(wanted) + 30):
        page.keyboard.press("Tab")
        number, left, right, size = page.evaluate("""() => {
            const e = document.activeElement;
            // The label after the scheme switch is what a reader sees.
            const box = (e.matches(".md-option") ? e.nextElementSibling : e).getBoundingClientRect();
            return [e.dataset.walked ?? null, box.left, box.right, box.width * box.height];
        }""")
        if number is not None:
            assert right > 0 and left < width and size > 0, page.evaluate("document.activeElement.outerHTML")
            reached.add(int(number))
    missed = [
        page.locator(f"[data-walked='{n}']").evaluate("e => e.outerHTML") for n in set(wanted) - reached
    ]
    assert missed == []
    assert len(wanted) > 20
    context.close()


def test_table_sorts_filters_copies_and_downloads(address: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + "rankings.html")
    table = page.locator("table.data").first
    tools = page.locator(".table-tools").first
    shown = table.locator("tbody tr:visible")

    table.get_by_role("button", name="Rank", exact=True).click()
    table.get_by_role("button", name="Rank", exact=True).click()
    assert shown.first.locator("td").first.inner_text() == "=18 (joint)"
    assert table.locator("th[aria-sort=descending]").inner_text().startswith("Rank")
    assert tools.locator("output").inner_text() == "Sorted by Rank, descending"

    tools.get_by_label("Confidence").select_option("High")
    assert shown.count() == 3 and tools.locator("output").inner_text() == "3 of 19 rows"
    tools.get_by_label("Confidence").select_option("Low")
    with page.expect_download() as joint:
        tools.get_by_role("button", name="Download CSV").click()
    # A spreadsheet would run the text as a formula.
    ranks = [line.split(",")[0] for line in Path(joint.value.path()).read_text("utf-8-sig").splitlines()]
    assert ranks[:3] == ["Rank", "'=18 (joint)", "'=18 (joint)"]
    tools.get_by_label("Confidence").select_option("High")
    tools.get_by_label("Show rows with").fill("strategy")
    assert shown.count() == 1

    tools.get_by_role("button", name="Copy").click()
    tools.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 2 and copied[1].split("\t")[2] == "Training strategy"
    with page.expect_download() as download:
        tools.get_by_role("button", name="Download CSV").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and "Training strategy" in lines[1]
    context.close()


def test_collapsed_tables_are_printed(address: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    row = page.locator("figure.chart details:not([open]) tbody tr").first
    assert not row.is_visible()
    page.emulate_media(media="print")
    assert row.is_visible()
    assert not page.locator(".table-tools").first.is_visible()
    ink = "getComputedStyle(document.body).getPropertyValue('--chart-ink').trim()"
    assert page.evaluate(ink) == colours.BLACK
    heading = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    assert sum(map(int, re.findall(r"\d+", heading)[:3])) < 3 * 100, "light text on paper"
    context.close()
