"""Build the site of one release in two independent steps.

`pages.write_tree` writes plain Markdown and `write_sources` a plain `mkdocs.yml`; MkDocs then builds them in
strict mode. Another builder could take the second step.
"""

import fnmatch
import logging
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from dagster_project.paths import REPOSITORY
from dagster_project.site import colours, sql_page
from dagster_project.site.database import DOWNLOADS, Database
from dagster_project.site.errors import SiteError
from dagster_project.site.formats import format_value
from dagster_project.site.pages import Tree, write_tree
from dagster_project.site.postprocess import (
    add_security_policies,
    remove_indentation,
    shorten_search_index,
    shorten_stylesheets,
)

STANDALONE = ("data-docs", "dbt-docs")
"""Folders of the release with finished pages, which the site only copies."""

_THEME = Path(__file__).resolve().parent / "theme"


@dataclass(frozen=True)
class SiteReport:
    """Counts of what was built, and wall-clock seconds per step (`read`, `render`, `build`)."""

    pages: int
    charts: int
    queries: int
    seconds: Mapping[str, float]


class _WarningCollector(logging.Handler):
    """Collects the warnings of MkDocs for the error message."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def build_site(
    release: Path,
    output: Path,
    *,
    docs: Path | None = None,
    config: Path | None = None,
    releases: Path | None = None,
) -> SiteReport:
    """Build the site of `release` into the folder `output`, which MkDocs empties first.

    `release` contains `release.json`, `data/`, `data-docs/` and `dbt-docs/`. `docs` and `config` are the
    repository's own by default. `releases` is the folder of earlier releases. Raises `SiteError`.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        work = Path(folder)
        database = Database(release, releases)
        try:
            read = time.perf_counter()
            config_file, tree = write_sources(release, work, database, docs, config)
        finally:
            database.close()
        rendered = time.perf_counter()
        _run_mkdocs(config_file, output.resolve())
        built = time.perf_counter()
    seconds = {"read": read - started, "render": rendered - read, "build": built - rendered}
    return SiteReport(len(tree.pages), tree.charts, tree.queries, seconds)


def write_sources(
    release: Path,
    work: Path,
    database: Database,
    docs: Path | None = None,
    config: Path | None = None,
) -> tuple[Path, Tree]:
    """Write the plain tree and its `mkdocs.yml` into `work`; return that file and what was written."""
    tree = work / "docs"
    tree.mkdir(parents=True)
    downloads = _copy_downloads(release, tree)
    for folder in STANDALONE:
        shutil.copytree(release / folder, tree / folder)
    (tree / "assets").mkdir(exist_ok=True)
    (tree / "assets" / "colours.css").write_text(colours.stylesheet(), encoding="utf-8")
    sql_page.write_assets(release, docs or REPOSITORY / "docs", tree, database)
    written = write_tree(docs or REPOSITORY / "docs", tree, database, downloads)
    source = config or REPOSITORY / "mkdocs.yml"
    settings: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    # Relative to the file itself: Zensical accepts no absolute path.
    settings["docs_dir"] = tree.name
    settings["theme"]["custom_dir"] = str(_THEME)
    settings["nav"] = _expand_navigation(settings["nav"], written)
    settings["extra"] = {**settings.get("extra", {}), "release": _describe_release(database)}
    config_file = work / "mkdocs.yml"
    config_file.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return config_file, written


def _copy_downloads(release: Path, tree: Path) -> list[str]:
    """Copy the open data into the site, so that links to it work on any host."""
    shutil.copytree(release / "data", tree / DOWNLOADS)
    return sorted(p.relative_to(tree).as_posix() for p in (tree / DOWNLOADS).rglob("*") if p.is_file())


def _expand_navigation(entries: list[Any], tree: Tree) -> list[Any]:
    """Replace a pattern in the navigation (`questions/q*.md`) by its pages; remove pages that are left out."""
    expanded: list[Any] = []
    for entry in entries:
        title, target = next(iter(entry.items())) if isinstance(entry, dict) else (None, entry)
        if isinstance(target, list):
            expanded.append({title: _expand_navigation(target, tree)})
        elif "*" in target:
            matching = [page for page in fnmatch.filter(tree.pages, target) if page not in entries]
            if not matching:
                raise SiteError(f"the pattern {target} in the navigation matches no page")
            expanded += [{tree.pages[page]: page} for page in matching]
        elif target not in tree.left_out:
            expanded.append(entry)
    return expanded


def _describe_release(database: Database) -> dict[str, Any]:
    """Return the facts about the data that the theme prints on every page."""
    manifest = database.manifest
    latest = database.describe_latest_round()
    with database.session("release.json") as session:
        coverage = session.run(
            "select returned, invited, local_authorities_covered, local_authorities from mart_coverage"
            " where round_id = $round_id and consortium_code = 'all'",
            line=1,
        )
    if len(coverage.rows) != 1:
        raise SiteError(f"mart_coverage needs exactly one row for round {manifest['latest_round']}")
    fieldwork = [format_value(column, latest[column]) for column in ("fieldwork_start", "fieldwork_end")]
    made_at = datetime.fromisoformat(str(manifest["made_at"])).astimezone(UTC)
    return {
        "release_id": str(manifest["release_id"]),
        "round": latest["title"],
        "fieldwork": " to ".join(fieldwork),
        "data_as_at": fieldwork[-1],
        "published": format_value("made_at", made_at.date()),
        "provisional_rounds": ", ".join(map(str, manifest.get("provisional_rounds", ()))),
        "coverage": dict(zip(coverage.columns, coverage.rows[0], strict=True)),
    }


def _run_mkdocs(config_file: Path, output: Path) -> None:
    warnings = _WarningCollector()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    try:
        settings = load_config(config_file=str(config_file), site_dir=str(output), strict=True)
        mkdocs_build(settings)
    except MkDocsException as error:
        messages = "\n".join([*warnings.messages, str(error)])
        raise SiteError(f"MkDocs rejected the pages:\n{messages}") from error
    finally:
        logger.removeHandler(warnings)
    if warnings.messages:
        raise SiteError("MkDocs warned:\n" + "\n".join(warnings.messages))
    shorten_search_index(output, settings.extra.get("search_full_text", ("*",)))
    remove_indentation(output)
    shorten_stylesheets(output)
    add_security_policies(output)
