"""What differs between two releases, or between a release and the build: returns, rows of tables, ranks."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.paths import Home
from dagster_project.release.baseline import VERSIONS, create_version_views, read_baseline
from dagster_project.release.catalog import read_manifest
from dagster_project.release.database import DATABASE, escape_quotes

_RETURNS = """
select
    coalesce(now.round_id, before.round_id) as round_id,
    coalesce(now.committee_id, before.committee_id) as committee_id,
    case
        when before.committee_id is null then 'added'
        when now.committee_id is null then 'gone'
        else 'changed'
    end as change
from (select * from now_versions where not is_withdrawn) as now
full join (select * from before_versions where not is_withdrawn) as before using (round_id, committee_id)
where
    now.committee_id is null
    or before.committee_id is null
    or now.sha256 <> before.sha256
order by all
"""

_RANKS = """
select
    coalesce(now.round_id, before.round_id) as round_id,
    coalesce(now.question_no, before.question_no) as question_no,
    before.confidence_rank as rank_before,
    now.confidence_rank as rank_now
from {now}.mart_question_ranking as now
full join before.main.mart_question_ranking as before using (round_id, question_no)
where now.confidence_rank is distinct from before.confidence_rank
order by all
"""

_TABLES = """
select now.table_name, string_agg('"' || now.column_name || '"', ', ' order by now.column_index) as columns
from duckdb_columns() as now
inner join duckdb_columns() as before using (table_name, column_name)
where
    now.database_name = 'now'
    and now.schema_name = ?
    and before.database_name = 'before'
    and before.schema_name = 'main'
group by table_name
having bool_or(column_name = 'round_id')
order by table_name
"""

_ROWS = """
select
    '{table}' as table_name,
    coalesce(cast(round_id as varchar), '') as round_id,
    count(*) filter (where side = 'before') as rows_before,
    count(*) filter (where side = 'now') as rows_now
from (
    select 'before' as side, round_id
    from (select {columns} from before.main."{table}" except all select {columns} from {now}."{table}")
    union all
    select 'now' as side, round_id
    from (select {columns} from {now}."{table}" except all select {columns} from before.main."{table}")
)
group by all
"""


@dataclass(frozen=True)
class ChangedReturn:
    """A committee's return that was added, was changed, or is gone."""

    round_id: str
    committee_id: str
    change: str


@dataclass(frozen=True)
class ChangedRank:
    """A question's rank before and now; none where the question is in one of the releases only."""

    round_id: str
    question_no: int
    rank_before: int | None
    rank_now: int | None


@dataclass(frozen=True)
class ChangedTable:
    """A table's rows of a round that are in one of the releases only."""

    table: str
    round_id: str
    rows_before: int
    rows_now: int


@dataclass(frozen=True)
class Revision:
    """What differs from the release `before`. `withheld_before` are the rounds whose ratings it does not publish."""

    before: str
    withheld_before: Sequence[str] = ()
    returns: Sequence[ChangedReturn] = ()
    ranks: Sequence[ChangedRank] = ()
    tables: Sequence[ChangedTable] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return everything, for a program to read. For analysts: it says whose return changed."""
        return {
            "before": self.before,
            "returns": [asdict(one) for one in self.returns],
            "ranks": [asdict(one) for one in self.ranks],
            "tables": [asdict(one) for one in self.tables],
        }

    def to_public_dict(self, withheld: Collection[str]) -> dict[str, Any]:
        """Return what a release says of itself in public: numbers of returns, and no committee.

        `withheld` are the rounds whose ratings are not public: none of their ranks either.
        """
        hidden = {*withheld, *self.withheld_before}
        counts = Counter((one.round_id, one.change) for one in self.returns)
        returns = [
            {"round_id": round_id, "change": change, "returns": count}
            for (round_id, change), count in sorted(counts.items())
        ]
        ranks = [asdict(one) for one in self.ranks if one.round_id not in hidden]
        return {"before": self.before, "returns": returns, "ranks": ranks}


def compare_releases(before: Path, now: Path) -> Revision:
    """Compare the databases of two releases, given by their folders. Raises `duckdb.Error` if one is damaged."""
    return _compare_databases(before, now / DATABASE, "main")


def compare_build(home: Home) -> Revision | None:
    """Compare the build with the release that its returns were compared with. Returns None if there is none."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        release_id = read_baseline(connection)
    if not (home.releases / release_id / DATABASE).is_file():
        return None
    return _compare_databases(home.releases / release_id, home.build_database, "marts")


def _compare_databases(before: Path, database: Path, schema: str) -> Revision:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{escape_quotes(before / DATABASE)}' as before (read_only)")
        connection.execute(f"attach '{escape_quotes(database)}' as now (read_only)")
        create_version_views(connection, {"before": "before.main", "now": f"now.{schema}"})
        tables = connection.execute(_TABLES, [schema]).fetchall()
        compared = [(table, columns) for table, columns in tables if table != VERSIONS]
        rows = " union all ".join(
            _ROWS.format(table=table, columns=columns, now=f"now.{schema}") for table, columns in compared
        )
        return Revision(
            before.name,
            read_manifest(before).get("withheld_rounds", ()),
            [ChangedReturn(*row) for row in connection.execute(_RETURNS).fetchall()],
            [ChangedRank(*row) for row in connection.execute(_RANKS.format(now=f"now.{schema}")).fetchall()],
            [ChangedTable(*row) for row in connection.execute(f"{rows} order by all").fetchall()],
        )
