"""Checks on one part of an Office file, before any parser sees it.

Parsers trust what they read: a few kilobytes can fill the memory or abort the process.
"""

import re

from dagster_project.intake.problems import Rejected
from dagster_project.intake.security import limits

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
_FAR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["'][A-Za-z]{3,}""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d+)""")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s>/]")
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
    # The folder also holds lists of references: to pictures, notes, printer settings.
    is_sheet = name.startswith("xl/worksheets/") and not name.startswith("xl/worksheets/_rels/")
    rest = _remove_plain_rows(content) if is_sheet else content
    if b"<!DOCTYPE" in rest or b"<!ENTITY" in rest:
        raise reject_unsafe("one of its parts declares a document type or entities")
    if is_sheet:
        _check_sheet(rest)
    elif name == "content.xml":
        repeats = _FILLED_REPEAT.findall(content)
        if any(_exceeds(number, limits.MAX_COLUMNS) for number in repeats):
            raise reject_unsafe(f"it repeats a filled cell beyond the limit of {limits.MAX_COLUMNS} columns")
    return rest is not content


def reject_unsafe(reason: str) -> Rejected:
    """The rejection of a file that exceeds a limit."""
    return Rejected("unsafe_file", f"The file was not opened: {reason}.")


def _is_xml(name: str, content: bytes) -> bool:
    is_named_xml = name.endswith((".xml", ".rels"))
    return is_named_xml or content.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def _remove_plain_rows(sheet: bytes) -> bytes:
    """The sheet without its rows if all are plain: one search instead of one for each check."""
    start, end = sheet.find(b"<sheetData>"), sheet.rfind(b"</sheetData>")
    if 0 <= start < end and not _NOT_PLAIN.search(sheet, start + len(b"<sheetData>"), end):
        return sheet[:start] + sheet[end:]
    return sheet


def _check_sheet(sheet: bytes) -> None:
    if _FAR_CELL.search(sheet):
        raise reject_unsafe(f"it has cells beyond column ZZ, the limit of {limits.MAX_COLUMNS} columns")
    if any(
        _exceeds(row[1], limits.MAX_ROWS) and _is_filled(sheet, row.end()) for row in _ROW.finditer(sheet)
    ):
        raise reject_unsafe(f"it has cells beyond row {limits.MAX_ROWS:,}, the limit")
    if not sheet.rstrip().endswith((b"worksheet>", b"/>")):
        # calamine returns the rows before the cut and reports nothing.
        raise Rejected("unreadable_file", "The file is cut short: a sheet has no end.")


def _is_filled(sheet: bytes, start: int) -> bool:
    """Whether the row that begins before `start` holds a value. Programs write empty rows down to the last one."""
    end = sheet.find(b"row", start)
    return bool(_VALUE.search(sheet, start, len(sheet) if end < 0 else end))


def _exceeds(number: bytes, limit: int) -> bool:
    # Python refuses to convert numbers of thousands of digits.
    return len(number) > 9 or int(number) > limit
