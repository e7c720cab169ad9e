"""Office files with reproducible bytes: neutral properties, fixed times, stable order."""

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

# The earliest time that a zip archive can store.
NEUTRAL_TIME = datetime(1980, 1, 1, tzinfo=UTC)

_CORE_PROPERTIES = "docProps/core.xml"
_CORE_TIME = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")
# Some programs expect the list of content types first.
_FIRST = ("[Content_Types].xml", "_rels/.rels")


def write_package(content: bytes, path: Path) -> None:
    """Write an Office Open XML file so that equal content gives equal bytes. Creates missing folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(normalize_package(content))


def normalize_package(content: bytes) -> bytes:
    """Return the package with fixed times, stable order and neutral dates in its core properties."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as package:
        for name in sorted(source.namelist(), key=lambda name: (name not in _FIRST, name)):
            member = zipfile.ZipInfo(name, date_time=NEUTRAL_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            # The default differs between platforms.
            member.create_system = 3
            data = source.read(name)
            if name == _CORE_PROPERTIES:
                stamp = NEUTRAL_TIME.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = _CORE_TIME.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            package.writestr(member, data)
    return target.getvalue()
