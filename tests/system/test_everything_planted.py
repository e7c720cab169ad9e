"""A round with every finding that stops a release, and an attack or a canary in every text that a person can type.

The real job stops, all findings are decided or corrected, and the job publishes. Reference data and file names are
attacks: Chromium opens the site with the policies of its pages; pages show the texts literally, and no cell of a file
for spreadsheets begins like a formula. Three returns hold canaries in every text that their senders could type: nothing
public, printed or logged contains one.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from dagster_project.audit.findings import load_findings
from dagster_project.home.run_log import read_last_lines
from dagster_project.paths import SQL_ENGINE, VARIABLE, Home
from dagster_project.release import catalog
from dagster_project.site import serve
from tests.conftest import Workplace
from tests.site.chromium import ARGUMENTS, CHROMIUM
from tests.system.attacks import PRODUCT, Attacks, plant_texts, rename_returns
from tests.system.canaries import CANARY, FILE_CANARY, full_document, full_workbook, holding
from tests.system.stops import STOPS, Edit, correct_seeds, read_seeds
from tests.system.test_publication import failure, run_only

# A page that shows each kind of text.
SHOWN = {
    "committee_name": "coverage.html",
    "consortium_name": "coverage.html",
    "short_reference": "manual/analysts.html",
    "public_label": "index.html",
    "question_text": "questions/q04.html",
    "section_title": "questions/q04.html",
    "reason": "quality.html",
    "decided_by_role": "quality.html",
    "paraphrase": "manual/claims.html",
}
LIVE = """() => [...document.querySelectorAll("*")].flatMap((e) => [...e.attributes]
    .filter((a) => /^on/i.test(a.name) || /^\\s*(javascript|data:text|vbscript):/i.test(a.value))
    .map((a) => e.outerHTML.slice(0, 200)))"""


@dataclass(frozen=True)
class Attacked:
    """A home whose second run was published, the typed texts by column, and what both runs printed."""

    home: Home
    given: dict[str, list[str]]
    stopped: str
    part: str
    """The error of a run of the release alone after the run that stopped."""
    published: str
    open_findings: Counter[str]
    releases: tuple[str, str, str]
    """What readers had before the first run, after it, and after the second."""

    @property
    def site(self) -> Path:
        """The published site."""
        return self.home.published.resolve() / "site"


def run(home: Home, exit_code: int) -> str:
    """The command as a person types it. Returns everything that it prints."""
    command = [sys.executable, "-m", "dagster_project.cli", "--home", str(home.root), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=400, stdin=subprocess.DEVNULL)
    assert ended.returncode == exit_code, ended
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def attacked(
    sample_home: Workplace, edit: Edit, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Attacked]:
    """The sample home with everything planted: a run stops, all is decided or corrected, a run publishes."""
    root = tmp_path_factory.mktemp("attacked") / "home"
    shutil.copytree(sample_home.home.root, root, symlinks=True)
    shutil.rmtree(root / "warehouse" / "build" / "dbt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(root))
        home, attacks = Home(root), Attacks()
        workplace = Workplace(home)
        workplace.reopen()
        before = workplace.published()
        plant_returns(workplace.returns)
        plant_texts(home, attacks)
        seeds = read_seeds(workplace)
        for plant in STOPS.values():
            plant(workplace, edit)
        rename_returns(home, attacks)
        stopped = run(home, 1)
        with duckdb.connect(str(home.build_database), read_only=True) as connection:
            open_findings = [one for one in load_findings(connection) if one.status == "open"]
        part = run_only(workplace, "release/candidate", "release/site", "release/published")
        kept = workplace.published()
        assert catalog.verify_release(home, kept) == ()
        correct_seeds(seeds)
        workplace.decide_open_findings()
        published = run(home, 0)
        yield Attacked(
            home,
            attacks.given,
            stopped,
            failure(part),
            published,
            Counter(one.finding_id.split(":")[0] for one in open_findings),
            (before, kept, workplace.published()),
        )


def plant_returns(folder: Path) -> None:
    """Add three returns full of canaries, and files that are no returns."""
    angus = folder / "Angus CSE return Oct 2016.xlsx"
    full_workbook(angus, folder / f"{FILE_CANARY} one.xlsx", "Argyll and Bute", "a")
    full_workbook(angus, folder / f"{FILE_CANARY} two.xlsx", f"{CANARY} and sons", "b")
    fife = folder / "CPC return Fife.docx"
    full_document(fife, folder / f"{FILE_CANARY} three.docx", "Fife", "Renfrewshire")
    (folder / "Highland return.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (folder / "notes.pdf").write_bytes(b"%PDF-1.4")
    (folder / "~$Angus CSE return.xlsx").write_bytes(b"lock")


def test_every_stop_stops_the_release_until_it_is_decided(attacked: Attacked) -> None:
    assert attacked.open_findings.keys() >= STOPS.keys()
    assert "Nothing was published" in attacked.stopped
    # A run of downstream assets alone is refused too, and readers keep their release.
    assert "marts_data_quality failed" in attacked.part
    before, kept, after = attacked.releases
    assert kept == before != after


def test_a_broken_file_never_stops_the_others(attacked: Attacked) -> None:
    """Each is named once, and decided once: the round is published."""
    for name in ("Highland return.xlsx", "notes.pdf", f"{FILE_CANARY} two.xlsx"):
        assert name in attacked.stopped
    with duckdb.connect(str(attacked.home.build_database), read_only=True) as connection:
        outcomes = dict(
            connection.execute("select file_status, count(*) from raw.return_file group by all").fetchall()
        )
    # The sample's 25, 3 with canaries, 6 of the planted findings, and without the one that is missing.
    assert outcomes == {"read": 33, "rejected": 3, "ignored": 2}


def test_nothing_typed_is_public_printed_or_logged(attacked: Attacked) -> None:
    home = attacked.home
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        # The canaries did get in: what follows looks for something that is there.
        [(typed,)] = connection.execute(
            "select count(*) from raw.answer where contains(comment_typed, ?)", [CANARY]
        ).fetchall()
        assert typed >= 3 * 19
        # Comments on parts of a question follow in lines of their own.
        [(of_parts,)] = connection.execute(
            "select count(*) from raw.answer where regexp_matches(comment_typed, ?, 's')",
            [f"{CANARY}.*\n{CANARY}"],
        ).fetchall()
        assert of_parts >= 2 * 6
        personal = connection.execute(
            "select detail from marts.mart_data_quality where check_name = 'personal_data'"
        ).fetchall()
    assert len(personal) >= 2 * 19
    assert all("e-mail address (1)" in detail for (detail,) in personal)

    assert CANARY not in (attacked.stopped + attacked.published).lower()
    for folder in (home.published.resolve(), home.runs, home.logs, home.dagster, home.audit, home.dbt_target):
        assert holding(folder, CANARY) == []
    published, stopped, *_ = read_last_lines(home)
    assert [published["result"], stopped["result"]] == ["published", "stopped"]
    assert stopped["findings"] == attacked.open_findings
    # What a sender called the file is for analysts.
    assert holding(home.logs, FILE_CANARY) == []
    assert holding(home.published.resolve(), FILE_CANARY) == ["self_evaluation.duckdb"]


def test_typed_texts_are_shown_literally(attacked: Attacked) -> None:
    for what, path in SHOWN.items():
        page = BeautifulSoup((attacked.site / path).read_text(encoding="utf-8"), "lxml")
        shown = _plain(page.get_text())
        found = [text for text in attacked.given[what] if _plain(text) in shown]
        assert found, f"no {what} on {path}"
        # A page on one question shows one wording; the others show all of a kind.
        assert len(found) == len(attacked.given[what]) or what not in {
            "committee_name",
            "public_label",
            "short_reference",
        }
    whole = "".join(page.read_text(encoding="utf-8") for page in attacked.site.rglob("*.html"))
    assert PRODUCT not in whole and f"{int(PRODUCT):,}" not in whole
    # File names are for analysts only.
    assert not [name for name in attacked.given["file"] if name in whole]


def test_no_cell_of_a_download_is_a_formula(attacked: Attacked) -> None:
    files = sorted((attacked.site / "downloads").rglob("*.csv"))
    assert len(files) > 40
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                for cell in row:
                    assert not re.match(r"[=+@\t\r]|-(?![\d.]+(e-?\d+)?$)", cell), (path, cell)
    book = openpyxl.load_workbook(attacked.site / "downloads" / "self_evaluation.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert not [c.hyperlink.target for c in cells if c.hyperlink and "attack" in (c.hyperlink.target or "")]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """A browser context."""
    if CHROMIUM is None and not os.environ.get("REQUIRE_BROWSER"):
        pytest.skip("needs chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_context(reduced_motion="reduce")
        browser.close()


def test_nothing_typed_runs_loads_or_becomes_markup(attacked: Attacked, context: BrowserContext) -> None:
    server = serve.create_server(attacked.site, 0, serve.QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    page = context.new_page()
    messages: list[str] = []

    def dialog(opened: object) -> None:
        messages.append(f"{page.url}: dialog {opened}")
        opened.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", dialog)
    page.on("console", lambda message: messages.append(f"{page.url}: {message.type}: {message.text}"))
    page.on("pageerror", lambda error: messages.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda r: messages.append(f"asks {r.url}") if not r.url.startswith((address, "blob:")) else None,
    )
    paths = sorted(p.relative_to(attacked.site).as_posix() for p in attacked.site.rglob("*.html"))
    assert len(paths) > 50
    for path in paths:
        page.goto(address + path)
        assert page.evaluate(LIVE) == [], path
        assert page.locator("iframe, object, embed, form[action], base").count() == 0, path
    _search(page, address, next(one for one in attacked.given["public_label"] if "<" in one))
    _table(page, address)
    if (SQL_ENGINE / "built.json").is_file():
        _sql(page, address)
    server.shutdown()
    server.server_close()
    assert messages == [], "\n".join(messages)


def _search(page: Page, address: str, typed: str) -> None:
    """A script builds the results from typed texts, each of which ends in a unique number."""
    page.goto(address)
    page.get_by_role("textbox", name="Search").press_sequentially(typed.split()[-1])
    page.locator(".md-search-result__item").first.wait_for(timeout=20_000)
    assert _plain(typed) in _plain(page.locator(".md-search-result__list").inner_text())
    assert page.evaluate(LIVE) == []


def _table(page: Page, address: str) -> None:
    """Filters and buttons of a table use typed texts as well."""
    page.goto(address + "rankings.html")
    tools = page.locator(".table-tools").first
    tools.get_by_label("Show rows with").fill("alert")
    assert page.locator("table.data").first.locator("tbody tr:visible").count() > 1
    with page.expect_download() as download:
        tools.get_by_role("button", name="Download CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "alert" in content
    assert not re.search(r"(^|,)\"?[=+@]", content, re.MULTILINE)
    assert page.evaluate(LIVE) == []


def _sql(page: Page, address: str) -> None:
    """SQL in the browser shows typed texts as well."""
    page.goto(address + "sql.html")
    page.get_by_role("button", name=re.compile("Load SQL")).click()
    expect(page.locator("#sql-work")).to_be_visible(timeout=60_000)
    page.get_by_label("Query", exact=True).fill(
        "select distinct committee_name from mart_return_status order by all"
    )
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#sql-result")).to_contain_text("<script>alert(", timeout=60_000)
    assert page.evaluate(LIVE) == []


def _plain(text: str) -> str:
    """Return text as a page shows it: white space and direction signs become one space."""
    return re.sub(r"[\s\u202a-\u202e\u2066-\u2069]+", " ", text).strip()
