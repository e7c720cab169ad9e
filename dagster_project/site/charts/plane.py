"""The share of red against the share of green, one point per question."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dagster_project.site.charts.base import Box, Drawing, require_columns
from dagster_project.site.charts.marks import (
    AXIS_HEIGHT,
    Mark,
    Scale,
    axis,
    dot,
    line,
    text,
    text_width,
    ticks,
)
from dagster_project.site.colours import ACCENT, GRID, INK, RULE

_WIDTH, _HEIGHT = 520, 416
# Pixels to the left for labels and title of the vertical axis; above and to the right for half a label.
_LEFT, _TOP, _RIGHT = 58, 10, 22
# Horizontal coordinate of the vertical axis's title.
_TITLE = -44
# Shares left free below 0, for points on the axis, and above the highest share.
_BELOW, _ABOVE = 0.02, 0.08
# Pixels between a point and its label, and between a corner and its text.
_LABEL_GAP, _CORNER_GAP = 8, 7


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


def draw_polarity(rows: list[dict[str, Any]], _options: Mapping[str, str]) -> Drawing:
    """Draw the share of red against the share of green; questions with the same shares share a point and a label.

    Points on the dashed line have no amber. In the middle of the line, half of the returns are red and half green.
    """
    require_columns(rows[0], {"question_no", "red_share", "green_share"})
    points: dict[tuple[float, float], list[int]] = {}
    for row in rows:
        points.setdefault((float(row["red_share"]), float(row["green_share"])), []).append(row["question_no"])
    highest = min(1.0, max(max(point) for point in points) + _ABOVE)
    across, up = Scale(-_BELOW, highest, 0, _WIDTH), Scale(0, highest, _HEIGHT, 0)
    values = ticks(0, highest, steps=6, as_share=True)
    grid, below = axis(across, values, _HEIGHT, "Share of red ratings")
    least = max(0.0, 1 - highest)
    marks = [
        *grid,
        *(line(0, up(value), _WIDTH, up(value), GRID) for value, _ in values),
        line(0, _HEIGHT, _WIDTH, _HEIGHT, RULE),
        line(0, 0, 0, _HEIGHT, RULE),
        line(across(least), up(1 - least), across(1 - least), up(least), RULE, stroke_dasharray="5 4"),
        *_draw_corners(across(0)),
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
        *(dot(across(red), up(green), ACCENT, stroke=INK) for red, green in sorted(points)),
        *_draw_labels(
            [(across(red), up(green), questions) for (red, green), questions in sorted(points.items())]
        ),
    ]
    return Drawing(marks, Box(_LEFT, _TOP, _WIDTH + _RIGHT, _HEIGHT + AXIS_HEIGHT))


def _draw_corners(left: float) -> list[Mark]:
    """Draw the meaning of three corners."""
    low, right = _HEIGHT - _CORNER_GAP, _WIDTH - _CORNER_GAP
    return [
        text(left + _CORNER_GAP, _CORNER_GAP, "in place", to="top", fill=RULE, font_style="italic"),
        text(right, low, "not in place", align="end", to="bottom", fill=RULE, font_style="italic"),
        text(left + _CORNER_GAP, low, "in progress", to="bottom", fill=RULE, font_style="italic"),
    ]


def _draw_labels(points: Sequence[tuple[float, float, list[int]]]) -> list[Mark]:
    """Draw the questions next to each point, on the first side where they cover no point and no other label."""
    covered = [_Area(x - 5, y - 5, x + 5, y + 5) for x, y, _ in points]
    marks = []
    for x, y, questions in points:
        words = ", ".join(f"Q{number}" for number in sorted(questions))
        width = text_width([words], bold=True)
        sides = (
            (x + _LABEL_GAP, y, "start", _Area(x + _LABEL_GAP, y - 8, x + _LABEL_GAP + width, y + 8)),
            (x - _LABEL_GAP, y, "end", _Area(x - _LABEL_GAP - width, y - 8, x - _LABEL_GAP, y + 8)),
            (x, y - 13, "middle", _Area(x - width / 2, y - 21, x + width / 2, y - 6)),
            (x, y + 13, "middle", _Area(x - width / 2, y + 6, x + width / 2, y + 21)),
        )
        free = (side for side in sides if not any(map(side[3].overlaps, covered)))
        label_x, label_y, align, area = next(free, sides[0])
        covered.append(area)
        marks.append(text(label_x, label_y, words, align=align, to="middle", bold=True))
    return marks
