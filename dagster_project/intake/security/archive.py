"""The zip archive of an Office file, refused where two programs could find different parts in it.

A program finds the parts by the directory at the end of the file, by the headers in front of them, or by a directory
that it meets first. Names of parts count without case, and `\\` counts as `/` (ECMA-376, part 2, 6.2 and 7.3).
"""

import posixpath
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote

from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security.limits import MAX_MEMBERS
from dagster_project.intake.security.other_formats import reject_protected

BROKEN_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError),
    *(OSError, ValueError, RuntimeError),
)
"""Exceptions that `zipfile` raises on a broken archive."""

_HEADER = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_DIRECTORY_END = b"PK\x05\x06"
_SIGNATURES = (_HEADER, _DIRECTORY_ENTRY, _DIRECTORY_END)
_HEADER_BYTES = 30
_TWO_MEANINGS = "it holds a second archive or a part that its directory does not list"


def open_archive(content: bytes) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
    """Open an archive and return it with its parts by the keys of their names. Raises `Rejected`."""
    if _DIRECTORY_END not in content:
        raise Rejected("unreadable_file", "The file is cut short: its end is missing.")
    # Counted before `zipfile` lists them: 64 MiB can contain 1.4 million entries.
    entries = content.count(_DIRECTORY_ENTRY)
    if entries > MAX_MEMBERS:
        raise reject_unsafe(f"it has {entries:,} parts; the limit is {MAX_MEMBERS:,}")
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise reject_protected()
        found = _key_parts(parts)
        _refuse_second_archives(content, parts)
    except BROKEN_ARCHIVE as error:
        raise reject_broken(error) from None
    return archive, found


@lru_cache(maxsize=256)
def key_part_name(name: str) -> str:
    """Return the name of a part in the form in which names are compared."""
    plain = unicodedata.normalize("NFC", unquote(name)).replace("\\", "/").casefold()
    return posixpath.normpath(plain).lstrip("/")


def reject_broken(error: BaseException) -> Rejected:
    """Create the rejection of a broken archive, without the error's text: it can repeat names in the file."""
    return Rejected("unreadable_file", f"The file is broken or cut short ({type(error).__name__}).")


def _key_parts(parts: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for part in parts:
        # `zipfile` replaces backslashes on Windows, and ends a name at a zero.
        name = part.orig_filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise reject_unsafe("it holds a part that points outside the file")
        key = key_part_name(name)
        if key in found or "\0" in name:
            raise reject_unsafe("it holds two parts of one name")
        found[key] = part
    return found


def _refuse_second_archives(content: bytes, parts: list[zipfile.ZipInfo]) -> None:
    """Refuse parts and directories between the parts, behind them and in the archive's comment."""
    before = 0
    for start, end in _iterate_spans(content, parts):
        if _has_any(content[before:start], _SIGNATURES):
            raise reject_unsafe(_TWO_MEANINGS)
        before = end
    end = content.rfind(_DIRECTORY_END)
    directory, comment = content[before:end], content[end + len(_DIRECTORY_END) :]
    is_single = directory.count(_DIRECTORY_ENTRY) == len(parts)
    if not is_single or _has_any(directory, (_HEADER, _DIRECTORY_END)) or _has_any(comment, _SIGNATURES):
        raise reject_unsafe(_TWO_MEANINGS)


def _has_any(content: bytes, signatures: Iterable[bytes]) -> bool:
    return any(signature in content for signature in signatures)


def _iterate_spans(content: bytes, parts: list[zipfile.ZipInfo]) -> Iterator[tuple[int, int]]:
    """Yield the beginning and the end of each part, in the order of the file."""
    for part in sorted(parts, key=lambda part: part.header_offset):
        start = part.header_offset
        method, name_bytes, extra_bytes = struct.unpack_from("<8xH16xHH", content, start)
        if method != part.compress_type:
            raise zipfile.BadZipFile("two methods of compression")
        yield start, start + _HEADER_BYTES + name_bytes + extra_bytes + part.compress_size
