"""The dbt models that judge single files, as views, without dbt: importing it takes longer than the check itself."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

import duckdb
import yaml
from jinja2 import Environment, StrictUndefined

from dagster_project.paths import REPOSITORY

DBT = REPOSITORY / "dbt"

SEEDS = (
    "rounds",
    "committees",
    "committee_successions",
    "committee_aliases",
    "local_authorities",
    "invitations",
    "rating_words",
    "rating_colours",
    "problem_codes",
)
MODELS = (
    "stg_return_files",
    "stg_answers",
    "stg_problems",
    "int_round_order",
    "int_committee_rounds",
    "int_local_authority_rounds",
    "int_committee_names",
    "int_return_names",
    "int_close_matches",
    "int_listed_committees",
    "int_committee_matches",
    "int_returns",
    "int_typed_ratings",
    "int_rating_readings",
    "int_cover_problems",
    "int_problems",
)
"""Models that need a single file only. Each comes after the models that it selects from."""


def create_models(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """Create the seeds as tables and the models as views in a database that has the raw tables.

    Raises: `duckdb.Error` where a seed is missing or incomplete.
    """
    described = yaml.load((DBT / "seeds" / "_seeds.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    types = {seed["name"]: seed["config"]["column_types"] for seed in described["seeds"]}
    for seed in SEEDS:
        connection.execute(
            f"create table {seed} as select * from read_csv(?, header = true, columns = ?)",
            [str(seeds / f"{seed}.csv"), types[seed]],
        )
    environment = _create_environment()
    paths = {path.stem: path for path in (DBT / "models").rglob("*.sql")}
    for model in MODELS:
        sql = environment.from_string(paths[model].read_text(encoding="utf-8")).render()
        connection.execute(f"create view {model} as {sql}")


def render_sql(template: str) -> str:
    """Render SQL that calls the project's macros, for DuckDB."""
    return _create_environment().from_string(template).render()


def _create_environment() -> Environment:
    """Create an environment with the part of dbt's Jinja that these models use."""
    environment = Environment(undefined=StrictUndefined, autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701 - SQL
    environment.globals["ref"] = lambda name: name
    environment.globals["source"] = lambda schema, table: f"{schema}.{table}"
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = {"dispatch": partial(_find_macro, environment)}
    texts = [path.read_text(encoding="utf-8") for path in sorted((DBT / "macros").rglob("*.sql"))]
    # One text, because a macro can call a macro of another file. Only dbt can parse materializations.
    macros = "\n".join(text for text in texts if "{% materialization" not in text)
    for name, value in vars(environment.from_string(macros).make_module()).items():
        if not name.startswith("_"):
            environment.globals[name] = value
    return environment


def _find_macro(environment: Environment, name: str, *_: str) -> Callable[..., str]:
    """Find the macro for DuckDB, or the default one."""
    macros = environment.globals
    found: Any = macros.get(f"duckdb__{name}") or macros[f"default__{name}"]
    return cast(Callable[..., str], found)
