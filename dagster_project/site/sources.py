"""Write the sources of the two sites of a release: trees of plain Markdown with their settings.

`docs/` has the pages of both. Those in the navigation of `manual.yml` are the manual for engineers and auditors; all
others are the readers' pages. The manual is a site of its own in the folder `manual/`, so that readers find nothing
of it in their navigation and search.
"""

import fnmatch
import posixpath
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from dagster_project.paths import REPOSITORY
from dagster_project.site import colours, sql_page
from dagster_project.site.database import DOWNLOADS, Database
from dagster_project.site.errors import SiteError
from dagster_project.site.formats import escape, format_value
from dagster_project.site.pages import Tree, write_tree
from dagster_project.site.templates import unwrap_cell

STANDALONE = ("data-docs", "dbt-docs")
"""Folders of the release with finished pages, which the site only copies."""

MANUAL = "manual"
"""The folder of the manual in the site, and the name of its settings."""

_THEME = Path(__file__).resolve().parent / "theme"


@dataclass(frozen=True)
class Sources:
    """The sources of one site: its settings file, what was written, and its folder in the finished site."""

    config: Path
    tree: Tree
    folder: str


def write_sources(
    release: Path,
    work: Path,
    database: Database,
    docs: Path | None = None,
    config: Path | None = None,
    main_points: Path | None = None,
) -> list[Sources]:
    """Write the sources of the readers' site, and then those of the manual, into `work`.

    `main_points` has an author's texts as `<round>.md`, which replace the computed main points of a round. Without a
    `manual.yml` next to `config` there is no manual. The order matters: MkDocs empties the folder of a site.
    """
    docs = docs or REPOSITORY / "docs"
    config = config or REPOSITORY / "mkdocs.yml"
    settings: dict[str, Any] = yaml.safe_load(config.read_text(encoding="utf-8"))
    # Relative paths in the settings: Zensical accepts no absolute path of the pages.
    settings["theme"]["custom_dir"] = str(_THEME)
    settings["extra"] = {**settings.get("extra", {}), "release": _describe_release(database)}
    of_manual = config.with_name(f"{MANUAL}.yml")
    overrides: dict[str, Any] = yaml.safe_load(of_manual.read_text("utf-8")) if of_manual.is_file() else {}
    patterns = tuple(_list_targets(overrides.get("nav", [])))

    tree = _make_tree(work / "docs")
    downloads = _copy_downloads(release, tree)
    for folder in STANDALONE:
        shutil.copytree(release / folder, tree / folder)
    sql_page.write_assets(release, docs, tree, database)
    texts = _read_texts(main_points)
    facts = {
        "author_text": lambda round_id: texts.get(unwrap_cell(round_id), ""),
        "contact": escape(settings["extra"]["contact"]),
    }
    written = write_tree(
        docs, tree, database, downloads, lambda name: not _is_match(name, patterns), facts, MANUAL
    )
    sources = [_write_settings(settings, tree, written, folder=".")]
    if overrides:
        tree = _make_tree(work / MANUAL)
        written = write_tree(docs, tree, database, [], lambda name: _is_match(name, patterns), facts, "..")
        extra = {**settings["extra"], **overrides.get("extra", {})}
        sources.append(_write_settings({**settings, **overrides, "extra": extra}, tree, written, MANUAL))
    return sources


def _make_tree(tree: Path) -> Path:
    (tree / "assets").mkdir(parents=True)
    (tree / "assets" / "colours.css").write_text(colours.render_stylesheet(), encoding="utf-8")
    return tree


def _read_texts(folder: Path | None) -> dict[str, str]:
    """Return the texts of a folder by their name. Their Markdown counts; HTML in them is shown as typed."""
    paths = sorted(folder.glob("*.md")) if folder else []
    return {path.stem: path.read_text(encoding="utf-8").replace("<", "&lt;") for path in paths}


def _copy_downloads(release: Path, tree: Path) -> list[str]:
    """Copy the open data into the site, so that links to it work on any host."""
    shutil.copytree(release / "data", tree / DOWNLOADS)
    return sorted(p.relative_to(tree).as_posix() for p in (tree / DOWNLOADS).rglob("*") if p.is_file())


def _write_settings(settings: dict[str, Any], tree: Path, written: Tree, folder: str) -> Sources:
    config = tree.parent / f"mkdocs-{tree.name}.yml"
    settings = {**settings, "docs_dir": tree.name, "nav": _expand_navigation(settings["nav"], written)}
    config.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return Sources(config, written, folder)


def _is_match(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def _list_targets(entries: list[Any]) -> Iterator[str]:
    for entry in entries:
        target = next(iter(entry.values())) if isinstance(entry, dict) else entry
        yield from _list_targets(target) if isinstance(target, list) else [target]


def _expand_navigation(entries: list[Any], tree: Tree) -> list[Any]:
    """Replace a pattern in the navigation (`questions/q*.md`) by its pages; remove pages that are left out."""
    expanded: list[Any] = []
    for entry in entries:
        title, target = next(iter(entry.items())) if isinstance(entry, dict) else (None, entry)
        if isinstance(target, list):
            if section := _expand_navigation(target, tree):
                expanded.append({title: section})
        elif "*" in target:
            matching = [page for page in fnmatch.filter(tree.pages, target) if page not in entries]
            folder = posixpath.dirname(target)
            if not matching and folder not in map(posixpath.dirname, tree.left_out):
                raise SiteError(f"the pattern {target} in the navigation matches no page")
            expanded += [{tree.pages[page]: page} for page in matching]
        elif target not in tree.left_out:
            expanded.append(entry)
    return expanded


def _describe_release(database: Database) -> dict[str, Any]:
    """Return the facts about the data that the theme prints on every page; `rounds` are newest first."""
    manifest = database.manifest
    made_at = datetime.fromisoformat(str(manifest["made_at"])).astimezone(UTC)
    return {
        "release_id": str(manifest["release_id"]),
        "latest_round": str(manifest["latest_round"]),
        "published": format_value("made_at", made_at.date()),
        "provisional_rounds": ", ".join(map(str, manifest.get("provisional_rounds", ()))),
        "open_rounds": ", ".join(map(str, manifest.get("open_rounds", ()))),
        "rounds": _describe_rounds(database),
    }


def _describe_rounds(database: Database) -> dict[str, dict[str, Any]]:
    """Return title, dates, coverage and page of findings of each round by its id, the latest first."""
    with database.session("release.json") as session:
        result = session.run(
            """
            select
                dim_round.round_id, title, fieldwork_start, fieldwork_end, year(fieldwork_start)::text as year,
                if(dim_round.round_id = $round_id, 'index', 'rounds/' || page_name(dim_round.round_id)) || '.html'
                    as page,
                returned, invited, local_authorities_covered, local_authorities
            from dim_round
            inner join mart_coverage
                on dim_round.round_id = mart_coverage.round_id and mart_coverage.consortium_code = 'all'
            where dim_round.round_id = $round_id or dim_round.round_id in (select round_id from mart_question_ranking)
            order by dim_round.round_id = $round_id desc, fieldwork_start desc, dim_round.round_id
            """,
            line=1,
        )
    rounds = {row["round_id"]: row for row in result.to_dicts()}
    if len(rounds) != len(result.rows) or database.manifest["latest_round"] not in rounds:
        raise SiteError("mart_coverage needs exactly one row for each round")
    for row in rounds.values():
        for column in ("fieldwork_start", "fieldwork_end"):
            row[column] = format_value(column, row[column])
    return rounds
