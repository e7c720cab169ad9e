"""The parts of a workbook by their relations: its sheets, styles and shared texts."""

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import quoteattr

from dagster_project.intake.formats.relations import find_main_part, find_part, read_relations
from dagster_project.intake.formats.xml import parse_part
from dagster_project.intake.problems import reject_unsafe
from dagster_project.intake.security.guard import OfficeFile

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS = ("/worksheet", "/chartsheet", "/dialogsheet")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class WorkbookParts:
    """Names of parts. `sheets` has the part of each sheet by the sheet's name."""

    workbook: str
    sheets: Mapping[str, str]
    strings: str = ""
    styles: str = ""
    theme: str = ""


def find_workbook_parts(parts: OfficeFile) -> WorkbookParts:
    """Find the parts of a workbook. Raises `Rejected` where two sheets have one name."""
    workbook, _ = find_main_part(parts)
    targets = {relation.identifier: relation.target for relation in read_relations(parts, workbook)}
    sheets: dict[str, str] = {}
    for name, identifier in _read_sheets(parts[workbook]):
        if name.casefold() in {other.casefold() for other in sheets}:
            raise reject_unsafe("two of its sheets have the same name")
        sheets[name] = targets.get(identifier, "")
    strings, styles, theme = (
        find_part(parts, workbook, kind) for kind in ("/sharedStrings", "/styles", "/theme")
    )
    return WorkbookParts(workbook, sheets, strings, styles, theme)


def pack_workbook(parts: OfficeFile, names: WorkbookParts) -> BytesIO:
    """Pack the parts that calamine reads, under the usual names and without compression: it inflates none."""
    sheets = [
        relation
        for relation in read_relations(parts, names.workbook)
        if relation.kind in _SHEETS and relation.target in parts
    ]
    packed = {
        "_rels/.rels": _write_relations([("main", "/officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": parts[names.workbook],
        "xl/_rels/workbook.xml.rels": _write_relations(
            (sheet.identifier, sheet.kind, f"part{number}.xml") for number, sheet in enumerate(sheets)
        ),
        "xl/sharedStrings.xml": parts.get(names.strings, b""),
        "xl/styles.xml": parts.get(names.styles, b""),
        **{f"xl/part{number}.xml": parts[sheet.target] for number, sheet in enumerate(sheets)},
    }
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in packed.items():
            if part:
                archive.writestr(zipfile.ZipInfo(name), part)
    content.seek(0)
    return content


def _write_relations(relations: Iterable[tuple[str, str, str]]) -> bytes:
    """Write a part with relations, each given as identifier, kind and target."""
    lines = (
        f'<Relationship Id={quoteattr(identifier)} Type="{_TYPES}{kind}" Target="{target}"/>'
        for identifier, kind, target in relations
    )
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(lines)}</Relationships>'.encode()


@lru_cache(maxsize=4)
def _read_sheets(workbook: bytes) -> tuple[tuple[str, str], ...]:
    """Read the name of each sheet and the identifier of its relation."""
    return tuple(
        (
            element.get("name", ""),
            next((value for name, value in element.items() if name.endswith("}id")), ""),
        )
        for element in parse_part(workbook).iterfind("{*}sheets/{*}sheet")
    )
