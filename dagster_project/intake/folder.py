"""Which entries of a folder of returns are returns, by their names and kinds. No file is opened."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePath

from dagster_project.home.entries import is_folder, walk_files

IGNORED_SUFFIXES = frozenset({".md"})
"""Notes in a folder of returns."""

IGNORED_PREFIXES = ("~$", ".")
"""Lock files of Office programs, and hidden files."""

IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
"""Entries that other systems add to folders."""

RETURN_SUFFIXES = frozenset(
    {".csv", ".doc", ".docx", ".odt", ".ods", ".pdf", ".rtf", ".xls", ".xlsb", ".xlsm", ".xlsx", ".zip"}
)
"""Endings with which committees send returns, also those that are not read."""


def get_suffix(name: str) -> str:
    """The ending of a name in lower case. Spaces, dots and invisible characters behind it do not count."""
    end = len(name)
    while end and (name[end - 1] in ". " or unicodedata.category(name[end - 1]) in ("Cc", "Cf", "Zs", "Zl", "Zp")):
        end -= 1
    return PurePath(name[:end]).suffix.lower() if end else ""


def is_ignored(path: Path) -> bool:
    """Whether an entry is not a return: a note, a file of a program, or a folder without returns."""
    return _has_ignored_name(path.name) or (is_folder(path) and not any(find_returns(path)))


def find_returns(folder: Path) -> Iterator[str]:
    """Paths below a folder that could be returns, and of what cannot be opened."""
    for below, size in walk_files(folder):
        if size < 0 or (get_suffix(below) in RETURN_SUFFIXES and not any(map(_has_ignored_name, PurePath(below).parts))):
            yield below


def _has_ignored_name(name: str) -> bool:
    name = name.lower()
    return name.startswith(IGNORED_PREFIXES) or get_suffix(name) in IGNORED_SUFFIXES or name in IGNORED_NAMES
