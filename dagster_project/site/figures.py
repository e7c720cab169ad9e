"""Render a chart as a figure: its finding, its measure, the drawing, the legend, and the data as table and CSV."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.release.cells import format_cell
from dagster_project.site import charts, tables
from dagster_project.site.charts import LegendEntry
from dagster_project.site.charts.svg import render_svg
from dagster_project.site.fences import Fence
from dagster_project.site.formats import format_size
from dagster_project.site.links import Links
from dagster_project.site.queries import Result

REQUIRED_OPTIONS = ("type", "title", "measures", "alt", "source")


def render_figure(
    result: Result,
    fence: Fence,
    options: Mapping[str, str],
    links: Links,
    *,
    number: int,
    csv_file: tuple[str, int],
) -> str:
    """Return a `<figure>`, the page's `number`-th. `csv_file` is the path and the size of its data.

    Required options: `type`, `title` (the finding), `measures` (what is measured), `alt` (a short name of the
    drawing), `source` (source and caveats). `table="closed"` collapses a long table. The options of the chart
    and of the table apply as well.
    """
    if missing := [option for option in REQUIRED_OPTIONS if not options.get(option)]:
        raise fence.error(f"the chart lacks {', '.join(missing)}")
    try:
        drawing = charts.draw(result, options)
    except charts.ChartError as error:
        raise fence.error(str(error), show_query=True) from error
    finding = f"figure-{number}-finding"
    svg = render_svg(drawing, html.unescape(options["alt"]), finding)
    data = tables.pivot_ranks(result, options["columns"]) if options["type"] == "heat" else result
    table = tables.render_table(data, fence, {"caption": options["measures"], **options}, links)
    is_open = "" if options.get("table") == "closed" else " open"
    path, size = csv_file
    return (
        '<figure class="chart" data-search-exclude>\n'
        f'<figcaption><span class="says" id="{finding}">{options["title"]}</span> '
        f'<span class="measures">{options["measures"]}</span></figcaption>\n'
        f"{_render_legend(drawing.legend)}"
        f'<div class="scroll drawing" tabindex="0" role="region" aria-label="Chart: {options["measures"]}">'
        f"{svg}</div>\n"
        f'<details class="same"{is_open}>\n<summary>The same figures as a table</summary>\n{table}\n</details>\n'
        f'<p class="source">{options["source"]}</p>\n'
        f'<p class="source"><a href="{links.href(path)}" download>'
        f"Figures of this chart (CSV, {format_size(size)})</a></p>\n"
        "</figure>"
    )


def write_csv(result: Result) -> str:
    """Return header and rows as CSV: names of columns, unformatted values, an empty cell for null.

    Columns of links are left out. A cell that a spreadsheet would run as a formula gets an apostrophe.
    """
    kept = [index for index, name in enumerate(result.columns) if not name.endswith("_link")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([result.columns[index] for index in kept])
    writer.writerows([[_csv_cell(row[index]) for index in kept] for row in result.rows])
    return text.getvalue()


def _csv_cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else format_cell(value)


def _render_legend(entries: Sequence[LegendEntry]) -> str:
    if not entries:
        return ""
    items = "".join(
        f'<li><span class="swatch {entry.look}" aria-hidden="true">{entry.sign}</span> {html.escape(entry.words)}</li>'
        for entry in entries
    )
    return f'<ul class="key">{items}</ul>\n'
