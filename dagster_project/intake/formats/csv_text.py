"""Text of a CSV file: its encoding, which the file does not name, and its records.

General detectors guess wrongly for English with few accents: of 17 short texts in Windows-1252, code page 850 and
Mac Roman, charset-normalizer 3.5 read 9 with other letters. Only these three occur in practice, and the wrong ones
give capitals within words or letters next to digits.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SINGLE_BYTE = ("cp1252", "cp850", "mac_roman")
DELIMITERS = ",;\t|"

MIN_PLAUSIBLE_SHARE = 0.75
"""Share of the characters outside ASCII that must be plausible for an encoding to be taken."""

MIN_LEAD = 0.25
"""By how much the share of the best encoding must exceed that of any other that gives other letters."""

_COMMON = frozenset("àèìòùéïçñöüêôâëäÀÈÌÒÙÉ“”…£€•°½¼¾·©®™—\u2018\u2019\u2013\u00d7")
_SEPARATOR_LINE = re.compile(r'\A"?sep=(.)"?[ ]*(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True)
class Decoded:
    """The text of a file. `doubt` says why some letters may be wrong; empty where they are certain."""

    text: str
    doubt: str = ""


class UnbalancedQuote(csv.Error):
    """A quotation mark is not closed, so that records run into each other."""


def decode(content: bytes) -> Decoded:
    """The text of a file in UTF-8, UTF-16 or one of the single-byte encodings."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return _decode_as(content, encoding)
    if encoding := _utf16_without_mark(content):
        return _decode_as(content, encoding)
    decoded = _decode_as(content, "utf-8")
    if not decoded.doubt:
        return decoded
    valid = sum(
        not character.isascii() and character != "\N{REPLACEMENT CHARACTER}" for character in decoded.text
    )
    broken = decoded.text.count("\N{REPLACEMENT CHARACTER}")
    is_cut = content[-1:] >= b"\xc2" or content[-2:-1] >= b"\xe0"
    if valid > 2 * broken or (broken == 1 and is_cut):
        return decoded
    return _decode_single_byte(content)


def _decode_as(content: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(content.decode(encoding))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Decoded(content.decode(encoding, errors="replace"), f"line {line} has a broken character")


def _utf16_without_mark(content: bytes) -> str:
    head = content[:2_000]
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.4 * half and head[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return ""


def _decode_single_byte(content: bytes) -> Decoded:
    scored = []
    for encoding in SINGLE_BYTE:
        text = content.decode(encoding, errors="replace")
        scored.append((_plausible_share(text), text, encoding))
    scored.sort(key=lambda one: -one[0])
    share, text, _ = scored[0]
    second = max((other for other, read, _ in scored[1:] if read != text), default=0.0)
    if share < MIN_PLAUSIBLE_SHARE or share - second < MIN_LEAD:
        return Decoded(text, "the encoding of letters outside A to Z is not certain")
    return Decoded(text)


def _plausible_share(text: str) -> float:
    """Share of the characters outside ASCII that are plausible in their place, from 0 to 1."""
    weights = [_weight(text, place) for place, character in enumerate(text) if not character.isascii()]
    return sum(weights) / len(weights) if weights else 1.0


def _weight(text: str, place: int) -> float:
    character = text[place]
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if character.isalpha():
        is_in_word = before.isalpha() or after.isalpha()
        is_odd_capital = character.isupper() and (before.islower() or (before.isalpha() and after.islower()))
        if is_odd_capital:
            return 0.0
        if not is_in_word:
            return 0.5 if character in _COMMON and character.islower() else 0.0
        if character in _COMMON:
            return 1.0
        return 0.5 if unicodedata.normalize("NFD", character)[0] in "aeiouyncAEIOUYNC" else 0.0
    return 1.0 if character in _COMMON else 0.0


def read_records(text: str) -> Iterator[list[str]]:
    """The records of a file. Raises `UnbalancedQuote`, naming the line, and `csv.Error`."""
    text = text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        text = text[separator.end() :]
    delimiter = separator[1] if separator else _find_delimiter(text)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True
    )
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnbalancedQuote(f"a quotation mark in line {line} is not closed or not doubled") from error
        if any(_holds_records(field, delimiter, len(record)) for field in record):
            raise UnbalancedQuote(f"a quotation mark in line {line} is not closed")
        yield record


def _find_delimiter(text: str) -> str:
    """The character that most of the first lines have, equally often in each. Blank and title lines have none."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return max(
        DELIMITERS,
        key=lambda one: (sum(one in line for line in lines), sum(line.count(one) for line in lines)),
    )


def _holds_records(field: str, delimiter: str, width: int) -> bool:
    """Whether a field contains whole records below it."""
    return width > 2 and any(line.count(delimiter) >= width - 1 for line in field.splitlines()[1:])
