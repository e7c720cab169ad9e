"""Typed text: what is taken out before it is kept, and by what it is compared. What a word means is not known here."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from dagster_project.intake.security.limits import MAX_SHOWN

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
_COMES_AGAIN = 400
"""Characters from which on a text is somebody's comment."""
_MOST = 2_048


class _Memory(dict[Any, _Found]):
    """What was found of each short text. Asked for every cell: a dictionary answers sooner than any function."""

    def __init__(self, find: Callable[[Any], _Found]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, value: Any) -> _Found:
        found = self._find(value)
        # Numbers are not kept: 1 and True would be the same to a dictionary.
        if isinstance(value, str) and len(value) < _COMES_AGAIN:
            if len(self) >= _MOST:
                self.clear()
            self[value] = found
        return found


def remembered(find: Callable[[Any], _Found]) -> Callable[[Any], _Found]:
    """Labels and wordings come again in every file; long texts do not, and are not kept."""
    return _Memory(find).__getitem__


def _key(text: str) -> str:
    if not text.isascii():
        text = "".join(
            character
            for character in unicodedata.normalize("NFKC", text)
            if unicodedata.category(character) != "Cf"
        )
    return " ".join(text.split()).rstrip(" .:;,*!?").casefold()


def _rating_key(text: str) -> str:
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(text.split()).lower().rstrip(" .:;,!")


key = remembered(_key)
"""What a label or a wording is recognised by: no case, spacing, invisible characters or punctuation at its end."""

rating_key = remembered(_rating_key)
"""What a rating word is looked up by; the same as the macro `word_key` of the models."""


def shown(text: str) -> str:
    """Typed text as a message repeats it: one line, not too long."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= MAX_SHOWN else f"'{line[:MAX_SHOWN]}...'"
