"""What the page "SQL in the browser" loads: the engine that npm built, the public database, example queries.

Where the engine was not built, for want of npm, nothing is put into the site and the page says so.
"""

import contextlib
import gzip
import json
import shutil
from pathlib import Path

import duckdb

from dagster_project.site import examples
from dagster_project.site.lend import lend
from dagster_project.site.queries import Database

PAGE = "sql.html"
ENGINE = Path(__file__).resolve().parent / "sql" / "dist"

_FOLDER = "assets/sql"
_DATABASE = "self_evaluation_public.duckdb"
_ON_DEMAND = {"engine.bin", "worker.bin", "workbench.js", "database.bin", "examples.json"}


def write_assets(
    release: Path, docs: Path, tree: Path, database: Database, engine: Path | None = None
) -> None:
    """Put them into `tree`, and list what the page's button loads in the database's `sql_file`."""
    engine = engine or ENGINE
    files: list[Path] = []
    if (engine / "built.json").is_file():
        folder = tree / _FOLDER
        shutil.copytree(engine, folder, ignore=shutil.ignore_patterns("built.json"), copy_function=lend)
        content = (release / "data" / _DATABASE).read_bytes()
        (folder / "database.bin").write_bytes(gzip.compress(content, compresslevel=6, mtime=0))
        (folder / "examples.json").write_text(json.dumps(_examples(docs, database)), encoding="utf-8")
        files = [path for path in sorted(folder.iterdir()) if path.name in _ON_DEMAND]
    database.list_files("sql_file", [(f"{_FOLDER}/{path.name}", path.stat().st_size) for path in files])


def _examples(docs: Path, database: Database) -> list[dict[str, str]]:
    """The example queries that need public tables only: those that can be planned on them."""
    found = []
    for path in sorted((docs / "examples").glob("*.sql")):
        title, query = examples.read(path)
        with contextlib.suppress(duckdb.CatalogException, duckdb.BinderException):
            database.connection.execute(f"prepare example as {query}")
            found.append({"title": title, "sql": query})
    return found
