"""Properties of an Office file that are safe to store: program, times, template version. Never a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.xml import get_local_name, parse_part
from dagster_project.intake.security.guard import OfficeFile

_PROGRAM = re.compile(r"[\w ./()$~-]{1,60}", re.ASCII)
_VERSION = re.compile(r"[\w.-]{1,40}$", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")
VERSION_PROPERTY = "TemplateVersion"
_MAX_CACHED_BYTES = 8_192
_PARTS = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")


@dataclass(frozen=True)
class Properties:
    """Empty where the file has none. Times are ISO 8601, as the program wrote them."""

    application: str = ""
    created: str = ""
    modified: str = ""
    template_version: str = ""


def read_properties(parts: OfficeFile) -> Properties:
    """Read the properties. Values that are not a program's name, a time or a version are dropped."""
    found: dict[str, str] = {}
    for name in _PARTS:
        if name in parts:
            read_texts = _read_texts_cached if len(parts[name]) < _MAX_CACHED_BYTES else _read_texts
            found = {**read_texts(parts[name]), **found}
    return Properties(
        application=_find_match(_PROGRAM, found.get("Application") or found.get("generator") or ""),
        created=_find_match(_TIME, found.get("created") or found.get("creation-date") or ""),
        modified=_find_match(_TIME, found.get("modified") or found.get("date") or ""),
        template_version=_find_match(_VERSION, found.get(VERSION_PROPERTY) or found.get("version") or ""),
    )


def _read_texts(part: bytes) -> Mapping[str, str]:
    """Read the text of the first element of each name."""
    try:
        root = parse_part(part)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    for element in root.iter():
        label = get_local_name(element)
        named = next((value for key, value in element.items() if key.rpartition("}")[2] == "name"), "")
        if named == VERSION_PROPERTY:
            label = VERSION_PROPERTY
        found.setdefault(label, "".join(element.itertext()).strip())
    return found


_read_texts_cached = lru_cache(maxsize=64)(_read_texts)
"""Returns from one program and one template have identical parts."""


def _find_match(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0].strip() if match else ""
