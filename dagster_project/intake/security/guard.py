"""Office files as checked parts: limits on the archive first, then on each part when it is read."""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from dagster_project.intake.problems import Rejected, reject_unsafe
from dagster_project.intake.security import limits
from dagster_project.intake.security.other_formats import (
    refuse_binary_workbook,
    refuse_other_formats,
    reject_protected,
)
from dagster_project.intake.security.parts import check_part

_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)
"""Exceptions that `zipfile` raises on a broken archive."""

_DIRECTORY_ENTRY = b"PK\x01\x02"
_DIRECTORY_END = b"PK\x05\x06"
_MACROS = "vbaProject.bin"
_MEDIA_ENDINGS = (
    *(
        ".bmp",
        ".emf",
        ".gif",
        ".jfif",
        ".jpeg",
        ".jpg",
        ".png",
        ".svg",
        ".tif",
        ".tiff",
        ".wdp",
        ".webp",
        ".wmf",
    ),
    *(".avi", ".m4a", ".mov", ".mp3", ".mp4", ".wav", ".wmv"),
    *(".bin", ".fntdata", ".odttf", ".otf", ".ttf"),
)
_MEDIA_FOLDERS = ("/media/", "/embeddings/")
"""Pictures, films, fonts and embedded files are never read: no limit applies to them."""


class OfficeFile(Mapping[str, bytes]):
    """The XML parts of a workbook or document by name, without media.

    A part is inflated and checked when it is first read: a parser never gets unchecked bytes.
    Raises `Rejected` where the file is broken or exceeds a limit; reading a part also raises it.
    """

    def __init__(self, content: bytes) -> None:
        refuse_other_formats(content)
        _refuse_broken_archives(content)
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except _BROKEN as error:
            raise _reject_broken(error) from None
        parts = self._archive.infolist()
        refuse_binary_workbook(self._archive.namelist())
        _check_directory(parts)
        self.has_macros = any(part.filename.endswith(_MACROS) for part in parts)
        self._parts = {part.filename: part for part in parts if _is_readable(part.filename)}
        self._contents: dict[str, bytes] = {}
        self._plain_sheets: set[str] = set()

    def __getitem__(self, name: str) -> bytes:
        if name not in self._contents:
            content = self._inflate(self._parts[name])
            if check_part(name, content):
                self._plain_sheets.add(name)
            self._contents[name] = content
        return self._contents[name]

    def __contains__(self, name: object) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def is_plain_sheet(self, name: str) -> bool:
        """Whether a part is a sheet without formulas, errors and cells near a limit."""
        return bool(self[name]) and name in self._plain_sheets

    def _inflate(self, part: zipfile.ZipInfo) -> bytes:
        """`zipfile` stops at the declared size and compares the checksum."""
        try:
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("unknown compression")
            content = self._archive.read(part)
            if len(content) != part.file_size:
                raise zipfile.BadZipFile("shorter than declared")
        except _BROKEN as error:
            raise _reject_broken(error) from None
        return content


def _refuse_broken_archives(content: bytes) -> None:
    if _DIRECTORY_END not in content:
        raise Rejected("unreadable_file", "The file is cut short: its end is missing.")
    # Counted before `zipfile` lists them: 64 MiB can hold 1.4 million entries.
    entries = content.count(_DIRECTORY_ENTRY)
    if entries > limits.MAX_MEMBERS:
        raise reject_unsafe(f"it has {entries:,} parts; the limit is {limits.MAX_MEMBERS:,}")


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts if _is_readable(part.filename))
    if total > limits.MAX_TOTAL_BYTES:
        raise reject_unsafe(f"it unpacks to {total:,} bytes; the limit is {limits.MAX_TOTAL_BYTES:,}")
    names = set()
    for part in parts:
        name = part.filename
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
            raise reject_unsafe("it holds a part that points outside the file")
        if part.flag_bits & 1:
            raise reject_protected()
        if name in names:
            raise reject_unsafe("it holds two parts of one name")
        names.add(name)
        if not _is_readable(name):
            continue
        if part.file_size > limits.MAX_MEMBER_BYTES:
            raise reject_unsafe(
                f"one of its parts has {part.file_size:,} bytes; the limit is {limits.MAX_MEMBER_BYTES:,}"
            )
        is_large = part.file_size > limits.RATIO_APPLIES_ABOVE
        if is_large and part.file_size > limits.MAX_RATIO * max(part.compress_size, 1):
            raise reject_unsafe(f"one of its parts is packed more than {limits.MAX_RATIO} to one")


def _is_readable(name: str) -> bool:
    name = name.lower()
    return not name.endswith(("/", *_MEDIA_ENDINGS)) and not any(folder in name for folder in _MEDIA_FOLDERS)


def _reject_broken(error: BaseException) -> Rejected:
    # Not the error's text: it can repeat names out of the file.
    return Rejected("unreadable_file", f"The file is broken or cut short ({type(error).__name__}).")
