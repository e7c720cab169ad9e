"""What a file says about itself and is safe to keep: the program, the times, the template's version. Never a name."""

import re
from dataclasses import dataclass

from lxml import etree

from dagster_project.questionnaire.guard import Members
from dagster_project.questionnaire.xml import local, parse

_PROGRAM = re.compile(r"[\w ./()$~-]{1,60}", re.ASCII)
_VERSION = re.compile(r"[\w.-]{1,40}$", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?")
VERSION_PROPERTY = "TemplateVersion"


@dataclass(frozen=True)
class Properties:
    """Empty where the file does not say. Times are ISO, as the program wrote them."""

    application: str = ""
    created: str = ""
    modified: str = ""
    template_version: str = ""


def read_properties(members: Members) -> Properties:
    """Properties of an Office file. What is no program's name or no time is left out, not kept."""
    found: dict[str, str] = {}
    for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"):
        try:
            root = parse(members[name]) if name in members else None
        except etree.XMLSyntaxError:
            continue
        if root is None:
            continue
        for element in root.iter():
            label = local(element)
            named = next((value for key, value in element.items() if key.rpartition("}")[2] == "name"), "")
            if named == VERSION_PROPERTY:
                label = VERSION_PROPERTY
            found.setdefault(label, "".join(element.itertext()).strip())
    return Properties(
        application=_matching(_PROGRAM, found.get("Application") or found.get("generator") or ""),
        created=_matching(_TIME, found.get("created") or found.get("creation-date") or ""),
        modified=_matching(_TIME, found.get("modified") or found.get("date") or ""),
        template_version=_matching(_VERSION, found.get(VERSION_PROPERTY) or found.get("version") or ""),
    )


def _matching(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.match(text)
    return match[0].strip() if match else ""
