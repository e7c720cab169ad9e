"""The list of an archive's parts is what `zipfile` makes of it, however it is written."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from dagster_project.intake.security import directory
from dagster_project.intake.security.directory import list_parts
from dagster_project.paths import REPOSITORY

SAMPLE = sorted((REPOSITORY / "warehouse" / "returns" / "2016").glob("*.xlsx"))


def archive(
    names: tuple[str, ...] = ("a.xml", "b/c.xml"), comment: bytes = b"", zip64: bool = False
) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for name in names:
            with file.open(name, "w", force_zip64=zip64) as part:
                part.write(name.encode() * 50)
        file.comment = comment
    return held.getvalue()


def by_zipfile(content: bytes) -> list[tuple[object, ...]]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return [
            (
                one.filename,
                one.header_offset,
                one.flag_bits,
                one.compress_type,
                one.CRC,
                one.compress_size,
                one.file_size,
            )
            for one in file.infolist()
        ]


def with_long_numbers() -> bytes:
    """A list whose only entry has its sizes in an extension, as those of parts of more than 4 GiB are."""
    content = archive(("a.xml",))
    start = content.rindex(b"PK\x01\x02")
    entry, end = bytearray(content[start : start + 51]), bytearray(content[start + 51 :])
    sizes = entry[24:28] + bytes(4) + entry[20:24] + bytes(4)
    entry[20:28], entry[30:32] = b"\xff" * 8, bytes([20, 0])
    end[12] += 20
    return content[:start] + bytes(entry) + b"\x01\x00\x10\x00" + bytes(sizes) + bytes(end)


USUAL = {
    "usual": archive(),
    "empty": archive(()),
    "extended parts": archive(zip64=True),
    **{path.name: path.read_bytes() for path in SAMPLE[:3]},
}
UNUSUAL = {
    "comment": archive(comment=b"made by hand"),
    "other signs": archive(("ä.xml", "b.xml")),
    "something before": b"#!/bin/sh\n" + archive(),
    "extended list": with_long_numbers(),
    "as if fewer parts": archive().replace(b"\x02\x00\x02\x00", b"\x01\x00\x01\x00"),
    "as if more parts": archive().replace(b"\x02\x00\x02\x00", b"\x03\x00\x03\x00"),
}


@pytest.mark.parametrize("name", USUAL | UNUSUAL)
def test_the_list_is_that_of_zipfile(name: str) -> None:
    content = (USUAL | UNUSUAL)[name]
    assert list_parts(content) == by_zipfile(content)


@pytest.mark.parametrize("name", USUAL)
def test_the_usual_is_read_without_zipfile(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = by_zipfile(USUAL[name])
    monkeypatch.setattr(directory, "zipfile", None)
    assert list_parts(USUAL[name]) == expected


@pytest.mark.parametrize("path", SAMPLE[:2], ids=lambda path: path.name)
def test_what_is_cut_short_or_overwritten_comes_to_what_zipfile_says(path: Path) -> None:
    content = path.read_bytes()
    listed = content.rindex(b"PK\x01\x02")
    for place in range(listed - 400, len(content)):
        for changed in (content[:place], content[:place] + b"\xff" + content[place + 1 :]):
            try:
                expected: object = by_zipfile(changed)
            except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
                expected = type(error)
            try:
                found: object = list_parts(changed)
            except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError) as error:
                found = type(error)
            if expected != found:
                # `zipfile` asks for a version of it that it knows; what such a part holds is checked all the same.
                assert expected is NotImplementedError, place
