"""The finished site in Chromium: without JavaScript, by keyboard, in print, and within its budget of bytes."""

import base64
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
            assert chart.locator(".plot li").first.is_visible(), path
            if chart.locator("details:not([open])").count():
                chart.locator("summary").click()
            assert chart.locator("table tbody tr").first.is_visible(), path
            charts += 1
    assert charts == site.report.charts
    page.goto(address)
    assert page.locator(".md-tabs a", has_text="Findings").is_visible()
    # Neither works without it.
    assert not page.locator(".search-button, .menu-button").filter(visible=True).count()
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


WITH_CHARTS = ["index.html", "questions/q13.html", "consortia/east.html", "consortia/index.html", "robustness.html",
               "coverage.html"]  # fmt: skip


@pytest.mark.parametrize("width", [320, 360, 768, 1400])
def test_charts_are_drawn_for_the_width_of_the_screen(address: str, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in WITH_CHARTS:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        found = page.evaluate("""() => [...document.querySelectorAll(".plot")].map((plot) => {
            const {left, right} = plot.getBoundingClientRect();
            const seen = [...plot.querySelectorAll("li, li a, .panel, .panel *")].map((e) => e.getBoundingClientRect());
            const rows = [...plot.querySelectorAll("li")];
            const box = (row, part) => row.querySelector(part).getBoundingClientRect();
            const texts = [...plot.querySelectorAll("*")].filter((e) => e.textContent.trim() && !e.children.length);
            return {
                cut: seen.filter((e) => e.left < left - 12 || e.right > right + 12).length,
                above: rows.every((row) => box(row, ".label").bottom <= box(row, ".marks").top + 1),
                before: rows.every((row) => box(row, ".label").right <= box(row, ".marks").left + 1),
                sizes: [...new Set(texts.map((e) => parseFloat(getComputedStyle(e).fontSize)))],
                fonts: new Set(texts.map((e) => getComputedStyle(e).fontFamily)).size,
                space: Math.min(...rows.map((row) => box(row, ".marks").width)),
            };
        })""")
        assert found, path
        for chart in found:
            assert chart["cut"] == 0 and chart["fonts"] == 1, path
            assert len(chart["sizes"]) <= 2 and min(chart["sizes"]) >= 12, path
            assert chart["above"] if width <= 360 else chart["before"], path
            assert chart["space"] >= 200, path
    context.close()


def test_no_text_of_a_bar_is_cut_off(address: str, browser: Browser) -> None:
    """A text that does not fit is left out as a whole; the letter is left out first."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(address)
    shown = page.locator(".plot .panel b i").evaluate_all("""(texts) => texts.map((e) => {
        const bar = e.parentElement.getBoundingClientRect(), box = e.getBoundingClientRect();
        const isSeen = box.top < bar.bottom - 1;
        return [e.textContent, isSeen, !isSeen || (box.left >= bar.left - 1 && box.right <= bar.right + 1)];
    })""")
    assert all(is_whole for _, _, is_whole in shown)
    counts = [is_seen for words, is_seen, _ in shown if words.isdigit()]
    letters = [is_seen for words, is_seen, _ in shown if words.isalpha()]
    assert sum(counts) > sum(letters) > 0.8 * len(letters)
    context.close()


def test_values_of_a_row_are_shown_to_pointer_keyboard_and_touch(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, has_touch=True)
    page = context.new_page()
    page.goto(address + "questions/q13.html")
    rows = page.locator(".plot li")
    values = rows.locator(".values")

    def shown() -> list[str]:
        return [
            text.inner_text() for text in values.all() if (text.bounding_box() or {"width": 0})["width"] > 9
        ]

    assert shown() == []
    rows.nth(1).locator(".marks").hover()
    assert shown() == [values.nth(1).inner_text()]
    page.mouse.move(0, 0)
    rows.nth(2).locator("a").focus()
    assert shown() == [values.nth(2).inner_text()]
    rows.nth(0).focus()
    assert shown() == ["9 red, 4 amber, 12 green"]
    page.set_viewport_size({"width": 360, "height": 800})
    rows.nth(1).locator(".marks").tap()
    assert values.nth(1).inner_text() in shown()
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


def test_filters_apply_to_the_chart_and_the_table(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "rankings.html")
    figure = page.locator("figure.chart").first
    rows, charted = figure.locator("tbody tr:visible"), figure.locator(".plot li:visible")
    assert rows.count() == charted.count() == 19
    figure.get_by_role("combobox", name="Confidence").select_option("Low")
    assert rows.count() == charted.count() == 4
    assert figure.locator(".group:visible").all_inner_texts() == ["Low confidence"]
    figure.get_by_label("Show rows with").fill("statistics")
    assert charted.count() == 1 and "Q12" in charted.inner_text()
    page.goto(address + "consortia/index.html")
    figure.get_by_label("Show rows with").fill("strategy")
    assert charted.locator(".label").all_inner_texts() == ["Q1 Training strategy"]
    context.close()


def test_a_consortium_stays_highlighted_from_page_to_page(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()

    def strong() -> list[str]:
        return page.locator(".plot li.picked .label, .plot .heads .picked").all_inner_texts()

    page.goto(address + "questions/q13.html")
    assert strong() == []
    choice = page.locator("figure").get_by_label("Highlight")
    choice.focus()
    page.keyboard.press("n")  # North
    assert strong() == ["North"]
    opacity = "rows => rows.map((e) => getComputedStyle(e).opacity)"
    assert page.locator(".plot li:not(.picked)").evaluate_all(opacity) == [
        "1",
        "0.35",
        "0.35",
    ]  # Scotland stays
    for path, names in (
        ("coverage.html", ["North"]),
        ("consortia/index.html", ["North"]),
        ("index.html", []),
    ):
        page.goto(address + path)
        assert strong() == names, path
    page.goto(address + "questions/q04.html")
    choice.select_option("None")
    assert strong() == []
    context.close()


def test_a_figure_is_saved_as_png(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "coverage.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="This figure as PNG").press("Enter")
    assert download.value.suggested_filename.endswith("coverage-1.png")
    content = Path(download.value.path()).read_bytes()
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    assert content.startswith(b"\x89PNG") and (width, height > 300) == (1760, True)
    page.set_content(f"<img src='data:image/png;base64,{base64.b64encode(content).decode()}'>")
    colour = page.evaluate("""async () => {
        const image = document.querySelector("img"), canvas = document.createElement("canvas");
        await image.decode();
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext("2d");
        context.drawImage(image, 0, 0);
        const seen = new Set(), {data} = context.getImageData(0, 0, image.width, image.height);
        for (let at = 0; at < data.length; at += 4) seen.add(data.slice(at, at + 3).join());
        return seen.has("18,67,109");
    }""")
    assert colour, "the bars of returned are not in the picture"
    context.close()


def test_a_permalink_shows_its_figure(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 700})
    page = context.new_page()
    page.goto(address + "consortia/east.html")
    link = page.get_by_role("link", name="Link to this figure").nth(1)
    page.goto(address + "consortia/east.html" + str(link.get_attribute("href")))
    box = page.locator("figure.chart").nth(1).bounding_box()
    assert box and 0 <= box["y"] < 300
    context.close()


def test_scripts_are_small(site: BuiltSite) -> None:
    sizes = {path.name: path.stat().st_size for path in (site.folder / "assets").glob("*.js")}
    assert {"figures.js", "menu.js", "tables.js"} <= set(sizes)
    assert sum(sizes.values()) <= 15_000, sizes


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_keep_their_fills_in_forced_colours(address: str, browser: Browser, scheme: Any) -> None:
    context = browser.new_context(forced_colors="active", color_scheme=scheme)
    page = context.new_page()
    style = "([part, name]) => getComputedStyle(document.querySelector(part))[name]"
    page.goto(address + "questions/q13.html")
    fills = [
        page.evaluate(style, [f".plot .segment-{s.column}", "backgroundColor"]) for s in colours.RATINGS[:3]
    ]
    expected = [tuple(int(s.fill[at : at + 2], 16) for at in (1, 3, 5)) for s in colours.RATINGS[:3]]
    assert [tuple(map(int, re.findall(r"\d+", fill))) for fill in fills] == expected
    page.goto(address + "robustness.html")
    canvas = page.evaluate(style, ["body", "backgroundColor"])
    assert page.evaluate(style, [".plot .dot.rank", "backgroundColor"]) not in {canvas, "rgba(0, 0, 0, 0)"}
    context.close()


WITH_WIDE_TABLES = ["rankings.html", "robustness.html", "claims.html", "data.html", "quality.html",
                    "consortia/east.html", "questions/q13.html", "manual/checks.html"]  # fmt: skip


def test_no_column_of_a_table_is_cut(address: str, browser: Browser) -> None:
    """Neither on a wide screen nor on paper; a table of 12 columns or more is on paper that lies across."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    cut, checked = [], 0
    for path in WITH_WIDE_TABLES:
        page.goto(address + path)
        for media, width in (("screen", 1400), ("print", 718)):
            page.emulate_media(media=media)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": 900})
            found = page.locator(
                ".scroll"
            ).evaluate_all("""(boxes) => boxes
                .filter((box) => box.querySelectorAll("thead th").length < 12 || innerWidth > 1000)
                .map((box) => [box.getAttribute("aria-label"), box.firstElementChild.offsetWidth - box.clientWidth])""")
            cut += [(path, media, name) for name, excess in found if excess > 0]
            checked += len(found)
    assert cut == [] and checked > 40
    context.close()


def test_shades_show_where_a_table_scrolls_further(address: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(address + "questions/q13.html")
    box = page.locator(".scroll").first

    def edges() -> tuple[bytes, bytes]:
        """Return pictures of the left and right edge of the box, below the caption and above the headings."""
        box.scroll_into_view_if_needed()
        head = box.locator("thead").bounding_box()
        around = box.bounding_box()
        assert head and around
        edges = around["x"] + 1, around["x"] + around["width"] - 4
        left, right = (
            page.screenshot(clip={"x": x, "y": head["y"] + 3, "width": 3, "height": 4}) for x in edges
        )
        return left, right

    at_start = edges()
    box.evaluate("box => box.scrollLeft = 30")
    between = edges()
    box.evaluate("box => box.scrollLeft = box.scrollWidth")
    at_end = edges()
    page.add_style_tag(content=".scroll::before, .scroll::after { content: none !important }")
    plain = edges()
    assert [at_start[0], at_end[1]] == list(plain)
    assert at_start[1] != plain[1] and at_end[0] != plain[0]
    assert between[0] != plain[0] and between[1] != plain[1]
    context.close()


def test_numbers_of_tables_align(address: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + "rankings.html")
    looks = page.locator("table.data .number").evaluate_all("""(cells) => [...new Set(cells.map((e) =>
        `${getComputedStyle(e).textAlign} ${getComputedStyle(e).fontVariantNumeric}`))]""")
    assert looks == ["right tabular-nums"]
    context.close()
