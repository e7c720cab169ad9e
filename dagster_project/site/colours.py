"""The colours of charts; the site's style sheet gets them from `stylesheet()`.

Red, amber and green differ in luminance as well as in hue (neighbours at least 3 to 1). Figures never depend
on colour: each segment has its letter, its count and an outline. The blues are the categorical and sequential
palette that the UK government's Analysis Function recommends.
"""

from dataclasses import dataclass

BLACK = "#0b0c0c"
WHITE = "#ffffff"


@dataclass(frozen=True)
class Segment:
    """One kind of bar segment: its column in a query, its letter, its meaning, its fill and its text colour.

    The legend omits a segment that is `only_if_any` if no bar has it.
    """

    column: str
    letter: str
    words: str
    fill: str
    ink: str
    only_if_any: bool = False


# Custom properties of the style sheet, so that one drawing serves the light and the dark scheme.
INK = "var(--chart-ink)"
PAPER = "var(--chart-paper)"
RULE = "var(--chart-rule)"
GRID = "var(--chart-grid)"
ACCENT = "var(--chart-accent)"
SPAN = "var(--chart-span)"

_LIGHT = {
    "ink": BLACK,
    "paper": WHITE,
    "rule": "#5f6b73",
    "grid": "#d8dde0",
    "accent": "#12436d",
    "span": "#9cc3e3",
}
_DARK = {
    "ink": "#f0f3f5",
    "paper": "#14191d",
    "rule": "#9aa7af",
    "grid": "#38434b",
    "accent": "#6bace6",
    "span": "#2a5f8f",
}

# The order on every page: red, amber, green, then missing ratings.
RATINGS = (
    Segment("red", "R", "red: not in place", "#d4351c", WHITE),
    Segment("amber", "A", "amber: getting there", "#ffdd00", BLACK),
    Segment("green", "G", "green: in place", "#00703c", WHITE),
    Segment("unrated", "N", "no rating", WHITE, BLACK, only_if_any=True),
)

COVERAGE = (
    Segment("returned", "Returned", "returned", "#12436d", WHITE),
    Segment("rejected", "Rejected", "rejected", "#f46a25", BLACK, only_if_any=True),
    Segment("not_returned", "None", "no return", WHITE, BLACK),
)

MISSING = Segment("not_returned", "None", "not returned", "#d8dde0", BLACK)

# Fill and text colour, from the first quarter of the ranks to the last.
QUARTERS = (("#12436d", WHITE), ("#2073bc", WHITE), ("#6bace6", BLACK), (WHITE, BLACK))


def stylesheet() -> str:
    """Return the colours as CSS custom properties for drawings, legends and badges; print is always light."""
    segments = []
    for segment in (*RATINGS, *COVERAGE):
        name = segment.column.replace("_", "-")
        segments += [f"  --segment-{name}: {segment.fill};", f"  --segment-{name}-ink: {segment.ink};"]
    quarters = []
    for number, (fill, ink) in enumerate(QUARTERS, start=1):
        quarters += [f"  --quarter-{number}: {fill};", f"  --quarter-{number}-ink: {ink};"]
    dark = '[data-md-color-scheme="slate"]'
    return (
        f"{_css_rule(':root, ' + dark, _css_properties(_LIGHT) + segments + quarters)}"
        f"@media not print {{\n{_css_rule(dark, _css_properties(_DARK))}}}\n"
    )


def _css_properties(colours: dict[str, str]) -> list[str]:
    return [f"  --chart-{name}: {colour};" for name, colour in colours.items()]


def _css_rule(selector: str, lines: list[str]) -> str:
    return f"{selector} {{\n" + "\n".join(lines) + "\n}\n"
