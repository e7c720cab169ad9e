"""Resolve one page: run its queries and put their results into its text."""

import html
import posixpath
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml
from jinja2 import TemplateError

from dagster_project.site import csv_text, examples, fences, figures, tables
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence, Source
from dagster_project.site.links import Links
from dagster_project.site.queries import Session
from dagster_project.site.result import Result
from dagster_project.site.values import MissingValueError, Row, Rows, bare, environment

_compiled = lru_cache(maxsize=None)(environment().from_string)
# What only the generator reads of a page's front matter.
_OWN = frozenset({"title", "description", "pages", "needs"})


@dataclass(frozen=True)
class PlannedPage:
    """A page to be written: its path in the tree, its source, and its row where a template makes it."""

    path: str
    source: Source
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Resolved:
    """A page as plain Markdown, and the files that belong to it, by their path in the tree."""

    text: str
    files: Mapping[str, str] = field(default_factory=dict)


def resolve(page: PlannedPage, session: Session, links: Links, manifest: Mapping[str, Any]) -> Resolved:
    """The page as plain Markdown, with the CSV files of its charts. Raises `SiteError`."""
    results = [_run(fence, page.source, session) for fence in page.source.fences]
    shown = [result and result.without_place() for result in results]
    return _made(page, shown, links, manifest)


def _run(fence: Fence, source: Source, session: Session) -> Result | None:
    if fence.options.get("result") == "no":
        return None
    result = session.run(fence.sql, line=fence.line, name=fence.options.get("name"))
    # A query that only feeds others and single values needs no order; one that sentences go through does.
    gone_through = re.search(rf"\bin {fence.options.get('name')}\b", source.body)
    if fence.kind != "query" or gone_through:
        session.require_order(fence.sql, result, line=fence.line)
    return result


def _made(
    page: PlannedPage, results: list[Result | None], links: Links, manifest: Mapping[str, Any]
) -> Resolved:
    source = page.source
    context: dict[str, Any] = {
        "release": Row(manifest),
        "has_page": lambda path: path in links.targets,
        "to": lambda target: _relative(target, page, links),
    }
    if page.row is not None:
        context["page"] = Row(page.row)
    blocks: list[str] = []
    files: dict[str, str] = {}
    for fence, result in zip(source.fences, results, strict=True):
        options = {
            key: _text(value, context, source.page, fence.line, one_line=True)
            for key, value in fence.options.items()
        }
        if result is None:
            blocks.append(examples.shown(fence, options))
            continue
        if "name" in fence.options:
            context[fence.options["name"]] = Rows(fence.options["name"], result)
        blocks.append(_block(fence, options, result, page, links, files))
    body = _text(source.body, context, source.page, source.first_line)
    for number, block in enumerate(blocks):
        body = body.replace(fences.mark(number), f"\n{block}\n")
    if fences.has_mark(body):
        raise SiteError("a fence was left unresolved", page=source.page)
    return Resolved(_head(source, context) + body, files)


def _relative(target: object, page: PlannedPage, links: Links) -> str:
    """A page or file of the site, named by a column or in words, as a link of this page's Markdown."""
    path = str(bare(target))
    if path not in links.targets:
        raise MissingValueError(f"there is no page or file {path!r} to link to")
    return posixpath.relpath(path, posixpath.dirname(page.path) or ".")


def _head(source: Source, context: Mapping[str, Any]) -> str:
    """The front matter, for the builder, and the heading."""
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
    kept = {key: value for key, value in source.front_matter.items() if key not in _OWN}
    matter = yaml.dump({**written, **kept}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=True)
    return f"---\n{matter}---\n\n# {head['title']}\n"


def _block(
    fence: Fence,
    options: Mapping[str, str],
    result: Result,
    page: PlannedPage,
    links: Links,
    files: dict[str, str],
) -> str:
    # Errors name the source; links start from the page made of it, which lies in the same folder or not.
    if not result.rows and "without_rows" in options:
        return options["without_rows"]
    match fence.kind:
        case "query":
            return ""
        case "value":
            return tables.numbers(result, fence, page.source.page)
        case "chart":
            number = len(files) + 1
            path = f"downloads/figures/{page.path.removesuffix('.md')}-{number}.csv"
            files[path] = csv_text.write(result)
            own = Links(links.targets | {path})
            csv = (path, len(files[path].encode()))
            return figures.figure(result, fence, options, page.path, own, number=number, csv=csv)
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
        return _compiled(text).render(context) if "{" in text else text
    except (TemplateError, MissingValueError, TypeError, ValueError) as error:
        inside = getattr(error, "lineno", None) or _template_line(error)
        line = first_line if one_line or inside is None else first_line + inside - 1
        raise SiteError(f"{error}", page=page, line=line) from error


def _template_line(error: BaseException) -> int | None:
    """The line of the template that an error came from; Jinja puts it into the traceback."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return lines[-1] if lines else None
