"""Results as HTML: tables and big numbers.

HTML and not Markdown tables: a caption, row headers and a focusable scroll box have no Markdown.
Columns `<x>_link` carry no text of their own: they say where the text of column `x` links to.
"""

from collections.abc import Mapping
from typing import Any

from dagster_project.site import formats
from dagster_project.site.errors import SiteError
from dagster_project.site.escape import inert
from dagster_project.site.fences import Fence
from dagster_project.site.links import Links
from dagster_project.site.queries import Result

_BADGES = frozenset({"confidence_group", "return_status"})


def table(result: Result, fence: Fence, options: Mapping[str, str], page: str, links: Links) -> str:
    """A `<table>` in a scroll box.

    Options: `caption` (needed), `empty` (what a null prints as; without it a null stops the build),
    `row_header` (its column; the first one unless told), `hide` (columns, by commas).
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
    rows = result.dicts()
    numeric = {c for c in shown if any(formats.is_number(row[c]) for row in rows)}
    head = "".join(f'<th scope="col"{_class(c, numeric)}>{inert(formats.heading(c))}</th>' for c in shown)
    body = []
    for row in rows:
        cells = []
        for column in shown:
            content = _cell(column, row, fence, options, page, links)
            tag, scope = ("th", ' scope="row"') if column == row_header else ("td", "")
            cells.append(f"<{tag}{scope}{_class(column, numeric)}>{content}</{tag}>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="scroll" data-search-exclude tabindex="0" role="region" aria-label="Table: {caption}">\n'
        f'<table class="data">\n<caption><span>{caption}</span></caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(body)
        + "\n</tbody>\n</table>\n</div>"
    )


def numbers(result: Result, fence: Fence, page: str) -> str:
    """Big numbers, one per row: columns `label`, `value` and, where there is more to say, `note`."""
    allowed = (("label", "value"), ("label", "value", "note"))
    if result.columns not in allowed:
        raise SiteError("a value fence selects label, value and perhaps note", page=page, line=fence.line)
    if not result.rows:
        raise SiteError("the query of the number has no rows", page=page, line=fence.line, query=fence.sql)
    items = []
    for row in result.dicts():
        if any(value is None for value in row.values()):
            raise SiteError("a number or its label is null", page=page, line=fence.line, query=fence.sql)
        note = f'<dd class="note">{inert(formats.text("note", row["note"]))}</dd>' if "note" in row else ""
        value = inert(formats.text("value", row["value"]))
        items.append(
            f"<div><dt>{inert(formats.text('label', row['label']))}</dt><dd>{value}</dd>{note}</div>"
        )
    return '<dl class="numbers">\n' + "\n".join(items) + "\n</dl>"


def _shown(result: Result, options: Mapping[str, str], fence: Fence, page: str) -> list[str]:
    hidden = {name.strip() for name in options.get("hide", "").split(",") if name.strip()}
    if unknown := sorted(hidden - set(result.columns)):
        raise SiteError(f"no column to hide: {', '.join(unknown)}", page=page, line=fence.line)
    # A shared rank is marked at the rank itself.
    joint = {c for c in result.columns if c.endswith("is_joint") and "confidence_rank" in result.columns}
    linked = {c for c in result.columns if c.endswith("_link")}
    return [c for c in result.columns if c not in hidden | joint | linked]


def _cell(
    column: str, row: Mapping[str, Any], fence: Fence, options: Mapping[str, str], page: str, links: Links
) -> str:
    value = row[column]
    if value is None:
        if "empty" not in options:
            raise SiteError(f"{column} is null, and the table does not say what to print for that",
                            page=page, line=fence.line, query=fence.sql)  # fmt: skip
        return f'<span class="empty">{options["empty"]}</span>'
    content = inert(formats.text(column, value, row))
    if column in _BADGES:
        content = f'<span class="badge badge-{inert(str(value)).replace("&#95;", "-")}">{content}</span>'
    target = row.get(f"{column}_link")
    if target is None:
        return content
    return f'<a href="{links.href(page, str(target), line=fence.line)}">{content}</a>'


def _class(column: str, numeric: set[str]) -> str:
    return ' class="number"' if column in numeric else ""
