"""The figure around a chart: what it says, what it measures, the drawing, its key, the same figures as a table."""

import html
from collections.abc import Mapping, Sequence

from dagster_project.site import charts, formats, svg, tables
from dagster_project.site.charts import Key
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence
from dagster_project.site.links import Links
from dagster_project.site.result import Result

NEEDED = ("type", "title", "measures", "alt", "source")


def figure(
    result: Result,
    fence: Fence,
    options: Mapping[str, str],
    page: str,
    links: Links,
    *,
    number: int,
    csv: tuple[str, int],
) -> str:
    """A `<figure>`, the page's `number`-th; `csv` is the path in the tree and the size of its data.

    Options: `type`, `title` (what the figure finds), `measures` (what it measures), `alt` (a short name
    of the drawing), `source` (where from and what to beware of): all needed. `table="closed"` folds the
    table up, for long ones. Besides those of the chart and of the table.
    """
    if missing := [o for o in NEEDED if not options.get(o)]:
        raise SiteError(f"the chart lacks {', '.join(missing)}", page=page, line=fence.line)
    try:
        drawing = charts.draw(result, options)
    except charts.ChartError as error:
        raise SiteError(str(error), page=page, line=fence.line, query=fence.sql) from error
    finding = f"figure-{number}-finding"
    image = svg.render(drawing, html.unescape(options["alt"]), finding)
    behind = tables.wide(result, options["columns"]) if options["type"] == "heat" else result
    table = tables.table(behind, fence, {"caption": options["measures"], **options}, page, links)
    folded = "" if options.get("table") == "closed" else " open"
    address, size = csv
    return (
        '<figure class="chart" data-search-exclude>\n'
        f'<figcaption><span class="says" id="{finding}">{options["title"]}</span> '
        f'<span class="measures">{options["measures"]}</span></figcaption>\n'
        f"{_key(drawing.key)}"
        f'<div class="scroll drawing" tabindex="0" role="region" aria-label="Chart: {options["measures"]}">'
        f"{image}</div>\n"
        f'<details class="same"{folded}>\n<summary>The same figures as a table</summary>\n{table}\n</details>\n'
        f'<p class="source">{options["source"]}</p>\n'
        f'<p class="source"><a href="{links.href(page, address, line=fence.line)}" download>'
        f"Figures of this chart (CSV, {formats.size(size)})</a></p>\n"
        "</figure>"
    )


def _key(entries: Sequence[Key]) -> str:
    if not entries:
        return ""
    items = "".join(
        f'<li><span class="swatch {entry.look}" aria-hidden="true">{entry.sign}</span> {html.escape(entry.words)}</li>'
        for entry in entries
    )
    return f'<ul class="key">{items}</ul>\n'
