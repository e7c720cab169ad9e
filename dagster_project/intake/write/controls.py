"""Drop-down lists and custom properties, which python-docx does not write."""

from collections.abc import Sequence

from docx.document import Document as WordDocument
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from lxml import etree

_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
# The identifier that the format gives to properties that people add.
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"


def add_drop_down(
    paragraph: Paragraph, number: int, name: str, choices: Sequence[str], prompt: str, chosen: str | None
) -> None:
    """Add a drop-down list to an empty paragraph. It shows the chosen entry, or the prompt.

    `number` is unique in the document. `name` is read out by screen readers.
    """
    properties = _create_element("w:sdtPr")
    properties.extend(
        [
            _create_element("w:alias", val=name),
            _create_element("w:tag", val=f"rating-{number}"),
            _create_element("w:id", val=str(number)),
            # The list cannot be deleted; its value can be changed.
            _create_element("w:lock", val="sdtLocked"),
        ]
    )
    if not chosen:
        properties.append(_create_element("w:showingPlcHdr"))
    entries = _create_element("w:dropDownList")
    for choice in choices:
        entry = _create_element("w:listItem", displayText=choice)
        entry.set(qn("w:value"), choice)
        entries.append(entry)
    properties.append(entries)

    text = _create_element("w:t")
    text.text = chosen or prompt
    run, content, control = _create_element("w:r"), _create_element("w:sdtContent"), _create_element("w:sdt")
    run.append(text)
    content.append(run)
    control.extend([properties, content])
    paragraph.paragraph_format.element.append(control)


def add_custom_property(document: WordDocument, name: str, value: str) -> None:
    """Add a file property. Word and LibreOffice keep it when they save the file."""
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _TYPES})
    entry = etree.SubElement(root, f"{{{_PROPERTIES}}}property", fmtid=_FORMAT_ID, pid="2", name=name)
    etree.SubElement(entry, f"{{{_TYPES}}}lpwstr").text = value
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    assert package is not None
    part = Part(PackURI("/docProps/custom.xml"), _CONTENT_TYPE, content, package)
    package.relate_to(part, _RELATION)


def _create_element(tag: str, **attributes: str) -> BaseOxmlElement:
    element: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
