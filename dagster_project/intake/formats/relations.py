"""Parts of an Office file by relation, in any folder and under any name (ECMA-376, part 2, 6.5 and 7)."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from dagster_project.intake.formats.xml import parse_part
from dagster_project.intake.problems import reject_unsafe
from dagster_project.intake.security.guard import OfficeFile

CONTENT_TYPES = "[Content_Types].xml"
_MAIN = "/officeDocument"


@dataclass(frozen=True)
class Relation:
    """A relation from one part to another. `kind` is the end of its type, such as `/worksheet`."""

    identifier: str
    kind: str
    target: str


def read_relations(parts: OfficeFile, source: str) -> tuple[Relation, ...]:
    """Read the relations of a part to parts of the same file; those of the file for an empty name.

    Raises `Rejected` where two have one identifier.
    """
    folder, name = posixpath.split(source)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    return _parse_relations(parts[part], folder) if part in parts else ()


def find_part(parts: OfficeFile, source: str, kind: str) -> str:
    """Find the part to which a part is related; empty where there is none.

    Raises `Rejected` where there are several.
    """
    found = {one.target.casefold(): one.target for one in read_relations(parts, source) if one.kind == kind}
    if len(found) > 1:
        raise reject_unsafe("two of its parts claim to be the same thing")
    return next((target for target in found.values() if target in parts), "")


def find_main_part(parts: OfficeFile) -> tuple[str, str]:
    """Find the name and the content type of the document or workbook; two empty texts where there is none."""
    types = _parse_content_types(parts[CONTENT_TYPES]) if CONTENT_TYPES in parts else {}
    related = find_part(parts, "", _MAIN)
    mains = {name: kind for name, kind in types.items() if kind.endswith("main+xml") and name in parts}
    if related:
        return related, mains.get(related.casefold(), "")
    return next(iter(mains.items()), ("", ""))


@lru_cache(maxsize=16)
def _parse_relations(part: bytes, folder: str) -> tuple[Relation, ...]:
    found = {}
    for element in parse_part(part).iter("{*}Relationship"):
        identifier = element.get("Id", "")
        if identifier in found:
            raise reject_unsafe("two relations of one of its parts have the same name")
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
            found[identifier] = Relation(identifier, f"/{element.get('Type', '').rpartition('/')[2]}", target)
    return tuple(found.values())


@lru_cache(maxsize=16)
def _parse_content_types(part: bytes) -> Mapping[str, str]:
    """Parse the content type of each part, by its name in lower case."""
    return {
        element.get("PartName", "").lstrip("/").casefold(): element.get("ContentType", "")
        for element in parse_part(part).iter("{*}Override")
    }
