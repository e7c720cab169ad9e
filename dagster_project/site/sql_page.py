"""Files of the page "SQL in the browser": the engine that npm built, the public database, example queries.

Without npm the engine is not built; the site then has none of these files, and the page says so.
"""

import contextlib
import gzip
import json
import shutil
from pathlib import Path

import duckdb

from dagster_project.paths import SQL_ENGINE
from dagster_project.site.database import Database
from dagster_project.site.fences import read_example

PAGE = "sql.html"

_FOLDER = "assets/sql"
_DATABASE = "self_evaluation_public.duckdb"
_ON_DEMAND = {"engine.bin", "worker.bin", "workbench.js", "database.bin", "examples.json"}


def write_assets(
    release: Path, docs: Path, tree: Path, database: Database, engine: Path | None = None
) -> None:
    """Write the files into `tree`, and list those that the page's button loads in the table `sql_file`."""
    engine = engine or SQL_ENGINE
    files: list[Path] = []
    if (engine / "built.json").is_file():
        folder = tree / _FOLDER
        shutil.copytree(engine, folder, ignore=shutil.ignore_patterns("built.json"))
        content = (release / "data" / _DATABASE).read_bytes()
        (folder / "database.bin").write_bytes(gzip.compress(content, compresslevel=6, mtime=0))
        (folder / "examples.json").write_text(json.dumps(_list_examples(docs, database)), encoding="utf-8")
        files = [path for path in sorted(folder.iterdir()) if path.name in _ON_DEMAND]
    database.create_file_table(
        "sql_file", [(f"{_FOLDER}/{path.name}", path.stat().st_size) for path in files]
    )


def _list_examples(docs: Path, database: Database) -> list[dict[str, str]]:
    """Return the example queries that need public tables only: those that DuckDB can plan on them."""
    examples = []
    for path in sorted((docs / "examples").glob("*.sql")):
        title, query = read_example(path)
        with contextlib.suppress(duckdb.CatalogException, duckdb.BinderException):
            database.connection.execute(f"prepare example as {query}")
            examples.append({"title": title, "sql": query})
    return examples
