"""Entries of folders to which anybody can add: files of any size, folders, links, pipes, devices.

Any of them can change or disappear at any time. Nothing here waits for an entry or raises for what it is.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

MAX_HASHED_BYTES = 64 * 1024 * 1024
"""A larger file is not read whole: no return is as large, and a film takes minutes."""

MAX_LISTED_FILES = 10_000
"""Maximum number of entries listed below a folder within a folder, at any depth."""

MAX_SAMPLED_BYTES = 2 * 1024 * 1024
"""Bytes hashed of a file that is not read whole: half at its beginning, half at its end."""


def escape_name(name: str) -> str:
    """Return a name as text: bytes that are not UTF-8 are written as escapes, such as \\xff."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def list_entries(folder: Path) -> list[Path]:
    """List the entries of a folder by name; none if it does not exist.

    Raises `OSError` if it may not be read.
    """
    return sorted(folder.iterdir(), key=lambda path: path.name) if folder.is_dir() else []


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder, or a link to one."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def get_size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if the path is not a file, or its size cannot be read."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


def walk_files(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield paths below a folder with sizes, of the first `MAX_LISTED_FILES` entries in a fixed order.

    Links to folders are not followed. What cannot be opened is listed with a size of -1.
    """
    waiting, left = [""], MAX_LISTED_FILES
    while waiting and left > 0:
        below = waiting.pop()
        try:
            with os.scandir(folder / below) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            yield below or ".", -1
            continue
        for entry in entries[:left]:
            left -= 1
            path = f"{below}/{entry.name}" if below else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                else:
                    yield path, entry.stat().st_size
            except OSError:
                yield path, -1


def open_regular_file(path: Path) -> FileIO:
    """Open a file for reading without waiting: opening a named pipe would block, opening a device can act on it.

    Raises: `OSError`, with `EINVAL` if the path is not a regular file.
    """
    _require_regular(path.stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _require_regular(os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return FileIO(descriptor, "rb")


def hash_entry(path: Path, max_bytes: int = MAX_HASHED_BYTES) -> tuple[int, str]:
    """Return a file's size in bytes and the SHA-256 of its content; 0 and an empty text if it cannot be read.

    Of a file beyond `max_bytes`, its size, beginning and end are hashed; of a folder, the names and sizes in it.
    Other entries, such as devices, are not read.
    """
    if is_folder(path):
        listing = sorted(walk_files(path))
        return 0, hashlib.sha256(os.fsencode(repr(listing))).hexdigest()
    try:
        with open_regular_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size <= max_bytes:
                return size, hashlib.sha256(file.read(size)).hexdigest()
            beginning = file.read(MAX_SAMPLED_BYTES // 2)
            file.seek(size - MAX_SAMPLED_BYTES // 2)
            end = file.read(MAX_SAMPLED_BYTES // 2)
            return size, hashlib.sha256(b"%d\0" % size + beginning + end).hexdigest()
    except OSError:
        return 0, ""


def _require_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
