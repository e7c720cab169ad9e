"""Files of other formats under the name of a workbook or document: each is named, with the format to save it in."""

import re
from collections.abc import Collection

from dagster_project.intake.problems import Rejected

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = [f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book")]
_DOCUMENT = ["WordDocument\0".encode("utf-16-le")]
_BEGINNINGS = {
    re.compile(pattern, re.IGNORECASE): name
    for pattern, name in (
        (rb"%pdf", "a PDF"),
        (rb"\x1f\x8b|7z\xbc\xaf|rar!", "a packed archive"),
        (rb"\{\\rt", "an RTF document"),
        (rb"<(!doctype|html|head|body|meta|style|div|table)\b", "a web page"),
        (rb"<\?xml", "an XML file"),
        (rb"\{\s*\"|\[\s*[{\[]", "a JSON file"),
    )
}


def refuse_texts_of_other_formats(content: bytes) -> None:
    """Refuse content that begins as a text of another format does. Raises `Rejected`."""
    start = content[:1_024].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for beginning, name in _BEGINNINGS.items():
        if beginning.match(start):
            raise _reject_format(name, ".xlsx or .docx")


def refuse_other_formats(content: bytes) -> None:
    """Refuse content that is not a zip archive. Raises `Rejected`."""
    if content.startswith(_COMPOUND_FILE):
        raise _reject_compound_file(content)
    refuse_texts_of_other_formats(content)
    if not content.startswith(b"PK"):
        raise Rejected("unreadable_file", "The file is not a workbook or document, despite its name.")


def refuse_binary_workbook(names: Collection[str]) -> None:
    """Refuse an archive with the parts of an .xlsb, by their names in lower case. Raises `Rejected`."""
    if any(name.endswith("workbook.bin") for name in names):
        raise _reject_format("a binary workbook (.xlsb)", ".xlsx")


def reject_protected() -> Rejected:
    """Create the rejection of a file that opens only with a password."""
    return Rejected("password_protected", "The file opens only with a password.")


def _reject_compound_file(content: bytes) -> Rejected:
    if _ENCRYPTED in content:
        return reject_protected()
    # The names of the streams within the file. A document can have a workbook embedded, and a workbook a document.
    is_workbook = any(name in content for name in _WORKBOOK)
    is_document = any(name in content for name in _DOCUMENT)
    if is_workbook and not is_document:
        return _reject_format("a workbook of Excel before 2007 (.xls)", ".xlsx")
    if is_document and not is_workbook:
        return _reject_format("a document of Word before 2007 (.doc)", ".docx")
    return _reject_format("in a format of Office before 2007", ".xlsx or .docx")


def _reject_format(what: str, suffix: str) -> Rejected:
    return Rejected(
        "unknown_format", f"The file is {what}, despite its name. Save it as {suffix} and send that."
    )
