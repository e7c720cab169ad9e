"""Render a chart as a figure: its finding, its measure, the chart, the data as a table, and its files."""

import csv
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

from dagster_project.release.cells import format_cell
from dagster_project.site import charts, tables
from dagster_project.site.fences import Fence
from dagster_project.site.formats import format_size
from dagster_project.site.links import Links
from dagster_project.site.queries import Result

REQUIRED_OPTIONS = ("type", "title", "measures", "source")


def render_figure(
    result: Result,
    fence: Fence,
    options: Mapping[str, str],
    links: Links,
    *,
    number: int,
    notes: Sequence[str] = (),
) -> tuple[str, dict[str, str]]:
    """Return a `<figure>`, the page's `number`-th, and its files by path: the data as CSV and the chart as SVG.

    Required options: `type`, `title` (the finding), `measures` (what is measured), `source` (source and caveats).
    `notes` say which ratings are invented; a picture leaves its page, so it has them as well.
    `table="closed"` collapses a long table. The options of the chart and of the table apply as well.
    """
    if missing := [option for option in REQUIRED_OPTIONS if not options.get(option)]:
        raise fence.create_error(f"the chart lacks {', '.join(missing)}")
    try:
        chart = charts.draw_chart(result, options)
    except charts.ChartError as error:
        raise fence.create_error(str(error), show_query=True) from error
    name = f"figure-{number}"
    plot = charts.render_plot(chart, lambda target: tables.find_href(target, links, fence), f"{name}-finding")
    data = tables.pivot_ranks(result, options["columns"]) if options["type"] == "heat" else result
    table = tables.render_table(data, fence, {"caption": options["measures"], **options}, links)
    is_open = "" if options.get("table") == "closed" else " open"
    title, measures, source = (html.unescape(options[option]) for option in ("title", "measures", "source"))
    picture = charts.render_picture(chart, title, measures, " ".join([*notes, source]))
    path = f"downloads/figures/{links.page.removesuffix('.md')}-{number}"
    files = {f"{path}.csv": write_csv(result), f"{path}.svg": picture}
    figure = (
        f'<figure class="chart" id="{name}" data-search-exclude>\n'
        f'<figcaption><span class="says" id="{name}-finding">{options["title"]}</span> '
        f'<span class="measures">{options["measures"]}</span></figcaption>\n'
        f"{charts.render_legend(chart.legend)}{plot}\n"
        f'<details class="same"{is_open}>\n<summary>The same figures as a table</summary>\n{table}\n</details>\n'
        f'<p class="source">{options["source"]}</p>\n'
        f"{_render_files(name, files, links)}"
        "</figure>"
    )
    return figure, files


def write_csv(result: Result) -> str:
    """Return header and rows as CSV: names of columns, unformatted values, an empty cell for null.

    Columns of links are left out. A cell that a spreadsheet would run as a formula gets an apostrophe.
    """
    kept = [index for index, name in enumerate(result.columns) if not name.endswith("_link")]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([result.columns[index] for index in kept])
    writer.writerows([[_format_csv_cell(row[index]) for index in kept] for row in result.rows])
    return text.getvalue()


def _format_csv_cell(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else format_cell(value)


def _render_files(name: str, files: Mapping[str, str], links: Links) -> str:
    """Return links to the files of a figure and to the figure itself."""
    items = []
    for path, text in files.items():
        kind = path.rpartition(".")[2].upper()
        items.append(
            f'<a href="{links.find_href(path)}" download><span class="visually-hidden">This figure as </span>'
            f"{kind} ({format_size(len(text.encode()))})</a>"
        )
    items.append(f'<a href="#{name}">Link to this figure</a>')
    return f'<p class="source files">Download {" · ".join(items)}</p>\n'
