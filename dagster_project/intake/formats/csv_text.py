"""Text of a CSV file, which does not name its encoding.

Text that is valid UTF-8 or UTF-16 is certain. Single-byte encodings are distinguished by the characters that people
type: a pound sign is followed by a digit, an apostrophe by an s, and no word has a capital inside. General detectors
need longer texts:
for comments with a few letters outside ASCII in code page 850, charset-normalizer 3.5 and chardet 7.7 gave wrong
letters in 10 of 11 cases, and both take some for multi-byte text, which swallows commas.
"""

# ruff: noqa: RUF001 - quotation marks and accents are what this module is about

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Encodings by their byte order mark. UTF-32 comes first: its mark can begin with that of UTF-16."""

SINGLE_BYTE = {"cp1252": 0.0, "mac_roman": -2.0, "cp850": -2.0, "cp437": -3.0, "iso8859_15": -3.0}
"""How likely each encoding is before the text is seen: the logarithm of its odds against Windows."""

MIN_LEAD = 3.0
"""Minimum lead of the best encoding's score over that of any other that gives other letters."""

MAX_MISPLACED_SHARE = 0.25
"""Share of the characters outside ASCII that may be misplaced in the best encoding."""

MAX_SCORED_BYTES = 200_000

_MISPLACED = -6.0
_UNUSUAL = -8.0
_LOWER = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßšž"
_UPPER = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒŠŽ"
_USE = {
    **dict.fromkeys("¢¥¡¿«»„‚‹›†‡¬²³¹µªº÷", -5.0),
    **dict.fromkeys(_LOWER + _UPPER, -3.5),
    **dict.fromkeys("êëïöüáíóúçñâôÉÁÍÓÚÖÜ°½¼¾×·€´§±", -2.0),
    **dict.fromkeys("àèìòùÀÈÌÒÙ®©™", -1.0),
    **dict.fromkeys("‘’“”–—…•£é\N{NO-BREAK SPACE}", 0.0),
}
"""How often a character is typed in English and Gaelic, as a logarithm. All others are `_UNUSUAL`."""

_LETTER = f"a-zA-Z{_LOWER}{_UPPER}"
_PLACES = (
    # characters, the text before them, the text after them
    (_LOWER, f"[a-z{_LOWER}]", r"\D"),  # café
    (_LOWER, f"[^\\d{_LETTER}]", f"[a-z{_LOWER}]"),  # über
    (_LOWER, f"[A-Z{_UPPER}]", f"[a-z{_LOWER}]"),  # Gàidhlig
    (_LOWER, f"[A-Z{_UPPER}]", r"\W"),  # Ní
    (_UPPER, f"[^\\d{_LETTER}]", f"[{_LETTER}]"),  # Òran
    (_UPPER, f"[A-Z{_UPPER}]", f"[^a-z{_LOWER}]"),  # GÀIDHLIG
    ("àéèòùáóÀÈÒÓ", r"[\s,;|]", r"[\s,;|.]"),  # Gaelic words of one letter
    ("’", r"\w", r"(?:s|t|re|ve|ll|d|m)\b"),  # don't
    ("´", r"\w", r"[st]\b"),
    ("’", r"\b\w", r"\w\w"),  # O'Neill
    ("’", "s", r"\W"),  # partners'
    ("’", r"\bA", r"\s"),  # A' Chomhairle
    ("’", r"\W", r"\d0|tis"),  # the '90s
    ("‘“„«", r"\W", r"\w|[£€]"),  # an opening quotation mark
    ("’”“»", r"\S", r"\W"),  # a closing one
    ("–—", r"\s", r"\s|\w"),
    ("–—", r"\w", r"\s"),
    ("–—", r"\d", r"[\d£]"),
    ("–—", r"\w\w\w", r"\w\w\w"),
    ("£€", r"\W", r"[\d\s)]"),
    ("½¼¾", r"[\d\W]", r"\W"),
    ("²³¹", r"\w", r"\W"),
    ("°", r"[\d\s]", r"[CF\W]"),
    ("×±", r"[\d\s]", r"[\d\s]"),
    ("•·", r"\W", r"[\s\w]"),
    ("®™", r"\w", r"\W"),
    ("©§", r"\W", r"\W?\w"),
    ("…", r"\S", r"\W"),
    ("…", r"\s", r"\w|\s"),
    ("\N{NO-BREAK SPACE}", f"[^{_LETTER}]", r"[\s\S]"),
    ("\N{NO-BREAK SPACE}", r"[\s\S]", f"[^{_LETTER}]"),
    ("\N{NO-BREAK SPACE}", r"\w\w", r"\w\w|[aAI]\b"),
    ("\N{NO-BREAK SPACE}", r"\b[aAI]", r"\w"),
)
"""The context of each character. In any other context it is misplaced, such as a capital inside a word."""

