"""What is checked of a file before any parser sees it.

The parsers trust what they read: a few kilobytes can make them fill the memory or end the process.
"""

import errno
import hashlib
import os
import re
import stat
import struct
import zipfile
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import NamedTuple, cast

from zlib_ng import zlib_ng

from dagster_project.intake.problems import Problem, Rejected
from dagster_project.intake.security import limits
from dagster_project.intake.security.directory import Part, list_parts

# Its stub calls it an instance.
_NO_STREAM = cast(type[Exception], zlib_ng.error)
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ELSE = {b"%PDF": "a PDF", b"{\\rt": "an RTF document", b"<htm": "a web page", b"<!DO": "a web page"}
MACROS = "vbaProject.bin"
_MEDIA = (".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".tiff", ".bin", ".ttf", ".odttf")

_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([^"']*)""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}
# A mark, what the directory repeats, and the lengths of the name and of an extra field.
_LOCAL_HEADER = struct.Struct("<4s22x2H")
# No part of a pattern crosses a bracket, so that a search stays linear whatever the part holds.
_PLAIN_CELL = re.compile(rb'<c r="[A-Z]{1,2}\d')
_NOT_PLAIN = re.compile(
    rb"<(?:[^/cirtv]"
    rb'|c(?! r="[A-Z]{1,2}\d{1,3}"(?: s="\d{1,5}")?+(?: t="(?:inlineStr|s|n|b|str)")?+/?>)'
    rb'|i(?!s[ >])|[tv](?![ >])|r(?!ow r="\d{1,3}"[ >/])|\Z)'
)
"""What is anything but a row, a cell within every limit, and its text or value."""
_FAR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["'][A-Za-z]{3,}""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d+)""")
_MORE_THAN_FIT = 0xFFFF
"""Stands for a number that an extended list declares."""
_COMMON_BYTES = 32 * 1024
_ANSWERS = ("xl/worksheets/", "xl/sharedStrings", "word/document", "content.xml")
"""Parts that no two returns have alike: not worth remembering."""
_FILLED_REPEAT = re.compile(
    rb"""<table:table-cell\s[^<>]*?number-columns-repeated\s*=\s*["'](\d+)["'][^<>]*(?<!/)>"""
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Members(dict[str, bytes]):
    """The parts of an Office file by name, inflated and checked, and what was learnt of them on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.checksums: dict[str, int] = {}
        self.plain: set[str] = set()
        """Sheets in whose rows there is no formula, no error, and nothing near a limit."""


class _Part(NamedTuple):
    content: bytes
    is_plain: bool
    fault: Problem | None


def open_file(path: Path) -> FileIO:
    """Open what is to be read in one piece, and wait for nobody: a pipe in the place of a file has no end.

    Raises: `OSError` where it cannot be opened or is no file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no file")
    return FileIO(descriptor, "rb")


def fingerprint(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file of any size; 0 and empty where it cannot be read."""
    try:
        with open_file(path) as file:
            return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return 0, ""


def read_members(content: bytes) -> Members:
    """Inflate the XML parts of an Office file, within limits.

    Returns: the parts by name.
    Raises: `Rejected` past a limit or where it is no such file.
    """
    _refuse_other_formats(content)
    members = Members()
    faults: list[Problem] = []
    try:
        infos = list_parts(content)
        _check_members(infos)
        for info in infos:
            name = info.filename
            if not name.endswith("/") and not name.lower().endswith(_MEDIA):
                part = _part(content, info)
                members[name] = part.content
                members.checksums[name] = info.checksum
                if part.is_plain:
                    members.plain.add(name)
                if part.fault:
                    faults.append(part.fault)
            elif name.endswith(MACROS):
                # Named, so that it can be told of; never opened.
                members[name] = b""
                members.checksums[name] = 0
        _check_list(content, infos)
    except (
        zipfile.BadZipFile,
        _NO_STREAM,
        struct.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise Rejected("unreadable_file", f"The file is broken or cut short ({error}).") from None
    if faults:
        raise Rejected(faults[0].code, faults[0].message)
    return members


def _part(content: bytes, info: Part) -> _Part:
    """One part, inflated and checked."""
    mark, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, info.header_offset)
    start = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    packed = content[start : start + info.compress_size]
    if mark != b"PK\x03\x04" or len(packed) != info.compress_size:
        raise zipfile.BadZipFile("a part is not where the file says")
    own = info.file_size > _COMMON_BYTES or info.filename.startswith(_ANSWERS)
    unpack = _unpacked if own else _common
    return unpack(info.filename, packed, info.compress_type, info.file_size, info.checksum)


def _unpacked(name: str, packed: bytes, method: int, size: int, checksum: int) -> _Part:
    """What a part declares is held to: a parser would inflate whatever follows as well.

    Not `ZipFile.read`, which stops at the declared size and asks no further, and takes three times as long.
    """
    if method == zipfile.ZIP_STORED:
        part, is_whole = packed, True
    elif method == zipfile.ZIP_DEFLATED:
        stream = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS)
        part = stream.decompress(packed, size + 1)
        is_whole = stream.eof
    else:
        raise NotImplementedError("a part is packed in a way that is not read")
    if len(part) != size or not is_whole or zlib_ng.crc32(part) != checksum:
        raise zipfile.BadZipFile("a part is not what the file says")
    try:
        return _Part(part, _check_content(name, part), None)
    except Rejected as rejected:
        return _Part(part, False, rejected.problem)


_common = lru_cache(maxsize=128)(_unpacked)
"""Styles, themes and relations come again in every return: one with the very same bytes is known already."""


def _refuse_other_formats(content: bytes) -> None:
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise Rejected("password_protected", "The file opens only with a password.")
        raise Rejected("unknown_format", "The file is in the format of Office before 2007.")
    for start, name in _ELSE.items():
        if content[:8].lower().startswith(start.lower()):
            raise Rejected("unreadable_file", f"The file is {name}, whatever its name says.")
    if not content.startswith(b"PK"):
        raise Rejected("unreadable_file", "The file is no workbook or document, whatever its name says.")
    if content.rfind(b"PK\x05\x06") < 0:
        raise Rejected("unreadable_file", "The file is cut short: its end is missing.")


def _check_list(content: bytes, infos: list[Part]) -> None:
    """`zipfile` reads as many entries as there is room for, whatever number of them the file declares."""
    (declared,) = struct.unpack_from("<H", content, content.rindex(b"PK\x05\x06") + 10)
    if declared not in (len(infos), _MORE_THAN_FIT):
        raise zipfile.BadZipFile("its list of parts is not whole")


def _check_members(infos: list[Part]) -> None:
    if len(infos) > limits.MAX_MEMBERS:
        raise _unsafe(f"it has {len(infos):,} parts; the limit is {limits.MAX_MEMBERS:,}")
    total = sum(info.file_size for info in infos)
    if total > limits.MAX_TOTAL_BYTES:
        raise _unsafe(f"it unpacks to {total:,} bytes; the limit is {limits.MAX_TOTAL_BYTES:,}")
    names = set()
    for info in infos:
        name = info.filename
        if name.startswith(("/", "\\")) or (".." in name and ".." in re.split(r"[/\\]", name)):
            raise _unsafe("it holds a part that points outside the file")
        if info.flag_bits & 1:
            raise Rejected("password_protected", "The file opens only with a password.")
        if name in names:
            raise _unsafe("it holds two parts of one name")
        names.add(name)
        if info.file_size > limits.MAX_MEMBER_BYTES:
            raise _unsafe(
                f"one of its parts has {info.file_size:,} bytes; the limit is {limits.MAX_MEMBER_BYTES:,}"
            )
        packed = max(info.compress_size, 1)
        if info.file_size > limits.RATIO_APPLIES_ABOVE and info.file_size > limits.MAX_RATIO * packed:
            raise _unsafe(f"one of its parts is packed more than {limits.MAX_RATIO} to one")


def _check_content(name: str, part: bytes) -> bool:
    """Raise `Rejected` where a parser would take harm. Returns whether it is a sheet of plain cells."""
    if not name.endswith((".xml", ".rels")) and not part.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(
        b"<"
    ):
        return False
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in part[:200]:
        raise _unsafe("one of its parts is not written in UTF-8")
    encoding = _ENCODING.match(part.removeprefix(_BYTE_ORDER_MARK))
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise _unsafe("one of its parts is not written in UTF-8")
    whole = part
    is_sheet = name.startswith("xl/worksheets/") and not name.startswith("xl/worksheets/_rels/")
    if is_sheet:
        is_whole = part.rstrip().endswith((b"worksheet>", b"/>"))
        part = _without_plain_cells(part)
    if b"<!" in part and (b"<!DOCTYPE" in part or b"<!ENTITY" in part):
        raise _unsafe("one of its parts declares a document type or entities")
    if name == "META-INF/manifest.xml" and b"encryption-data" in part:
        raise Rejected("password_protected", "The file opens only with a password.")
    # Beside the sheets stand lists of what they refer to: pictures, notes, settings of printers.
    if is_sheet:
        if _may_have_far_cells(part) and _FAR_CELL.search(part):
            raise _unsafe(f"it has cells beyond column ZZ, the limit of {limits.MAX_COLUMNS} columns")
        rows = _ROW.findall(part) if b"row" in part else []
        if rows and (len(max(rows, key=len)) > 9 or max(map(int, rows)) > limits.MAX_ROWS):
            raise _unsafe(f"it has cells beyond row {limits.MAX_ROWS:,}, the limit")
        if not is_whole:
            # calamine reads what is there and says nothing of what is not.
            raise Rejected("unreadable_file", "The file is cut short: a sheet has no end.")
    elif name == "content.xml":
        repeats = _FILLED_REPEAT.findall(part)
        if any(len(number) > 6 or int(number) > limits.MAX_COLUMNS for number in repeats):
            raise _unsafe(f"it repeats a filled cell beyond the limit of {limits.MAX_COLUMNS} columns")
    return is_sheet and part is not whole


def _without_plain_cells(part: bytes) -> bytes:
    """A sheet's XML without its rows, where nothing in them is against a limit, a formula or an error.

    All of them are seen in one pass, and what is left is short: quicker than to look through all for each check.
    """
    start, end = part.find(b"<sheetData>"), part.rfind(b"</sheetData>")
    if 0 <= start < end and not _NOT_PLAIN.search(part, start + 11, end):
        return part[:start] + part[end:]
    return part


def _may_have_far_cells(part: bytes) -> bool:
    """Whether some cell is not written as nearly all programs write it, within the limit: quicker than to look."""
    cells = part.count(b"<c") - part.count(b"<co")
    return b":c" in part or (cells > 0 and cells != len(_PLAIN_CELL.findall(part)))


def _unsafe(what: str) -> Rejected:
    return Rejected("unsafe_file", f"The file was not opened: {what}.")
