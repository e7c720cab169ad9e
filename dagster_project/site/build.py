"""The site of one release, from pages with queries to finished HTML.

Two steps that know nothing of each other: `pages.write_tree` makes plain Markdown and a plain
configuration; MkDocs builds that in strict mode. Another builder could take the second step.
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

from dagster_project.site import colours, formats, sql_page
from dagster_project.site.errors import SiteError
from dagster_project.site.lend import lend
from dagster_project.site.pages import Tree, write_tree
from dagster_project.site.policy import write_policies
from dagster_project.site.queries import DOWNLOADS, Database
from dagster_project.site.search import shorten_index

ROOT = Path(__file__).resolve().parents[2]
_THEME = Path(__file__).resolve().parent / "theme"


# Pages of the release that stand by themselves, behind those of the site.
BESIDE = ("data-docs", "dbt-docs")


@dataclass(frozen=True)
class SiteReport:
    """Counts of what was built, and wall-clock seconds per step (`read`, `resolve`, `build`)."""

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
    release: Path,
    output: Path,
    *,
    docs: Path | None = None,
    config: Path | None = None,
    history: Path | None = None,
) -> SiteReport:
    """Build the site of `release` into `output`, which is emptied first.

    `release` holds `release.json`, `data/parquet/` and `data/csv/`. `docs` and `config` are the
    repository's own unless given. `history` is the folder of the releases before this one.
    Raises `SiteError` naming page, line and query.
    """
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="site-") as folder:
        work = Path(folder)
        database = Database(release, history)
        try:
            read = time.perf_counter()
            config_file, tree = write_sources(release, work, database, docs, config)
        finally:
            database.close()
        resolved = time.perf_counter()
        _run_mkdocs(config_file, output.resolve())
        built = time.perf_counter()
    seconds = {"read": read - started, "resolve": resolved - read, "build": built - resolved}
    return SiteReport(len(tree.pages), tree.charts, tree.queries, seconds)


def write_sources(
    release: Path,
    work: Path,
    database: Database,
    docs: Path | None = None,
    config: Path | None = None,
) -> tuple[Path, Tree]:
    """Write the plain tree and its `mkdocs.yml` into `work`; returns that file and what was written."""
    tree = work / "docs"
    tree.mkdir(parents=True)
    downloads = _copy_downloads(release, tree)
    for beside in BESIDE:
        shutil.copytree(release / beside, tree / beside, copy_function=lend)
    (tree / "assets").mkdir(exist_ok=True)
    (tree / "assets" / "colours.css").write_text(colours.stylesheet(), encoding="utf-8")
    sql_page.write_assets(release, docs or ROOT / "docs", tree, database)
    written = write_tree(docs or ROOT / "docs", tree, database, downloads)
    source = config or ROOT / "mkdocs.yml"
    settings: dict[str, Any] = yaml.load(source.read_text(encoding="utf-8"), yaml.CSafeLoader)
    # Relative to the file itself: one of the builders takes no absolute path.
    settings["docs_dir"] = tree.name
    settings["theme"]["custom_dir"] = str(_THEME)
    settings["nav"] = _expand(settings["nav"], written)
    settings["extra"] = {**settings.get("extra", {}), "release": _about(database)}
    config_file = work / "mkdocs.yml"
    config_file.write_text(
        yaml.dump(settings, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return config_file, written


def _copy_downloads(release: Path, tree: Path) -> list[str]:
    """The open data inside the site, so that its links work wherever the site alone is served."""
    shutil.copytree(release / "data", tree / DOWNLOADS, copy_function=lend)
    return sorted(p.relative_to(tree).as_posix() for p in (tree / DOWNLOADS).rglob("*") if p.is_file())


def _expand(nav: Any, tree: Tree) -> Any:
    """Replace a pattern in the navigation (`questions/q*.md`) by the pages that templates made.

    Pages that are left out of this release leave the navigation, too.
    """
    if isinstance(nav, dict):
        return {title: _expand(entry, tree) for title, entry in nav.items()}
    if not isinstance(nav, list):
        return nav
    expanded: list[Any] = []
    for entry in nav:
        if isinstance(entry, str) and "*" in entry:
            matching = [page for page in fnmatch.filter(tree.pages, entry) if page not in nav]
            if not matching:
                raise SiteError(f"the navigation's {entry} matches no page")
            expanded += matching
        elif entry not in tree.left_out:
            expanded.append(_expand(entry, tree))
    return expanded


def _about(database: Database) -> dict[str, Any]:
    """What every page says of its data; the theme prints it."""
    manifest = database.manifest
    with database.session("release.json") as session:
        rounds = session.run(
            "select title, fieldwork_start, fieldwork_end from dim_round where round_id = $round_id", line=1
        )
        coverage = session.run(
            "select returned, invited, local_authorities_covered, local_authorities from mart_coverage"
            " where round_id = $round_id and consortium_code = 'all'",
            line=1,
        )
    for table, found in (("dim_round", rounds), ("mart_coverage", coverage)):
        if len(found.rows) != 1:
            raise SiteError(f"{table} does not have exactly one row for round {manifest['latest_round']}")
    title, start, end = rounds.rows[0]
    made_at = datetime.fromisoformat(str(manifest["made_at"])).astimezone(UTC)
    return {
        "release_id": str(manifest["release_id"]),
        "round": title,
        "fieldwork": f"{formats.text('fieldwork_start', start)} to {formats.text('fieldwork_end', end)}",
        "data_as_at": formats.text("fieldwork_end", end),
        "published": formats.text("made_at", made_at.date()),
        "is_illustrative": bool(manifest["is_illustrative"]),
        "provisional_rounds": ", ".join(map(str, manifest.get("provisional_rounds", ()))),
        "coverage": dict(zip(coverage.columns, coverage.rows[0], strict=True)),
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
    shorten_index(output, settings.extra.get("searched_whole", ("*",)))
    write_policies(output)
