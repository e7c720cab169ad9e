"""The site's page of benchmarks, written from `results.json` and `targets.yml`: `python -m tools.bench.page`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import yaml

from dagster_project.paths import REPOSITORY

HERE = Path(__file__).parent
PAGE = REPOSITORY / "docs" / "benchmarks.md"
RESULTS = HERE / "results.json"
SECTIONS = ("transform", "beyond", "ingest", "run", "publication", "site")
READERS = {
    "floor_inflate": "inflated: the floor",
    "calamine": "parsed by calamine, unguarded",
    "guard_hash_calamine": "checked, hashed and parsed by calamine",
    "answers": "everything that a worker process does: to answers and problems",
    "openpyxl": "parsed by openpyxl",
    "pandas": "parsed by pandas",
}


def find_figure(results: Mapping[str, Any], path: Sequence[str | int]) -> Any:
    """Find the figure at a path, or None where it was not measured."""
    part, *keys = path
    found: Any = results.get(str(part), {}).get("figures")
    for key in keys:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return found


def judge_target(results: Mapping[str, Any], target: Mapping[str, Any]) -> dict[str, Any]:
    """Return a target with its limit, figure and verdict as text."""
    figure = find_figure(results, target["figure"])
    if figure is not None and "over" in target:
        divisor = find_figure(results, target["over"])
        figure = None if divisor is None else round(figure / divisor, 2)
    if figure is None:
        verdict = "not measured."
    elif figure <= target["most"] if "most" in target else figure >= target["least"]:
        verdict = "met."
    else:
        verdict = "**not met**."
    limit = f"at most {target['most']}" if "most" in target else f"at least {target['least']}"
    return {
        **target,
        "limit": f"{limit} {target['unit']}",
        "figure": "" if figure is None else figure,
        "verdict": verdict,
        "note": f" {target['note']}" if "note" in target else "",
    }


def fit_line(sizes: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Calculate start-up seconds, seconds per million ratings and minutes for a hundred million.

    The line goes through the two largest sizes; empty where there are fewer.
    """
    if len(sizes) < 2:
        return {}
    few, many = sizes[-2:]
    slope = (many["dbt"]["cpu"] - few["dbt"]["cpu"]) / (many["ratings"] - few["ratings"])
    fixed = few["dbt"]["cpu"] - slope * few["ratings"]
    return {"fixed": fixed, "per_million": 1e6 * slope, "minutes": (fixed + 1e8 * slope) / 60}


def list_runs(figures: Mapping[str, Any]) -> dict[str, Any]:
    """List the costs of whole runs and of bare stages by title."""
    titles = {
        "first": "first run after installation",
        "new_home": "first run of another home",
        "nothing_changed": "nothing changed",
        "one_return_changed": "one return changed",
    }
    return {
        **{title: figures["whole"][name] for name, title in titles.items()},
        **{f"bare: {name.replace('_', ' ')}": cost for name, cost in figures["bare"].items()},
    }


def render_page(results: Mapping[str, Any]) -> str:
    """Render the page as Markdown."""
    targets = yaml.safe_load((HERE / "targets.yml").read_text(encoding="utf-8"))
    figures = {name: part["figures"] for name, part in results.items()}
    sizes = figures.get("transform", [])
    publication = figures.get("publication", {})
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - Markdown
    template = environment.from_string((HERE / "page.md.jinja").read_text(encoding="utf-8"))
    page = template.render(
        **{name: figures.get(name) for name in SECTIONS},
        targets=[judge_target(results, target) for target in targets],
        peers=[(size["ratings"], *peer) for size in sizes for peer in size.get("peers", {}).items()],
        line=fit_line(sizes),
        readers={
            name: title
            for name, title in READERS.items()
            if name in figures.get("ingest", {}).get("floors", {})
        },
        runs=list_runs(figures["run"]) if "run" in figures else {},
        releases=[publication[name] for name in ("sample", "large") if name in publication],
        parts=sorted(results.items()),
    )
    return page.rstrip("\n") + "\n"


def write_page(results: Mapping[str, Any]) -> None:
    """Write the page of these results."""
    PAGE.write_text(render_page(results), encoding="utf-8")


if __name__ == "__main__":
    write_page(json.loads(RESULTS.read_text(encoding="utf-8")))
