"""Which entries of a folder of returns are returns, by their names and kinds. No file is opened."""

import errno
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePath

from dagster_project.home.entries import (
    MAX_HASHED_BYTES,
    MAX_SAMPLED_BYTES,
    escape_name,
    hash_entry,
    is_folder,
    walk_files,
)

IGNORED_SUFFIXES = frozenset({".md"})
"""Notes in a folder of returns."""

IGNORED_PREFIXES = ("~$", ".")
"""Lock files of Office programs, and hidden files."""

IGNORED_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
"""Entries that other systems add to folders."""

READ_SUFFIXES = (".xlsx", ".xlsm", ".ods", ".docx", ".csv")
"""Endings of the formats that are read."""

OTHER_SUFFIXES = {
    **dict.fromkeys((".zip", ".rar", ".7z", ".tar", ".gz", ".tgz"), "packed_file"),
    **dict.fromkeys((".eml", ".msg"), "mail_file"),
    **dict.fromkeys(
        (".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".gif", ".bmp"), "picture_file"
    ),
    **dict.fromkeys(
        (".m4a", ".mp3", ".wav", ".aac", ".ogg", ".opus", ".amr", ".wma", ".flac"), "recording_file"
    ),
    **dict.fromkeys((".mp4", ".m4v", ".mov", ".avi", ".webm", ".mkv", ".wmv", ".3gp"), "recording_file"),
    **dict.fromkeys((".crdownload", ".part", ".partial", ".download"), "incomplete_download"),
    **dict.fromkeys((".url", ".lnk", ".webloc", ".desktop", ".gdoc", ".gsheet"), "shortcut_file"),
}
"""Endings of files that a return may be in, with the problem that says how to get it out."""

RETURN_SUFFIXES = frozenset({*READ_SUFFIXES, ".doc", ".odt", ".pdf", ".rtf", ".xls", ".xlsb", ".zip"})
"""Endings with which committees send returns, also those that are not read."""

_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def strip_name(name: str) -> str:
    """Strip the spaces, dots and invisible characters at the end of a name."""
    end = len(name)
    while end and (name[end - 1] == "." or unicodedata.category(name[end - 1]) in _INVISIBLE):
        end -= 1
    return name[:end]


def get_suffix(name: str) -> str:
    """Return the suffix of a name in lower case, without what `strip_name` removes.

    Bytes that are not text are escaped.
    """
    return escape_name(PurePath(strip_name(name) or "-").suffix.lower())


def hash_return(path: Path) -> tuple[int, str]:
    """Return size and hash of an entry, as the raw tables store them.

    Only files that are read are hashed whole.
    """
    is_read = get_suffix(path.name) in READ_SUFFIXES
    return hash_entry(path, MAX_HASHED_BYTES if is_read else MAX_SAMPLED_BYTES)


def is_ignored(path: Path) -> bool:
    """Return whether an entry is not a return: a note, a file of a program, or a folder without returns."""
    return _has_ignored_name(path.name) or (is_folder(path) and not any(find_returns(path)))


def find_returns(folder: Path) -> Iterator[str]:
    """Find the paths below a folder that could be returns, or that cannot be opened."""
    for below, size in walk_files(folder):
        is_return = size < 0 or get_suffix(below) in RETURN_SUFFIXES
        if is_return and not any(map(_has_ignored_name, PurePath(below).parts)):
            yield below


def _has_ignored_name(name: str) -> bool:
    name = name.lower()
    return name.startswith(IGNORED_PREFIXES) or get_suffix(name) in IGNORED_SUFFIXES or name in IGNORED_NAMES


def describe_entry(path: Path) -> str:
    """Describe why an entry is no file that can be read; empty for a file, and if access to it is denied."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "It is a link to a file that does not exist." if path.is_symlink() else ""
    except OSError as error:
        return "" if error.errno == errno.EACCES else "It is a link that leads to no file."
    if stat.S_ISDIR(mode):
        found = sum(1 for _ in find_returns(path))
        entries = "entry that could be a return" if found == 1 else "entries that could be returns"
        return f"It is a folder with {found} {entries}; files in folders are not read."
    return "" if stat.S_ISREG(mode) else "It is a device, a pipe or a socket and not a file."
