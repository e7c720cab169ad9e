"""Parse XML parts of Office files. The parser reads nothing outside the part."""

from functools import lru_cache

from lxml import etree

# Files in the "strict" variant differ from others only in these prefixes.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/"
    ),
}
_OPTIONS = {"resolve_entities": False, "no_network": True, "huge_tree": False, "remove_comments": True}


class _NoTree:
    """A parser target that builds nothing."""

    def close(self) -> None:
        """Return nothing."""


_PARSER = etree.XMLParser(**_OPTIONS)
_CHECKER = etree.XMLParser(target=_NoTree(), **_OPTIONS)


@lru_cache(maxsize=1)
def parse_part(part: bytes) -> etree._Element:
    """Parse one part. The last tree is kept, as a sheet is read for several things: do not change it.

    Raises `etree.XMLSyntaxError` where it is not well formed.
    """
    if b"http://purl.oclc.org/ooxml/" in part:
        for strict, usual in _STRICT.items():
            part = part.replace(strict, usual)
    return etree.fromstring(part, _PARSER)


def check_syntax(part: bytes) -> None:
    """Raise what `parse_part` raises. Takes a third of the time, because it builds no tree."""
    etree.fromstring(part, _CHECKER)


def get_local_name(element: etree._Element) -> str:
    """Return the element's name without its namespace; empty for a processing instruction."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_root_name(part: bytes) -> str:
    """Read the local name of a part's root element."""
    return get_local_name(parse_part(part))
