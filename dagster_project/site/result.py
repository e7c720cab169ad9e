"""What a query gives."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """Rows of one query, in the query's order: `columns` are names, each row has as many values."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as mappings from column name to value."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
