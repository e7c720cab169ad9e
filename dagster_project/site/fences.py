"""Read a page's source: front matter, text, and the SQL fences in it. Nothing is run here.

A fence that opens with ```` ```sql <kind> key="value" ... ```` is live: it becomes what its kind says.
Any other fence, a bare ```` ```sql ```` included, is code to be read and stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from dagster_project.site.errors import SiteError

KINDS = frozenset({"chart", "example", "query", "table", "value"})

_OPENING = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_LIVE = re.compile(r"^sql\s+(?P<kind>\S+)(?P<options>.*)$")
_OPTION = re.compile(r'\s+([a-z_]+)="([^"]*)"')
# A private-use character cannot come out of escaped data, so a mark is never mistaken for text.
_MARK = "\ue000"


@dataclass(frozen=True)
class Fence:
    """One live fence: what it becomes, its options as written, its SQL, the page's line it opens on."""

    kind: str
    options: Mapping[str, str]
    sql: str
    line: int


@dataclass(frozen=True)
class Source:
    """A page as written: `body` has one mark per fence in place of it, and keeps the line numbers."""

    page: str
    front_matter: Mapping[str, Any]
    body: str
    first_line: int
    fences: tuple[Fence, ...]


def mark(number: int) -> str:
    """What stands in the body for the fence of this number."""
    return f"{_MARK}{number}{_MARK}"


def has_mark(text: str) -> bool:
    """Whether any fence is still unresolved in `text`."""
    return _MARK in text


def read_page(text: str, page: str) -> Source:
    """Split a page's text. Raises `SiteError` on front matter or a fence that cannot be understood."""
    if _MARK in text:
        raise SiteError("the page contains U+E000, which the generator keeps for itself", page=page)
    front_matter, body, first_line = _front_matter(text, page)
    lines: list[str] = []
    fences: list[Fence] = []
    opening: re.Match[str] | None = None
    opened_at = 0
    held: list[str] = []
    for number, line in enumerate(body.split("\n"), start=first_line):
        if opening is None:
            opening = _OPENING.match(line)
            opened_at, held = number, []
            if opening is None or not _LIVE.match(opening["info"]):
                lines.append(line)
        elif line.strip().startswith(opening["ticks"]) and not line.strip().strip(opening["ticks"][0]):
            if _LIVE.match(opening["info"]):
                fences.append(_fence(opening, "\n".join(held), page, opened_at))
                # As many lines as the fence had, so that a later error still names the right line.
                lines += [mark(len(fences) - 1), *[""] * (number - opened_at)]
            else:
                lines.append(line)
            opening = None
        elif _LIVE.match(opening["info"]):
            held.append(line)
        else:
            lines.append(line)
    if opening is not None:
        raise SiteError("the fence that opens here is never closed", page=page, line=opened_at)
    return Source(page, front_matter, "\n".join(lines), first_line, tuple(fences))


def _front_matter(text: str, page: str) -> tuple[dict[str, Any], str, int]:
    if not text.startswith("---\n"):
        return {}, text, 1
    head, closed, body = text[4:].partition("\n---\n")
    if not closed:
        raise SiteError("the front matter is never closed", page=page, line=1)
    try:
        loaded = yaml.load(head, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise SiteError(f"the front matter is not YAML: {error}", page=page, line=1) from error
    if not isinstance(loaded, dict):
        raise SiteError("the front matter must be a mapping", page=page, line=1)
    return loaded, body, head.count("\n") + 4


def _fence(opening: re.Match[str], sql: str, page: str, line: int) -> Fence:
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
    names = [name for name, _ in _OPTION.findall(written)]
    if len(set(names)) != len(names):
        raise SiteError("an option is given twice", page=page, line=line)
    if "file" in names and (kind != "example" or sql.strip()):
        raise SiteError("only an empty example fence takes its query from a file", page=page, line=line)
    if "file" not in names and not sql.strip():
        raise SiteError("the fence holds no query", page=page, line=line)
    if kind == "query" and "name" not in names:
        raise SiteError("a query fence needs a name", page=page, line=line)
    return Fence(kind, dict(_OPTION.findall(written)), sql, line)
