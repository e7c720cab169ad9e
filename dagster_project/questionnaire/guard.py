"""What is checked of a file before any parser sees it.

The parsers trust what they read: a few kilobytes can make them fill the memory or end the process.
"""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from dagster_project.questionnaire import limits
from dagster_project.questionnaire.problems import Rejected

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ELSE = {b"%PDF": "a PDF", b"{\\rt": "an RTF document", b"<htm": "a web page", b"<!DO": "a web page"}
MACROS = "vbaProject.bin"
_MEDIA = (".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf", ".tiff", ".bin", ".ttf", ".odttf")

_ENCODING = re.compile(rb"""<\?xml[^<>]*?encoding\s*=\s*["']([^"']*)""")
_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii", b"iso-8859-1"}
# No part of a pattern crosses a bracket, so that a search stays linear whatever the part holds.
_FAR_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["'][A-Za-z]{3,}""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]*?\br\s*=\s*["'](\d+)""")
_FILLED_REPEAT = re.compile(
    rb"""<table:table-cell\s[^<>]*?number-columns-repeated\s*=\s*["'](\d+)["'][^<>]*(?<!/)>"""
)

Members = dict[str, bytes]


def read_bytes(path: Path) -> bytes:
    """Read a file within the limit of size. Raises `Rejected` for an empty one and one that is too large."""
    size = path.stat().st_size
    if size == 0:
        raise Rejected("empty_file", "The file has no content: 0 bytes.")
    if size > limits.MAX_FILE_BYTES:
        raise _unsafe(f"it has {size:,} bytes; the limit is {limits.MAX_FILE_BYTES:,}")
    return path.read_bytes()


def read_members(content: bytes) -> Members:
    """Inflate the XML parts of an Office file, within limits.

    Returns: the parts by name.
    Raises: `Rejected` past a limit or where it is no such file.
    """
    _refuse_other_formats(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            _check_members(infos)
            members = {
                info.filename: archive.read(info)
                for info in infos
                if not info.is_dir() and not info.filename.lower().endswith(_MEDIA)
            }
            # Named, so that it can be told of; never opened.
            members |= {info.filename: b"" for info in infos if info.filename.endswith(MACROS)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise Rejected("unreadable_file", f"The file is broken or cut short ({error}).") from None
    for name, part in members.items():
        _check_content(name, part)
    return members


def _refuse_other_formats(content: bytes) -> None:
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise Rejected("password_protected", "The file opens only with a password.")
        raise Rejected("unknown_format", "The file is in the format of Office before 2007.")
    for start, name in _ELSE.items():
        if content.lower().startswith(start.lower()):
            raise Rejected("unreadable_file", f"The file is {name}, whatever its name says.")


def _check_members(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > limits.MAX_MEMBERS:
        raise _unsafe(f"it has {len(infos):,} parts; the limit is {limits.MAX_MEMBERS:,}")
    total = sum(info.file_size for info in infos)
    if total > limits.MAX_TOTAL_BYTES:
        raise _unsafe(f"it unpacks to {total:,} bytes; the limit is {limits.MAX_TOTAL_BYTES:,}")
    names = set()
    for info in infos:
        if ".." in re.split(r"[/\\]", info.filename) or info.filename.startswith(("/", "\\")):
            raise _unsafe("it holds a part that points outside the file")
        if info.flag_bits & 1:
            raise Rejected("password_protected", "The file opens only with a password.")
        if info.filename in names:
            raise _unsafe("it holds two parts of one name")
        names.add(info.filename)
        if info.file_size > limits.MAX_MEMBER_BYTES:
            raise _unsafe(
                f"one of its parts has {info.file_size:,} bytes; the limit is {limits.MAX_MEMBER_BYTES:,}"
            )
        packed = max(info.compress_size, 1)
        if info.file_size > limits.RATIO_APPLIES_ABOVE and info.file_size > limits.MAX_RATIO * packed:
            raise _unsafe(f"one of its parts is packed more than {limits.MAX_RATIO} to one")


def _check_content(name: str, part: bytes) -> None:
    if not name.endswith((".xml", ".rels")) and not part.lstrip().startswith(b"<"):
        return
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in part[:200]:
        raise _unsafe("one of its parts is not written in UTF-8")
    encoding = _ENCODING.match(part.removeprefix(b"\xef\xbb\xbf"))
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise _unsafe("one of its parts is not written in UTF-8")
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _unsafe("one of its parts declares a document type or entities")
    if name == "META-INF/manifest.xml" and b"encryption-data" in part:
        raise Rejected("password_protected", "The file opens only with a password.")
    if name.startswith("xl/worksheets/"):
        if _FAR_CELL.search(part):
            raise _unsafe(f"it has cells beyond column ZZ, the limit of {limits.MAX_COLUMNS} columns")
        rows = _ROW.findall(part)
        if rows and (len(max(rows, key=len)) > 9 or max(map(int, rows)) > limits.MAX_ROWS):
            raise _unsafe(f"it has cells beyond row {limits.MAX_ROWS:,}, the limit")
        if not part.rstrip().endswith((b"worksheet>", b"/>")):
            # calamine reads what is there and says nothing of what is not.
            raise Rejected("unreadable_file", "The file is cut short: a sheet has no end.")
    elif name == "content.xml":
        repeats = _FILLED_REPEAT.findall(part)
        if any(len(number) > 6 or int(number) > limits.MAX_COLUMNS for number in repeats):
            raise _unsafe(f"it repeats a filled cell beyond the limit of {limits.MAX_COLUMNS} columns")


def _unsafe(what: str) -> Rejected:
    return Rejected("unsafe_file", f"The file was not opened: {what}.")
