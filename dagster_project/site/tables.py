"""Results as HTML: tables and big numbers.

HTML and not Markdown tables: a caption, row headers and a focusable scroll box have no Markdown.
Columns `<x>_link` carry no text of their own: they say where the text of column `x` links to.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dagster_project.site import formats
from dagster_project.site.colours import RATINGS
from dagster_project.site.errors import SiteError
from dagster_project.site.escape import inert
from dagster_project.site.fences import Fence
from dagster_project.site.links import Links
from dagster_project.site.result import Result

_BADGES = frozenset({"confidence_group", "return_status", "verdict"})
_NUMBER = frozenset({"label", "value", "note", "difference", "kind", "look"})
_LOOKS = frozenset(segment.column for segment in RATINGS)
# Letters from which on a text breaks into more lines than a narrow column should have.
_SENTENCE = 40
# What `wide` makes of a rank.
_WRITTEN_RANK = re.compile(r"^(\d+|=\d+ \(joint\))$")


def table(result: Result, fence: Fence, options: Mapping[str, str], page: str, links: Links) -> str:
    """A `<table>` in a scroll box.

    Options: `caption` (needed), `empty` (what a null prints as; without it a null stops the build),
    `row_header` (its column; the first one unless told), `hide` (columns, by commas), `format` (pairs of
    column and kind, by commas), `filter` (columns by whose values readers may choose rows, by commas).
    """
    caption = options.get("caption")
    if not caption:
        raise SiteError("a table needs a caption", page=page, line=fence.line)
    if not result.rows:
        raise SiteError("the query of the table has no rows", page=page, line=fence.line, query=fence.sql)
    shown = _shown(result, options, fence, page)
    row_header = options.get("row_header", shown[0])
    if row_header not in shown:
        raise SiteError(f"no column {row_header!r} for row headers", page=page, line=fence.line)
    kinds = _kinds(options, shown, fence, page)
    filters = _columns("filter", options, shown, fence, page)
    rows = result.dicts()
    looks = {c: _look([row[c] for row in rows]) for c in shown}
    head = "".join(
        f'<th scope="col"{looks[c]}{" data-filter" if c in filters else ""}>{inert(formats.heading(c))}</th>'
        for c in shown
    )
    body = []
    for row in rows:
        cells = []
        for column in shown:
            content = _cell(column, row, fence, options, page, links, kinds.get(column))
            tag, scope = ("th", ' scope="row"') if column == row_header else ("td", "")
            attributes = f"{looks[column]}{_order(row[column])}"
            cells.append(f"<{tag}{scope}{attributes}>{content}</{tag}>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="scroll" data-search-exclude tabindex="0" role="region" aria-label="Table: {caption}">\n'
        f'<table class="data">\n<caption><span>{caption}</span></caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(body)
        + "\n</tbody>\n</table>\n</div>"
    )


def numbers(result: Result, fence: Fence, page: str) -> str:
    """Big numbers, one per row: columns `label` and `value`, and where there is more to say `note`.

    `kind`, one of `formats.KINDS`, says how the row's value is written. With `difference`, the note is
    what the value is compared with: "4 points more than Scotland". A null difference prints the note alone.
    `look`, a rating, gives the number that rating's colour.
    """
    columns = set(result.columns)
    if not {"label", "value"} <= columns or columns - _NUMBER:
        raise SiteError(
            "a value fence selects label, value and perhaps note, difference, kind",
            page=page,
            line=fence.line,
        )
    if not result.rows:
        raise SiteError("the query of the number has no rows", page=page, line=fence.line, query=fence.sql)
    items = []
    for row in result.dicts():
        if any(
            value is None for column, value in row.items() if column not in {"difference", "kind", "look"}
        ):
            raise SiteError("a number or its label is null", page=page, line=fence.line, query=fence.sql)
        kind = row.get("kind")
        if kind is not None and kind not in formats.KINDS:
            raise SiteError(f"unknown kind {kind!r}", page=page, line=fence.line, query=fence.sql)
        value = inert(formats.text("value", row["value"], kind=kind))
        look = f' class="look-{row["look"]}"' if row.get("look") in _LOOKS else ""
        items.append(
            f"<div{look}><dt>{inert(formats.text('label', row['label']))}</dt><dd>{value}</dd>{_compared(row)}</div>"
        )
    return '<dl class="numbers" data-search-exclude>\n' + "\n".join(items) + "\n</dl>"


def wide(result: Result, column: str) -> Result:
    """Ranks in long form, one row per question and `column`, as one row per question: to be read as a table."""
    kept = [c for c in result.columns if c in {"question_no", "short_reference", "short_reference_link"}]
    heads: dict[str, None] = {}
    rows: dict[tuple[Any, ...], dict[str, str]] = {}
    for row in result.dicts():
        head = f"{row[column]} (small base)" if row.get("is_small_base") else str(row[column])
        heads.setdefault(head)
        cells = rows.setdefault(tuple(row[c] for c in kept), {})
        cells[head] = formats.text("confidence_rank", row["confidence_rank"], row)
    return Result(
        (*kept, *heads),
        tuple((*kept_values, *(cells.get(h) for h in heads)) for kept_values, cells in rows.items()),
    )


def _compared(row: Mapping[str, Any]) -> str:
    if "note" not in row:
        return ""
    note = inert(formats.text("note", row["note"]))
    difference = row.get("difference")
    if difference is not None:
        kind = "points" if row.get("kind") == "share" else row.get("kind")
        amount = inert(formats.text("difference", abs(difference), kind=kind))
        sign, word = ("▲", "more") if difference > 0 else ("▼", "less")
        same = amount.split(" ")[0] == "0"
        note = (
            f"the same as {note}"
            if same
            else f'<span aria-hidden="true">{sign}</span> {amount} {word} than {note}'
        )
    return f'<dd class="note">{note}</dd>'


def _shown(result: Result, options: Mapping[str, str], fence: Fence, page: str) -> list[str]:
    hidden = set(_columns("hide", options, result.columns, fence, page))
    # A shared rank is marked at the rank itself.
    joint = {
        c
        for c in result.columns
        if c.endswith("is_joint") and {"confidence_rank", c.removesuffix("_is_joint")} & set(result.columns)
    }
    linked = {c for c in result.columns if c.endswith("_link")}
    return [c for c in result.columns if c not in hidden | joint | linked]


def _columns(option: str, options: Mapping[str, str], known: Any, fence: Fence, page: str) -> list[str]:
    named = [name.strip() for name in options.get(option, "").split(",") if name.strip()]
    if unknown := sorted(set(named) - set(known)):
        raise SiteError(f"no column to {option}: {', '.join(unknown)}", page=page, line=fence.line)
    return named


def _kinds(options: Mapping[str, str], shown: list[str], fence: Fence, page: str) -> dict[str, str]:
    pairs = [pair.split() for pair in options.get("format", "").split(",") if pair.strip()]
    for pair in pairs:
        if len(pair) != 2 or pair[0] not in shown or pair[1] not in formats.KINDS:
            known = ", ".join(sorted(formats.KINDS))
            raise SiteError(
                f"no format {' '.join(pair)!r}: write a column and one of {known}", page=page, line=fence.line
            )
    return dict(pairs)


def _cell(
    column: str,
    row: Mapping[str, Any],
    fence: Fence,
    options: Mapping[str, str],
    page: str,
    links: Links,
    kind: str | None,
) -> str:
    value = row[column]
    if value is None:
        if "empty" not in options:
            raise SiteError(f"{column} is null, and the table does not say what to print for that",
                            page=page, line=fence.line, query=fence.sql)  # fmt: skip
        return f'<span class="empty">{options["empty"]}</span>'
    content = inert(formats.text(column, value, row, kind))
    if column in _BADGES:
        look = "-".join(inert(str(value)).replace("&#95;", "-").split())
        content = f'<span class="badge badge-{look}">{content}</span>'
    target = row.get(f"{column}_link")
    if target is None:
        return content
    return f'<a href="{links.href(page, str(target), line=fence.line)}">{content}</a>'


def _is_numeric(values: Sequence[Any]) -> bool:
    """Whether a column holds numbers, or nothing but ranks that are written out."""
    ranks = all(isinstance(value, str) and _WRITTEN_RANK.match(value) for value in values)
    return ranks or any(formats.is_number(value) for value in values)


def _order(value: Any) -> str:
    """What a script sorts by, where the text of the cell does not say it."""
    return f' data-order="{value.isoformat()}"' if isinstance(value, date) else ""


def _look(values: list[Any]) -> str:
    """The class of a column's cells: numbers stand to the right, and sentences need room to be read."""
    if _is_numeric(values):
        return ' class="number"'
    return ' class="words"' if any(len(str(value)) > _SENTENCE for value in values) else ""
