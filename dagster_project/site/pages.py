"""Turn the sources of `docs/` into a tree of plain Markdown that any builder can read.

A file `_<name>.md` is a template: its front matter's `pages` is a query with one row per page and the page's
path in `page_path`. The columns of a row are bound parameters of the page's queries (`$column`) and
`page.<column>` in its text. With a column `round_id`, the page is about that round instead of the latest. Every
other Markdown file is one page. All other files are copied.

Its `rounds` are the rounds that it shows: `latest` (by default), `compared`, `report` or `all`. A page whose front
matter `needs` tables is left out unless each of them has rows of these rounds, and a page `without` tables
unless none of them has.
"""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dagster_project.site.database import SHOWN_ROUNDS, Database
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Source, parse_page
from dagster_project.site.links import Links
from dagster_project.site.render import Page, render_page
from dagster_project.site.templates import Row

_PATH = re.compile(r"^([a-z0-9-]+/)*[a-z0-9-]+\.md$")


@dataclass(frozen=True)
class Tree:
    """What was written: titles in the navigation by page, those of a template in the order of its query.

    `left_out` are pages that need tables which the release does not have.
    """

    pages: Mapping[str, str]
    left_out: tuple[str, ...]
    charts: int
    queries: int


def write_tree(
    docs: Path,
    tree: Path,
    database: Database,
    files: Sequence[str],
    is_wanted: Callable[[str], bool] = lambda _: True,
    facts: Mapping[str, Any] = MappingProxyType({}),
    other_site: str = "",
) -> Tree:
    """Render the pages of `docs` whose source `is_wanted` into `tree`. `files` are other files that pages may link to.

    The other pages are in `other_site`, a folder relative to this site's root. `facts` are values and functions for the
    sentences of every page. Raises `SiteError` at the first page that cannot be published as written.
    """
    pages, others, left_out = _plan_pages(docs, tree, database, is_wanted)
    paths = [page.path for page in pages]
    if repeated := sorted({path for path in paths if paths.count(path) > 1}):
        raise SiteError(f"more than one source makes the page {', '.join(repeated)}")
    targets = frozenset([*paths, *others, *files])
    elsewhere, not_made = _list_others(docs, database, is_wanted)
    left_out = [name for name in [*left_out, *not_made] if name not in paths]
    facts = {
        "release": Row(database.manifest),
        "round": Row(database.describe_latest_round()),
        **facts,
    }
    nav_titles: dict[str, str] = {}
    charts = queries = 0
    for page in pages:
        with database.session(page.source.page, page.row) as session:
            links = Links(targets, page.path, frozenset(left_out), frozenset(elsewhere), other_site)
            rendered = render_page(page, session, links, facts)
            queries += session.queries
        nav_titles[page.path] = rendered.nav_title
        charts += rendered.charts
        for path, content in {page.path: rendered.text, **rendered.files}.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(content, encoding="utf-8")
    return Tree(nav_titles, tuple(left_out), charts, queries)


def _list_others(
    docs: Path, database: Database, is_wanted: Callable[[str], bool]
) -> tuple[set[str], set[str]]:
    """Return the sources of the other site: those of its pages, and those that are left out."""
    found: tuple[set[str], set[str]] = (set(), set())
    for path in docs.rglob("*.md"):
        name = path.relative_to(docs).as_posix()
        if not is_wanted(name):
            source = parse_page(path.read_text(encoding="utf-8"), name, docs)
            found[not _is_made(source, database)].add(name)
    return found


def _plan_pages(
    docs: Path, tree: Path, database: Database, is_wanted: Callable[[str], bool]
) -> tuple[list[Page], list[str], list[str]]:
    """Return the pages to render, the other files, which are copied, and the pages that are left out."""
    pages: list[Page] = []
    others: list[str] = []
    left_out: list[str] = []
    for path in sorted(docs.rglob("*")):
        name = path.relative_to(docs).as_posix()
        if not is_wanted(name):
            continue
        if path.suffix == ".md":
            source = parse_page(path.read_text(encoding="utf-8"), name, docs)
            if not _is_made(source, database):
                left_out.append(name)
            elif path.name.startswith("_"):
                pages += _plan_template(source, database)
            else:
                pages.append(Page(name, source, _list_notes(source, database)))
        elif path.is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tree / name)
            others.append(name)
    return pages, others, left_out


def _is_made(source: Source, database: Database) -> bool:
    """Return whether tables that a page `needs` have rows of its rounds, and those of `without` have none."""
    rounds = source.front_matter.get("rounds", "latest")
    with_rows = (database.has_rows(table, rounds) for table in source.front_matter.get("needs", []))
    without_rows = (not database.has_rows(table, rounds) for table in source.front_matter.get("without", []))
    return all(with_rows) and all(without_rows)


def _plan_template(source: Source, database: Database) -> list[Page]:
    query = source.front_matter.get("pages")
    if not isinstance(query, str):
        raise SiteError("a template needs the query `pages` in its front matter", page=source.page, line=1)
    with database.session(source.page) as session:
        result = session.run(query, line=1)
        session.require_order(query, result, line=1)
    if not result.rows or "page_path" not in result.columns:
        raise SiteError("`pages` has no rows or no column page_path", page=source.page, line=1, query=query)
    pages = [
        Page(str(row["page_path"]), source, _list_notes(source, database, row.get("round_id")), row)
        for row in result.to_dicts()
    ]
    if invalid := [page.path for page in pages if not _PATH.match(page.path)]:
        raise SiteError(f"invalid path of a page: {invalid[0]!r}", page=source.page, line=1, query=query)
    return pages


def _list_notes(source: Source, database: Database, round_id: str | None = None) -> list[str]:
    rounds = source.front_matter.get("rounds", "latest")
    if rounds not in SHOWN_ROUNDS:
        known = ", ".join(sorted(SHOWN_ROUNDS))
        raise SiteError(f"unknown rounds {rounds!r} (known: {known})", page=source.page, line=1)
    return database.list_illustrative_notes(rounds, round_id)