_PLACED = re.compile("|".join(f"(?<={before})[{chars}](?={after})" for chars, before, after in _PLACES))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_RUN = re.compile(r"[^\x00-\x7f]{2,}")
_REPLACED = "\N{REPLACEMENT CHARACTER}"
_PAIRS = {"“": "”„", "”": "“„", "„": "“”", "«": "»", "»": "«"}
"""A quotation mark is misplaced where the text has no other one to make a pair."""


@dataclass(frozen=True)
class Decoded:
    """The text of a file. `is_certain` says whether its encoding is; `is_unicode`, whether it is UTF-8 or UTF-16."""

    text: str
    is_certain: bool = True
    is_unicode: bool = True

    def find_doubt(self, text: str) -> str:
        """Find why letters of a text from this file may be wrong; empty where they are right."""
        if text.isascii():
            return ""
        if _REPLACED in text:
            return "a character is broken"
        if not self.is_certain:
            return "the encoding of letters outside A to Z is not certain"
        is_odd = (
            any(map(_is_decoded_twice, _RUN.findall(text))) if self.is_unicode else any(_find_misplaced(text))
        )
        return "a character is unlikely in its place" if is_odd else ""


def decode_text(content: bytes) -> Decoded:
    """Decode a file in UTF-8, UTF-16 or a single-byte encoding. Broken characters are replaced by U+FFFD."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return Decoded(content.decode(encoding, errors="replace"))
    if encoding := _find_utf16(content[:2_000]):
        return Decoded(content.decode(encoding, errors="replace"))
    try:
        return Decoded(content.decode())
    except UnicodeDecodeError:
        text = content.decode(errors="replace")
    broken = text.count(_REPLACED)
    valid = len(text) - len(text.encode("ascii", errors="ignore")) - broken
    is_cut = content[-1:] >= b"\xc2" or content[-2:-1] >= b"\xe0"
    if valid > 2 * broken or (broken == 1 and is_cut):
        return Decoded(text)
    return _decode_single_byte(content)


def _find_utf16(head: bytes) -> str:
    """Find the encoding of UTF-16 without a mark: every other byte of English text is zero. Else empty."""
    half = max(len(head) // 2, 1)
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else ""


def _decode_single_byte(content: bytes) -> Decoded:
    sample = content[:MAX_SCORED_BYTES]
    scores = sorted(
        (
            (_score_text(sample.decode(encoding, errors="replace")) + prior, encoding)
            for encoding, prior in SINGLE_BYTE.items()
        ),
        reverse=True,
    )
    best, encoding = scores[0]
    text = content.decode(encoding, errors="replace")
    others = (score for score, other in scores[1:] if content.decode(other, errors="replace") != text)
    is_certain = best - max(others, default=_UNUSUAL) >= MIN_LEAD
    scored = sample.decode(encoding, errors="replace")
    misplaced = sum(1 for _ in _find_misplaced(scored)) / max(len(_NOT_ASCII.findall(scored)), 1)
    return Decoded(text, is_certain=is_certain and misplaced <= MAX_MISPLACED_SHARE, is_unicode=False)


def _score_text(text: str) -> float:
    """Return how likely people typed the text, as a logarithm.

    Misplaced characters and unusual ones count against it.
    """
    use = sum(_USE.get(character, _UNUSUAL) for character in set(_NOT_ASCII.findall(text)))
    return use + _MISPLACED * sum(1 for _ in _find_misplaced(text))


def _is_decoded_twice(run: str) -> bool:
    """Return whether characters are UTF-8 that another program took for Windows-1252 and saved: Ã© for é."""
    try:
        return set(run.encode("cp1252").decode()) <= _USE.keys()
    except UnicodeError:
        return False


def _find_misplaced(text: str) -> Iterator[str]:
    """Find the characters outside ASCII that are not where people type them."""
    # Every pattern then has something to look behind and ahead at.
    padded = f"\n\n\n{text}\n\n\n"
    for match in _NOT_ASCII.finditer(padded):
        character = match[0]
        is_alone = character in _PAIRS and not any(other in text for other in _PAIRS[character])
        if is_alone or not _PLACED.match(padded, match.start()):
            yield character
