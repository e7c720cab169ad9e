"""Every colour of a figure, once: charts read it here, the style sheet through `stylesheet()`.

Red, amber and green differ by luminance as well as by hue (neighbours at least 3 to 1), and a figure
never relies on them: each segment carries its letter and count and has an outline.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Segment:
    """One kind of bar segment: its column in a query, its letter, its words and its colours.

    One that is `only_if_any` is left out of the key of a chart in which no bar has it.
    """

    column: str
    letter: str
    words: str
    fill: str
    ink: str
    only_if_any: bool = False


INK = "#0b0c0c"
PAPER = "#ffffff"
RULE = "#5f6b73"
GRID = "#d8dde0"
ACCENT = "#12436d"
# A range of values, with a dot in INK upon it.
SPAN = "#9cc3e3"

# The order is the order on every page: red, amber, green, then what is missing.
RATINGS = (
    Segment("red", "R", "red: not in place", "#d4351c", PAPER),
    Segment("amber", "A", "amber: getting there", "#ffdd00", INK),
    Segment("green", "G", "green: in place", "#00703c", PAPER),
    Segment("unrated", "N", "no rating", PAPER, INK, only_if_any=True),
)

COVERAGE = (
    Segment("returned", "Returned", "returned", ACCENT, PAPER),
    Segment("rejected", "Rejected", "rejected", "#f46a25", INK, only_if_any=True),
    Segment("not_returned", "None", "no return", PAPER, INK),
)


def stylesheet() -> str:
    """The same colours as CSS custom properties, for keys and badges."""
    lines = [f"  --chart-ink: {INK};", f"  --chart-paper: {PAPER};", f"  --chart-accent: {ACCENT};"]
    for segment in (*RATINGS, *COVERAGE):
        name = segment.column.replace("_", "-")
        lines += [f"  --segment-{name}: {segment.fill};", f"  --segment-{name}-ink: {segment.ink};"]
    return ":root {\n" + "\n".join(lines) + "\n}\n"
