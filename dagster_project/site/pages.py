"""From pages with queries in them to a tree of plain Markdown and HTML, ready for any builder.

A file `_<name>.md` is a template: its front matter's `pages` is a query with one row per page and the
page's path in `page_path`; the row's columns are bound parameters of the page's queries (`$column`) and
are `page.<column>` in its text. Every other Markdown file is one page. Anything else is copied.
"""

import html
import re
import shutil
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import TemplateError

from dagster_project.site import examples, fences, figures, tables
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence, Source
from dagster_project.site.links import Links
from dagster_project.site.queries import Database, Result, Session
from dagster_project.site.values import MissingValueError, Row, Rows, environment

_PATH = re.compile(r"^([a-z0-9-]+/)*[a-z0-9-]+\.md$")
_JINJA = environment()


@dataclass(frozen=True)
class PlannedPage:
    """A page to be written: its path in the tree, its source, and its row where a template makes it."""

    path: str
    source: Source
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Tree:
    """What was written: pages in order of path and, of templates, in the order of their query."""

    pages: tuple[str, ...]
    charts: int
    queries: int


def write_tree(docs: Path, tree: Path, database: Database, files: Sequence[str]) -> Tree:
    """Resolve every page of `docs` into `tree`. `files` are further files there that pages may link to.

    Raises `SiteError` at the first page that cannot be published as written.
    """
    planned: list[PlannedPage] = []
    others: list[str] = []
    for path in sorted(docs.rglob("*")):
        name = path.relative_to(docs).as_posix()
        if path.suffix == ".md":
            source = examples.fill(fences.read_page(path.read_text(encoding="utf-8"), name), docs)
            planned += (
                _from_template(source, database) if path.name.startswith("_") else [PlannedPage(name, source)]
            )
        elif path.is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, tree / name)
            others.append(name)
    paths = [page.path for page in planned]
    if twice := sorted({path for path in paths if paths.count(path) > 1}):
        raise SiteError(f"made by more than one source: {', '.join(twice)}")
    links = Links(frozenset([*paths, *others, *files]))
    charts = queries = 0
    for page in planned:
        with database.session(page.source.page, page.row) as session:
            text = _resolve(page, session, links, database.manifest)
            queries += session.queries
        charts += sum(fence.kind == "chart" for fence in page.source.fences)
        target = tree / page.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return Tree(tuple(paths), charts, queries)


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


def _resolve(page: PlannedPage, session: Session, links: Links, manifest: Mapping[str, Any]) -> str:
    source = page.source
    context: dict[str, Any] = {"release": Row(manifest)}
    if page.row is not None:
        context["page"] = Row(page.row)
    blocks = []
    for fence in source.fences:
        options = {
            key: _text(value, context, source.page, fence.line, one_line=True)
            for key, value in fence.options.items()
        }
        if options.get("result") == "no":
            blocks.append(examples.shown(fence, options))
            continue
        result = session.run(fence.sql, line=fence.line, name=fence.options.get("name"))
        if fence.kind != "query":
            session.require_order(fence.sql, result, line=fence.line)
        if "name" in fence.options:
            context[fence.options["name"]] = Rows(fence.options["name"], result)
        blocks.append(_block(fence, options, result, page, links))
    body = _text(source.body, context, source.page, source.first_line)
    for number, block in enumerate(blocks):
        body = body.replace(fences.mark(number), f"\n{block}\n")
    if fences.has_mark(body):
        raise SiteError("a fence was left unresolved", page=source.page)
    head = {}
    for key in ("title", "description"):
        if not isinstance(source.front_matter.get(key), str):
            raise SiteError(f"the front matter needs a {key}", page=source.page, line=1)
        head[key] = _text(source.front_matter[key], context, source.page, 1, one_line=True)
    # The theme prints these as they are, in text and between double quotes; character references would also
    # end up in the search index and, escaped once more, in the names of links.
    written = {
        key: html.escape(html.unescape(value), quote=False).replace('"', "&quot;")
        for key, value in head.items()
    }
    kept = {key: value for key, value in source.front_matter.items() if key not in {*head, "pages"}}
    matter = yaml.safe_dump({**written, **kept}, allow_unicode=True, sort_keys=True)
    return f"---\n{matter}---\n\n# {head['title']}\n{body}"


def _block(fence: Fence, options: Mapping[str, str], result: Result, page: PlannedPage, links: Links) -> str:
    # Errors name the source; links start from the page made of it, which lies in the same folder or not.
    match fence.kind:
        case "query":
            return ""
        case "value":
            return tables.numbers(result, fence, page.source.page)
        case "chart":
            return figures.figure(result, fence, options, page.path, links)
        case "example":
            found = (
                tables.table(result, fence, options, page.path, links)
                if result.rows
                else "No row of this release answers to it."
            )
            return f"{examples.shown(fence, options)}\n\n{found}"
        case _:
            return tables.table(result, fence, options, page.path, links)


def _text(
    text: str, context: Mapping[str, Any], page: str, first_line: int, *, one_line: bool = False
) -> str:
    """Fill a text's values in. Errors name the line, counted from the text's own first line."""
    try:
        return _JINJA.from_string(text).render(context)
    except (TemplateError, MissingValueError, TypeError, ValueError) as error:
        inside = getattr(error, "lineno", None) or _template_line(error)
        line = first_line if one_line or inside is None else first_line + inside - 1
        raise SiteError(f"{error}", page=page, line=line) from error


def _template_line(error: BaseException) -> int | None:
    """The line of the template that an error came from; Jinja puts it into the traceback."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return lines[-1] if lines else None
