"""The page of the site that shows what was measured: made from `results.json` and `targets.yml`, never by hand."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
INTRODUCTION = """---
title: Benchmarks
description: What the warehouse costs in processor time and memory, beside something simpler measured in the same run.
---

What the warehouse costs, measured by `make bench` and kept in `tools/bench/results.json`; this page is made
from that file. Machines are shared and differ: what is compared is processor time and memory, as ratios to something
simpler that was measured in the same run.

**The transform** is the whole dbt project, with its start and its plan, on invented returns: one round with the
questionnaire's 19 questions, sent to as many committees as it takes. Of the committees 96% answer; a tenth of the
answers has a comment of 6 to 15 words, a fifth of these a stock sentence; 2% are blank; one return in a thousand
repeats another in everything, one in nearly everything, one is superseded. Committees sign with their names, without
slips of the pen. No decision is recorded, and there is no report to check and no round before. The script beside it
(`tools/bench/floor.sql`) makes the principal marts from the same tables as an analyst would write them by hand; that
both have the same rows in returns, ratings, rankings, robustness, coverage and findings is asserted in each run.

**Others** make the same marts: polars and pandas from Parquet files into Parquet files, SQLMesh from the statements of
that very script, each a model, on the DuckDB that it is ready for. Who does not make the same rows is not shown.
"""

READERS = {
    "floor_inflate": "inflated: the floor",
    "calamine": "read by calamine, unguarded",
    "guard_hash_calamine": "checked, hashed and read by calamine",
    "answers": "all that a reading process does: to answers and problems",
    "openpyxl": "read by openpyxl",
    "pandas": "read by pandas",
}


def look_up(results: Mapping[str, Any], path: Sequence[str | int]) -> Any:
    """The figure at a path, or None where it was not measured."""
    part, *keys = path
    found: Any = results.get(str(part), {}).get("figures")
    for key in keys:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def _rows(results: Mapping[str, Any]) -> list[str]:
    rows = []
    for target in yaml.safe_load((HERE / "targets.yml").read_text(encoding="utf-8")):
        figure = look_up(results, target["figure"])
        if figure is not None and "over" in target:
            below = look_up(results, target["over"])
            figure = None if below is None else round(figure / below, 2)
        bound = f"at most {target['most']}" if "most" in target else f"at least {target['least']}"
        if figure is None:
            verdict, shown = "not measured", ""
        else:
            held = figure <= target["most"] if "most" in target else figure >= target["least"]
            verdict, shown = ("met" if held else "**not met**"), str(figure)
        note = f" {target['note']}" if "note" in target else ""
        rows.append(f"| {target['title']} | {bound} {target['unit']} | {shown} | {verdict}.{note} |")
    return rows


def _transform(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = [
        "",
        "## Transform by size",
        "",
        "| Ratings | By hand: CPU s | By hand: peak MB | dbt: CPU s | dbt: peak MB | CPU | Memory |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in figures:
        lines.append(
            f"| {one['ratings']:,} | {one['floor']['cpu']} | {one['floor']['peak_mb']:.0f} | {one['dbt']['cpu']} "
            f"| {one['dbt']['peak_mb']:.0f} | {one['dbt_to_floor']['cpu']} | {one['dbt_to_floor']['peak_mb']} |"
        )
    lines += _peers(figures)
    return lines


def _beyond(results: Mapping[str, Any]) -> list[str]:
    """What a hundred million ratings take: on paper, and for real where that was measured."""
    sizes = results.get("transform", {}).get("figures", [])
    lines = ["", "## A hundred million ratings"]
    if len(sizes) > 1:
        # The two largest: the smallest is start and plan more than anything else.
        few, many = sizes[-2:]
        slope = (many["dbt"]["cpu"] - few["dbt"]["cpu"]) / (many["ratings"] - few["ratings"])
        fixed = few["dbt"]["cpu"] - slope * few["ratings"]
        lines += [
            "",
            f"**On paper.** A straight line through the two largest sizes has {fixed:.0f} processor seconds of start "
            f"and plan and {1e6 * slope:.1f} more for each million ratings: {(fixed + 1e8 * slope) / 60:.1f} "
            "processor minutes at a hundred million. Memory does not grow on such a line: DuckDB has its limit "
            "(`SELFEVAL_MEMORY`), and what is beyond it is laid down on disk. The first bottleneck is that limit, in "
            "steps that cannot be laid down: joins of several tables with a row for each committee.",
        ]
    if measured := results.get("beyond", {}).get("figures"):
        made = measured["generated"]
        lines += [
            "",
            f"**For real**, {measured['ratings']:,} ratings, made in {made['cpu']:.0f} processor seconds and "
            f"{measured['raw_mb']:,} MB of raw tables:",
            "",
            "| DuckDB may have | CPU s | Wall s | Peak MB | How it ended |",
            "| --- | ---: | ---: | ---: | --- |",
        ]
        for run in measured["runs"]:
            if "refused_in" in run:
                told = f"refused in the model `{run['refused_in']}`: {run['because']}"
                lines.append(f"| {run['memory']} | | | | {told} |")
            else:
                lines.append(
                    f"| {run['memory']} | {run['cpu']:.0f} | {run['wall']:.0f} | {run['peak_mb']:.0f} | built |"
                )
    if len(lines) == 2:
        return []
    return [
        *lines,
        "",
        "What moves the limit: more memory for DuckDB (`SELFEVAL_MEMORY`), a database for each round, or "
        "[the same models on Spark](how-to/grow-beyond-one-machine.md).",
    ]


def _peers(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same marts made by others: costs, and shares of the script's."""
    lines = [
        "",
        "## The same by others",
        "",
        "| Ratings | By | CPU s | Peak MB | CPU to the script | Memory to the script |",
        "| ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for one in figures:
        for name, found in one.get("peers", {}).items():
            if "left_out" in found:
                lines.append(f"| {one['ratings']:,} | {name} | left out: {found['left_out']} | | | |")
                continue
            share = found["to_floor"]
            lines.append(
                f"| {one['ratings']:,} | {name} {found['version']} | {found['cpu']} | {found['peak_mb']:.0f} "
                f"| {share['cpu']} | {share['peak_mb']} |"
            )
    return lines if len(lines) > 5 else []


def _ingest(figures: Mapping[str, Any]) -> list[str]:
    lines = [
        "",
        "## Ingest by reader",
        "",
        "Medians over the sample's workbooks. The floor inflates their sheets and strings, and reads nothing of them.",
        "",
        "| What is done with a workbook | CPU ms | To the floor |",
        "| --- | ---: | ---: |",
    ]
    for name, title in READERS.items():
        if name in figures["cpu_ms_per_workbook"]:
            lines.append(f"| {title} | {figures['cpu_ms_per_workbook'][name]} | {figures['floors'][name]} |")
    for run in figures["landed"]:
        share = figures["floors"][f"landed_by_{run['processes']:.0f}"]
        lines.append(
            f"| landed in the database, {run['files']:,.0f} of them by {run['processes']:.0f} processes "
            f"| {run['cpu_ms_per_return']} | {share} |"
        )
    sizes = ", ".join(f"{mb:.0f} MB for {int(files):,}" for files, mb in figures["peak_mb_by_files"].items())
    by_two = figures["landed"][-1]
    lines += [
        "",
        f"Two processes land {by_two['returns_per_second']:.0f} returns a second; of the processor's time "
        f"{by_two['share_of_the_readers']:.0%} is theirs, and the rest that of the one that lands. Peak memory of that "
        f"one: {sizes}.",
    ]
    return lines


def _run(figures: Mapping[str, Any]) -> list[str]:
    lines = [
        "",
        "## Whole run on the sample",
        "",
        "The very first run beside the stages that do the work alone, each in a process of its own. A new home takes "
        "over what was parsed for another.",
        "",
        "| Command | Wall s | CPU s | Peak MB |",
        "| --- | ---: | ---: | ---: |",
    ]
    rows = {
        "the very first run": figures["whole"]["first"],
        "first run of a new home": figures["whole"]["new_home"],
        "nothing changed": figures["whole"]["nothing_changed"],
        "one return changed": figures["whole"]["one_return_changed"],
        **{f"bare: {name.replace('_', ' ')}": stage for name, stage in figures["bare"].items()},
    }
    lines += [
        f"| {name} | {one['wall']:.1f} | {one['cpu']:.1f} | {one['megabytes']:.0f} |"
        for name, one in rows.items()
    ]
    return lines


def _publication(figures: Mapping[str, Any]) -> list[str]:
    lines = [
        "",
        "## Publication",
        "",
        "A release without its site, which is measured below, beside copying the same bytes: gathered from the audited "
        "marts, then looked through, summed, synced and switched to. All processes start anew.",
        "",
        "| Release of | MB | Gather: CPU s | Publish: CPU s | Peak MB | Copy: CPU s | To the copy |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in ("sample", "large"):
        if one := figures.get(name):
            title = f"{one['ratings']:,} ratings" if "ratings" in one else "the sample"
            lines.append(
                f"| {title} | {one['megabytes']} | {one['gather']['cpu']} | {one['publish']['cpu']} "
                f"| {one['release']['peak_mb']:.0f} | {one['copy']['cpu']} | {one['cpu_to_copy']} |"
            )
    return lines


def _site(figures: Mapping[str, Any]) -> list[str]:
    pages, whole, bare = figures["pages"], figures["site"], figures["bare"]
    return [
        "",
        "## Site",
        "",
        f"{pages} pages in {whole['cpu']:.1f} processor seconds, {pages / whole['cpu']:.1f} a second; MkDocs alone "
        f"takes {bare['cpu']:.1f} for the same pages.",
    ]


SECTIONS = {"ingest": _ingest, "run": _run, "publication": _publication, "site": _site}


def page(results: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    lines = [
        INTRODUCTION,
        "## Targets",
        "",
        "| Measure | Target | Measured | Verdict |",
        "| --- | --- | ---: | --- |",
    ]
    lines += _rows(results)
    if "transform" in results:
        lines += _transform(results["transform"]["figures"])
    lines += _beyond(results)
    for name, section in SECTIONS.items():
        if name in results:
            lines += section(results[name]["figures"])
    lines += [
        "",
        "## What was run",
        "",
        "The pace is what ten million additions in Python took just before, in processor seconds: by the clock, "
        "figures of runs at different paces cannot be compared.",
        "",
        "| Part | Command | Date | Seconds | Load before | Pace | Machine |",
        "| --- | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for name, part in sorted(results.items()):
        machine = part["machine"]
        versions = ", ".join(f"{package} {number}" for package, number in machine["versions"].items())
        lines.append(
            f"| {name} | `{part['command']}` | {part['date']} | {part['seconds']:.0f} | {part['load_before']} "
            f"| {part.get('pace', '')} | {machine['processor']}, {machine['cores']} cores, "
            f"{machine['memory_gib']} GiB; Python {machine['python']}, {versions} |"
        )
    return "\n".join(lines) + "\n"


def write_page(results: Mapping[str, Any]) -> None:
    """Put the page where the site finds it."""
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    write_page(json.loads(Path(sys.argv[1] if len(sys.argv) > 1 else HERE / "results.json").read_text()))
