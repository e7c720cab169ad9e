"""Spreadsheets of LibreOffice, and answers in the long form."""

from tests.intake.corpus import layouts
from tests.intake.corpus.base import COMMENTS, RATINGS, case, packed, parts_of, questionnaire
from tests.intake.corpus.books import COVER, plain_rows

STYLE = (
    '<style:style style:name="amber" style:family="table-cell"><style:table-cell-properties '
    'fo:background-color="#ffc000"/></style:style><style:style style:name="away" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)


def sheets(rating: str | None = None, comment: str | None = None) -> layouts.Sheets:
    """The base's answers; rating or comment of question 4 replaced, by text or by XML of the format."""
    rows = plain_rows()
    if rating is not None:
        rows[4][2] = rating
    if comment is not None:
        rows[4][3] = comment
    return [("Cover", COVER), ("Questionnaire", rows)]


for _name, _sheets in {
    "as_sent": sheets(),
    "rating_by_colour_only": sheets('<table:table-cell table:style-name="amber"/>'),
    "rating_slash": sheets("Amber/Green"),
    "rating_blank": sheets(""),
    "formula_with_its_result": sheets(
        '<table:table-cell table:formula="of:=A1" office:value-type="string"><text:p>Amber</text:p></table:table-cell>'
    ),
    "formula_without_result": sheets('<table:table-cell table:formula="of:=A1"/>'),
    "rating_with_a_note_next_to_it": sheets(
        '<table:table-cell office:value-type="string"><office:annotation><text:p>why not green?</text:p>'
        "</office:annotation><text:p>Amber</text:p></table:table-cell>"
    ),
    "comment_with_spaces_and_lines": sheets(comment="one  two\nthree\tfour"),
    "comment_with_a_break_within_a_line": sheets(
        comment='<table:table-cell office:value-type="string"><text:p>one<text:line-break/>two</text:p>'
        "</table:table-cell>"
    ),
    "comment_of_a_percentage": sheets(
        comment='<table:table-cell office:value-type="percentage" office:value="0.85"><text:p>85%</text:p>'
        "</table:table-cell>"
    ),
    "comment_of_an_amount": sheets(
        comment='<table:table-cell office:value-type="float" office:value="1234.5"><text:p>1,234.50</text:p>'
        "</table:table-cell>"
    ),
    "comment_of_a_month": sheets(
        comment='<table:table-cell office:value-type="date" office:date-value="2016-03-01"><text:p>Mar-16</text:p>'
        "</table:table-cell>"
    ),
    "rating_in_spans": sheets(
        '<table:table-cell office:value-type="string"><text:p>Am<text:span>ber</text:span></text:p></table:table-cell>'
    ),
}.items():
    case(f"{_name}.ods")(lambda chosen=_sheets: layouts.ods(chosen, styles=STYLE))  # type: ignore[misc]

case("a_million_empty_rows.ods")(
    lambda: layouts.ods(
        sheets(),
        raw='<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
    )
)
case("a_million_filled_rows.ods")(
    lambda: layouts.ods(
        sheets(),
        raw='<table:table-row table:number-rows-repeated="1048000"><table:table-cell office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>",
    )
)
case("a_filled_cell_in_every_column.ods")(
    lambda: layouts.ods(
        sheets(),
        raw='<table:table-row><table:table-cell table:number-columns-repeated="16384" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
    )
)
case("date_as_a_value.ods")(
    lambda: layouts.ods(
        [
            ("Cover", [COVER[0], [COVER[1][0], _DATE], COVER[2]]),
            ("Questionnaire", plain_rows()),
        ]
    )
)
_DATE = (
    '<table:table-cell office:value-type="date" office:date-value="2016-10-03"><text:p>03/10/16</text:p>'
    "</table:table-cell>"
)


def _with_password() -> bytes:
    manifest = b'<?xml version="1.0"?><m:manifest xmlns:m="m"><m:encryption-data/></m:manifest>'
    return packed(parts_of(layouts.ods(sheets())) | {"META-INF/manifest.xml": manifest})


case("password.ods")(_with_password)


def _hidden() -> bytes:
    parts = parts_of(layouts.ods(sheets(), styles=STYLE))
    parts["content.xml"] = parts["content.xml"].replace(
        b'table:name="Questionnaire"', b'table:name="Questionnaire" table:style-name="away"'
    )
    return packed(parts)


case("questionnaire_hidden.ods")(_hidden)


# The long form -------------------------------------------------------------------------------------

LONG_HEADER = ["committee", "question", "rating", "comment", "date completed", "template version"]


def long_rows(committee: str = "Fife") -> list[list[str]]:
    return [
        LONG_HEADER,
        *([committee, str(n), RATINGS[n], COMMENTS[n], "3/10/2016", "cse-2016"] for n in RATINGS),
    ]


def by_wording() -> list[list[str]]:
    rows = long_rows()
    for row, question in zip(rows[1:], questionnaire().questions, strict=True):
        row[1] = question.text
    return rows


def text(rows: layouts.Rows, delimiter: str = ",") -> str:
    return layouts.longform(rows, delimiter=delimiter)


def with_comment(comment: str) -> list[list[str]]:
    rows = long_rows()
    rows[4][3] = comment
    return rows


case("as_sent.csv")(lambda: text(long_rows()).encode())
case("semicolons.csv")(lambda: text(long_rows(), ";").encode())
case("tabs.csv")(lambda: text(long_rows(), "\t").encode())
case("byte_order_mark.csv")(lambda: text(long_rows()).encode("utf-8-sig"))
case("utf_16.csv")(lambda: text(long_rows()).encode("utf-16"))
case("windows_letters.csv")(lambda: text(with_comment("D\u00f2chas \u2013 \u00e9")).encode("cp1252"))
case("line_breaks_in_comments.csv")(lambda: text(with_comment('one\ntwo, "three"')).encode())
case("questions_by_wording.csv")(lambda: text(by_wording()).encode())
case("in_reverse.csv")(lambda: text([LONG_HEADER, *reversed(long_rows()[1:])]).encode())
case("capital_headings.csv")(lambda: text([[h.upper() for h in LONG_HEADER], *long_rows()[1:]]).encode())
case("two_committees.csv")(lambda: text([*long_rows()[:10], *long_rows("Angus")[10:]]).encode())
case("no_headings.csv")(lambda: text(long_rows()[1:]).encode())
case("no_committee.csv")(lambda: text(long_rows("")).encode())
case("rating_slash.csv")(
    lambda: text([*long_rows()[:4], ["Fife", "4", "Amber/Green", "x"], *long_rows()[5:]]).encode()
)
case("null_bytes.csv")(lambda: text(long_rows()).encode().replace(b"Comment", b"Com\x00ment"))
case("quote_never_closed.csv")(lambda: text(long_rows()).encode() + b'Fife,20,"Green')
case("ten_thousand_records.csv")(lambda: text([*long_rows(), *([["Fife", "", "", ""]] * 10_000)]).encode())
case("five_columns_short.csv")(lambda: b"committee\nFife\n")
case("a_workbook_in_disguise.csv")(lambda: layouts.xlsx(sheets()))

_NOTE = (
    "<table:table-cell><office:annotation><text:p>Written in</text:p><text:p>the note.</text:p></office:annotation>"
    "</table:table-cell>"
)
case("comment_as_a_note_of_its_cell.ods")(
    lambda: layouts.ods(
        [("a", COVER), ("b", [[*row[:3], _NOTE] if row[0] == "4" else list(row) for row in plain_rows()])]
    )
)

_LETTERS = "caf\u00e9 D\u00f2chas \u00a35"
_ENCODINGS = {
    "utf_16_little_endian_without_mark": "utf-16-le",
    "utf_16_big_endian_without_mark": "utf-16-be",
    "letters_of_ms_dos": "cp850",
    "letters_of_a_mac": "mac_roman",
    "letters_of_windows": "cp1252",
}
for _name, _encoding in _ENCODINGS.items():
    case(f"{_name}.csv")(lambda encoding=_encoding: text(with_comment(_LETTERS)).encode(encoding))  # type: ignore[misc]
case("apostrophe_of_windows.csv")(lambda: text(with_comment("we don\u2019t")).encode("cp1252"))
case("apostrophe_of_a_mac.csv")(lambda: text(with_comment("we don\u2019t")).encode("mac_roman"))
case("letters_of_no_known_encoding.csv")(
    lambda: text(with_comment("abc")).encode().replace(b"abc", bytes(range(0xA1, 0xE0)))
)
case("utf_8_with_one_broken_byte.csv")(
    lambda: (
        text(with_comment("caf\u00e9, na\u00efve, D\u00f2chas and x"))
        .encode()
        .replace(b" and x", b" and \xe9")
    )
)
case("utf_8_cut_in_a_letter.csv")(lambda: text(long_rows()).encode().rstrip() + b"\xc3")
case("separator_named_in_the_first_line.csv")(lambda: b"sep=;\r\n" + text(long_rows(), ";").encode())
case("separator_named_after_a_mark.csv")(lambda: b"\xef\xbb\xbfsep=|\n" + text(long_rows(), "|").encode())
case("blank_lines_first.csv")(lambda: b"\n\n" + text(long_rows()).encode())
case("title_line_first.csv")(lambda: b"Return of our committee\n\n" + text(long_rows()).encode())
case("line_ends_of_an_old_mac.csv")(lambda: text(long_rows()).encode().replace(b"\r\n", b"\r"))
case("comma_not_quoted.csv")(lambda: text(with_comment("@")).encode().replace(b"@", b"We do, but slowly"))
case("space_before_a_quotation_mark.csv")(
    lambda: text(with_comment("@")).encode().replace(b",@", b', "We do, but slowly"')
)
case("quote_that_swallows_records.csv")(lambda: text(with_comment("@")).encode().replace(b"@", b'"We do'))
case("quote_closed_some_records_later.csv")(
    lambda: (
        text(with_comment("@")).encode().replace(b"@", b'"We do').replace(b"Comment on question 9.", b'so"')
    )
)


def _with_a_cover() -> bytes:
    rows = [
        ["Child Protection Committee", "Fife"],
        ["Date completed", "3 October 2016"],
        ["Template version", "cse-2016"],
    ]
    keep = [place for place, name in enumerate(LONG_HEADER) if name in ("question", "rating", "comment")]
    return text([*rows, [], *([row[place] for place in keep] for row in long_rows())]).encode()


case("cover_rows_above_the_table.csv")(_with_a_cover)
