"""Values of cells as their number format shows them.

No maintained library renders the formats of Excel: here are those in use for numbers, percentages and dates. The
result is None for a format that is not rendered, such as a fraction, a condition or the month in another language.
Formats are those of SpreadsheetML (ECMA-376, part 1, section 18.8.31).
"""

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
}
"""Formats by number that a file does not spell out, except whole dates."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?P<space>_.)|(?P<fill>\*.)|\[\$(?P<currency>[^\]]*)\]'
    r"|\[(?P<bracket>[^\]]*)\]|(?P<general>general)|(?P<digits>[0#?][0#?.,]*)"
    r"|(?P<date>y+|m+|d+|h+|s+|am/pm|a/p)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_DIGITS = re.compile(r"([#0?,]*?)(,*)(?:\.([0#?]*)(,*))?")
_UNQUOTED = frozenset("$£€¥-+()%: ")
"""Characters that a number's format shows without quotation marks."""
_OF_DATES = frozenset("dmy -/.,\\")
_WHITE = {"white", "color2", "color 2"}
_ENGLISH = {"", "F800", "F400"}

_Token = tuple[str, str]
"""Kind and text."""
_AT: _Token = ("other", "@")
"""Where a format shows a text."""


def is_plain(number_format: str) -> bool:
    """Return whether a format shows every value as it is stored.

    Whole dates are stored in an order of their own.
    """
    text = number_format.casefold()
    return text in ("", "general", "@") or ({"d", "m", "y"} <= set(text) <= _OF_DATES)


def show_value(value: object, number_format: str) -> str | None:
    """Return the text of a value; empty where the format hides it, None where the text is not known."""
    sections = _split_sections(number_format)
    if isinstance(value, str):
        return _show_text(value, sections)
    if any(kind == "bracket" and text.startswith(("<", ">", "=")) for one in sections for kind, text in one):
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        place = 1 if value < 0 else 2 if value == 0 else 0
        is_own = 0 < place < len(sections)
        section = sections[place if is_own else 0]
        if _is_hidden(section):
            return ""
        shown = _show_number(Decimal(repr(abs(value))), section)
        return f"-{shown}" if shown and value < 0 and not is_own and re.search("[1-9]", shown) else shown
    return "" if _is_hidden(sections[0]) else _show_time(value, sections[0])


def _split_sections(number_format: str) -> list[list[_Token]]:
    """Split a format into its sections: for numbers above, below and equal to zero, and for text."""
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(number_format):
        token = (found.lastgroup or "", found[found.lastgroup or 0])
        if token == ("other", ";"):
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _is_hidden(section: Sequence[_Token]) -> bool:
    return not section or any(kind == "bracket" and text.casefold() in _WHITE for kind, text in section)


def _show_text(text: str, sections: Sequence[Sequence[_Token]]) -> str | None:
    """Return the text; empty where the format hides it, None where the format shows another text."""
    own = [section for section in sections if _AT in section]
    default = sections[0] if any(kind == "general" for kind, _ in sections[0]) else [_AT]
    section = sections[3] if len(sections) > 3 else own[0] if own else default
    if _is_hidden(section):
        return ""
    adds_text = any(
        _show_literal(*token).strip() for token in section if token != _AT and token[0] != "general"
    )
    is_shown = _AT in section or section is default
    return text if is_shown and not adds_text else None


def _show_literal(kind: str, text: str) -> str:
    if kind == "currency":
        return text.partition("-")[0]
    return {"space": " ", "fill": "", "bracket": ""}.get(kind, text)


def _show_number(number: Decimal, section: Sequence[_Token]) -> str | None:
    """Show a number with one run of digits, literal text and percent signs.

    None for other formats: a text in place of the number is not known.
    """
    kinds = [kind for kind, _ in section]
    others = [text for kind, text in section if kind == "other"]
    if "date" in kinds or kinds.count("digits") + kinds.count("general") != 1 or set(others) - _UNQUOTED:
        return None
    number *= 100 ** others.count("%")
    pieces = []
    for kind, text in section:
        if kind == "general":
            pieces.append(f"{number.normalize():f}")
        elif kind == "digits":
            digits = _show_digits(number, text)
            if digits is None:
                return None
            pieces.append(digits)
        else:
            pieces.append(_show_literal(kind, text))
    return "".join(pieces).strip()


def _show_digits(number: Decimal, pattern: str) -> str | None:
    found = _DIGITS.fullmatch(pattern)
    if not found:
        return None
    whole, thousands, decimals, more = found[1], found[2], found[3] or "", found[4] or ""
    number = number.scaleb(-3 * (len(thousands) + len(more)))
    number = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    before, _, behind = f"{number:f}".partition(".")
    optional = len(decimals) - len(decimals.rstrip("#?"))
    kept = behind[: len(behind) - optional]
    behind = kept + behind[len(kept) :].rstrip("0")
    before = before.lstrip("0").zfill(whole.count("0"))
    if "," in whole and before:
        before = f"{int(before):,}".zfill(len(before))
    return f"{before}.{behind}" if "." in pattern else before


def _show_time(value: object, section: Sequence[_Token]) -> str | None:
    """Show a date, of which a part can be left out, a time of day, or a duration; None for other values."""
    letters = {text[0].casefold() for kind, text in section if kind == "date"}
    if isinstance(value, datetime.timedelta):
        return _show_duration(value, section)
    if isinstance(value, datetime.time):
        return value.isoformat()
    if not isinstance(value, datetime.datetime | datetime.date):
        return None
    if letters >= {"d", "m", "y"}:
        # Whole dates are stored in one order: they are shown in many languages.
        has_time = isinstance(value, datetime.datetime) and value.time() != datetime.time() and "h" in letters
        return str(value) if has_time else f"{value:%Y-%m-%d}"
    has_name = any(kind == "date" and len(text) > 2 and text[0].casefold() in "md" for kind, text in section)
    locales = [text.partition("-")[2].upper() for kind, text in section if kind == "currency"]
    is_english = all(one in _ENGLISH or one.endswith("09") for one in locales)
    if letters & {"h", "s", "a"} or (has_name and not is_english):
        return None
    return "".join(
        _show_date_part(value, text.casefold()) if kind == "date" else _show_literal(kind, text)
        for kind, text in section
    ).strip()


def _show_date_part(date: datetime.date, part: str) -> str:
    if part[0] == "y":
        return f"{date:%Y}" if len(part) > 2 else f"{date:%y}"
    if part[0] == "m":
        shown = {1: str(date.month), 2: f"{date:%m}", 3: f"{date:%b}", 5: f"{date:%b}"[0]}
        return shown.get(len(part), f"{date:%B}")
    return {1: str(date.day), 2: f"{date:%d}", 3: f"{date:%a}"}.get(len(part), f"{date:%A}")


def _show_duration(value: datetime.timedelta, section: Sequence[_Token]) -> str | None:
    """Show a duration that begins with its elapsed hours, minutes or seconds in brackets; else None."""
    seconds = round(value.total_seconds())
    units = {"h": 3600, "m": 60, "s": 1}
    pieces = []
    for kind, text in section:
        unit = text[:1].casefold()
        if kind == "bracket" and unit in units:
            pieces.append(str(seconds // units[unit]).zfill(len(text)))
        elif kind == "date" and unit in "ms":
            pieces.append(str(seconds // units[unit] % 60).zfill(len(text)))
        elif kind in ("quoted", "escaped", "space", "fill") or text in (":", " "):
            pieces.append(_show_literal(kind, text))
        else:
            return None
    return "".join(pieces).strip()
