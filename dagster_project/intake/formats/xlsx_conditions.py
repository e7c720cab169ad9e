"""Conditional formats of a sheet that strike texts out or make them invisible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from dagster_project.intake.formats.grid import INVISIBLE, STRUCK, Place, parse_cell_name
from dagster_project.intake.formats.xlsx_styles import is_on, is_white
from dagster_project.intake.formats.xml import parse_part

_NEVER_OF_TEXTS = ("containsBlanks", "containsErrors")
"""Kinds of rules that apply to no cell with a text."""


@dataclass(frozen=True)
class Condition:
    """A rule, its ranges of cells as first and last place, and what its format does to a text."""

    ranges: tuple[tuple[Place, Place], ...]
    doubt: str
    compared: str | None = None
    """The text that a cell must have; None for other rules, which are not computed and count as met."""

    def can_apply(self, place: Place, text: str) -> bool:
        """Return whether the rule can apply to a text at a place."""
        is_within = any(
            first[0] <= place[0] <= last[0] and first[1] <= place[1] <= last[1] for first, last in self.ranges
        )
        return is_within and (self.compared is None or self.compared.casefold() == text.casefold())


def read_conditions(sheet: bytes, styles: bytes) -> list[Condition]:
    """Read the rules of a sheet whose format hides texts or strikes them out."""
    if b"conditionalFormatting" not in sheet or b"<dxf" not in styles:
        return []
    doubts = [_find_doubt(one) for one in parse_part(styles).iterfind("{*}dxfs/{*}dxf")]
    return [
        Condition(_read_ranges(element.get("sqref") or ""), doubts[number], _read_compared(rule))
        for element in (parse_part(sheet).iterfind("{*}conditionalFormatting") if any(doubts) else ())
        for rule in element.iterfind("{*}cfRule")
        if (number := int(rule.get("dxfId") or len(doubts))) < len(doubts)
        and doubts[number]
        and rule.get("type") not in _NEVER_OF_TEXTS
    ]


def find_conditional_doubts(
    rows: Sequence[Sequence[str]], start: Place, conditions: Sequence[Condition]
) -> Iterator[tuple[Place, str]]:
    """Find the doubts that rules raise about texts, by place from `start`."""
    for row, texts in enumerate(rows if conditions else ()):
        for column, text in enumerate(texts):
            place = (row + start[0], column + start[1])
            for condition in conditions if text else ():
                if condition.can_apply(place, text):
                    yield (row, column), condition.doubt


def _find_doubt(style: etree._Element) -> str:
    font, fill = style.find("{*}font"), style.find("{*}fill")
    if font is not None and is_on(font.find("{*}strike")):
        return STRUCK
    code = style.find("{*}numFmt")
    if code is not None and (code.get("formatCode") or "").strip("; ") == "" and code.get("formatCode"):
        return INVISIBLE
    return INVISIBLE if fill is None and is_white(font) else ""


def _read_ranges(text: str) -> tuple[tuple[Place, Place], ...]:
    found = []
    for one in text.split():
        first, _, last = one.partition(":")
        try:
            found.append((parse_cell_name(first), parse_cell_name(last or first)))
        except ValueError:
            continue
    return tuple(found)


def _read_compared(rule: etree._Element) -> str | None:
    formula = rule.findtext("{*}formula") or ""
    is_text = rule.get("operator") == "equal" and formula[:1] == '"' == formula[-1:]
    return formula[1:-1].replace('""', '"') if is_text else None
