"""Checks on one part of an Office file, before any parser sees it.

Parsers trust what they read: a few kilobytes can fill the memory or abort the process.
"""

import re

from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security import limits
from dagster_project.intake.security.cells import check_cells, has_sheet_data
from dagster_project.intake.security.limits import exceeds

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
_FILLED_REPEAT = re.compile(
    rb"""<table:table-cell\s[^<>]*?number-columns-repeated\s*=\s*["'](\d+)["'][^<>]*(?<!/)>"""
)


def check_part(name: str, content: bytes) -> bool:
    """Refuse a part that could harm its parser.

    Returns: whether it is a plain sheet: its rows have no formula, no error, and no cell near a limit.
    Raises: `Rejected`.
    """
    if not _is_xml(name, content):
        return False
    encoding = _ENCODING.match(content.removeprefix(_BYTE_ORDER_MARK))
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:200]
    if is_utf16 or (encoding and encoding[1].lower() not in _ENCODINGS):
        raise reject_unsafe("one of its parts is not written in UTF-8")
    is_sheet = has_sheet_data(content)
    rest = _remove_plain_rows(content) if is_sheet else content
    if b"<!DOCTYPE" in rest or b"<!ENTITY" in rest:
        raise reject_unsafe("one of its parts declares a document type or entities")
    if is_sheet:
        check_cells(rest)
        if not rest.rstrip().endswith((b"worksheet>", b"/>")):
            # calamine returns the rows before the cut and reports nothing.
            raise Rejected("unreadable_file", "The file is cut short: a sheet has no end.")
    elif name == "content.xml":
        repeats = _FILLED_REPEAT.findall(content)
        if any(exceeds(number, limits.MAX_COLUMNS) for number in repeats):
            raise reject_unsafe(f"it repeats a filled cell beyond the limit of {limits.MAX_COLUMNS} columns")
    return rest is not content


def _is_xml(name: str, content: bytes) -> bool:
    is_named_xml = name.endswith((".xml", ".rels"))
    return is_named_xml or content.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def _remove_plain_rows(sheet: bytes) -> bytes:
    """The sheet without its rows if all are plain: one search instead of one for each check."""
    start, end = sheet.find(b"<sheetData>"), sheet.rfind(b"</sheetData>")
    if 0 <= start < end and not _NOT_PLAIN.search(sheet, start + len(b"<sheetData>"), end):
        return sheet[:start] + sheet[end:]
    return sheet
