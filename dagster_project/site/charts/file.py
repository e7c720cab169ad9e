"""Render a chart as a picture: an SVG file with its finding, measure, legend and source, for documents and slides.

All coordinates are pixels and all colours are attributes, because office programs read no style sheets in SVG.
"""

import textwrap
from collections.abc import Sequence

import drawsvg as draw

from dagster_project.site.charts.model import Bar, Chart, Dot, LegendEntry, Line, Mark, Panel, Row
from dagster_project.site.colours import LIGHT, LOOKS

_WIDTH, _MARGIN = 880, 20
_TITLE_SIZE, _TEXT_SIZE = 18, 13
# Pixels from one line of text to the next, relative to its size.
_LEADING = 1.4
# Average width of a letter, relative to the size of the text, in the widest of the fonts that readers may have.
_LETTER_WIDTH, _BOLD_LETTER_WIDTH = 0.58, 0.66
# Distance from the middle of a line of text down to its baseline, relative to its size.
_TO_BASELINE = 0.35
_STEP, _BAR, _SPAN, _RADIUS = 28, 21, 13, 4.5
_RANKS_WIDTH, _MAX_LABEL_LETTERS, _GAP = 34, 44, 26
_INK, _PAPER, _RULE, _GRID = (LIGHT[name] for name in ("ink", "paper", "rule", "grid"))
_DOTS = {"rank": _INK, "here": LIGHT["accent"], "small": LIGHT["accent"], "whole": _PAPER}


def render_picture(chart: Chart, title: str, measures: str, source: str) -> str:
    """Return an SVG file. Texts are plain text."""
    picture = _Picture()
    picture.write_paragraph(title, size=_TITLE_SIZE, bold=True)
    picture.write_paragraph(measures)
    picture.write_legend(chart.legend)
    picture.write_rows(chart)
    picture.write_paragraph(source)
    canvas = draw.Drawing(_WIDTH, round(picture.y + _MARGIN), font_family="Arial, sans-serif", role="img")
    canvas.append_title(title)
    canvas.append(draw.Rectangle(0, 0, _WIDTH, round(picture.y + _MARGIN), fill=_PAPER))
    canvas.extend(picture.elements)
    return str(canvas.as_svg())


