"""The baseline: the release that readers see, with which a run compares its returns."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from dagster_project.raw.database import open_build
from dagster_project.raw.tables import create_tables
from dagster_project.release.catalog import list_releases
from dagster_project.release.database import DATABASE, escape_quotes

VERSIONS = "fct_return_version"
REOPENINGS = "mart_round_reopening"

_INSERT = """
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


def load_baseline(home: Home) -> tuple[str, int]:
    """Copy the returns of the baseline into `raw.published_return`. Returns its id, or "", and their number."""
    folder = find_baseline(home)
    with open_build(home.build_database) as connection:
        create_tables(connection)
        connection.begin()
        connection.execute("delete from raw.published_return")
        if folder:
            connection.execute(f"attach '{escape_quotes(folder / DATABASE)}' as baseline (read_only)")
            create_version_views(connection, {"baseline": "baseline.main"})
            connection.execute(_INSERT, [folder.name])
        [(count,)] = connection.execute("select count(*) from raw.published_return").fetchall()
        connection.commit()
    return folder.name if folder else "", count


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
            database, _, schema_name = schema.partition(".")
            has_table = connection.execute(
                "select 1 from duckdb_tables() where database_name = ? and schema_name = ? and table_name = ?",
                [database, schema_name, table],
            ).fetchall()
            query = f"from {schema}.{table}" if has_table else earlier.format(schema=schema)
            connection.execute(f"create temp view {name}_{view} as {query}")


def _is_readable(path: Path) -> bool:
    if not path.is_file():
        return False
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("select 1 from fct_return limit 1")
    except duckdb.Error:
        return False
    return True
