"""Text of a Word document as its reader sees it, and what is attached to it.

Tracked insertions, moves to a place and chosen entries of lists count; deletions, moves away, prompts, hidden text
and alternative drawings do not. Elements are those of WordprocessingML (ECMA-376, part 1, chapter 17).
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from dagster_project.intake.formats.docx_colours import has_colours, is_invisible, read_style_colours
from dagster_project.intake.formats.grid import DIFFERENT, INVISIBLE, STRUCK, Note
from dagster_project.intake.formats.relations import find_part
from dagster_project.intake.formats.symbols import TICKED, UNTICKED, read_symbol, read_symbols
from dagster_project.intake.formats.xml import get_local_name, parse_part
from dagster_project.intake.security.guard import OfficeFile
from dagster_project.intake.text import clean_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = {
    f"{W}del",
    f"{W}moveFrom",
    f"{W}rt",
    f"{_ALTERNATIVES}Fallback",
}
_GLYPHS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_OFF = {"0", "false", "off"}

HIDDEN, BOUND = "hidden", "bound to a value that differs"
DOUBTS = (STRUCK, BOUND, DIFFERENT, HIDDEN, INVISIBLE)
"""Why a text may not be what its sender sees or means, the weightiest first."""


@dataclass
class Text:
    """Text of a paragraph or a cell. `doubts` says why it may not be what its sender means."""

    pieces: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    """Text of text boxes that are anchored here."""
    doubts: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return clean_text("".join(self.pieces))


class TextReader:
    """Reads text with the footnotes, comments and bound values of one document."""

    def __init__(self, parts: OfficeFile, document: str) -> None:
        self._notes = {
            kind: _read_notes(parts.get(_find_notes_part(parts, document, f"{kind}s"), b""))
            for kind in ("footnote", "endnote", "comment")
        }
        self._parts = parts
        self._colours = read_style_colours(parts.get(find_part(parts, document, "/styles"), b""))
        self._may_be_invisible = has_colours(parts[document], self._colours)

    @cached_property
    def _stores(self) -> dict[str, etree._Element]:
        """Parts of bound values by their identifier."""
        found = {}
        for name in self._parts:
            item = name.replace("itemprops", "item")
            if item != name and item in self._parts:
                root = parse_part(self._parts[name])
                identifier = next((value for key, value in root.items() if key.endswith("itemID")), "")
                found[identifier.casefold()] = parse_part(self._parts[item])
        return found

    def read(self, element: etree._Element) -> Text:
        """Read the text below an element; its paragraphs become lines."""
        text = Text()
        if element.tag == f"{W}p":
            self._add_children(element, text)
        else:
            for number, paragraph in enumerate(self._list_paragraphs(element)):
                if number:
                    text.pieces.append("\n")
                self._add_children(paragraph, text)
        return text

    def _list_paragraphs(self, element: etree._Element) -> Iterator[etree._Element]:
        for child in element:
            if child.tag == f"{W}p":
                yield child
            elif child.tag not in _GONE and not _is_prompt(child):
                yield from self._list_paragraphs(child)

    def _add_children(self, element: etree._Element, text: Text) -> None:
        for child in element:
            if child.tag in _GONE or _is_prompt(child):
                continue
            if child.tag == f"{W}r":
                self._add_run(child, text)
            elif child.tag == f"{W}sdt":
                self._add_control(child, text)
            else:
                self._add_leaf(child, text, "")

    def _add_run(self, run: etree._Element, text: Text) -> None:
        properties = run.find(f"{W}rPr")
        font = ""
        before = len(text.pieces)
        if properties is not None:
            if _is_on(properties.find(f"{W}vanish")):
                if any(True for _ in run.iter(f"{W}t")):
                    text.doubts.add(HIDDEN)
                return
            fonts = properties.find(f"{W}rFonts")
            font = (fonts.get(f"{W}ascii") or "") if fonts is not None else ""
        for child in run:
            if child.tag not in _GONE and not _is_prompt(child):
                self._add_leaf(child, text, font)
        if not "".join(text.pieces[before:]).strip():
            return
        if properties is not None and (
            _is_on(properties.find(f"{W}strike")) or _is_on(properties.find(f"{W}dstrike"))
        ):
            text.doubts.add(STRUCK)
        if self._may_be_invisible and is_invisible(run, self._colours):
            text.doubts.add(INVISIBLE)

    def _add_leaf(self, child: etree._Element, text: Text, font: str) -> None:
        tag = child.tag
        if tag == f"{W}t":
            text.pieces.append(read_symbols(child.text or "", font))
        elif tag in _GLYPHS:
            text.pieces.append(_GLYPHS[tag])
        elif tag == f"{W}sym":
            text.pieces.append(_read_symbol(child))
        elif tag == f"{W}ddList":
            text.pieces.append(_find_chosen_entry(child))
        elif tag == f"{W}checkBox":
            text.pieces.append(_read_box(child))
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference", f"{W}commentReference"):
            self._add_note(child, text)
        elif tag == f"{W}txbxContent":
            inside = self.read(child)
            text.boxes.append(str(inside))
            text.notes += inside.notes
            text.doubts |= inside.doubts
            # A box is not part of the line that it is anchored in.
            text.pieces += ["\n", *inside.pieces, "\n"]
        elif tag == f"{_ALTERNATIVES}AlternateContent":
            if len({shown for one in child if (shown := "".join(one.itertext()).strip())}) > 1:
                text.doubts.add(DIFFERENT)
            self._add_children(child, text)
        elif tag == f"{W}tbl":
            for number, paragraph in enumerate(self._list_paragraphs(child)):
                text.pieces += ["\n"] if number else []
                self._add_children(paragraph, text)
        else:
            self._add_children(child, text)

    def _add_note(self, reference: etree._Element, text: Text) -> None:
        kind = get_local_name(reference).removesuffix("Reference")
        if content := self._notes.get(kind, {}).get(reference.get(f"{W}id", "")):
            text.notes.append(Note({"comment": "Word comment"}.get(kind, kind.capitalize()), content))

    def _add_control(self, control: etree._Element, text: Text) -> None:
        """Add what a content control shows, or its machine-readable value for a date or a check box."""
        properties = control.find(f"{W}sdtPr")
        date = properties.find(f"{W}date") if properties is not None else None
        if date is not None and (value := date.get(f"{W}fullDate")):
            text.pieces.append(value[:10])
            return
        before = len(text.pieces)
        box = _find_child(properties, "checkbox")
        if box is not None:
            text.pieces.append(TICKED if _is_on(_find_child(box, "checked")) else UNTICKED)
        else:
            for content in control.iterchildren(f"{W}sdtContent"):
                self._add_children(content, text)
        binding = properties.find(f"{W}dataBinding") if properties is not None else None
        if binding is not None:
            stored = self._find_stored_value(binding)
            if stored is not None and clean_text(stored) != clean_text("".join(text.pieces[before:])):
                text.doubts.add(BOUND)

    def _find_stored_value(self, binding: etree._Element) -> str | None:
        """Find the value that Word shows when it opens the document: the one in the bound part."""
        store = self._stores.get((binding.get(f"{W}storeItemID") or "").casefold())
        if store is None:
            return None
        pairs = (pair.partition("=") for pair in (binding.get(f"{W}prefixMappings") or "").split())
        names = {name.removeprefix("xmlns:"): uri.strip("'\"") for name, _, uri in pairs if uri}
        try:
            found = store.xpath(binding.get(f"{W}xpath") or "", namespaces=names)
        except etree.XPathError:
            return None
        node = found[0] if isinstance(found, list) and found else None
        return "".join(node.itertext()) if isinstance(node, etree._Element) else None


def _find_notes_part(parts: OfficeFile, document: str, name: str) -> str:
    # Some programs write the part and no relation to it.
    return find_part(parts, document, f"/{name}") or posixpath.join(
        posixpath.dirname(document), f"{name}.xml"
    )


def _read_notes(part: bytes) -> dict[str, str]:
    """Read the text of each note by its identifier."""
    if not part:
        return {}
    found = {}
    for note in parse_part(part):
        if note.get(f"{W}type") in (None, "normal"):
            lines = ("".join(piece.text or "" for piece in line.iter(f"{W}t")) for line in note.iter(f"{W}p"))
            found[note.get(f"{W}id", "")] = clean_text("\n".join(lines))
    return found


def _read_symbol(element: etree._Element) -> str:
    try:
        return read_symbol(int(element.get(f"{W}char") or "", 16), element.get(f"{W}font") or "")
    except ValueError:
        return "\N{REPLACEMENT CHARACTER}"


def _find_chosen_entry(entries: etree._Element) -> str:
    """Find the entry that an old drop-down field shows. It is stored as the number of the entry."""
    texts = [entry.get(f"{W}val") or "" for entry in entries.iterchildren(f"{W}listEntry")]
    result = entries.find(f"{W}result")
    number = (result.get(f"{W}val") or "0") if result is not None else "0"
    return texts[int(number)] if number.isdecimal() and int(number) < len(texts) else ""


def _read_box(field_data: etree._Element) -> str:
    """Read the box of an old check-box field: its state counts, and its default where it has none."""
    checked = field_data.find(f"{W}checked")
    state = checked if checked is not None else field_data.find(f"{W}default")
    return TICKED if _is_on(state) else UNTICKED


def _find_child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Find a child by its name in any namespace: those of later versions of Word differ."""
    return (
        next((child for child in element if get_local_name(child) == name), None)
        if element is not None
        else None
    )


def _is_on(element: etree._Element | None) -> bool:
    if element is None:
        return False
    value = next((value for key, value in element.items() if key.endswith("val")), "1")
    return value not in _OFF


def _is_prompt(element: etree._Element) -> bool:
    """Return whether a content control still shows its prompt, such as "Choose an item."."""
    return element.tag == f"{W}sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
