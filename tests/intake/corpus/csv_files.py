"""CSV files as programs and people write them: encodings, delimiters, quotation marks, lines around the table."""

import csv
import io
from collections.abc import Callable

from tests.intake.corpus.base import COMMENTS, RATINGS, case, questionnaire
from tests.intake.corpus.layouts import Rows

HEADING = ["No.", "Question", "Rating", "Comment"]
LONG_HEADING = ["Committee", "Date completed", "Template version", *HEADING]
COVER = [
    ["Child Protection Committee", "Fife"],
    ["Date completed", "3/10/2016"],
    ["Template version", "cse-2016"],
]

COMMENTS_ON_4: dict[str, str] = {}
"""The comment on question 4 that each of these files must give."""


def table(comment: str = COMMENTS[4], rating: str = RATINGS[4].capitalize()) -> list[list[str]]:
    """The questions with the base's answers; rating and comment of question 4 replaced."""
    answers = {n: (RATINGS[n].capitalize(), COMMENTS[n]) for n in RATINGS} | {4: (rating, comment)}
    return [[str(one.number), one.text, *answers[one.number]] for one in questionnaire().questions]


def long(comment: str = COMMENTS[4], rating: str = RATINGS[4].capitalize()) -> list[list[str]]:
    """The same as a list that repeats the cover in every row."""
    return [LONG_HEADING, *(["Fife", "3/10/2016", "cse-2016", *row] for row in table(comment, rating))]


def with_cover(comment: str = COMMENTS[4]) -> list[list[str]]:
    """The same under a cover."""
    return [*COVER, [], HEADING, *table(comment)]


