"""A result as CSV, safe to open in a spreadsheet."""

import csv
import io
from typing import Any

from dagster_project.release.cells import plain
from dagster_project.site.result import Result


def write(result: Result) -> str:
    """Header and rows as the query gives them: names of columns, unformatted values, empty for null.

    Columns that only say where another one links to are left out. A cell that a spreadsheet would run as
    a formula gets an apostrophe.
    """
    shown = [number for number, name in enumerate(result.columns) if not name.endswith("_link")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([result.columns[number] for number in shown])
    writer.writerows([[_cell(row[number]) for number in shown] for row in result.rows])
    return text.getvalue()


def _cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else plain(value)
