"""Render a chart for a page: HTML whose marks the style sheet places at any width.

Each row is an item of a list: its label with a link, its marks, which assistive technology skips, and the same values
in words. The style sheet shows these words while the pointer or the focus is on the row.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from dagster_project.site.charts.model import Bar, Chart, Dot, LegendEntry, Line, Mark, Panel, Row


def render_plot(chart: Chart, href: Callable[[str], str], labelled_by: str) -> str:
    """Return a chart without its legend.

    `href` returns the address of a page, or an empty text if the release does not have it. `labelled_by` is the id of
    the element that states the finding.
    """
    lines = _render_panels(chart.panels, lambda panel: "".join(_render_tick(at) for at, _ in panel.ticks))
    axis = _render_panels(
        chart.panels, lambda panel: "".join(_render_tick(at, label) for at, label in panel.ticks)
    )
    classes = " ".join(["plot", *(["ranked"] if any(row.rank for row in chart.rows) else [])])
    return (
        f'<div class="{classes}" style="--panels:{len(chart.panels)}" role="group" aria-labelledby="{labelled_by}">'
        f"{_render_heads(chart.panels)}"
        f'<div class="rows">{"".join(_render_groups(chart, href))}'
        f'<div class="lines" aria-hidden="true">{lines}</div></div>'
        + (f'<div class="axis" aria-hidden="true">{axis}</div>' if any(p.ticks for p in chart.panels) else "")
        + (f'<p class="axis-title">{escape(chart.axis)}</p>' if chart.axis else "")
        + "</div>"
    )


def render_legend(entries: Sequence[LegendEntry]) -> str:
    """Return the legend of a chart; empty if it has none."""
    items = "".join(
        f'<li><span class="swatch" aria-hidden="true"><i class="{_name_swatch(entry.look)}">{entry.letter}</i></span> '
        f"{escape(entry.words)}</li>"
        for entry in entries
    )
    return f'<ul class="key">{items}</ul>\n' if items else ""


def _name_swatch(look: str) -> str:
    return f"dot {look}" if look in Dot.LOOKS else look


def _render_heads(panels: Sequence[Panel]) -> str:
    if not any(panel.heading for panel in panels):
        return ""
    heads = _render_panels(panels, lambda panel: escape(panel.heading))
    return f'<div class="heads" aria-hidden="true">{heads}</div>'


def _render_groups(chart: Chart, href: Callable[[str], str]) -> Iterable[str]:
    """Return a list for each group of rows, after the group's name."""
    groups: dict[str, list[Row]] = {}
    for row in chart.rows:
        groups.setdefault(row.group, []).append(row)
    for name, rows in groups.items():
        items = "".join(_render_row(row, chart.panels, href) for row in rows)
        yield f'{f"""<p class="group">{escape(name)}</p>""" if name else ""}<ul role="list">{items}</ul>'


def _render_row(row: Row, panels: Sequence[Panel], href: Callable[[str], str]) -> str:
    label = escape(row.label)
    # A row that has no link takes the focus itself, so that its values can be seen.
    address = href(row.target) if row.target else ""
    start = f'<li{_render_consortium(row.consortium)} tabindex="{-1 if address else 0}">'
    rank = f'<b class="rank">{row.rank}</b>' if row.rank else ""
    name = f'<a href="{address}">{label}</a>' if address else f"<span>{label}</span>"
    marks = iter(row.marks)
    drawn = _render_panels(panels, lambda _: "".join(map(_render_mark, next(marks))))
    note = "" if any(row.marks) else escape(row.values)
    return (
        f'{start}{rank}<span class="label">{name}</span><span class="marks" aria-hidden="true">{note or drawn}</span>'
        f'<span class="values">{escape(row.values)}</span></li>'
    )


def _render_panels(panels: Sequence[Panel], render: Callable[[Panel], str]) -> str:
    return "".join(
        f'<span class="panel"{_render_consortium(panel.consortium)}>{render(panel)}</span>'
        for panel in panels
    )


def _render_consortium(name: str) -> str:
    return f' data-consortium="{escape(name)}"' if name else ""


def _render_mark(mark: Mark) -> str:
    match mark:
        case Bar(start, end, look, text, letter):
            # The style sheet reverses them, and hides what does not fit from the end.
            words = f"<i>{escape(text)}</i>" if text else ""
            words += f"<i>{letter}</i>" if letter else ""
            return f'<b class="{look}" style="{_render_extent(start, end)}">{words}</b>'
        case Line(start, end, is_dashed):
            return (
                f'<i class="line{" dashed" if is_dashed else ""}" style="{_render_extent(start, end)}"></i>'
            )
        case Dot(at, look):
            return f'<i class="dot {look}" style="left:{_format_percent(at)}"></i>'


def _render_tick(at: float, label: str = "") -> str:
    return f'<i style="left:{_format_percent(at)}">{label}</i>'


def _render_extent(start: float, end: float) -> str:
    return f"left:{_format_percent(start)};width:{_format_percent(end - start)}"


def _format_percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}".rstrip("0").rstrip(".") + "%"
