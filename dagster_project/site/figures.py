"""The figure around a chart: what it says, what it measures, the drawing, its key, the same figures as a table."""

import html
from collections.abc import Mapping

from dagster_project.site import charts, svg, tables
from dagster_project.site.colours import Segment
from dagster_project.site.errors import SiteError
from dagster_project.site.fences import Fence
from dagster_project.site.links import Links
from dagster_project.site.queries import Result


def figure(result: Result, fence: Fence, options: Mapping[str, str], page: str, links: Links) -> str:
    """A `<figure>`.

    Options: `type`, `title` (what the figure says), `measures` (what it measures), `alt` (a short name
    of the drawing), `source` (where from and what to beware of): all needed; besides those of the chart
    and of the table.
    """
    if missing := [o for o in ("type", "title", "measures", "alt", "source") if not options.get(o)]:
        raise SiteError(f"the chart lacks {', '.join(missing)}", page=page, line=fence.line)
    try:
        drawing = charts.draw(result, options)
    except charts.ChartError as error:
        raise SiteError(str(error), page=page, line=fence.line, query=fence.sql) from error
    image = svg.render(drawing.chart, html.unescape(options["alt"]))
    table = tables.table(result, fence, {"caption": options["measures"], **options}, page, links)
    return (
        '<figure class="chart" data-search-exclude>\n'
        f'<figcaption><span class="says">{options["title"]}</span> '
        f'<span class="measures">{options["measures"]}</span></figcaption>\n'
        f"{_key(drawing.key)}"
        f'<div class="scroll drawing" tabindex="0" role="region" aria-label="Chart: {options["measures"]}">'
        f"{image}</div>\n"
        f'<details class="same" open>\n<summary>The same figures as a table</summary>\n{table}\n</details>\n'
        f'<p class="source">{options["source"]}</p>\n'
        "</figure>"
    )


def _key(segments: tuple[Segment, ...]) -> str:
    if not segments:
        return ""
    items = "".join(
        f'<li><span class="swatch segment-{segment.column.replace("_", "-")}" aria-hidden="true">'
        f"{segment.letter if len(segment.letter) == 1 else '&nbsp;'}</span> {segment.words}</li>"
        for segment in segments
    )
    return f'<ul class="key">{items}</ul>\n'
