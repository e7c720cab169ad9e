"""Opening and hashing files of a folder where any file can change or disappear."""

import errno
import hashlib
import os
import stat
from io import FileIO
from pathlib import Path


def open_regular_file(path: Path) -> FileIO:
    """Open a file for reading without waiting: opening a named pipe would block.

    Raises: `OSError`, with `EINVAL` where the path is not a regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return FileIO(descriptor, "rb")


def hash_file(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file of any size; 0 and an empty text where it cannot be read."""
    try:
        with open_regular_file(path) as file:
            return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return 0, ""
