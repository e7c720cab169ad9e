"""Build the site of one release in two independent steps.

`sources.write_sources` writes plain Markdown and plain settings; MkDocs then builds them in strict mode. Another
builder could take the second step.
"""

import logging
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from dagster_project.site.database import Database
from dagster_project.site.errors import SiteError
from dagster_project.site.postprocess import finish_pages, keep_keywords_of_pages
from dagster_project.site.sources import write_sources
from dagster_project.site.stylesheets import shorten_stylesheets


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
    main_points: Path | None = None,
) -> SiteReport:
    """Build the site of `release` into the folder `output`, which MkDocs empties first.

    `release` contains `release.json`, `data/`, `data-docs/` and `dbt-docs/`. `docs` and `config` are the
    repository's own by default. `releases` is the folder of earlier releases, `main_points` that of an author's texts
    as `<round>.md`. Raises `SiteError`.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        work = Path(folder)
        database = Database(release, releases)
        try:
            read = time.perf_counter()
            sources = write_sources(release, work, database, docs, config, main_points)
        finally:
            database.close()
        rendered = time.perf_counter()
        for site in sources:
            _run_mkdocs(site.config, output.resolve() / site.folder)
        finish_pages(output)
        built = time.perf_counter()
    trees = [site.tree for site in sources]
    return SiteReport(
        pages=sum(len(tree.pages) for tree in trees),
        charts=sum(tree.charts for tree in trees),
        queries=sum(tree.queries for tree in trees),
        seconds={"read": read - started, "render": rendered - read, "build": built - rendered},
    )


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
    shorten_stylesheets(output)
    keep_keywords_of_pages(output)
