"""What in a text looks like personal data of somebody, by kind. How often is told, never what it is.

A number counts only where it can be one: telephone numbers by the library's tables of what is dialled from
Britain, CHI numbers by their date and check digit, National Insurance numbers and postcodes by their published
formats. An e-mail address counts by its shape alone: one with a slip in it still tells whose it is.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

EMAIL = "e-mail address"
NATIONAL_INSURANCE = "National Insurance number"
CHI = "CHI number"
TELEPHONE = "telephone number"
POSTCODE = "postcode"

_REGION = "GB"
_HINT = re.compile(r"[@\d]")
_DIGIT = re.compile(r"\d")
_ENOUGH = 7
_ENOUGH_TO_DIAL = re.compile(r"\d(?:\D{0,3}\d){6}")
"""Nothing shorter is a number that reaches one person; the library is slow to load and to look."""
_MAX_TRIES = 100
"""So many candidates of a text may be no telephone number before the rest is let be."""

# Begun at the start of a word and bounded, so that no text takes time that grows with its square.
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d\d){3}[ -]?[A-D]\b",
    re.IGNORECASE,
)
_CHI = re.compile(r"(?<![\d.+])(\d{6})[ -]?(\d{4})(?![\d%])")
# What is written small and reads as 1st, 2nd, 3rd or 4th is an ordinal.
_POSTCODE = re.compile(
    r"\b(?:(?:[A-PR-UWYZ](?:\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d{1,2}|[A-HK-Y]\d[ABEHMNPRVWXY]))"
    r" ?(?!\d(?-i:st|nd|rd|th)\b)\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)\b",
    re.IGNORECASE,
)


def personal_data(text: str) -> dict[str, int]:
    """How many of each kind a text holds. A part of the text counts as one kind only."""
    found: dict[str, int] = {}
    if not _HINT.search(text):
        return found
    digits = len(_DIGIT.findall(text))
    for kind, pattern, is_one, sign, needed in _KINDS:
        if digits < needed or sign not in text:
            continue
        text = _taken_out(text, kind, [m.span() for m in pattern.finditer(text) if is_one(m)], found)
    if digits >= _ENOUGH and _ENOUGH_TO_DIAL.search(text):
        text = _taken_out(text, TELEPHONE, list(_telephones(text)), found)
    _taken_out(text, POSTCODE, [match.span() for match in _POSTCODE.finditer(text)], found)
    return found


def _taken_out(text: str, kind: str, places: list[tuple[int, int]], found: dict[str, int]) -> str:
    """The text without what was found in it, so that it is not found again as another kind."""
    if places:
        found[kind] = len(places)
        for start, end in reversed(places):
            text = f"{text[:start]}\n{text[end:]}"
    return text


def _telephones(text: str) -> Iterator[tuple[int, int]]:
    # Imported late: few returns hold enough digits, and the tables take a while to load.
    from phonenumbers import PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, _REGION, max_tries=_MAX_TRIES):
        yield match.start, match.end


def _is_chi(match: re.Match[str]) -> bool:
    """A day of birth, and a last digit that makes the weighted sum of all ten a multiple of eleven."""
    digits = match[1] + match[2]
    if sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11:
        return False
    day, month, year = (int(digits[start : start + 2]) for start in (0, 2, 4))
    try:
        # The century is not in the number; the 29th of February is in both 2000 and 1904, 1908 and so on.
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def _has_domain(match: re.Match[str]) -> bool:
    """A domain ends in letters; a raised figure is a sign of words to Python, and may only follow them."""
    return match[0].rpartition(".")[2][:2].isalpha()


def _always(_: re.Match[str]) -> bool:
    return True


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool], str, int], ...] = (
    (EMAIL, _EMAIL, _has_domain, "@", 0),
    (NATIONAL_INSURANCE, _NATIONAL_INSURANCE, _always, "", 6),
    (CHI, _CHI, _is_chi, "", 10),
)
"""Kind, pattern and proof; and what no such text is without, quicker to see: a sign, and so many digits."""
