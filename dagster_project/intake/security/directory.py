"""The list of parts at the end of a zip archive, as nearly all programs write it.

By hand, as the archive for a parser is written (see `stored`): `zipfile` takes five times as long for it, which is a
sixth of all that is done with a workbook before its cells are known. It is asked for whatever is written otherwise.
"""

import struct
import zipfile
from io import BytesIO
from typing import NamedTuple

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s4x2H4x3L3H8xL")
_LONG = 0xFFFFFFFF
"""Stands for a number that an extended list holds."""


class Part(NamedTuple):
    """One part: its name, where it is, and what is declared of it."""

    filename: str
    header_offset: int
    flag_bits: int
    compress_type: int
    checksum: int
    compress_size: int
    file_size: int


def list_parts(content: bytes) -> list[Part]:
    """All parts of an archive. Raises what `zipfile` raises where it is none, or broken."""
    found = _plain(content)
    if found is not None:
        return found
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [
            Part(
                info.filename,
                info.header_offset,
                info.flag_bits,
                info.compress_type,
                info.CRC,
                info.compress_size,
                info.file_size,
            )
            for info in archive.infolist()
        ]


def _plain(content: bytes) -> list[Part] | None:
    """The parts where the list stands last, without comments and extensions; otherwise None."""
    end = len(content) - _END.size
    if end < 0 or content[end : end + 4] != b"PK\x05\x06":
        return None
    _, disk, first_disk, here, count, size, place, _ = _END.unpack_from(content, end)
    if disk or first_disk or here != count or place + size != end:
        return None
    parts = []
    for _ in range(count):
        if place + _ENTRY.size > end:
            return None
        mark, flags, method, checksum, packed, whole, name, extra, comment, offset = _ENTRY.unpack_from(
            content, place
        )
        start = place + _ENTRY.size
        place = start + name + extra + comment
        called = content[start : start + name]
        if mark != b"PK\x01\x02" or place > end or _LONG in (packed, whole, offset):
            return None
        # Other signs than these are for `zipfile` to read.
        if not called.isascii() or b"\0" in called:
            return None
        parts.append(Part(called.decode("ascii"), offset, flags, method, checksum, packed, whole))
    return parts if place == end else None