class _Picture:
    """The elements of a picture from top to bottom; `y` is where the next one begins."""

    def __init__(self) -> None:
        self.elements: list[draw.DrawingElement] = []
        self.y: float = _MARGIN

    def write_paragraph(self, words: str, *, size: float = _TEXT_SIZE, bold: bool = False) -> None:
        """Write a paragraph."""
        limit = int((_WIDTH - 2 * _MARGIN) / _measure_text("x", size, bold=bold))
        for line in textwrap.wrap(words, limit, break_on_hyphens=False):
            self._write_text(_MARGIN, self.y + size * _LEADING / 2, line, size=size, bold=bold)
            self.y += size * _LEADING
        self.y += 6

    def write_legend(self, entries: Sequence[LegendEntry]) -> None:
        """Draw the legend, in as many lines as it needs."""
        x = float(_MARGIN)
        for entry in entries:
            width = 26 + _measure_text(entry.words) + 20
            if x + width > _WIDTH and x > _MARGIN:
                x, self.y = float(_MARGIN), self.y + _STEP
            self._draw_mark(_create_legend_mark(entry), x, 20, self.y + _STEP / 2)
            self._write_text(x + 26, self.y + _STEP / 2, entry.words)
            x += width
        self.y += _STEP + 6 if entries else 0

    def write_rows(self, chart: Chart) -> None:
        """Draw headings, rows, lines and axis of a chart."""
        ranks = _RANKS_WIDTH if any(row.rank for row in chart.rows) else 0
        letters = min(_MAX_LABEL_LETTERS, max(len(row.label) for row in chart.rows))
        left = _MARGIN + ranks + _measure_text(letters * "x") + 12
        gap = _GAP if any(panel.ticks for panel in chart.panels) else 0
        width = (_WIDTH - _GAP - left - gap * (len(chart.panels) - 1)) / len(chart.panels)
        panels = [(panel, left + number * (width + gap)) for number, panel in enumerate(chart.panels)]
        if any(panel.heading for panel in chart.panels):
            for panel, x in panels:
                self._write_text(x + width / 2, self.y + _STEP / 2, panel.heading, align="middle", bold=True)
            self.y += _STEP
        lines_at, top = len(self.elements), self.y
        group = ""
        for row in chart.rows:
            if row.group != group:
                group = row.group
                self._write_text(_MARGIN, self.y + _STEP / 2, group, bold=True)
                self.y += _STEP
            self._draw_row(row, [x for _, x in panels], width, left)
        lines = [
            draw.Line(
                _round_pixels(x + at * width),
                _round_pixels(top),
                _round_pixels(x + at * width),
                _round_pixels(self.y),
                stroke=_GRID,
            )
            for panel, x in panels
            for at, _ in panel.ticks
        ]
        self.elements[lines_at:lines_at] = lines
        self._draw_axis(chart, panels, width)

    def _draw_row(self, row: Row, panels: Sequence[float], width: float, left: float) -> None:
        middle = self.y + _STEP / 2
        if row.rank:
            self._write_text(_MARGIN + _RANKS_WIDTH - 10, middle, row.rank, align="end", bold=True)
        label = textwrap.shorten(row.label, _MAX_LABEL_LETTERS, placeholder=" …")
        self._write_text(_MARGIN + (_RANKS_WIDTH if row.rank else 0), middle, label)
        if not any(row.marks):
            self._write_text(left, middle, row.values)
        for x, marks in zip(panels, row.marks, strict=True):
            for mark in marks:
                self._draw_mark(mark, x, width, middle)
        self.y += _STEP

    def _draw_axis(self, chart: Chart, panels: Sequence[tuple[Panel, float]], width: float) -> None:
        for panel, x in panels:
            for at, label in panel.ticks:
                self._write_text(x + at * width, self.y + 12, label, align="middle")
        self.y += 24 if any(panel.ticks for panel in chart.panels) else 0
        if chart.axis:
            self._write_text(panels[0][1] + width / 2, self.y + 8, chart.axis, align="middle")
            self.y += 22
        self.y += 8

    def _draw_mark(self, mark: Mark, x: float, width: float, middle: float) -> None:
        match mark:
            case Bar():
                self._draw_bar(mark, x, width, middle)
            case Line(start, end, is_dashed):
                dashes = {"stroke_dasharray": "3 3"} if is_dashed else {}
                ends = _round_pixels(x + start * width), middle, _round_pixels(x + end * width), middle
                self.elements.append(draw.Line(*ends, stroke=_RULE, stroke_width=2, **dashes))
            case Dot(at, look):
                self.elements.append(_draw_dot(x + at * width, middle, look))

    def _draw_bar(self, bar: Bar, x: float, width: float, middle: float) -> None:
        fill, ink = LOOKS.get(bar.look, (LIGHT["span"], _INK))
        height = _SPAN if bar.look == "span" else _BAR
        left, length = x + bar.start * width, (bar.end - bar.start) * width
        corner = _round_pixels(left), _round_pixels(middle - height / 2)
        self.elements.append(draw.Rectangle(*corner, _round_pixels(length), height, fill=fill, stroke=_INK))
        for words in (f"{bar.letter} {bar.text}".strip(), bar.text):
            if words and _measure_text(words, bold=True) + 4 <= length:
                self._write_text(left + length / 2, middle, words, align="middle", bold=True, fill=ink)
                return

    def _write_text(
        self, x: float, middle: float, words: str, *, size: float = _TEXT_SIZE, align: str = "start",
        bold: bool = False, fill: str = _INK,
    ) -> None:  # fmt: skip
        baseline = _round_pixels(middle + _TO_BASELINE * size)
        weight = {"font_weight": "bold"} if bold else {}
        self.elements.append(
            draw.Text(words, size, _round_pixels(x), baseline, text_anchor=align, fill=fill, **weight)
        )


def _create_legend_mark(entry: LegendEntry) -> Mark:
    if entry.look in Dot.LOOKS:
        return Dot(0.5, entry.look)
    return Line(0, 1) if entry.look == "line" else Bar(0, 1, entry.look, entry.letter)


def _draw_dot(x: float, y: float, look: str) -> draw.DrawingElement:
    if look == "small":
        side = 2 * _RADIUS
        return draw.Rectangle(
            _round_pixels(x - _RADIUS), y - _RADIUS, side, side, fill=_DOTS[look], stroke=_INK
        )
    outline = {"stroke": _INK, "stroke_width": 2 if look == "whole" else 1}
    return draw.Circle(_round_pixels(x), y, _RADIUS, fill=_DOTS[look], **outline)


def _measure_text(words: str, size: float = _TEXT_SIZE, *, bold: bool = False) -> float:
    return len(words) * size * (_BOLD_LETTER_WIDTH if bold else _LETTER_WIDTH)


def _round_pixels(pixels: float) -> float:
    return round(pixels, 1)
