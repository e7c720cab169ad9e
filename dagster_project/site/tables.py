"""Render results as HTML tables and big numbers.

A caption, row headers and a focusable scroll box have no Markdown. A column `<x>_link` has no text: it is the
page or file to which the text of column `x` links.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from dagster_project.site import formats
from dagster_project.site.colours import RATINGS
from dagster_project.site.fences import Fence
from dagster_project.site.formats import escape, format_value
from dagster_project.site.links import Links
from dagster_project.site.queries import Result

_BADGES = frozenset({"confidence_group", "return_status", "verdict"})
_NUMBER_COLUMNS = frozenset({"label", "value", "note", "difference", "kind", "look"})
_LOOKS = frozenset(segment.column for segment in RATINGS)
# Longer texts need a column that is wide enough to read them.
_MAX_SHORT_TEXT = 40
# A rank as text, as `pivot_ranks` writes it.
_WRITTEN_RANK = re.compile(r"^(\d+|=\d+ \(joint\))$")


def render_table(result: Result, fence: Fence, options: Mapping[str, str], links: Links) -> str:
    """Return a `<table>` in a scroll box.

    Options: `caption` (required), `empty` (printed for null; without it a null stops the build), `row_header`
    (its column; by default the first), `hide` (columns, separated by commas), `filter` (columns by which
    readers may filter rows, separated by commas), `then` and `now` (names of the rounds, for headings).
    """
    caption = options.get("caption")
    if not caption:
        raise fence.create_error("a table needs a caption")
    if not result.rows:
        raise fence.create_error("the query of the table has no rows", show_query=True)
    columns = _list_visible_columns(result, options, fence)
    row_header = options.get("row_header", columns[0])
    if row_header not in columns:
        raise fence.create_error(f"no column {row_header!r} for row headers")
    filters = _parse_columns("filter", options, columns, fence)
    rounds = {word: options[word] for word in ("then", "now") if options.get(word)}
    rows = result.to_dicts()
    classes = {c: _choose_cell_class([row[c] for row in rows]) for c in columns}
    headings = {c: escape(formats.format_heading(c, rounds)) for c in columns}
    head = "".join(
        f'<th scope="col"{classes[c]}{" data-filter" if c in filters else ""}>{headings[c]}</th>'
        for c in columns
    )
    body = []
    for row in rows:
        cells = []
        for column in columns:
            content = _render_cell(column, row, fence, options, links)
            tag, scope = ("th", ' scope="row"') if column == row_header else ("td", "")
            cells.append(f"<{tag}{scope}{classes[column]}{_render_sort_key(row[column])}>{content}</{tag}>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    return (
        f'<div class="scroll" data-search-exclude tabindex="0" role="region" aria-label="Table: {caption}">\n'
        f'<table class="data">\n<caption><span>{caption}</span></caption>\n<thead><tr>{head}</tr></thead>\n<tbody>\n'
        + "\n".join(body)
        + "\n</tbody>\n</table>\n</div>"
    )


def render_numbers(result: Result, fence: Fence) -> str:
    """Return big numbers, one per row: columns `label` and `value`, and optionally `note`.

    The `kind` "share" formats the row's value as a share. With `difference`, the value is compared with what
    the note names: "4 percentage points above Scotland"; a null difference prints the note alone. `look`, a
    rating, gives the number that rating's colour.
    """
    columns = set(result.columns)
    if not {"label", "value"} <= columns or columns - _NUMBER_COLUMNS:
        raise fence.create_error(
            "a value fence selects label, value and optionally note, difference, kind, look"
        )
    if not result.rows:
        raise fence.create_error("the query of the number has no rows", show_query=True)
    items = []
    for row in result.to_dicts():
        if any(row.get(column) is None for column in {"label", "value", "note"} & columns):
            raise fence.create_error("a number, its label or its note is null", show_query=True)
        kind = row.get("kind")
        if kind is not None and kind not in formats.KINDS:
            raise fence.create_error(f"unknown kind {kind!r}", show_query=True)
        label = escape(format_value("label", row["label"]))
        value = escape(format_value("value", row["value"], kind=kind))
        look = f' class="look-{row["look"]}"' if row.get("look") in _LOOKS else ""
        items.append(f"<div{look}><dt>{label}</dt><dd>{value}</dd>{_render_note(row)}</div>")
    return '<dl class="numbers" data-search-exclude>\n' + "\n".join(items) + "\n</dl>"


def find_href(target: str, links: Links, fence: Fence) -> str:
    """Return the address of a link of a query; empty if the release does not have the page."""
    if links.is_left_out(target):
        return ""
    if target not in links.targets:
        raise fence.create_error(f"the query links to {target!r}, which is no page or file of the site")
    return links.find_href(target)


def pivot_ranks(result: Result, column: str) -> Result:
    """Return ranks with one row per question and `column` as ranks with one row per question."""
    kept = [c for c in result.columns if c in {"question_no", "public_label", "public_label_link"}]
    heads: dict[str, None] = {}
    rows: dict[tuple[Any, ...], dict[str, str]] = {}
    for row in result.to_dicts():
        head = f"{row[column]} (small base)" if row.get("is_small_base") else str(row[column])
        heads.setdefault(head)
        cells = rows.setdefault(tuple(row[c] for c in kept), {})
        if row["confidence_rank"] is not None:
            cells[head] = format_value("confidence_rank", row["confidence_rank"], row)
    return Result(
        (*kept, *heads),
        tuple((*values, *(cells.get(head) for head in heads)) for values, cells in rows.items()),
    )


def _render_note(row: Mapping[str, Any]) -> str:
    if "note" not in row:
        return ""
    note = escape(format_value("note", row["note"]))
    difference = row.get("difference")
    if difference is not None:
        kind = row.get("kind")
        if kind == "share":
            # The difference between what readers see: 21% is one point above 20% for any decimals.
            here, other = float(row["value"]), float(row["value"]) - float(difference)
            kind, difference = "points", (formats.round_share(here) - formats.round_share(other)) / 100
        amount = escape(format_value("difference", abs(difference), kind=kind))
        sign, word = ("▲", "above") if difference > 0 else ("▼", "below")
        is_equal = amount.split(" ")[0] == "0"
        note = (
            f"the same as {note}"
            if is_equal
            else f'<span aria-hidden="true">{sign}</span> {amount} {word} {note}'
        )
    return f'<dd class="note">{note}</dd>'


def _list_visible_columns(result: Result, options: Mapping[str, str], fence: Fence) -> list[str]:
    hidden = set(_parse_columns("hide", options, result.columns, fence))
    # A joint rank is marked at the rank itself.
    joint = {
        c
        for c in result.columns
        if c.endswith("is_joint") and {"confidence_rank", c.removesuffix("_is_joint")} & set(result.columns)
    }
    links = {c for c in result.columns if c.endswith("_link")}
    return [c for c in result.columns if c not in hidden | joint | links]


def _parse_columns(
    option: str, options: Mapping[str, str], columns: Iterable[str], fence: Fence
) -> list[str]:
    names = [name.strip() for name in options.get(option, "").split(",") if name.strip()]
    if unknown := sorted(set(names) - set(columns)):
        raise fence.create_error(f"no column to {option}: {', '.join(unknown)}")
    return names


def _render_cell(
    column: str, row: Mapping[str, Any], fence: Fence, options: Mapping[str, str], links: Links
) -> str:
    value = row[column]
    if value is None:
        if "empty" not in options:
            raise fence.create_error(f"{column} is null, and the table has no option empty", show_query=True)
        return f'<span class="empty">{options["empty"]}</span>'
    # Names of tables and files may break after an underscore.
    content = escape(format_value(column, value, row)).replace("&#95;", "&#95;<wbr>")
    if column in _BADGES:
        badge = "-".join(escape(str(value)).replace("&#95;", "-").split())
        content = f'<span class="badge badge-{badge}">{content}</span>'
    target = row.get(f"{column}_link")
    href = "" if target is None else find_href(target, links, fence)
    return f'<a href="{href}">{content}</a>' if href else content


def _render_sort_key(value: Any) -> str:
    """Return the attribute by which a script sorts a cell whose text does not sort."""
    return f' data-order="{value.isoformat()}"' if isinstance(value, date) else ""


def _choose_cell_class(values: Sequence[Any]) -> str:
    """Return the class of a column's cells: numbers align to the right, and long texts need a wide column."""
    present = [value for value in values if value is not None]
    are_ranks = bool(present) and all(isinstance(v, str) and _WRITTEN_RANK.match(v) for v in present)
    if are_ranks or any(formats.is_number(value) for value in values):
        return ' class="number"'
    return ' class="words"' if any(len(str(value)) > _MAX_SHORT_TEXT for value in values) else ""
