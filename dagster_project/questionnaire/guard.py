"""What is checked of an Office file before any parser sees it.

The parsers trust what they read: a few kilobytes can make them fill the memory or end the process.
"""

import re
import zipfile
from pathlib import Path

MAX_MEMBER_BYTES = 8 * 1024 * 1024
MAX_TOTAL_BYTES = 32 * 1024 * 1024
MAX_RATIO = 200
MAX_ROWS = 5_000

_FAR_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="[A-Z]{3,}\d')
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?r="(\d+)"')


class UnsafeFile(Exception):
    """The file asks for more than a return can need. The message says what, in plain words."""


def read_members(path: Path) -> dict[str, bytes]:
    """Inflate the XML parts of an Office file, within limits.

    Returns: the parts by name.
    Raises: `UnsafeFile` past a limit, `zipfile.BadZipFile` or `OSError` where it is no such file.
    """
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        total = sum(info.file_size for info in infos)
        if total > MAX_TOTAL_BYTES:
            raise UnsafeFile(f"it unpacks to {total:,} bytes; the limit is {MAX_TOTAL_BYTES:,}")
        for info in infos:
            _check_member(info)
        members = {info.filename: archive.read(info) for info in infos if info.filename.endswith(".xml")}
    for name, content in members.items():
        _check_content(name, content)
    return members


def _check_member(info: zipfile.ZipInfo) -> None:
    if ".." in info.filename.split("/") or info.filename.startswith("/"):
        raise UnsafeFile("it holds a part that points outside the file")
    if info.filename.endswith("vbaProject.bin"):
        raise UnsafeFile("it holds macros")
    if info.file_size > MAX_MEMBER_BYTES:
        raise UnsafeFile(
            f"its part {info.filename} has {info.file_size:,} bytes; the limit is {MAX_MEMBER_BYTES:,}"
        )
    if info.file_size > MAX_RATIO * max(info.compress_size, 1) and info.file_size > 100_000:
        raise UnsafeFile(f"its part {info.filename} is packed more than {MAX_RATIO} to one")


def _check_content(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content[:4096]:
        raise UnsafeFile(f"its part {name} declares a document type")
    if name.startswith("xl/worksheets/"):
        if _FAR_CELL.search(content):
            raise UnsafeFile(f"its part {name} has cells beyond column ZZ")
        rows = _ROW.findall(content)
        if rows and max(map(int, rows)) > MAX_ROWS:
            raise UnsafeFile(f"its part {name} has cells beyond row {MAX_ROWS:,}")
