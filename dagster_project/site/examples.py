"""Example queries that stand in files of their own, so that they can be run elsewhere as well.

A file's first line is a comment with the example's title; the rest is one query.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence, Source

_COMMENT = "-- "


def fill(source: Source, docs: Path) -> Source:
    """`source` with the query and the title of each example that names a `file` (a path in `docs`)."""
    fences = tuple(
        _filled(fence, docs, source.page) if "file" in fence.options else fence for fence in source.fences
    )
    return replace(source, fences=fences)


def shown(fence: Fence, options: Mapping[str, str]) -> str:
    """The query to be read, under its title where it has one."""
    heading = f"### {options['title']}\n\n" if "title" in options else ""
    return f'{heading}``` {{ .sql data-search-exclude="" }}\n{fence.sql}\n```'


def read(path: Path) -> tuple[str, str]:
    """Title and query of an example's file. Raises `ValueError` where one is missing."""
    first, _, query = path.read_text(encoding="utf-8").partition("\n")
    title = first.removeprefix(_COMMENT).strip()
    if not first.startswith(_COMMENT) or not title or not query.strip():
        raise ValueError("needs a comment with a title, then a query")
    return title, query.strip()


def _filled(fence: Fence, docs: Path, page: str) -> Fence:
    path = docs / fence.options["file"]
    if not path.is_file():
        raise SiteError(f"there is no {fence.options['file']}", page=page, line=fence.line)
    try:
        title, query = read(path)
    except ValueError as error:
        raise SiteError(f"{fence.options['file']} {error}", page=page, line=fence.line) from error
    options = {"title": title, "caption": title, **fence.options}
    return replace(fence, options=options, sql=query)
