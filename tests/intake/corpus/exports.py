"""Exports of other programs, covers and ratings as people type them, and other formats under our endings."""

from docx.oxml import parse_xml

from dagster_project.intake import labels
from tests.intake.corpus.base import Book, Document, case
from tests.intake.corpus.books import COVER, HEADER, book, plain_rows, questions, rewrite, rows_of
from tests.intake.corpus.csv_files import table, with_cover, write
from tests.intake.corpus.documents import W, document
from tests.intake.corpus.layouts import Rows


# 7. CSV of other programs.
def escaped(rows: Rows) -> str:
    return "".join(",".join('"' + one.replace('"', '\\"') + '"' for one in row) + "\n" for row in rows)


CSVS: dict[str, str] = {
    "quotation_marks_escaped_by_backslashes": escaped(with_cover('We "do", but slowly')),
    "quotation_marks_of_a_word_processor": write(with_cover("plain")).replace("plain", "“We do, but slowly”"),
    "apostrophes_in_place_of_quotation_marks": write(with_cover("plain")).replace(
        "plain", "'We do, but slowly'"
    ),
    "headings_of_an_unnamed_table": write([["Column1", "Column2", "Column3", "Column4"], *with_cover()]),
    "page_of_html_without_a_doctype": "<table><tr><td>1</td><td>Green</td></tr></table>",
    "page_of_xml": '<?xml version="1.0"?><returns><answer question="1">Green</answer></returns>',
    "answers_of_json": '[{"committee": "Fife", "question": 1, "rating": "Green"}]',
    "ratings_in_the_first_column": write(
        [*COVER, *([row[2], row[0], row[1], row[3]] for row in plain_rows())]
    ),
    "timestamp_of_a_form": write(
        [
            ["Timestamp", "Child Protection Committee", *(f"{row[0]}. {row[1]}" for row in table())],
            ["2016/10/03 2:30:15 pm GMT", "Fife", *(row[2] for row in table())],
        ]
    ),
}
for _name, _text in CSVS.items():
    case(f"{_name}.csv")(lambda text=_text: text.encode())  # type: ignore[misc]

# 8 and 9. Names, ratings and dates.
for _name, _value in {
    "draft": "Fife CPC (draft)",
    "label_and_committee": "CPC: Fife (final version)",
    "ctte": "Fife Child Protection Ctte",
    "on_behalf": "On behalf of Fife CPC",
    "two_with_and": "Fife and Moray",
}.items():

    def _committee(one: Book, value: str = _value) -> None:
        one.on_cover(labels.COMMITTEE).value = value

    book(f"committee_typed_with_{_name}")(_committee)

for _name, _value in {
    "an_arrow": "Amber ↑",
    "a_star": "Amber*",
    "a_plus": "Amber+",
    "a_range": "Amber - Green",
    "an_exclamation": "AMBER!!",
    "a_colon_first": "Rating: Amber",
    "an_upgrade": "Red → Amber",
    "a_percentage": "Amber (60%)",
}.items():

    def _rating(one: Book, value: str = _value) -> None:
        one.rating(4).value = value

    book(f"rating_with_{_name}")(_rating)

for _name, _value in {
    "the_month_first_in_words": "Oct 3rd, 2016",
    "slashes_year_first": "2016/10/03",
    "dots_and_short_year": "13.10.16",
    "week_commencing": "w/c 3 October 2016",
    "two_dates": "3 October 2016 - 7 October 2016",
}.items():

    def _date(one: Book, value: str = _value) -> None:
        one.on_cover(labels.DATE_COMPLETED).value = value

    book(f"date_typed_with_{_name}")(_date)

# 10 and 12. Other formats under our endings, and text from elsewhere.
case("pointer_to_a_sheet_of_google.xlsx")(
    lambda: b'{"url": "https://docs.google.com/open?id=1", "doc_id": "1"}'
)
case("flat_opendocument.ods")(lambda: b'<?xml version="1.0"?><office:document xmlns:office="urn:x"/>')


@document("text_imported_from_another_file")
def _(one: Document) -> None:
    part = parse_xml(
        f'<w:altChunk {W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="rId99"/>'
    )
    one.document.element.body.insert(0, part)


@book("formulas_of_totals_below")
def _(one: Book) -> None:
    rows = rows_of(one)
    rewrite(one, [*rows, [None, "Number of green ratings", '=COUNTIF(C2:C40,"Green")', None]])


@book("ratings_filtered_and_sorted_by_colour")
def _(one: Book) -> None:
    rows = questions(rows_of(one))
    rewrite(one, [[*HEADER], *sorted(rows, key=lambda row: str(row[2]))])
    one.table.auto_filter.ref = "A1:D20"