def write(rows: Rows, delimiter: str = ",", line_end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def unquoted(rows: Callable[[str], Rows], comment: str, delimiter: str = ",") -> str:
    """The file with the comment on question 4 inserted as it is, without quotation marks around it."""
    return write(rows("@"), delimiter).replace("@", comment)


def csv_case(name: str, content: str | bytes, comment: str | None = None) -> None:
    case(name)(lambda: content if isinstance(content, bytes) else content.encode())
    if comment is not None:
        COMMENTS_ON_4[name] = comment


# Encodings ------------------------------------------------------------------------------------------

TYPED = {
    "one_accent": "a caf\u00e9 in town",
    "gaelic": "D\u00f2chas agus G\u00e0idhlig, \u00e0 bheil; \u00a35",
    "office_punctuation": "\u201cReady\u201d \u2013 the committee\u2019s plan\u2026",
    "bullets": "\u2022 training \u2022 50\u00a0% of \u00a31,000",
}
PRODUCERS = {"windows": "cp1252", "mac": "mac_roman", "ms_dos": "cp850"}
for _typed, _comment in TYPED.items():
    for _producer, _encoding in PRODUCERS.items():
        try:
            _content = write(long(_comment)).encode(_encoding)
        except UnicodeEncodeError:
            continue
        csv_case(f"{_typed}_saved_by_{_producer}.csv", _content, _comment)

_ALL = "\u201cna\u00efve\u201d caf\u00e9 \u2013 \u00a35"
for _name, _encoding, _mark in (
    ("utf_16_big_endian_with_mark", "utf-16-be", b"\xfe\xff"),
    ("utf_32_with_mark", "utf-32-le", b"\xff\xfe\x00\x00"),
    ("utf_8_with_two_marks", "utf-8", b"\xef\xbb\xbf\xef\xbb\xbf"),
):
    csv_case(f"{_name}.csv", _mark + write(long(_ALL), "\t").encode(_encoding), _ALL)
csv_case("utf_16_without_mark_semicolons.csv", write(with_cover(_ALL), ";").encode("utf-16-le"), _ALL)
csv_case("mark_in_the_middle.csv", write(long()[:9]) + "\ufeff" + write([LONG_HEADING, *long()[9:]]))
csv_case("mark_within_a_comment.csv", write(long("one\ufefftwo")), "one\ufefftwo")

csv_case("utf_16_cut_within_a_letter.csv", write(long(), line_end="\n").rstrip().encode("utf-16")[:-1])
csv_case("utf_8_letter_already_replaced.csv", write(long("caf\ufffd")))
csv_case("utf_8_saved_once_more_by_windows.csv", write(long(_ALL.encode().decode("cp1252", "ignore"))))
csv_case(
    "utf_8_broken_on_two_records.csv",
    write(long("a caf\u00e9, na\u00efve, D\u00f2chas, \u00a35, \u00a36 @"))
    .replace(COMMENTS[5], "#")
    .encode()
    .replace(b"@", b"\xe9")
    .replace(b"#", b"\xa35"),
)
csv_case(
    "one_record_in_another_encoding.csv",
    write(long("@"))
    .replace(COMMENTS[5], _ALL)
    .replace(COMMENTS[6], _ALL)
    .encode("cp1252")
    .replace(b"@", _ALL.encode()),
)
csv_case(
    "polish_letters_of_windows.csv",
    write(long("Za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105 ja\u017a\u0144")).encode("cp1250"),
)
csv_case(
    "cyrillic_letters_of_windows.csv", write(long("\u041f\u0440\u0438\u0432\u0435\u0442")).encode("cp1251")
)
csv_case("chinese_letters.csv", write(long("\u4fdd\u62a4\u513f\u7ae5")).encode("gb18030"))

# Delimiters and lines around the table --------------------------------------------------------------

_LISTS = "a, b; c | d, e; f | g"
for _name, _delimiter in (("commas", ","), ("semicolons", ";"), ("tabs", "\t"), ("bars", "|")):
    csv_case(f"{_name}_and_others_in_comments.csv", write(long(_LISTS), _delimiter), _LISTS)
    csv_case(f"separator_line_{_name}.csv", f"sep={_delimiter}\r\n" + write(long(), _delimiter))
csv_case("separator_line_in_quotation_marks.csv", '"SEP=;"\r\n' + write(with_cover(), ";"))
csv_case("separator_line_saved_again.csv", "sep=;;;;;;;\r\n" + write(long(), ";"))
csv_case("separator_line_of_another_separator.csv", "sep=,\r\n" + write(long(), ";"))
csv_case("separator_line_below_a_blank_one.csv", "\r\nsep=|\r\n" + write(long(), "|"))
csv_case("separator_line_utf_16.csv", ("sep=\t\r\n" + write(long(_ALL), "\t")).encode("utf-16"), _ALL)

csv_case("blank_records_of_commas_first.csv", ",,,,,,\r\n" * 3 + write(long()))
csv_case("blank_lines_of_spaces_first.csv", "   \r\n\t\r\n" + write(long()))
csv_case("blank_lines_between_records.csv", write(long()).replace("\r\n", "\r\n\r\n"))
csv_case(
    "titles_full_of_commas.csv",
    "Return, for, the, year, 2016, of, all, our, partners\n" * 30 + write(long(), ";"),
)
csv_case("title_with_an_inch_mark.csv", 'Screens of 12", and more\n' + write(long()))
csv_case("cover_below_the_table.csv", write([HEADING, *table(), [], *COVER]))
csv_case("cover_in_semicolons.csv", write(with_cover(), ";"))
csv_case(
    "cover_as_lines_with_colons.csv", "".join(f"{a}: {b}\n" for a, b in COVER) + write([HEADING, *table()])
)
csv_case(
    "cover_padded_to_the_table.csv", write([[*row, "", ""] for row in COVER] + [[""] * 4, HEADING, *table()])
)
csv_case(
    "heading_in_two_lines.csv",
    write([[*HEADING[:2], "Rating\n(RAG)", "Comments,\nevidence"], *table(), *COVER], ";"),
)

# Quotation marks ------------------------------------------------------------------------------------

csv_case("everything_quoted.csv", write(long(), quoting=csv.QUOTE_ALL))
csv_case("quotation_marks_within_a_text.csv", unquoted(long, 'We do "really" well'), 'We do "really" well')
csv_case("inch_mark_in_a_comment.csv", unquoted(long, 'a screen of 12"'), 'a screen of 12"')
csv_case(
    "space_before_each_quotation_mark.csv",
    write(long("a, b"), quoting=csv.QUOTE_ALL).replace(',"', ', "'),
    "a, b",
)
csv_case("quotation_mark_opened_in_a_rating.csv", write(long(rating="@")).replace("@", '"Amber'))
csv_case("quotation_mark_opened_in_the_heading.csv", write(long()).replace("Committee", '"Committee', 1))
csv_case("quotation_mark_opened_in_the_last_record.csv", write(long()).replace(COMMENTS[19], '"We do'))
csv_case("text_behind_a_quoted_text.csv", unquoted(long, '"We do" and more'))
csv_case(
    "quote_of_one_record_closed_in_the_next.csv", unquoted(with_cover, '"We do').replace(COMMENTS[5], 'so"')
)
csv_case(
    "quote_without_numbers_closed_in_the_next.csv",
    write([*COVER, HEADING[1:], *(row[1:] for row in table("@"))])
    .replace("@", '"We do')
    .replace(COMMENTS[5], 'so"'),
)
_PLAN = "Plan:\n1, police, training, all\n2, health, guidance, some"
csv_case("list_with_commas_in_a_quoted_comment.csv", write(with_cover(_PLAN)), _PLAN)

# Records that are longer or shorter than the heading ------------------------------------------------

csv_case("comma_not_quoted_in_the_last_column.csv", unquoted(long, "We do, but slowly"), "We do, but slowly")
csv_case("semicolon_not_quoted.csv", unquoted(long, "We do; but slowly", ";"), "We do; but slowly")
csv_case(
    "commas_and_quotation_marks_not_quoted.csv",
    unquoted(with_cover, 'We do, "really", yes'),
    'We do, "really", yes',
)
csv_case(
    "comma_not_quoted_saved_again.csv",
    write([[*row, "", ""] for row in long("@")]).replace("@,,", "We do, but slowly,"),
    "We do, but slowly",
)
csv_case(
    "comma_not_quoted_before_the_rating.csv",
    write([[*row[:5], row[6], row[5]] for row in long("@")]).replace("@", "We do, Red, slowly"),
)
csv_case("comma_not_quoted_in_a_wording.csv", write(long()).replace('"', ""))
csv_case("commas_behind_every_record.csv", write(long()).replace("\r\n", ",,,\r\n"))
csv_case("line_break_not_quoted.csv", unquoted(long, "one\r\ntwo"), "one")
csv_case("line_break_and_commas_not_quoted.csv", unquoted(with_cover, "one\r\ntwo, three, four"), "one")
csv_case(
    "line_break_not_quoted_without_numbers.csv",
    write([*COVER, HEADING[1:], *(row[1:] for row in table("@"))]).replace("@", "one\r\ntwo"),
    "one",
)
csv_case("blank_answers_without_commas.csv", write(long("", "")).replace(",,\r\n", "\r\n"), "")
csv_case("signature_below_the_table.csv", write([*with_cover(), [], ["Signed: the chair"]]))
csv_case(
    "other_comments_below_the_table.csv",
    write([*long(), ["Fife", "", "", "", "Any other comments", "", "More."]]),
)
csv_case("heading_repeated.csv", write([*long()[:9], LONG_HEADING, *long()[9:]]))
csv_case(
    "two_comment_columns.csv",
    write([[*row, row[-1] if row is LONG_HEADING else "Seen."] for row in long()]),
    f"{COMMENTS[4]}\n[Comment] Seen.",
)
csv_case(
    "two_rating_columns_of_one_name.csv",
    write([[*row[:6], row[5] if row is LONG_HEADING else "Green", *row[6:]] for row in long()]),
)
csv_case("a_million_blank_records.csv", write(long()) + ",,,,,,\r\n" * 900_000)
csv_case(
    "six_thousand_blank_lines_before_the_last_record.csv",
    write(long()[:-1]) + "\r\n" * 6_000 + write(long()[-1:]),
)
csv_case(
    "texts_as_formulas.csv",
    write(
        [
            [f'="{text}"' if place < 4 and number else text for place, text in enumerate(row)]
            for number, row in enumerate(long())
        ]
    ),
)
csv_case("text_with_an_escape_of_excel.csv", write(long("_x0041_ b")), "_x0041_ b")
csv_case("text_with_a_vertical_tab.csv", write(long("one\x0btwo\x85three")), "one\ntwo\nthree")
