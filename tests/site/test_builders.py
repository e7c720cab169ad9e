"""Possible successors of MkDocs build every page of the plain tree.

They ignore unknown settings, such as hooks and generating plugins, and still exit with 0. So the tests check the pages.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY
from dagster_project.site.database import Database
from dagster_project.site.sources import MANUAL, Sources, write_sources

ZENSICAL = REPOSITORY / ".venv" / "zensical" / "bin" / "zensical"


@pytest.fixture(scope="module")
def sources(release: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Sources]:
    """The readers' pages and the manual: settings and plain trees."""
    database = Database(release)
    written = write_sources(release, tmp_path_factory.mktemp("sources"), database)
    database.close()
    return written


def _built(site: Path, sources: Sources) -> None:
    made = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {page.removesuffix(".md") + ".html" for page in sources.tree.pages} <= made
    if sources.folder == MANUAL:
        return
    assert (site / "index.html").read_text(encoding="utf-8").count("<figure") == 1
    assert "Practice guidance" in (site / "questions" / "q04.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("place", [0, 1], ids=["readers' pages", "manual"])
def test_properdocs_builds_every_page(sources: list[Sources], tmp_path: Path, place: int) -> None:
    config, site = str(sources[place].config), tmp_path / "site"
    program = [sys.executable, "-m", "properdocs", "build", "--strict", "-f", config, "-d", str(site)]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    _built(site, sources[place])


@pytest.mark.skipif(not ZENSICAL.is_file(), reason="needs zensical, which make test installs where it can")
def test_zensical_builds_every_page(sources: list[Sources]) -> None:
    config = sources[0].config
    done = subprocess.run(
        [str(ZENSICAL), "build", "-f", config.name], cwd=config.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    _built(config.parent / "site", sources[0])
