"""Pages that come out as before are not made again, and only those."""

from pathlib import Path

import pytest

from dagster_project.site.cache import Cache
from dagster_project.site.pages import Tree, write_tree
from dagster_project.site.queries import Database

PAGES = {
    "a": '```sql query name="one"\nselect 1 as x\n```\nOne is {{ one.x }}.',
    "b": "Release {{ release.release_id }}.",
}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Two pages: one of a query, one that prints the release."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: T\ndescription: D\n---\n{text}", encoding="utf-8")
    return folder


def _write(docs: Path, database: Database, folder: Path) -> Tree:
    return write_tree(docs, folder / "tree", database, [], Cache(folder / "cache"))


def test_second_build_makes_nothing_and_gives_the_same(
    docs: Path, database: Database, tmp_path: Path
) -> None:
    assert _write(docs, database, tmp_path).reused == 0
    first = {path.name: path.read_text() for path in (tmp_path / "tree").iterdir()}
    assert _write(docs, database, tmp_path).reused == 2
    assert {path.name: path.read_text() for path in (tmp_path / "tree").iterdir()} == first


def test_what_a_page_is_made_of_decides(docs: Path, database: Database, tmp_path: Path) -> None:
    _write(docs, database, tmp_path)
    page = docs / "a.md"
    page.write_text(page.read_text().replace("select 1", "select 2"))
    assert _write(docs, database, tmp_path).reused == 1
    assert "One is 2." in (tmp_path / "tree" / "a.md").read_text()
    database.manifest["release_id"] = "another"
    assert _write(docs, database, tmp_path).reused == 1
    assert "another" in (tmp_path / "tree" / "b.md").read_text()
    assert len(list((tmp_path / "cache").iterdir())) == 2  # what is no longer used is gone


def test_damaged_entry_is_made_again(docs: Path, database: Database, tmp_path: Path) -> None:
    _write(docs, database, tmp_path)
    for path in (tmp_path / "cache").iterdir():
        path.write_text("{")
    assert _write(docs, database, tmp_path).reused == 0
    assert "One is 1." in (tmp_path / "tree" / "a.md").read_text()
