"""The colours of charts; the site's style sheet gets them from `render_stylesheet()`.

Red, amber and green differ in luminance as well as in hue (neighbours at least 3 to 1). Figures never depend
on colour: each segment has its letter, its count and an outline. The blues are the categorical and sequential
palette that the UK government's Analysis Function recommends.
"""

from collections.abc import Mapping
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


LIGHT = {
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

# Fill and text colour, from the first quarter of the ranks to the last.
QUARTERS = (("#12436d", WHITE), ("#2073bc", WHITE), ("#6bace6", BLACK), (WHITE, BLACK))

LOOKS: Mapping[str, tuple[str, str]] = {
    **{f"segment-{s.column.replace('_', '-')}": (s.fill, s.ink) for s in (*RATINGS, *COVERAGE)},
    "blank": ("#d8dde0", BLACK),
    **{f"quarter-{number}": colours for number, colours in enumerate(QUARTERS, start=1)},
}
"""Fill and text colour of the looks of bars that are the same in both schemes."""


def render_stylesheet() -> str:
    """Return the colours as CSS custom properties for drawings, legends and badges; print is always light."""
    looks = []
    for look, (fill, ink) in LOOKS.items():
        looks += [f"  --{look}: {fill};", f"  --{look}-ink: {ink};"]
    dark = '[data-md-color-scheme="slate"]'
    return (
        f"{_render_css_rule(':root, ' + dark, _list_css_properties(LIGHT) + looks)}"
        f"@media not print {{\n{_render_css_rule(dark, _list_css_properties(_DARK))}}}\n"
    )


def _list_css_properties(colours: dict[str, str]) -> list[str]:
    return [f"  --chart-{name}: {colour};" for name, colour in colours.items()]


def _render_css_rule(selector: str, lines: list[str]) -> str:
    return f"{selector} {{\n" + "\n".join(lines) + "\n}\n"
