"""Fixtures: one small release and its site, built once for all workers."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from dagster_project.site import serve
from dagster_project.site.build import SiteReport, build_site
from dagster_project.site.database import Database
from dagster_project.site.pages import write_tree
from tests.conftest import Once
from tests.site.chromium import ARGUMENTS, CHROMIUM
from tests.site.earlier_round import add_earlier_round
from tests.site.open_round import withhold_ratings
from tests.site.site_sample import BuiltSite, make_release


@pytest.fixture(scope="session")
def release(once: Once) -> Path:
    """A release folder with real Parquet and CSV files. Tests must not change it."""
    return once("release", make_release)


@pytest.fixture(scope="session")
def site(release: Path, once: Once) -> BuiltSite:
    """The repository's own pages, built for the sample release."""

    def build(folder: Path) -> None:
        report = build_site(release=release, output=folder / "site")
        (folder / "report.json").write_text(json.dumps(asdict(report)))

    made = once("site", build)
    return BuiltSite(made / "site", SiteReport(**json.loads((made / "report.json").read_text())))


@pytest.fixture(scope="session")
def site_of_two_rounds(release: Path, once: Once) -> Path:
    """The folder of the site of a release with an earlier round."""
    return once("site of two rounds", _build_changed(release, add_earlier_round)) / "site"


@pytest.fixture(scope="session")
def site_of_open_round(release: Path, once: Once) -> Path:
    """The folder of the site of a release whose round is open."""
    return once("site of an open round", _build_changed(release, withhold_ratings)) / "site"


def _build_changed(release: Path, change: Callable[[Path], None]) -> Callable[[Path], None]:
    def build(folder: Path) -> None:
        changed = folder / "release"
        shutil.copytree(release, changed)
        change(changed)
        build_site(release=changed, output=folder / "site")

    return build


@pytest.fixture(scope="module")
def address(site: BuiltSite) -> Iterator[str]:
    """The address of the built site, served under a base path like a static host."""
    server = serve.create_server(site.folder.parent, 0, serve.QuietHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/{site.folder.name}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for each module."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def database(release: Path) -> Iterator[Database]:
    """The database of the sample release for pages."""
    opened = Database(release)
    yield opened
    opened.close()


@pytest.fixture
def write(database: Database, tmp_path: Path) -> Callable[..., Path]:
    """Render pages given as `name=text` and return the tree. The page `a/b.md` is given as `a__b`."""

    def render(**pages: str) -> Path:
        docs, tree = tmp_path / "docs", tmp_path / "tree"
        for name, text in pages.items():
            path = docs / f"{name.replace('__', '/')}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"---\ntitle: T\ndescription: D\n---\n{text}", encoding="utf-8")
        write_tree(docs, tree, database, [])
        return tree

    return render
