"""Reference data and recorded decisions: the files of `dbt/seeds`."""

import csv
from pathlib import Path

CsvRow = dict[str, str]
Seeds = dict[str, list[CsvRow]]


def read_seeds(seeds: Path) -> Seeds:
    """Read all reference data and recorded decisions, by name."""
    return {path.stem: read_csv(path) for path in seeds.glob("*.csv")}


def read_csv(path: Path) -> list[CsvRow]:
    """Read a table of reference data."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def find_round(seeds: Seeds, round_id: str) -> CsvRow:
    """Find the row of a round."""
    return next(row for row in seeds["rounds"] if row["round_id"] == round_id)
