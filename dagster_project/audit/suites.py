"""The suites in `expectations/`: what they look at, what they demand, and what a person does when one fails."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dagster_project.home.records import definition_hash
from dagster_project.paths import REPOSITORY

EXPECTATIONS = REPOSITORY / "expectations"


@dataclass(frozen=True)
class Suite:
    """One suite. `query` yields the rows to validate, without typed text; `keys` name a failing row."""

    name: str
    schema: str
    table: str
    query: str
    keys: tuple[str, ...]
    expectations: tuple[dict[str, Any], ...]
    protects: str
    blocks: str
    mended_by: str
    how_to_mend: str
    definition: str

    @property
    def description(self) -> str:
        """What a person stopped by the suite needs to know."""
        return (
            f"Protects: {self.protects} Blocks: {self.blocks} "
            f"Mended by: {self.mended_by} How: {self.how_to_mend}"
        )


def label(expectation: Mapping[str, Any]) -> str:
    """What an expectation is called within its suite, such as `be_unique(file)`."""
    kwargs = expectation["kwargs"]
    about = kwargs.get("column") or ", ".join(kwargs.get("column_list", ()))
    short = re.sub(r"^expect_(column_|compound_columns_|table_)?(values_)?(to_)?", "", expectation["type"])
    values = kwargs.get("value_set", ())
    return f"{short}({about}: {values[0]})" if len(values) == 1 else f"{short}({about})"


def load_suites(schema: str, folder: Path = EXPECTATIONS) -> tuple[Suite, ...]:
    """The suites of a schema (`raw` or `marts`), by name. Raises `ValueError` for a file that lacks a field."""
    return tuple(_load(path, schema) for path in sorted((folder / schema).glob("*.yml")))


@cache
def _content(text: str) -> dict[str, Any]:
    """A suite's file, which every check of the gate reads again."""
    return dict(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))  # noqa: S506 - safe, both


def _load(path: Path, schema: str) -> Suite:
    content = _content(path.read_text(encoding="utf-8"))
    try:
        return Suite(
            name=f"{schema}_{path.stem}" if not path.stem.startswith(schema) else path.stem,
            schema=schema,
            table=content["table"],
            query=content["query"],
            keys=tuple(content["keys"]),
            expectations=tuple(content["expectations"]),
            protects=content["protects"],
            blocks=content["blocks"],
            mended_by=content["mended_by"],
            how_to_mend=content["how_to_mend"],
            definition=definition_hash(path),
        )
    except KeyError as error:
        raise ValueError(f"{path}: the field {error} is missing") from None
