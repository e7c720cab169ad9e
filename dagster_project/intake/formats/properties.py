"""What a file says about itself and is safe to keep: the program, the times, the template's version. Never a name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from dagster_project.intake.formats.xml import local, parse
from dagster_project.intake.security.guard import OfficeFile

_PROGRAM = re.compile(r"[\w ./()$~-]{1,60}", re.ASCII)
_VERSION = re.compile(r"[\w.-]{1,40}$", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")
VERSION_PROPERTY = "TemplateVersion"
_SMALL = 8_192
_PARTS = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")


@dataclass(frozen=True)
class Properties:
    """Empty where the file does not say. Times are ISO, as the program wrote them."""

    application: str = ""
    created: str = ""
    modified: str = ""
    template_version: str = ""


def read_properties(parts: OfficeFile) -> Properties:
    """Properties of an Office file. What is no program's name or no time is left out, not kept."""
    found: dict[str, str] = {}
    for name in _PARTS:
        if name in parts:
            part = parts[name]
            for label, text in (_known_texts if len(part) < _SMALL else _texts)(part).items():
                found.setdefault(label, text)
    return Properties(
        application=_matching(_PROGRAM, found.get("Application") or found.get("generator") or ""),
        created=_matching(_TIME, found.get("created") or found.get("creation-date") or ""),
        modified=_matching(_TIME, found.get("modified") or found.get("date") or ""),
        template_version=_matching(_VERSION, found.get(VERSION_PROPERTY) or found.get("version") or ""),
    )


def _texts(part: bytes) -> Mapping[str, str]:
    """The first text by the name of its element."""
    try:
        root = parse(part)
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    for element in root.iter():
        label = local(element)
        named = next((value for key, value in element.items() if key.rpartition("}")[2] == "name"), "")
        if named == VERSION_PROPERTY:
            label = VERSION_PROPERTY
        found.setdefault(label, "".join(element.itertext()).strip())
    return found


_known_texts = lru_cache(maxsize=64)(_texts)
"""Many returns come from one program and one template, and say the same of both."""


def _matching(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0].strip() if match else ""
