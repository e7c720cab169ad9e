"""What a query gives."""

from dataclasses import dataclass
from typing import Any

PLACE = "place"


@dataclass(frozen=True)
class Result:
    """Rows of one query, in the query's order: `columns` are names, each row has as many values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def without_place(self) -> "Result":
        """The same rows without the column `place`, which only says in which order they stand."""
        if PLACE not in self.columns:
            return self
        at = self.columns.index(PLACE)
        rows = tuple((*row[:at], *row[at + 1 :]) for row in self.rows)
        return Result((*self.columns[:at], *self.columns[at + 1 :]), rows)

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as mappings from column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
