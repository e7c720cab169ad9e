"""Render one page as plain Markdown: run its queries and put their results into its text."""

import html
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml
from jinja2 import TemplateError

from dagster_project.site import fences, figures, tables
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence, Source
from dagster_project.site.links import Links
from dagster_project.site.queries import Result, Session
from dagster_project.site.templates import MissingValueError, Row, Rows, create_environment, unwrap_cell

# Pages of one template share their texts: each is compiled once.
_compile = lru_cache(maxsize=None)(create_environment().from_string)
# Keys of the front matter that only the build reads.
_BUILD_KEYS = frozenset(
    {"title", "description", "keywords", "nav_title", "needs", "pages", "rounds", "without"}
)


@dataclass(frozen=True)
class Page:
    """A page to render.

    `path` is its path in the tree, `row` the row of its template's query, `notes` what the theme says of its data.
    """

    path: str
    source: Source
    notes: Sequence[str] = ()
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class RenderedPage:
    """A page as plain Markdown, its title in the navigation, and the files of its figures by their path in the tree."""

    text: str
    nav_title: str
    files: Mapping[str, str]
    charts: int


def render_page(page: Page, session: Session, links: Links, facts: Mapping[str, Any]) -> RenderedPage:
    """Return the page as plain Markdown with the files of its figures. Raises `SiteError`.

    `facts` are rows and functions that the sentences of every page can use.
    """
    source = page.source
    context: dict[str, Any] = {
        **facts,
        "has_page": lambda path: path in links.targets,
        "to": lambda target: _render_relative_link(target, links),
    }
    if page.row is not None:
        context["page"] = Row(page.row)
    blocks: list[str] = []
    files: dict[str, str] = {}
    for fence in source.fences:
        # Queries run before options are filled in: an option may print an earlier result, never its own.
        result = _run_query(fence, source, session)
        options = {
            key: _fill_in(value, context, source.page, fence.line, one_line=True)
            for key, value in fence.options.items()
        }
        if result is not None and "name" in fence.options:
            context[fence.options["name"]] = Rows(fence.options["name"], result)
        blocks.append(_render_block(fence, options, result, links, files, page.notes))
    body = _fill_in(source.body, context, source.page, source.first_line)
    for number, block in enumerate(blocks):
        body = body.replace(fences.format_placeholder(number), f"\n{block}\n")
    if fences.has_placeholder(body):
        raise SiteError("a fence was left unresolved", page=source.page)
    body = links.resolve_links(body)
    title = _fill_in_head(source, "title", context)
    head = {
        **{key: value for key, value in source.front_matter.items() if key not in _BUILD_KEYS},
        "title": _escape_for_theme(title),
        "description": _escape_for_theme(_fill_in_head(source, "description", context)),
        "illustrative_notes": list(page.notes),
        # The search looks for tags first.
        "tags": _list_keywords(source, context),
    }
    if page.row is not None and "round_id" in page.row:
        head["round_id"] = page.row["round_id"]
    nav_title = (
        title if "nav_title" not in source.front_matter else _fill_in_head(source, "nav_title", context)
    )
    front_matter = yaml.safe_dump(head, allow_unicode=True, sort_keys=True)
    text = f"---\n{front_matter}---\n\n# {title}\n{body}"
    return RenderedPage(text, _escape_for_theme(nav_title), files, _count_figures(files))


def _run_query(fence: Fence, source: Source, session: Session) -> Result | None:
    if fence.options.get("result") == "no":
        return None
    name = fence.options.get("name")
    # Most results are for sentences only; a table for each would double the time of their queries.
    is_selected_from = any(
        re.search(rf"\b{name}\b", other.sql) for other in source.fences if other is not fence
    )
    result = session.run(fence.sql, line=fence.line, name=name, is_kept=is_selected_from)
    # A query that only feeds other queries or single values needs no order. A query that a sentence loops over does.
    is_looped_over = re.search(rf"\bin {name}\b", source.body)
    if fence.kind != "query" or is_looped_over:
        session.require_order(fence.sql, result, line=fence.line)
    return result.drop_order_column()


def _render_relative_link(target: object, links: Links) -> str:
    path = str(unwrap_cell(target))
    if path not in links.targets:
        raise MissingValueError(f"there is no page or file {path!r} to link to")
    return links.find_relative_path(path)


def _fill_in_head(source: Source, key: str, context: Mapping[str, Any]) -> str:
    value = source.front_matter.get(key)
    if not isinstance(value, str):
        raise SiteError(f"the front matter needs a {key}", page=source.page, line=1)
    return _fill_in(value, context, source.page, 1, one_line=True)


def _list_keywords(source: Source, context: Mapping[str, Any]) -> list[str]:
    """Return what readers type to find the page, and its title does not say."""
    if "keywords" not in source.front_matter:
        return []
    words = html.unescape(_fill_in_head(source, "keywords", context))
    # The search prints keywords unescaped in its results.
    return [html.escape(word.strip()) for word in words.split(",") if word.strip()]


def _escape_for_theme(text: str) -> str:
    """Escape an inert text again, as little as the theme needs.

    The theme prints titles unescaped, in text and between double quotes. Character references would also appear
    in the search index and, escaped once more, in the names of links.
    """
    return html.escape(html.unescape(text), quote=False).replace('"', "&quot;")


def _render_block(
    fence: Fence,
    options: Mapping[str, str],
    result: Result | None,
    links: Links,
    files: dict[str, str],
    notes: Sequence[str],
) -> str:
    if fence.kind == "example":
        return _render_example(fence, options, result, links)
    assert result is not None
    if not result.rows and "without_rows" in options:
        return options["without_rows"]
    match fence.kind:
        case "query":
            return ""
        case "value":
            return tables.render_numbers(result, fence)
        case "chart":
            number = _count_figures(files) + 1
            figure, figure_files = figures.render_figure(
                result, fence, options, links, number=number, notes=notes
            )
            files.update(figure_files)
            return figure
        case _:
            return tables.render_table(result, fence, options, links)


def _count_figures(files: Mapping[str, str]) -> int:
    return sum(path.endswith(".csv") for path in files)


def _render_example(fence: Fence, options: Mapping[str, str], result: Result | None, links: Links) -> str:
    """Return the query as code under its title, and its result unless the option `result` is "no"."""
    heading = f"### {options['title']}\n\n" if "title" in options else ""
    code = f'{heading}``` {{ .sql data-search-exclude="" }}\n{fence.sql}\n```'
    if result is None:
        return code
    if not result.rows:
        return f"{code}\n\nThis release has no such row."
    # Any query can have nulls in some round.
    return f"{code}\n\n{tables.render_table(result, fence, {'empty': 'none', **options}, links)}"


def _fill_in(
    text: str, context: Mapping[str, Any], page: str, first_line: int, *, one_line: bool = False
) -> str:
    """Return a text with its values. Errors name the line, counted from the text's first line."""
    try:
        return _compile(text).render(context) if "{" in text else text
    except (TemplateError, MissingValueError, TypeError, ValueError) as error:
        inside = getattr(error, "lineno", None) or _find_template_line(error)
        line = first_line if one_line or inside is None else first_line + inside - 1
        raise SiteError(f"{error}", page=page, line=line) from error


def _find_template_line(error: BaseException) -> int | None:
    """Return the line of the template that raised the error; Jinja adds it to the traceback."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == "<template>"]
    return lines[-1] if lines else None
