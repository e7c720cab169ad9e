"""Typed text: cleaning, comparison and quotation."""

# ruff: noqa: RUF001 - quotation marks and dashes are what this module removes

import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from dagster_project.intake.labels import PROMPTS
from dagster_project.intake.security.limits import MAX_SHOWN

# Characters without a glyph, which databases and XML refuse.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def clean_text(text: str) -> str:
    """Remove control characters and surrounding spaces, and unify line ends."""
    if not text.isprintable():
        text = _SURROGATES.sub("\ufffd", _CONTROL.sub("", _LINE_END.sub("\n", text)))
    return text.strip()


def decode_escapes(text: str) -> str:
    """Decode `_xHHHH_`, by which .xlsx alone stores characters that XML refuses."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


_Result = TypeVar("_Result")
MAX_CACHED_CHARACTERS = 400
"""Longer texts are comments: they do not repeat, and the cache would keep personal data in memory."""
MAX_CACHED_TEXTS = 2_048


class _ShortTextCache(dict[Any, _Result]):
    """Results by text. It is read for every cell: `lru_cache` with a test of the length takes three times as long."""

    def __init__(self, function: Callable[[Any], _Result]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, value: Any) -> _Result:
        result = self._function(value)
        # Only texts: 1 and True are the same key.
        if isinstance(value, str) and len(value) < MAX_CACHED_CHARACTERS:
            if len(self) >= MAX_CACHED_TEXTS:
                self.clear()
            self[value] = result
        return result


def cache_short_texts(function: Callable[[Any], _Result]) -> Callable[[Any], _Result]:
    """Cache a function of a text: labels and wordings are the same in every return."""
    return _ShortTextCache(function).__getitem__


def _key_text(text: str) -> str:
    if not text.isascii():
        text = "".join(
            character
            for character in unicodedata.normalize("NFKC", text)
            if unicodedata.category(character) != "Cf"
        )
    return " ".join(text.split()).rstrip(" .:;,*!?").casefold()


def _key_rating(text: str) -> str:
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    text = " ".join(text.split()).lower()
    for word, (sign, repetition) in _SIGNS.items():
        text = repetition.sub(word, sign.sub(f" {word} ", text))
    return _BRACKETS.sub(r"\1", text.strip(_MARKS)).strip(_MARKS)


_WORD = re.compile(r"[^\W_]+")
_SHARED_WORDS = frozenset(
    (
        "child",
        "public",
        "adult",
        "protection",
        "committee",
        "committees",
        "cpc",
        "council",
        "the",
        "and",
        "of",
        "for",
    )
)
_MARKS = "-_ .:;,!\"'`´‘’‚‛“”„‟«»‹›‐‑‒–—―−•·"
_BRACKETS = re.compile(r"^[(\[{<]+(.*?)[)\]}>]*$")
_SIGNS = {
    word: (re.compile(f" *[{signs}][\ufe0e\ufe0f]? *"), re.compile(rf"\b{word}( +{word})+\b", re.ASCII))
    for word, signs in {"green": "🟢🟩💚", "amber": "🟠🟡🟧🟨🧡💛", "red": "🔴🟥❤"}.items()
}
"""Coloured circles, squares and hearts. Yellow is amber, as it is among the fills of cells."""

key_text = cache_short_texts(_key_text)
"""The form in which labels and wordings are compared: without case, spacing, invisible characters, end punctuation."""

key_rating = cache_short_texts(_key_rating)
"""The form in which rating words are compared, as in the macro `word_key` of the models."""


def is_prompt(text: str) -> bool:
    """Return whether a text is the prompt of a field that was left as it is.

    Not every program marks a prompt as one.
    """
    return len(text) < MAX_CACHED_CHARACTERS and key_rating(text) in PROMPTS


def key_committee(text: str) -> str:
    """Return the sorted words of a committee's name, without those that names share."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = _WORD.findall("".join(one for one in plain if not unicodedata.combining(one)))
    return " ".join(sorted(set(words) - _SHARED_WORDS))


def quote_text(text: str) -> str:
    """Quote typed text in a message: on one line, at most 80 characters."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= MAX_SHOWN else f"'{line[:MAX_SHOWN]}...'"
