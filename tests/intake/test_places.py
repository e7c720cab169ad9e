"""Names of cells: the same places as a library for workbooks makes of them."""

import pytest
from openpyxl.utils.cell import coordinate_to_tuple

from dagster_project.intake.formats.grid import name_sheet_cell, parse_cell_name
from dagster_project.intake.security.cells import check_places


@pytest.mark.parametrize("name", ["A1", "C5", "Z9", "AA10", "AZ100", "ZZ5000", "XFD1048576"])
def test_names_of_cells_are_parsed_and_formatted(name: str) -> None:
    row, column = parse_cell_name(name)
    assert (row + 1, column + 1) == coordinate_to_tuple(name) == coordinate_to_tuple(name.lower())
    assert name_sheet_cell(row, column) == name
    assert parse_cell_name(name.lower()) == (row, column)


@pytest.mark.parametrize(
    "name", ["", "A", "5", "A0", "A-1", "5A", "A1:B2", "$A$1", "A1 ", "ABCD1", "Ä1", "A\u0661"]
)
def test_a_name_that_no_cell_has_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="no name that a cell can have"):
        parse_cell_name(name)


def test_a_cell_outside_any_row_is_no_error_of_the_check() -> None:
    check_places(b'<worksheet><sheetData><c r="A1"><v>1</v></c></sheetData></worksheet>')
