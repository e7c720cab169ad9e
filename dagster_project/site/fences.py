"""Parse a page's source: front matter, text, and its SQL fences. Nothing is run here.

A fence that opens with ```` ```sql <kind> key="value" ... ```` is live: the build replaces it by its result.
Any other fence, a bare ```` ```sql ```` included, is code for readers and stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.site.errors import SiteError

KINDS = frozenset({"chart", "example", "query", "table", "value"})

_OPENING = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_LIVE = re.compile(r"^sql\s+(?P<kind>\S+)(?P<options>.*)$")
_OPTION = re.compile(r'\s+([a-z_]+)="([^"]*)"')
# Escaped data cannot contain a private-use character, so text is never mistaken for a placeholder.
_DELIMITER = "\ue000"


@dataclass(frozen=True)
class Fence:
    """One live fence: its kind, its options as written, its SQL, and the page and line on which it opens."""

    kind: str
    options: Mapping[str, str]
    sql: str
    page: str
    line: int

    def create_error(self, message: str, *, show_query: bool = False) -> SiteError:
        """Return an error that names this fence, and its query if the query is the cause."""
        return SiteError(message, page=self.page, line=self.line, query=self.sql if show_query else None)


@dataclass(frozen=True)
class Source:
    """A page as written. `body` has a placeholder for each fence and keeps the line numbers."""

    page: str
    front_matter: Mapping[str, Any]
    body: str
    first_line: int
    fences: tuple[Fence, ...]


def format_placeholder(number: int) -> str:
    """Return the text that replaces the fence of this number in the body."""
    return f"{_DELIMITER}{number}{_DELIMITER}"


def has_placeholder(text: str) -> bool:
    """Return whether a fence is unresolved in `text`."""
    return _DELIMITER in text


# Each of the two sites parses the pages of both.
@lru_cache(maxsize=256)
def parse_page(text: str, page: str, docs: Path | None = None) -> Source:
    """Parse a page's text. A fence with the option `file` takes its query from that file in `docs`.

    Raises `SiteError` on invalid front matter, an invalid fence, or an example without title or query.
    """
    if _DELIMITER in text:
        raise SiteError("the page contains U+E000, which the build reserves for itself", page=page)
    front_matter, body, first_line = _split_front_matter(text, page)
    lines: list[str] = []
    fences: list[Fence] = []
    opening: re.Match[str] | None = None
    opened_at = 0
    content: list[str] = []
    for number, line in enumerate(body.split("\n"), start=first_line):
        if opening is None:
            opening = _OPENING.match(line)
            opened_at, content = number, []
            if opening is None or not _LIVE.match(opening["info"]):
                lines.append(line)
        elif line.strip().startswith(opening["ticks"]) and not line.strip().strip(opening["ticks"][0]):
            if _LIVE.match(opening["info"]):
                fences.append(_parse_fence(opening, "\n".join(content), page, opened_at, docs))
                # As many lines as the fence had, so that a later error names the right line.
                lines += [format_placeholder(len(fences) - 1), *[""] * (number - opened_at)]
            else:
                lines.append(line)
            opening = None
        elif _LIVE.match(opening["info"]):
            content.append(line)
        else:
            lines.append(line)
    if opening is not None:
        raise SiteError("the fence that opens here is never closed", page=page, line=opened_at)
    return Source(page, front_matter, "\n".join(lines), first_line, tuple(fences))


def read_example(path: Path) -> tuple[str, str]:
    """Return title and query of an example file: a comment with the title, then one query.

    Raises `ValueError` if one of them is missing.
    """
    first, _, query = path.read_text(encoding="utf-8").partition("\n")
    title = first.removeprefix("-- ").strip()
    if not first.startswith("-- ") or not title or not query.strip():
        raise ValueError("needs a comment with a title, then a query")
    return title, query.strip()


def _split_front_matter(text: str, page: str) -> tuple[dict[str, Any], str, int]:
    if not text.startswith("---\n"):
        return {}, text, 1
    head, closed, body = text[4:].partition("\n---\n")
    if not closed:
        raise SiteError("the front matter is never closed", page=page, line=1)
    try:
        loaded = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise SiteError(f"the front matter is not YAML: {error}", page=page, line=1) from error
    if not isinstance(loaded, dict):
        raise SiteError("the front matter must be a mapping", page=page, line=1)
    return loaded, body, head.count("\n") + 4


def _parse_fence(opening: re.Match[str], sql: str, page: str, line: int, docs: Path | None) -> Fence:
    live = _LIVE.match(opening["info"])
    assert live is not None
    kind, written = live["kind"], live["options"]
    if opening["indent"]:
        raise SiteError("a live fence must start at the beginning of a line", page=page, line=line)
    if kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise SiteError(f"unknown kind of fence {kind!r} (known: {known})", page=page, line=line)
    if _OPTION.sub("", written).strip():
        raise SiteError(f'options are written key="value", found: {written.strip()}', page=page, line=line)
    pairs = _OPTION.findall(written)
    options = dict(pairs)
    if len(options) != len(pairs):
        raise SiteError("an option is given twice", page=page, line=line)
    if "file" in options:
        if kind != "example" or sql.strip():
            raise SiteError("only an empty example fence takes its query from a file", page=page, line=line)
        title, sql = _load_example(options["file"], page, line, docs)
        options = {"title": title, "caption": title, **options}
    if not sql.strip():
        raise SiteError("the fence has no query", page=page, line=line)
    if kind == "query" and "name" not in options:
        raise SiteError("a query fence needs a name", page=page, line=line)
    return Fence(kind, options, sql, page, line)


def _load_example(name: str, page: str, line: int, docs: Path | None) -> tuple[str, str]:
    if docs is None or not (docs / name).is_file():
        raise SiteError(f"there is no {name}", page=page, line=line)
    try:
        return read_example(docs / name)
    except ValueError as error:
        raise SiteError(f"{name} {error}", page=page, line=line) from error
