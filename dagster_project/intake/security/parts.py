"""Checks on one part of an Office file, before any parser sees it.

Parsers trust what they read: a few kilobytes can fill the memory or abort the process.
"""

import re

from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security.cells import check_cells, check_places, has_sheet_data

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([^"']*)""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}

# No repetition in these patterns crosses a bracket, so a search takes linear time on any input.
_NOT_PLAIN = re.compile(
    rb"<(?:[^/cirtv]"
    rb'|c(?! r="[A-Z]{1,2}\d{1,3}"(?: s="\d{1,5}")?+(?: t="(?:inlineStr|s|n|b|str)")?+/?>)'
    rb'|i(?!s[ >])|[tv](?![ >])|r(?!ow r="\d{1,3}"[ >/])|\Z)'
)
"""Anything other than a row, a cell within the limits, or the text or value of a cell."""


def check_part(content: bytes) -> bool:
    """Refuse a part that could harm its parser.

    Returns: whether it is a plain sheet: its rows have no formula, no error, and no cell near a limit.
    Raises: `Rejected`.
    """
    start = content[:1_000].removeprefix(_BYTE_ORDER_MARK).lstrip()
    encoding = _ENCODING.match(start)
    # Other encodings, also those that no declaration names, write the first bracket in another way.
    is_other = not start.startswith(b"<") or b"\x00" in start
    if content and (is_other or (encoding and encoding[1].lower() not in _ENCODINGS)):
        raise reject_unsafe("one of its parts is not written in UTF-8")
    is_sheet = has_sheet_data(content)
    rest = _remove_plain_rows(content) if is_sheet else content
    if b"<!DOCTYPE" in rest or b"<!ENTITY" in rest:
        raise reject_unsafe("one of its parts declares a document type or entities")
    if is_sheet:
        check_places(content)
        check_cells(rest)
        if not rest.rstrip().endswith((b"worksheet>", b"/>")):
            # calamine returns the rows before the cut and reports nothing.
            raise Rejected("unreadable_file", "The file is cut short: a sheet has no end.")
    return rest is not content


def _remove_plain_rows(sheet: bytes) -> bytes:
    """Remove the rows of a sheet if all are plain: one search instead of one for each check."""
    start, end = sheet.find(b"<sheetData>"), sheet.rfind(b"</sheetData>")
    if 0 <= start < end and not _NOT_PLAIN.search(sheet, start + len(b"<sheetData>"), end):
        return sheet[:start] + sheet[end:]
    return sheet
