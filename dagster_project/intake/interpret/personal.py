"""Count texts that look like personal data, by kind. The data itself is never returned.

A number counts only where it can be one: telephone numbers by the library's tables of what is dialled from
Britain, CHI numbers by their date and check digit, National Insurance numbers and postcodes by their published
formats. An e-mail address counts by its shape alone: a misspelled one still identifies a person.
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
MIN_TELEPHONE_DIGITS = 7
"""Shorter numbers do not reach one person. The library is slow, so it searches only texts with enough digits."""
_TELEPHONE_DIGITS = re.compile(r"\d(?:\D{0,3}\d){6}")
MAX_TELEPHONE_TRIES = 100
"""Candidates that the library rejects before it stops searching a text."""

# Bounded, and only from the start of a word: the search takes linear time on any text.
_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:[ -]?\d\d){3}[ -]?[A-D]\b",
    re.IGNORECASE,
)
_CHI = re.compile(r"(?<![\d.+])(\d{6})[ -]?(\d{4})(?![\d%])")
# In lower case, 1st, 2nd, 3rd and 4th are ordinals.
_POSTCODE = re.compile(
    r"\b(?:(?:[A-PR-UWYZ](?:\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d{1,2}|[A-HK-Y]\d[ABEHMNPRVWXY]))"  # codespell:ignore
    r" ?(?!\d(?-i:st|nd|rd|th)\b)\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA)\b",  # codespell:ignore
    re.IGNORECASE,
)


def count_personal_data(text: str) -> dict[str, int]:
    """Count the personal data in a text by kind. Each part of the text counts as one kind only."""
    found: dict[str, int] = {}
    if not _HINT.search(text):
        return found
    digits = len(_DIGIT.findall(text))
    for kind, pattern, is_one, sign, needed in _KINDS:
        if digits < needed or sign not in text:
            continue
        text = _remove_places(text, kind, [m.span() for m in pattern.finditer(text) if is_one(m)], found)
    if digits >= MIN_TELEPHONE_DIGITS and _TELEPHONE_DIGITS.search(text):
        text = _remove_places(text, TELEPHONE, list(_find_telephones(text)), found)
    _remove_places(text, POSTCODE, [match.span() for match in _POSTCODE.finditer(text)], found)
    return found


def _remove_places(text: str, kind: str, places: list[tuple[int, int]], found: dict[str, int]) -> str:
    """Add the count to `found` and return the text without these places, which are not counted again."""
    if places:
        found[kind] = len(places)
        for start, end in reversed(places):
            text = f"{text[:start]}\n{text[end:]}"
    return text


def _find_telephones(text: str) -> Iterator[tuple[int, int]]:
    # Imported here: few returns have enough digits, and the import takes 30 ms.
    from phonenumbers import PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, _REGION, max_tries=MAX_TELEPHONE_TRIES):
        yield match.start, match.end


def _is_chi(match: re.Match[str]) -> bool:
    """Return whether the number begins with a date and its check digit is right.

    The weighted sum is a multiple of 11.
    """
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
    """Return whether the domain ends in letters. Superscript digits match `\\w`, but only follow a domain."""
    return match[0].rpartition(".")[2][:2].isalpha()


_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool], str, int], ...] = (
    (EMAIL, _EMAIL, _has_domain, "@", 0),
    (NATIONAL_INSURANCE, _NATIONAL_INSURANCE, bool, "", 6),
    (CHI, _CHI, _is_chi, "", 10),
)
"""Kind, pattern and check; then a character and a number of digits that every match has, which are faster to find."""
