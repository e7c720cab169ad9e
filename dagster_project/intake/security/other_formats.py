"""Files of other formats under the name of a workbook or document: each is named, with the format to save it in."""

from collections.abc import Collection

from dagster_project.intake.problems import Rejected

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = [f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book")]
_DOCUMENT = ["WordDocument\0".encode("utf-16-le")]
_BEGINNINGS = {
    b"%pdf": "a PDF",
    b"{\\rt": "an RTF document",
    b"<htm": "a web page",
    b"<!do": "a web page",
    b"<?xm": "an XML file",
}


def refuse_other_formats(content: bytes) -> None:
    """Refuse content that is not a zip archive. Raises `Rejected`."""
    if content.startswith(_COMPOUND_FILE):
        raise _reject_compound_file(content)
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:4].lower()
    if start in _BEGINNINGS:
        raise _reject(_BEGINNINGS[start], ".xlsx or .docx")
    if not content.startswith(b"PK"):
        raise Rejected("unreadable_file", "The file is not a workbook or document, despite its name.")


def refuse_binary_workbook(names: Collection[str]) -> None:
    """Refuse an archive with the parts of an .xlsb, by their names in lower case. Raises `Rejected`."""
    if any(name.endswith("workbook.bin") for name in names):
        raise _reject("a binary workbook (.xlsb)", ".xlsx")


def reject_protected() -> Rejected:
    """The rejection of a file that opens only with a password."""
    return Rejected("password_protected", "The file opens only with a password.")


def _reject_compound_file(content: bytes) -> Rejected:
    if _ENCRYPTED in content:
        return reject_protected()
    # The names of the streams within the file. A document can have a workbook embedded, and a workbook a document.
    is_workbook = any(name in content for name in _WORKBOOK)
    is_document = any(name in content for name in _DOCUMENT)
    if is_workbook and not is_document:
        return _reject("a workbook of Excel before 2007 (.xls)", ".xlsx")
    if is_document and not is_workbook:
        return _reject("a document of Word before 2007 (.doc)", ".docx")
    return _reject("in a format of Office before 2007", ".xlsx or .docx")


def _reject(what: str, suffix: str) -> Rejected:
    return Rejected(
        "unknown_format", f"The file is {what}, despite its name. Save it as {suffix} and send that."
    )
