"""Workbooks as other programs write them, and with macros."""

from functools import partial

from tests.intake.corpus import layouts
from tests.intake.corpus.base import (
    SHEET,
    base,
    case,
    packed,
    parts_of,
    with_part,
)
from tests.intake.corpus.books import COVER, plain_rows

case("dimension_too_small.xlsx")(
    lambda: with_part(
        base(".xlsx"), SHEET, lambda part: part.replace(b'<dimension ref="A1:D42"', b'<dimension ref="A1:A1"')
    )
)
case("dimension_too_large.xlsx")(
    lambda: with_part(
        base(".xlsx"),
        SHEET,
        lambda part: part.replace(b'<dimension ref="A1:D42"', b'<dimension ref="A1:ZZ4999"'),
    )
)


def _strict() -> bytes:
    usual, strict = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    parts = parts_of(base(".xlsx"))
    return packed(
        {
            name: part.replace(usual + b"spreadsheetml/2006/main", strict + b"spreadsheetml/main").replace(
                usual + b"officeDocument/2006/", strict + b"officeDocument/"
            )
            for name, part in parts.items()
        }
    )


case("strict_open_xml.xlsx")(_strict)


case("written_by_another_program.xlsx")(lambda: layouts.xlsx([("a", COVER), ("b", plain_rows())]))
case("written_with_shared_strings.xlsx")(
    lambda: layouts.xlsx([("a", COVER), ("b", plain_rows())], shared=True)
)
case("one_sheet_for_everything.xlsx")(lambda: layouts.xlsx([("a", [*COVER, *plain_rows()])]))
_with_macros = partial(
    lambda: packed(parts_of(base(".xlsx")) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros"})
)
case("macros.xlsm")(_with_macros)
case("macros_under_another_name.xlsx")(_with_macros)
case("without_macros.xlsm")(lambda: base(".xlsx"))
