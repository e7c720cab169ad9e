"""Office files as checked parts: each part is inflated and checked when it is first read."""

import zipfile
from collections.abc import Iterator, Mapping

from dagster_project.intake.problems import reject_unsafe
from dagster_project.intake.security import limits
from dagster_project.intake.security.archive import BROKEN_ARCHIVE, key_part_name, open_archive, reject_broken
from dagster_project.intake.security.other_formats import refuse_binary_workbook, refuse_other_formats
from dagster_project.intake.security.parts import check_part

_MACROS = "vbaproject.bin"


class OfficeFile(Mapping[str, bytes]):
    """The parts of a workbook or document by name. Case and the kind of slash in a name do not count.

    A parser never gets unchecked bytes. Limits apply to parts that are read: pictures, films and fonts are not.
    Raises `Rejected` where the archive is broken or has more than one meaning; reading a part also raises it.
    """

    def __init__(self, content: bytes) -> None:
        refuse_other_formats(content)
        self._archive, self._parts = open_archive(content)
        refuse_binary_workbook(self._parts)
        self.has_macros = any(name.endswith(_MACROS) for name in self._parts)
        self._contents: dict[str, bytes] = {}
        self._plain_sheets: set[str] = set()
        self._total_bytes = 0

    def __getitem__(self, name: str) -> bytes:
        key = key_part_name(name)
        if key not in self._contents:
            content = self._inflate_part(self._parts[key])
            if check_part(content):
                self._plain_sheets.add(key)
            self._contents[key] = content
        return self._contents[key]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and key_part_name(name) in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def is_plain_sheet(self, name: str) -> bool:
        """Return whether a part is a sheet without formulas, errors and cells near a limit."""
        return bool(self[name]) and key_part_name(name) in self._plain_sheets

    def _inflate_part(self, part: zipfile.ZipInfo) -> bytes:
        """Inflate a part: `zipfile` stops at the declared size and compares the checksum."""
        self._check_limits(part)
        try:
            if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise zipfile.BadZipFile("unknown compression")
            content = self._archive.read(part)
            if len(content) != part.file_size:
                raise zipfile.BadZipFile("shorter than declared")
        except BROKEN_ARCHIVE as error:
            raise reject_broken(error) from None
        return content

    def _check_limits(self, part: zipfile.ZipInfo) -> None:
        self._total_bytes += part.file_size
        if part.file_size > limits.MAX_MEMBER_BYTES:
            raise reject_unsafe(
                f"one of its parts has {part.file_size:,} bytes; the limit is {limits.MAX_MEMBER_BYTES:,}"
            )
        if self._total_bytes > limits.MAX_TOTAL_BYTES:
            raise reject_unsafe(
                f"it unpacks to {self._total_bytes:,} bytes; the limit is {limits.MAX_TOTAL_BYTES:,}"
            )
        is_large = part.file_size > limits.RATIO_APPLIES_ABOVE
        if is_large and part.file_size > limits.MAX_RATIO * max(part.compress_size, 1):
            raise reject_unsafe(f"one of its parts is packed more than {limits.MAX_RATIO} to one")
