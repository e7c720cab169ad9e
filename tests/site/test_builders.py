"""Possible successors of MkDocs build every page of the plain tree.

They ignore unknown settings, such as hooks and generating plugins, and still exit with 0. So the tests check the pages.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY
from dagster_project.site.build import write_sources
from dagster_project.site.database import Database
from dagster_project.site.pages import Tree

ZENSICAL = REPOSITORY / ".venv" / "zensical" / "bin" / "zensical"


@pytest.fixture(scope="module")
def sources(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tree]:
    """The settings file and the plain tree."""
    database = Database(release)
    written = write_sources(release, tmp_path_factory.mktemp("sources"), database)
    database.close()
    return written


def _built(site: Path, tree: Tree) -> None:
    made = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {page.removesuffix(".md") + ".html" for page in tree.pages} <= made
    assert (site / "index.html").read_text(encoding="utf-8").count('role="img"') == 1
    assert "Practice guidance" in (site / "questions" / "q04.html").read_text(encoding="utf-8")


def test_properdocs_builds_every_page(sources: tuple[Path, Tree], tmp_path: Path) -> None:
    config, tree = sources
    program = [
        sys.executable,
        "-m",
        "properdocs",
        "build",
        "--strict",
        "-f",
        str(config),
        "-d",
        str(tmp_path / "site"),
    ]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    _built(tmp_path / "site", tree)


@pytest.mark.skipif(not ZENSICAL.is_file(), reason="needs zensical, which make test installs where it can")
def test_zensical_builds_every_page(sources: tuple[Path, Tree]) -> None:
    config, tree = sources
    done = subprocess.run(
        [str(ZENSICAL), "build", "-f", config.name], cwd=config.parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    _built(config.parent / "site", tree)
