"""Word documents whose visible text differs from the text in their XML."""

from collections.abc import Callable

from docx.oxml import parse_xml
from docx.shared import Cm
from docx.table import _Cell

from dagster_project.intake import labels
from tests.intake.corpus import layouts
from tests.intake.corpus.base import Document, base, case, packed, parts_of, with_part
from tests.intake.corpus.books import COVER, plain_rows

Change = Callable[[Document], object]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(name: str) -> Callable[[Change], Change]:
    """Register a document that differs from the base by what a function does to it."""

    def register(change: Change) -> Change:
        def make() -> bytes:
            one = Document()
            change(one)
            return one.saved()

        case(f"{name}.docx")(make)
        return change

    return register


def put(cell: _Cell, content: str) -> None:
    """Replace a cell's paragraphs by XML."""
    for paragraph in list(cell._tc.p_lst):
        cell._tc.remove(paragraph)
    for element in parse_xml(f"<w:x {W}>{content}</w:x>"):
        cell._tc.append(element)


case("as_sent.docx")(lambda: base(".docx"))

RUN = "<w:r><w:t>{}</w:t></w:r>"
for _name, _content in {
    "rating_as_tracked_insertion": f"<w:p><w:ins w:id='1'>{RUN.format('Amber')}</w:ins></w:p>",
    "rating_as_tracked_deletion": (
        "<w:p><w:del w:id='1'><w:r><w:delText>Red</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{RUN.format('Amber')}</w:ins></w:p>"
    ),
    "rating_deleted_by_another_program": (
        f"<w:p><w:del w:id='1'>{RUN.format('Red')}</w:del><w:ins w:id='2'>{RUN.format('Amber')}</w:ins></w:p>"
    ),
    "rating_moved_away": f"<w:p><w:moveFrom w:id='1'>{RUN.format('Amber')}</w:moveFrom></w:p>",
    "rating_moved_here": f"<w:p><w:moveTo w:id='1'>{RUN.format('Amber')}</w:moveTo></w:p>",
    "rating_chosen_from_a_list": (
        "<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent><w:p>"
        f"{RUN.format('Amber')}</w:p></w:sdtContent></w:sdt><w:p/>"
    ),
    "rating_chosen_within_a_line": (
        f"<w:p><w:sdt><w:sdtContent>{RUN.format('Amber')}</w:sdtContent></w:sdt></w:p>"
    ),
    "rating_list_without_a_choice": (
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{RUN.format('Choose an item.')}</w:sdtContent></w:sdt></w:p>"
    ),
    "rating_in_an_old_list_field": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/>"
        "<w:listEntry w:val='Green'/><w:listEntry w:val='Amber'/><w:listEntry w:val='Red'/></w:ddList>"
        "</w:ffData></w:fldChar></w:r></w:p>"
    ),
    "rating_as_result_of_a_field": (
        f"<w:p><w:fldSimple w:instr='DOCPROPERTY x'>{RUN.format('Amber')}</w:fldSimple></w:p>"
    ),
    "rating_in_several_runs": f"<w:p>{RUN.format('Am')}{RUN.format('ber')}</w:p>",
    "rating_as_a_link": f"<w:p><w:hyperlink>{RUN.format('Amber')}</w:hyperlink></w:p>",
    "rating_in_a_drawing_and_its_fallback": (
        "<w:p><w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<mc:Choice Requires='wps'>{RUN.format('Amber')}</mc:Choice><mc:Fallback>{RUN.format('Amber')}"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    ),
    "rating_as_a_picture": "<w:p><w:r><w:drawing/></w:r></w:p>",
    "rating_as_an_embedded_object": "<w:p><w:r><w:object/></w:r></w:p>",
    "rating_by_shading_only": "<w:p/>",
    "rating_left_blank": "<w:p/>",
}.items():

    def _rating(one: Document, content: str = _content, name: str = _name) -> None:
        cell = one.row(4).cells[2]
        put(cell, content)
        if name == "rating_by_shading_only":
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:shd {W} w:val="clear" w:fill="FFC000"/>'))

    document(_name)(_rating)

document("rating_slash")(lambda one: setattr(one.row(4).cells[2], "text", "Amber/Green"))
document("comment_of_three_paragraphs")(lambda one: setattr(one.row(4).cells[3], "text", "a\nb\nc"))
document("question_deleted")(lambda one: one.row(4)._tr.getparent().remove(one.row(4)._tr))


@document("row_as_tracked_deletion")
def _(one: Document) -> None:
    row = one.row(4)._tr
    copy = parse_xml(row.xml)
    copy.get_or_add_trPr().append(parse_xml(f'<w:del {W} w:id="1"/>'))
    copy.tc_lst[2].p_lst[0].r_lst[0].text = "Red"
    row.addprevious(copy)


@document("rating_merged_over_two_questions")
def _(one: Document) -> None:
    one.row(1).cells[2].merge(one.row(2).cells[2])
    one.row(1).cells[2].text = "Amber"


@document("cells_merged_to_the_right_of_the_number")
def _(one: Document) -> None:
    table = next(table for table in one.tables if table.rows[0].cells[0].text == labels.NUMBER)
    table.add_column(Cm(3))
    for row in table.rows[1:]:
        row.cells[3].merge(row.cells[4])


@document("table_cut_in_two")
def _(one: Document) -> None:
    table = one.row(3).table._tbl
    rest = parse_xml(table.xml)
    number = [row.cells[0].text for row in one.row(3).table.rows].index("3")
    for row in rest.tr_lst[: number + 1]:
        rest.remove(row)
    for row in table.tr_lst[number + 1 :]:
        table.remove(row)
    table.addnext(rest)
    table.addnext(parse_xml(f"<w:p {W}/>"))


@document("everything_in_a_layout_table")
def _(one: Document) -> None:
    body = one.document.element.body
    outer = parse_xml(f"<w:tbl {W}><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>")
    inside = outer[0][0]
    for table in list(body.iterchildren("{*}tbl")):
        inside.append(table)
        inside.append(parse_xml(f"<w:p {W}/>"))
    body.insert(0, outer)


@document("rows_in_content_controls")
def _(one: Document) -> None:
    row = one.row(4)._tr
    control = parse_xml(f"<w:sdt {W}><w:sdtContent/></w:sdt>")
    row.addprevious(control)
    control[0].append(row)


@document("cover_as_lines_of_text")
def _(one: Document) -> None:
    cover = one.tables[0]._tbl
    lines = (f"{labels.COMMITTEE}: Fife", f"{labels.DATE_COMPLETED}: 3 October 2016")
    for line in lines:
        cover.addprevious(parse_xml(f"<w:p {W}><w:r><w:t>{line}</w:t></w:r></w:p>"))
    cover.getparent().remove(cover)


def _strict() -> bytes:
    return with_part(
        base(".docx"),
        "word/document.xml",
        lambda part: part.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )


def _elsewhere() -> bytes:
    parts = parts_of(base(".docx"))
    parts["word/document2.xml"] = parts.pop("word/document.xml")
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"word/document2.xml")
    return packed(parts)


case("strict_open_xml.docx")(_strict)
case("main_part_of_another_name.docx")(_elsewhere)
case("written_by_another_program.docx")(lambda: layouts.docx([("a", COVER), ("b", plain_rows())]))
