"""Two shares against each other: where questions lie between confident, divided and under way."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dagster_project.site.charts.base import Box, Drawing, require
from dagster_project.site.charts.marks import AXIS_ROOM, Mark, Scale, axis, dot, room, rule, text, ticks
from dagster_project.site.colours import ACCENT, GRID, INK, RULE

_WIDTH, _HEIGHT = 520, 416
# Pixels to the left of the plane: labels and title of its upright axis; above and to the right: half a label.
_LEFT, _TOP, _RIGHT = 58, 10, 22
# Where the title of the upright axis stands.
_TITLE = -44
# Shares left free below 0, for the points there, and beyond the highest.
_BELOW, _BEYOND = 0.02, 0.08
# Pixels between a point and its label, and between a corner and what is said there.
_BESIDE, _INSIDE = 8, 7


class _Area(NamedTuple):
    """A part of the plane."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "_Area") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def polarity(rows: list[dict[str, Any]], _options: Mapping[str, str]) -> Drawing:
    """Share of red against share of green, one point per place; questions in one place share its label.

    On the dashed line there is no amber, and the nearer its middle, the more divided the returns are.
    """
    require(rows[0], {"question_no", "red_share", "green_share"})
    places: dict[tuple[float, float], list[int]] = {}
    for row in rows:
        places.setdefault((float(row["red_share"]), float(row["green_share"])), []).append(row["question_no"])
    highest = min(1.0, max(max(place) for place in places) + _BEYOND)
    across, up = Scale(-_BELOW, highest, 0, _WIDTH), Scale(0, highest, _HEIGHT, 0)
    values = ticks(0, highest, steps=6, as_share=True)
    grid, below = axis(across, values, _HEIGHT, "Share of red ratings")
    least = max(0.0, 1 - highest)
    marks = [
        *grid,
        *(rule(0, up(value), _WIDTH, up(value), GRID) for value, _ in values),
        rule(0, _HEIGHT, _WIDTH, _HEIGHT, RULE),
        rule(0, 0, 0, _HEIGHT, RULE),
        rule(across(least), up(1 - least), across(1 - least), up(least), RULE, stroke_dasharray="5 4"),
        *_corners(across(0)),
        *below,
        *(text(-7, up(value), label, align="end", to="middle", size=12) for value, label in values),
        text(
            _TITLE,
            _HEIGHT / 2,
            "Share of green ratings",
            align="middle",
            size=12.5,
            transform=f"rotate(-90 {_TITLE} {_HEIGHT / 2})",
        ),
        *(dot(across(red), up(green), ACCENT, stroke=INK) for red, green in sorted(places)),
        *_labels([(across(red), up(green), questions) for (red, green), questions in sorted(places.items())]),
    ]
    return Drawing(marks, Box(_LEFT, _TOP, _WIDTH + _RIGHT, _HEIGHT + AXIS_ROOM))


def _corners(left: float) -> list[Mark]:
    """What it means to lie there."""
    low, right = _HEIGHT - _INSIDE, _WIDTH - _INSIDE
    return [
        text(left + _INSIDE, _INSIDE, "confident", to="top", fill=RULE, font_style="italic"),
        text(right, low, "not in place", align="end", to="bottom", fill=RULE, font_style="italic"),
        text(left + _INSIDE, low, "under way (amber)", to="bottom", fill=RULE, font_style="italic"),
    ]


def _labels(points: Sequence[tuple[float, float, list[int]]]) -> list[Mark]:
    """The questions of each point, beside it: on the first side where they cover no point and no other label."""
    covered = [_Area(x - 5, y - 5, x + 5, y + 5) for x, y, _ in points]
    marks = []
    for x, y, questions in points:
        words = ", ".join(f"Q{number}" for number in sorted(questions))
        width = room([words], bold=True)
        sides = (
            (x + _BESIDE, y, "start", _Area(x + _BESIDE, y - 8, x + _BESIDE + width, y + 8)),
            (x - _BESIDE, y, "end", _Area(x - _BESIDE - width, y - 8, x - _BESIDE, y + 8)),
            (x, y - 13, "middle", _Area(x - width / 2, y - 21, x + width / 2, y - 6)),
            (x, y + 13, "middle", _Area(x - width / 2, y + 6, x + width / 2, y + 21)),
        )
        free = (side for side in sides if not any(map(side[3].overlaps, covered)))
        at, line, align, area = next(free, sides[0])
        covered.append(area)
        marks.append(text(at, line, words, align=align, to="middle", bold=True))
    return marks
