"""From pages with queries in them to a tree of plain Markdown and HTML, ready for any builder.

A file `_<name>.md` is a template: its front matter's `pages` is a query with one row per page and the
page's path in `page_path`; the row's columns are bound parameters of the page's queries (`$column`) and
are `page.<column>` in its text. Every other Markdown file is one page. Anything else is copied.

A page whose front matter `needs` tables is made only where the release has rows in all of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dagster_project.site import examples, fences
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Source
from dagster_project.site.lend import lend
from dagster_project.site.links import Links
from dagster_project.site.queries import Database
from dagster_project.site.resolve import PlannedPage, resolve

_PATH = re.compile(r"^([a-z0-9-]+/)*[a-z0-9-]+\.md$")


@dataclass(frozen=True)
class Tree:
    """What was written: pages in order of path and, of templates, in the order of their query.

    `left_out` are pages that need tables which the release does not have.
    """

    pages: tuple[str, ...]
    left_out: tuple[str, ...]
    charts: int
    queries: int


def write_tree(docs: Path, tree: Path, database: Database, files: Sequence[str]) -> Tree:
    """Resolve every page of `docs` into `tree`. `files` are further files there that pages may link to.

    Raises `SiteError` at the first page that cannot be published as written.
    """
    planned, others, left_out = _plan(docs, tree, database)
    paths = [page.path for page in planned]
    if twice := sorted({path for path in paths if paths.count(path) > 1}):
        raise SiteError(f"made by more than one source: {', '.join(twice)}")
    links = Links(frozenset([*paths, *others, *files]))
    charts = queries = 0
    for page in planned:
        with database.session(page.source.page, page.row) as session:
            made = resolve(page, session, links, database.manifest)
            queries += session.queries
        charts += sum(fence.kind == "chart" for fence in page.source.fences)
        for path, text in {page.path: made.text, **made.files}.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text, encoding="utf-8")
    return Tree(tuple(paths), tuple(left_out), charts, queries)


def _plan(docs: Path, tree: Path, database: Database) -> tuple[list[PlannedPage], list[str], list[str]]:
    """The pages to be made, the other files (which are copied), and the pages that are left out."""
    planned: list[PlannedPage] = []
    others: list[str] = []
    left_out: list[str] = []
    for path in sorted(docs.rglob("*")):
        name = path.relative_to(docs).as_posix()
        if path.suffix == ".md":
            source = examples.fill(fences.read_page(path.read_text(encoding="utf-8"), name), docs)
            if not all(database.has_rows(table) for table in source.front_matter.get("needs", [])):
                left_out.append(name)
            elif path.name.startswith("_"):
                planned += _from_template(source, database)
            else:
                planned.append(PlannedPage(name, source))
        elif path.is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            lend(path, tree / name)
            others.append(name)
    return planned, others, left_out


def _from_template(source: Source, database: Database) -> list[PlannedPage]:
    query = source.front_matter.get("pages")
    if not isinstance(query, str):
        raise SiteError("a template needs the query `pages` in its front matter", page=source.page, line=1)
    with database.session(source.page) as session:
        result = session.run(query, line=1)
        session.require_order(query, result, line=1)
    if not result.rows or "page_path" not in result.columns:
        raise SiteError("`pages` gives no row or no page_path", page=source.page, line=1, query=query)
    pages = [PlannedPage(str(row["page_path"]), source, row) for row in result.dicts()]
    if wrong := [page.path for page in pages if not _PATH.match(page.path)]:
        raise SiteError(f"no path for a page: {wrong[0]!r}", page=source.page, line=1, query=query)
    return pages
