"""The steps that benchmarks measure, each run in a process of its own: `python -m tools.bench.stages STEP ...`.

A step works on the home that `SELFEVAL_HOME` names. It imports what it needs itself, so that the process of one step
does not pay for the imports of another.
"""

import json
import resource
import runpy
import sys
import time
from dataclasses import replace
from pathlib import Path

BENCH = Path(__file__).parent
TABLES_OF_PEERS = {
    "raw": ("return_file", "answer"),
    "reference": (
        "committees", "rounds", "questions", "rating_words", "invitations", "local_authorities", "rating_phrases",
    ),
}  # fmt: skip


def land_returns(round_id: str) -> None:
    """Read the returns of a round into the raw tables."""
    from dagster_project.home.files import prepare_home
    from dagster_project.intake.template import load_template
    from dagster_project.paths import Home
    from dagster_project.raw.database import open_build
    from dagster_project.raw.landing import land_round

    home = Home.from_environment()
    prepare_home(home)
    with open_build(home.build_database) as connection:
        template = load_template(home.seeds, "cse-2016")
        land_round(connection, home.returns / round_id, round_id, template)


def generate_ratings(ratings: str) -> None:
    """Fill the build database with reference data and about this many invented ratings."""
    import duckdb

    from dagster_project.home.files import prepare_home
    from dagster_project.paths import Home
    from dagster_project.raw.tables import create_tables
    from dagster_project.transform.project import run_dbt

    questions, response_rate = 19, 0.96
    home = Home.from_environment()
    prepare_home(home)
    home.build_database.unlink(missing_ok=True)
    with duckdb.connect(str(home.build_database)) as connection:
        create_tables(connection)
    result = run_dbt(["seed"])
    assert result.success, result.exception
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute(f"set variable committees = {round(int(ratings) / questions / response_rate)}")
        connection.execute("set variable seed = 'bench'")
        connection.execute((BENCH / "generate.sql").read_text(encoding="utf-8"))


def parse_project() -> None:
    """Parse the dbt project."""
    from dagster_project.transform.project import run_dbt

    assert run_dbt(["parse"]).success


def build_models() -> None:
    """Build all models from the raw tables."""
    from dagster_project.transform.project import run_dbt

    result = run_dbt(["run"])
    failed = [
        (one.node.name, one.message)
        for one in result.result.results
        if one.status not in ("success", "skipped")
    ]
    assert result.success, failed


def run_floor_script(database: str) -> None:
    """Run the script written by hand on a copy of the raw tables."""
    import duckdb

    with duckdb.connect(database) as connection:
        connection.execute("set threads = 2")
        connection.execute((BENCH / "floor.sql").read_text(encoding="utf-8"))


def run_tests() -> None:
    """Run dbt's data tests and print their processor seconds."""
    from dagster_project.transform.project import run_dbt

    # A run has started dbt before it tests.
    run_dbt(["list", "--select", "fct_rating"])
    started = time.process_time()
    result = run_dbt(["test", "--exclude-resource-type", "unit_test"])
    used = time.process_time() - started
    failed = [one.node.name for one in result.result.results if one.status in ("fail", "error")]
    print(json.dumps({"cpu": round(used, 2), "failed": failed}))


def run_suites() -> None:
    """Run the Great Expectations suites and print their processor seconds."""
    import duckdb

    from dagster_project.audit.suites import load_suites
    from dagster_project.audit.validate import open_batch_definition, validate_suite
    from dagster_project.paths import Home

    open_batch_definition()
    by_suite = {"import of Great Expectations": round(time.process_time(), 2)}
    with duckdb.connect(str(Home.from_environment().build_database), read_only=True) as connection:
        for suite in load_suites():
            before = time.process_time()
            validate_suite(connection, suite)
            by_suite[suite.name] = round(time.process_time() - before, 2)
    print(json.dumps({"cpu": round(time.process_time(), 2), "suites": by_suite}))


def record_checks() -> None:
    """Build the models and record all checks as passed: generated findings have no decisions."""
    import duckdb

    from dagster_project.audit.gate import record_outcome
    from dagster_project.audit.suites import load_suites
    from dagster_project.audit.validate import validate_suite
    from dagster_project.home.records import DBT_BUILD, Record, write_record
    from dagster_project.home.table_hashes import AUDITED_SCHEMAS, combine_hashes, hash_tables
    from dagster_project.paths import Home

    build_models()
    home = Home.from_environment()
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        hashes = {schema: hash_tables(connection, schema) for schema in AUDITED_SCHEMAS}
        tokens = {schema: combine_hashes(tables) for schema, tables in hashes.items()}
        write_record(home, Record(DBT_BUILD, True, tokens))
        for suite in load_suites():
            outcome = replace(validate_suite(connection, suite), failures=())
            record_outcome(home, suite, hashes[suite.schema], outcome)


def write_candidate() -> None:
    """Write the release candidate from the audited marts, without its site."""
    from dagster_project.paths import Home
    from dagster_project.release.candidate import make_candidate
    from dagster_project.release.marts import select_marts
    from dagster_project.release.modeldocs import describe_models
    from dagster_project.transform import project

    described = describe_models(project.load_manifest())
    make_candidate(
        Home.from_environment(), select_marts(project.list_marts(), project.list_data_tests()), described
    )


def publish_candidate() -> None:
    """Check the release candidate and switch to it."""
    from dagster_project.paths import Home
    from dagster_project.release import publish as publication

    publication.publish_candidate(Home.from_environment(), ())


def write_pages(release: str, folder: str) -> None:
    """Write the Markdown pages of a release's site."""
    from dagster_project.site.database import Database
    from dagster_project.site.sources import write_sources

    write_sources(Path(release), Path(folder), Database(Path(release)))


def render_site(release: str, output: str) -> None:
    """Build the site of a release."""
    from dagster_project.site.build import build_site

    build_site(release=Path(release), output=Path(output))


def run_mkdocs(sources: str, output: str) -> None:
    """Build pages of plain Markdown with MkDocs and its theme alone: the readers' site and the manual."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    for config in sorted(Path(sources).glob("*.yml")):
        build(load_config(config_file=str(config), site_dir=str(Path(output) / config.stem)))


def export_tables(raw: str, folder: str) -> None:
    """Write the raw and reference tables as Parquet files and as a database for an older DuckDB."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(f"attach '{raw}' as source (read_only)")
        connection.execute(f"attach '{folder}/raw.duckdb' as copy (storage_version 'v1.0.0')")
        for schema, names in TABLES_OF_PEERS.items():
            connection.execute(f"create schema copy.{schema}")
            for name in names:
                connection.execute(
                    f"copy source.{schema}.{name} to '{folder}/{name}.parquet' (format parquet)"
                )
                connection.execute(f"create table copy.{schema}.{name} as from source.{schema}.{name}")


def run_peer_script(limit_mb: str, script: str, raw: str, output: str) -> None:
    """Run a peer's script within a memory limit: a peer that outgrows the machine ends with an error."""
    limit = int(limit_mb) * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    sys.argv = [script, raw, output]
    runpy.run_path(script, run_name="__main__")


STEPS = {
    step.__name__: step
    for step in (
        land_returns, generate_ratings, parse_project, build_models, run_floor_script, run_tests, run_suites,
        record_checks, write_candidate, publish_candidate, write_pages, render_site, run_mkdocs, export_tables,
        run_peer_script,
    )
}  # fmt: skip

if __name__ == "__main__":
    STEPS[sys.argv[1]](*sys.argv[2:])
