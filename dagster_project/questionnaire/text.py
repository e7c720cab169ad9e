"""Typed text: what is taken out before it is kept, and by what it is compared. What a word means is not known here."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from dagster_project.questionnaire.limits import MAX_SHOWN

# Characters that no sheet shows and that databases and XML refuse.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def clean(text: str) -> str:
    """The text as shown: line ends unified, no control characters, nothing that cannot be stored."""
    if not text.isprintable() or "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = _SURROGATES.sub("\ufffd", _UNSHOWN.sub("", text))
    return text.strip()


_Found = TypeVar("_Found")


def remembered(compute: Callable[[str], _Found]) -> Callable[[str], _Found]:
    """Labels and wordings come again in every file; long texts do not, and are not kept."""
    remembering = lru_cache(maxsize=2_048)(compute)

    @wraps(compute)
    def look_up(text: str) -> _Found:
        return remembering(text) if len(text) < 500 else compute(text)

    return look_up


@remembered
def key(text: str) -> str:
    """What a label or a wording is recognised by: no case, spacing, invisible characters or punctuation at its end."""
    if not text.isascii():
        text = "".join(
            character
            for character in unicodedata.normalize("NFKC", text)
            if unicodedata.category(character) != "Cf"
        )
    return " ".join(text.split()).rstrip(" .:;,*!?").casefold()


@remembered
def rating_key(text: str) -> str:
    """What a rating word is looked up by; the same as the macro `word_key` of the models."""
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(text.split()).lower().rstrip(" .:;,!")


def shown(text: str) -> str:
    """Typed text as a message repeats it: one line, not too long."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= MAX_SHOWN else f"'{line[:MAX_SHOWN]}...'"
