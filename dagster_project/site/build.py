"""The site of one release, from pages with queries to finished HTML.

Two steps that know nothing of each other: `pages.write_tree` makes plain Markdown and a plain
configuration; MkDocs builds that in strict mode. Another builder could take the second step.
"""

import fnmatch
import logging
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from dagster_project.site import colours, formats
from dagster_project.site.errors import SiteError
from dagster_project.site.pages import write_tree
from dagster_project.site.policy import write_policies
from dagster_project.site.queries import DOWNLOADS, Database

ROOT = Path(__file__).resolve().parents[2]
_THEME = Path(__file__).resolve().parent / "theme"


@dataclass(frozen=True)
class SiteReport:
    """What was built: counts, and wall-clock seconds per step (`read`, `resolve`, `build`)."""

    pages: int
    charts: int
    queries: int
    seconds: Mapping[str, float]


class _Warnings(logging.Handler):
    """Keeps what MkDocs warns of, so that the error can say it."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def build_site(
    release: Path, output: Path, *, docs: Path | None = None, config: Path | None = None
) -> SiteReport:
    """Build the site of `release` into `output`, which is emptied first.

    `release` holds `release.json`, `data/parquet/` and `data/csv/`. `docs` and `config` are the
    repository's own unless given. Raises `SiteError` naming page, line and query.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        work = Path(folder)
        database = Database(release)
        try:
            read = time.perf_counter()
            config_file, report = write_sources(release, work, database, docs, config)
        finally:
            database.close()
        resolved = time.perf_counter()
        _run_mkdocs(config_file, output.resolve())
        built = time.perf_counter()
    seconds = {"read": read - started, "resolve": resolved - read, "build": built - resolved}
    return SiteReport(report[0], report[1], report[2], seconds)


def write_sources(
    release: Path, work: Path, database: Database, docs: Path | None = None, config: Path | None = None
) -> tuple[Path, tuple[int, int, int]]:
    """Write the plain tree and its `mkdocs.yml` into `work`; returns that file and pages, charts, queries."""
    tree = work / "docs"
    tree.mkdir(parents=True)
    downloads = _copy_downloads(release, tree)
    (tree / "assets").mkdir(exist_ok=True)
    (tree / "assets" / "colours.css").write_text(colours.stylesheet(), encoding="utf-8")
    written = write_tree(docs or ROOT / "docs", tree, database, downloads)
    source = config or ROOT / "mkdocs.yml"
    settings: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    settings["docs_dir"] = str(tree)
    settings["theme"]["custom_dir"] = str(_THEME)
    settings["nav"] = _expand(settings["nav"], written.pages)
    settings["extra"] = {**settings.get("extra", {}), "release": _about(database)}
    config_file = work / "mkdocs.yml"
    config_file.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return config_file, (len(written.pages), written.charts, written.queries)


def _copy_downloads(release: Path, tree: Path) -> list[str]:
    """The open data inside the site, so that its links work wherever the site alone is served."""
    shutil.copytree(release / "data", tree / DOWNLOADS)
    return sorted(p.relative_to(tree).as_posix() for p in (tree / DOWNLOADS).rglob("*") if p.is_file())


def _expand(nav: Any, pages: Sequence[str]) -> Any:
    """Replace a pattern in the navigation (`questions/q*.md`) by the pages that templates made."""
    if isinstance(nav, dict):
        return {title: _expand(entry, pages) for title, entry in nav.items()}
    if not isinstance(nav, list):
        return nav
    expanded: list[Any] = []
    for entry in nav:
        if isinstance(entry, str) and "*" in entry:
            matching = fnmatch.filter(pages, entry)
            if not matching:
                raise SiteError(f"the navigation's {entry} matches no page")
            expanded += matching
        else:
            expanded.append(_expand(entry, pages))
    return expanded


def _about(database: Database) -> dict[str, Any]:
    """What every page says of its data; the theme prints it."""
    manifest = database.manifest
    with database.session("release.json") as session:
        result = session.run(
            "select title, fieldwork_start, fieldwork_end from dim_round where round_id = $round_id", line=1
        )
    if len(result.rows) != 1:
        raise SiteError(f"dim_round does not have exactly one row for round {manifest['latest_round']}")
    title, start, end = result.rows[0]
    made_at = datetime.fromisoformat(str(manifest["made_at"])).astimezone(UTC)
    return {
        "release_id": str(manifest["release_id"]),
        "round": title,
        "fieldwork": f"{formats.text('fieldwork_start', start)} to {formats.text('fieldwork_end', end)}",
        "data_as_at": formats.text("fieldwork_end", end),
        "published": formats.text("made_at", made_at.date()),
        "is_illustrative": bool(manifest["is_illustrative"]),
    }


def _run_mkdocs(config_file: Path, output: Path) -> None:
    warnings = _Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    try:
        settings = load_config(config_file=str(config_file), site_dir=str(output), strict=True)
        mkdocs_build(settings)
    except MkDocsException as error:
        said = "\n".join([*warnings.messages, str(error)])
        raise SiteError(f"MkDocs did not accept the pages:\n{said}") from error
    finally:
        logger.removeHandler(warnings)
    if warnings.messages:
        raise SiteError("MkDocs warned:\n" + "\n".join(warnings.messages))
    write_policies(output)
