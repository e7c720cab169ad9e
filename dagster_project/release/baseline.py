"""The baseline: the release that readers see, with which a run compares its returns."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from dagster_project.raw.database import open_build
from dagster_project.raw.tables import OF_RELEASE, create_tables
from dagster_project.release.catalog import list_releases
from dagster_project.release.database import DATABASE, escape_quotes

VERSIONS = "fct_return_version"
REOPENINGS = "mart_round_reopening"

_RETURNS = """
insert into raw.published_return by name
select
    ? as release_id,
    versions.round_id,
    versions.committee_id,
    versions.source_file,
    versions.sha256,
    versions.is_withdrawn,
    rounds.closed_on,
    (
        select count(*) from baseline_reopenings as reopenings where reopenings.round_id = versions.round_id
    ) as times_reopened
from baseline_versions as versions
inner join baseline.main.dim_round as rounds using (round_id)
"""

# An open round has rows in the analysts' database only: nothing of it was published.
_SUPPRESSIONS = """
insert into raw.published_suppression by name
select
    ranking.round_id,
    ranking.question_no,
    ranking.consortium_code,
    policy.minimum_base,
    policy.protects_from_insiders,
    case
        when ranking.green is not null then 'green'
        when ranking.amber is not null then 'amber'
        when ranking.red is not null then 'red'
        else 'none'
    end as shown_rating,
    ranking.rated is null as hides_rated
from baseline.main.mart_consortium_ranking_public as ranking
inner join baseline.main.mart_suppression as policy using (round_id)
where ranking.suppressed_because is not null and policy.ratings_withheld_because is null
"""

# Releases made before there were tables of versions and reopenings have neither hashes nor reopenings.
_EARLIER_VERSIONS = (
    "select round_id, committee_id, source_file, null::varchar as sha256, false as is_withdrawn "
    "from {schema}.fct_return where return_status = 'returned'"
)
_EARLIER_REOPENINGS = "select round_id from {schema}.dim_round where false"


def find_baseline(home: Home) -> Path | None:
    """Return the folder of the release that readers see, or of the newest one if that is damaged."""
    published = home.published.resolve()
    folders = [published, *(home.releases / one.release_id for one in list_releases(home))]
    return next((folder for folder in folders if _is_readable(folder / DATABASE)), None)


def load_baseline(home: Home) -> tuple[str, dict[str, int]]:
    """Copy the returns and the suppressed counts of the baseline into the raw tables.

    Returns its id, or "", and the number of rows by table.
    """
    folder = find_baseline(home)
    with open_build(home.build_database) as connection:
        create_tables(connection)
        connection.begin()
        for table in OF_RELEASE:
            connection.execute(f"delete from raw.{table}")
        if folder:
            connection.execute(f"attach '{escape_quotes(folder / DATABASE)}' as baseline (read_only)")
            create_version_views(connection, {"baseline": "baseline.main"})
            connection.execute(_RETURNS, [folder.name])
            if _has_table(connection, "baseline.main", "mart_consortium_ranking_public"):
                connection.execute(_SUPPRESSIONS)
        counts = {table: connection.table(f"raw.{table}").count("*").fetchall()[0][0] for table in OF_RELEASE}
        connection.commit()
    return folder.name if folder else "", counts


def read_baseline(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the id of the release that the build was compared with; empty if there was none."""
    [(release_id,)] = connection.execute(
        "select coalesce(max(release_id), '') from raw.published_return"
    ).fetchall()
    return str(release_id)


def create_version_views(connection: duckdb.DuckDBPyConnection, schemas: Mapping[str, str]) -> None:
    """Create views of the returns and the reopenings of releases of any version, with names that begin as given."""
    for name, schema in schemas.items():
        for view, table, earlier in (
            ("versions", VERSIONS, _EARLIER_VERSIONS),
            ("reopenings", REOPENINGS, _EARLIER_REOPENINGS),
        ):
            has_table = _has_table(connection, schema, table)
            query = f"from {schema}.{table}" if has_table else earlier.format(schema=schema)
            connection.execute(f"create temp view {name}_{view} as {query}")


def _has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name || '.' || schema_name = ? and table_name = ?",
        [schema, table],
    ).fetchall()
    return bool(found)


def _is_readable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("select 1 from fct_return limit 1")
    except duckdb.Error:
        return False
    return True
