"""Five things that readers want: each at most two clicks from the first page, and answered on the first screen."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from dagster_project.site import serve
from tests.site.chromium import needs_browser

pytestmark = needs_browser

TASKS = {
    "How did my consortium do?": (
        ["Consortia", "North"],
        "11 of the 12 North committees",
        r"Green: in place\s*\d+%",
    ),
    "What about question 13?": (["Questions", "Protocol on trafficking"], "Does your CPC", r"Rank\s*12"),
    "What changed?": (["What changed"], "compares the self-evaluations", r"Green: in place\s*47%"),
    "How sure is it?": (["How sure is the ranking?"], "looks exact", r"Largest change\s*\d+"),
    "Where do I get the data?": (["Data"], "work in a spreadsheet", "spreadsheet below"),
}


@pytest.fixture(scope="module", params=[(1280, 800), (360, 740)], ids=["wide", "narrow"])
def first_page(request: pytest.FixtureRequest, site_of_two_rounds: Path, browser: Browser) -> Iterator[Page]:
    """The first page of a site of two rounds, on a wide screen and on a phone."""
    server = serve.create_server(site_of_two_rounds.parent, 0, serve.QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/site/index.html")
    yield page
    context.close()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("task", TASKS)
def test_task_takes_two_clicks_and_no_scrolling(first_page: Page, task: str) -> None:
    clicks, *answers = TASKS[task]
    assert len(clicks) <= 2
    first_page.goto(first_page.url.rpartition("/site/")[0] + "/site/index.html")
    for words in clicks:
        link = first_page.get_by_role("link", name=re.compile(rf"^(Q\d+ )?{re.escape(words)}$"))
        link.filter(visible=True).first.click()
        first_page.wait_for_load_state()
    shown = first_page.evaluate("""() => [...document.querySelectorAll("article :is(p, td, dl.numbers > div)")]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().bottom <= innerHeight)
        .map((e) => e.textContent).join(" ")""")
    for answer in answers:
        assert re.search(answer, shown), shown


def test_rounds_lead_to_their_findings_and_to_what_changed(first_page: Page) -> None:
    rounds = first_page.get_by_role("navigation", name="Rounds")
    assert rounds.get_by_role("link").all_inner_texts()[-1] == "What changed"
    rounds.get_by_role("link", name="What changed").click()
    expect(first_page.get_by_role("heading", level=1)).to_contain_text("What changed")
