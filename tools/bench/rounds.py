"""Build databases of any size: reference data and raw tables as `generate.sql` invents them, ready for the models."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEED = "bench"
QUESTIONS = 19
RETURNING = 0.96


def make(home: Path, ratings: int) -> Path:
    """Fill a home's build database with about so many ratings; returns the database. What was there is made anew."""
    import duckdb

    sys.path.insert(0, str(ROOT))
    os.environ["SELFEVAL_HOME"] = str(home)
    from dagster_project.paths import Home
    from dagster_project.raw.tables import create_tables
    from dagster_project.transform.project import invoke

    here = Home.current()
    here.prepare()
    here.build_database.unlink(missing_ok=True)
    with duckdb.connect(str(here.build_database)) as connection:
        create_tables(connection)
    result = invoke(["seed"])
    assert result.success, result.exception
    with duckdb.connect(str(here.build_database)) as connection:
        connection.execute(f"set variable committees = {round(ratings / QUESTIONS / RETURNING)}")
        connection.execute(f"set variable seed = '{SEED}'")
        connection.execute((Path(__file__).parent / "generate.sql").read_text(encoding="utf-8"))
    return here.build_database


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
