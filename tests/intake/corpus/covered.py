"""Cells that cover others, values that a cell holds twice, exports of other programs, and covers as forms."""

import gzip
import io

import docx
from docx.oxml import parse_xml
from openpyxl.worksheet.cell_range import CellRange

from dagster_project.intake import labels
from tests.intake.corpus import layouts
from tests.intake.corpus.base import SHEET, Book, Document, base, case, packed, parts_of, with_part
from tests.intake.corpus.books import COVER, HEADER, book, plain_rows
from tests.intake.corpus.csv_files import table, with_cover, write
from tests.intake.corpus.documents import RUN, W, document, put


def merged(one: Book, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Merge cells and keep what the covered ones hold, as LibreOffice can."""
    cells = CellRange(min_row=first[0], min_col=first[1], max_row=last[0], max_col=last[1])
    one.table.merged_cells.add(cells)


@book("rating_covered_by_the_merged_cell_above")
def _(one: Book) -> None:
    one.table.cell(one.row(8), 3).value = "Green"
    merged(one, (one.row(7), 3), (one.row(8), 3))


@book("comment_covered_by_the_merged_cell_at_its_left")
def _(one: Book) -> None:
    merged(one, (one.row(4), 3), (one.row(4), 4))


@book("comment_covered_by_the_merged_cell_above")
def _(one: Book) -> None:
    merged(one, (one.row(7), 4), (one.row(8), 4))


def ods_covered() -> bytes:
    covered = '<table:covered-table-cell office:value-type="string"><text:p>Green</text:p></table:covered-table-cell>'
    spanning = (
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>Amber</text:p>'
        "</table:table-cell>"
    )
    rows = plain_rows()
    rows[7][2], rows[8][2] = spanning, covered
    return layouts.ods([("Cover", COVER), ("Answers", rows)])


case("rating_covered_by_the_merged_cell_above.ods")(ods_covered)


def with_string_value() -> bytes:
    cell = (
        '<table:table-cell office:value-type="string" office:string-value="Green"><text:p>Amber</text:p>'
        "</table:table-cell>"
    )
    rows = [[*row[:2], cell, row[3]] if row[0] == "4" else row for row in plain_rows()]
    return layouts.ods([("Cover", COVER), ("Answers", rows)])


case("rating_with_another_value_behind_its_text.ods")(with_string_value)


def with_cell(inner: str, attributes: str) -> bytes:
    """The rating of question 4 written by hand."""
    content = layouts.xlsx([("Cover", COVER), ("Answers", plain_rows())])
    old = '<c r="C5" t="inlineStr"><is><t xml:space="preserve">amber</t></is></c>'
    new = f'<c r="C5" {attributes}>{inner}</c>'
    return with_part(
        content, "xl/worksheets/sheet2.xml", lambda part: part.replace(old.encode(), new.encode())
    )


AMBER, RED = "<is><t>amber</t></is>", "<is><t>red</t></is>"
for _name, _inner, _attributes in (
    ("an_inline_text_and_a_value", f"<v>red</v>{AMBER}", 't="inlineStr"'),
    ("two_inline_texts", f"{AMBER}{RED}", 't="inlineStr"'),
    ("two_values", "<v>amber</v><v>red</v>", 't="str"'),
    ("ruby_text", '<is><t>amber</t><rPh sb="0" eb="5"><t>red</t></rPh></is>', 't="inlineStr"'),
    ("a_value_and_an_inline_text_of_a_string", f"<v>amber</v>{RED}", 't="str"'),
):
    case(f"rating_of_{_name}.xlsx")(lambda one=_inner, two=_attributes: with_cell(one, two))  # type: ignore[misc]


def listed_twice() -> bytes:
    content = layouts.xlsx([("Cover", COVER), ("Answers", plain_rows())])
    again = b'<sheet name="Again" sheetId="9" r:id="rId2"/></sheets>'
    return with_part(content, "xl/workbook.xml", lambda part: part.replace(b"</sheets>", again))


case("sheet_listed_twice.xlsx")(listed_twice)

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


@document("rating_with_an_alternative_for_older_programs")
def _(one: Document) -> None:
    choice = f'<mc:Choice Requires="w14">{RUN.format("Amber")}</mc:Choice>'
    put(
        one.row(4).cells[2],
        f"<w:p><mc:AlternateContent {MC}>{choice}<mc:Fallback>{RUN.format('Red')}</mc:Fallback>"
        "</mc:AlternateContent></w:p>",
    )


# CSV files of other programs.
CSVS: dict[str, bytes] = {
    "end_of_file_of_dos": write(with_cover()).encode() + b"\x1a",
    "line_ends_written_twice": write(with_cover(), line_end="\r\r\n").encode(),
    "table_of_markdown": "".join(
        "| " + " | ".join(row) + " |\n" for row in [*COVER, HEADER, *table()]
    ).encode(),
    "lines_of_remarks_first": b"# exported on Monday\n# by our system\n" + write(with_cover()).encode(),
    "columns_of_a_fixed_width": "".join(
        f"{row[0]:4}{row[1][:40]:42}{row[2]:8}{row[3]}\n" for row in [HEADER, *table()]
    ).encode(),
    "blank_column_first": write([["", *row] for row in with_cover()]).encode(),
    "mark_and_separator_line": b"\xef\xbb\xbfsep=;\r\n" + write(with_cover(), ";").encode(),
    "two_tables_of_two_years": write([*with_cover(), [], ["2015"], HEADER, *table(rating="Red")]).encode(),
    "packed_by_gzip": gzip.compress(write(with_cover()).encode()),
    "self_and_moderated": write(
        [*COVER, ["No.", "Question", "Self rating", "Moderated rating", "Comment"]]
        + [[*row[:3], "Red" if row[0] == "4" else row[2], row[3]] for row in table()]
    ).encode(),
    "rating_of_4_below_the_table": write([*with_cover(), [], ["Q4 should be Red"]]).encode(),
}
for _name, _text in CSVS.items():
    case(f"{_name}.csv")(lambda text=_text: text)  # type: ignore[misc]


# Covers.
for _name, _value in {
    "line_break": "Fife\nChild Protection Committee",
    "wide_letters": "\uff26\uff49\uff46\uff45",
    "capitals_and_year": "FIFE CPC 2016",
    "letters_apart": "F i f e",
    "number_behind": "Fife 2",
}.items():

    def _committee(one: Book, value: str = _value) -> None:
        one.on_cover(labels.COMMITTEE).value = value

    book(f"committee_with_{_name}")(_committee)


@document("committee_chosen_from_a_list")
def _(one: Document) -> None:
    cell = next(row.cells[1] for row in one.tables[0].rows if row.cells[0].text == labels.COMMITTEE)
    put(
        cell,
        f"<w:p><w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{RUN.format('Fife')}</w:sdtContent></w:sdt></w:p>",
    )


@document("committee_left_as_a_prompt")
def _(one: Document) -> None:
    cell = next(row.cells[1] for row in one.tables[0].rows if row.cells[0].text == labels.COMMITTEE)
    put(
        cell,
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/><w:dropDownList/></w:sdtPr><w:sdtContent>"
        f"{RUN.format('Choose an item.')}</w:sdtContent></w:sdt></w:p>",
    )


@document("minutes_of_the_committee_in_a_table_below")
def _(one: Document) -> None:
    below = one.document.add_table(rows=1, cols=2)
    below.rows[0].cells[0].text, below.rows[0].cells[1].text = "CPC: minutes of May", "Attached"


@document("contacts_with_committees_below")
def _(one: Document) -> None:
    below = one.document.add_table(rows=2, cols=2)
    for row, texts in zip(below.rows, (("Committee", "Contact"), ("Moray", "The lead officer")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


# Templates and other types of the same programs.
def of_type(suffix: str, old: str, new: str) -> bytes:
    return with_part(
        base(suffix), "[Content_Types].xml", lambda part: part.replace(old.encode(), new.encode())
    )


case("template_of_excel.xlsx")(lambda: of_type(".xlsx", "sheet.main+xml", "template.main+xml"))
case("template_of_word.docx")(lambda: of_type(".docx", "document.main+xml", "template.main+xml"))


def landscape_with_heading_rows() -> bytes:
    """Two tables, each with the heading that Word repeats on every page."""
    one = docx.Document(io.BytesIO(base(".docx")))
    for answers in one.tables[1:]:
        properties = answers.rows[0]._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:tblHeader {W}/>"))
    content = io.BytesIO()
    one.save(content)
    return content.getvalue()


case("heading_rows_that_repeat.docx")(landscape_with_heading_rows)


@book("rows_grouped_and_collapsed")
def _(one: Book) -> None:
    one.table.row_dimensions.group(one.row(7), one.row(9), hidden=True)


@book("columns_grouped_and_collapsed")
def _(one: Book) -> None:
    one.table.column_dimensions.group("D", "D", hidden=True)


@book("panes_frozen_and_sheet_locked")
def _(one: Book) -> None:
    one.table.freeze_panes = "A4"
    one.table.protection.sheet = True
    one.book.security.lockStructure = True


def with_numbers_of_no_part() -> bytes:
    parts = parts_of(base(".xlsx"))
    name = next(one for one in parts if one == SHEET)
    return packed({one: text for one, text in parts.items() if one != name} | {"xl/other.xml": parts[name]})


case("sheet_under_a_name_that_nothing_refers_to.xlsx")(with_numbers_of_no_part)
