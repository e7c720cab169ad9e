"""Documents of Word whose ratings and comments are marked, hidden, boxed or attached instead of typed."""

from docx.oxml import parse_xml

from tests.intake.corpus.base import Document, case, packed, parts_of
from tests.intake.corpus.documents import RUN, W, document, put

MARKED = {
    "rating_struck_through": "<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>Amber</w:t></w:r></w:p>",
    "rating_struck_through_twice": "<w:p><w:r><w:rPr><w:dstrike/></w:rPr><w:t>Amber</w:t></w:r></w:p>",
    "rating_with_strike_switched_off": (
        "<w:p><w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>Amber</w:t></w:r></w:p>"
    ),
    "rating_in_hidden_text": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Amber</w:t></w:r></w:p>",
    "rating_next_to_hidden_text": (
        f"<w:p>{RUN.format('Amber')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>Red</w:t></w:r></w:p>"
    ),
    "rating_of_one_old_box_unticked": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox>"
        f"</w:ffData></w:fldChar></w:r>{RUN.format(' Amber')}</w:p>"
    ),
    "rating_of_one_old_box_ticked": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:default w:val='0'/><w:checked/>"
        f"</w:checkBox></w:ffData></w:fldChar></w:r>{RUN.format(' Amber')}</w:p>"
    ),
    "rating_of_three_boxes_in_lines": (
        f"<w:p>{RUN.format('☐ Green')}</w:p><w:p>{RUN.format('☒ Amber')}</w:p><w:p>{RUN.format('☐ Red')}</w:p>"
    ),
    "rating_of_two_boxes_ticked": f"<w:p>{RUN.format('☒ Green ☒ Amber ☐ Red')}</w:p>",
    "rating_of_three_words_without_a_choice": f"<w:p>{RUN.format('Green / Amber / Red')}</w:p>",
    "rating_ticked_with_symbols_of_wingdings": (
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>"
        f"{RUN.format(' Green ')}<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>{RUN.format(' Amber')}</w:p>"
    ),
    "rating_ticked_with_letters_of_wingdings_2": (
        "<w:p><w:r><w:rPr><w:rFonts w:ascii='Wingdings 2'/></w:rPr><w:t>R</w:t></w:r>"
        f"{RUN.format(' Amber')}</w:p>"
    ),
}
for _name, _content in MARKED.items():
    document(_name)(lambda one, content=_content: put(one.row(4).cells[2], content))  # type: ignore[misc]

document("comment_with_hidden_text")(
    lambda one: put(
        one.row(4).cells[3],
        f"<w:p>{RUN.format('Seen.')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>Not seen.</w:t></w:r></w:p>",
    )
)
document("comment_with_ruby_text")(
    lambda one: put(
        one.row(4).cells[3],
        f"<w:p><w:r><w:ruby><w:rt>{RUN.format('above')}</w:rt><w:rubyBase>{RUN.format('base')}</w:rubyBase></w:ruby>"
        "</w:r></w:p>",
    )
)
document("comment_in_a_text_box_of_its_cell")(
    lambda one: put(
        one.row(4).cells[3],
        f"<w:p>{RUN.format('In the cell.')}<w:r><w:pict><w:txbxContent><w:p>{RUN.format('In the box.')}</w:p>"
        "</w:txbxContent></w:pict></w:r></w:p>",
    )
)
document("comment_with_a_table_of_ratings_in_it")(
    lambda one: put(
        one.row(4).cells[3],
        "<w:p/><w:tbl><w:tr>"
        + "".join(f"<w:tc><w:p>{RUN.format(text)}</w:p></w:tc>" for text in ("No.", "Question", "Rating"))
        + "</w:tr><w:tr>"
        + "".join(f"<w:tc><w:p>{RUN.format(text)}</w:p></w:tc>" for text in ("5", "Part", "Red"))
        + "</w:tr></w:tbl><w:p/>",
    )
)


@document("text_box_next_to_the_table")
def _(one: Document) -> None:
    one.tables[0]._tbl.addprevious(
        parse_xml(
            f"<w:p {W}><w:r><w:pict><w:txbxContent><w:p>{RUN.format('What the form has no place for.')}</w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>"
        )
    )


def _with_notes(reference: str, part: str, root: str) -> bytes:
    one = Document()
    put(one.row(4).cells[3], f"<w:p>{RUN.format('See below.')}<w:r><w:{reference} w:id='7'/></w:r></w:p>")
    parts = parts_of(one.saved())
    parts[f"word/{part}.xml"] = (
        f"<w:{root}s {W}><w:{root} w:id='7'><w:p>{RUN.format('The whole story.')}</w:p></w:{root}></w:{root}s>"
    ).encode()
    return packed(parts)


@document("comment_in_an_embedded_document")
def _(one: Document) -> None:
    one.row(4).cells[3]._tc.append(parse_xml(f"<w:altChunk {W}/>"))


case("comment_in_a_footnote.docx")(lambda: _with_notes("footnoteReference", "footnotes", "footnote"))
case("comment_in_an_endnote.docx")(lambda: _with_notes("endnoteReference", "endnotes", "endnote"))
case("comment_in_a_comment_of_word.docx")(lambda: _with_notes("commentReference", "comments", "comment"))

_BOUND = (
    "<w:p><w:sdt><w:sdtPr><w:dataBinding w:prefixMappings=\"xmlns:n='urn:n'\" w:xpath='/n:answers/n:four' "
    "w:storeItemID='{{ABC}}'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt></w:p>"
)


def _bound(stored: str) -> bytes:
    one = Document()
    put(one.row(4).cells[2], _BOUND.format(RUN.format("Amber")))
    parts = parts_of(one.saved())
    parts["customXml/item9.xml"] = (
        f"<n:answers xmlns:n='urn:n'><n:four>{stored}</n:four></n:answers>".encode()
    )
    parts["customXml/itemProps9.xml"] = (
        b"<ds:datastoreItem xmlns:ds='http://schemas.openxmlformats.org/officeDocument/2006/customXml' "
        b"ds:itemID='{ABC}'/>"
    )
    return packed(parts)


case("rating_bound_to_the_same_value.docx")(lambda: _bound("Amber"))
case("rating_bound_to_another_value.docx")(lambda: _bound("Red"))
