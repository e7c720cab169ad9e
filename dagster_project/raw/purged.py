"""Raw rows of a round whose returns were purged: ratings, and no text that a committee typed.

A comment becomes the hash of its words: comments that were identical still are. `docs/adr/0019-purged-rounds.md` says
why the rows are kept.
"""

from pathlib import Path

import duckdb

from dagster_project.home.files import PRIVATE_FOLDER
from dagster_project.paths import Home
from dagster_project.raw.landing import Landed, count_round
from dagster_project.raw.tables import COLUMNS, OF_FILES, create_tables

_SHEET = "case when sheet = '' then '' else left(md5(sheet), 8) end as sheet"

_REPLACED = {
    "return_file": "null as completed_by_role_typed, null as agencies_consulted_typed",
    "answer": f"""
        {_SHEET},
        '' as question_typed,
        -- A word of the rating scale, or nothing.
        case when is_rating then rating_typed else '' end as rating_typed,
        case
            when trim(comment_typed) = '' then ''
            else md5(regexp_replace(lower(trim(comment_typed)), '\\s+', ' ', 'g'))
        end as comment_typed
    """,
    "problem": f"{_SHEET}, explanation as message",
}
_SOURCES = {
    "return_file": "raw.return_file",
    "answer": """(
        select answers.*, typed.reported_rating is not null as is_rating
        from raw.answer as answers
        left join intermediate.int_typed_ratings as typed
            on
                answers.rating_typed = typed.rating_typed
                and answers.rating_colour is not distinct from typed.rating_colour
    )""",
    "problem": """(
        select problems.*, codes.explanation
        from raw.problem as problems
        inner join reference.problem_codes as codes using (code)
    )""",
}


def list_purged(home: Home) -> frozenset[str]:
    """Return the rounds whose returns were purged."""
    return frozenset(path.name for path in home.purged.glob("[!.]*/"))


def export_purged(connection: duckdb.DuckDBPyConnection, round_id: str, folder: Path) -> None:
    """Write the raw rows of a round without text into a new folder. The build has the round, with its models."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
    for table in OF_FILES:
        rows = connection.sql(
            f"select distinct {', '.join(COLUMNS[table])} from "
            f"(select * replace ({_REPLACED[table]}) from {_SOURCES[table]} where round_id = ?) order by all",
            params=[round_id],
        )
        rows.write_parquet(str(folder / f"{table}.parquet"), compression="zstd")


def land_purged(connection: duckdb.DuckDBPyConnection, folder: Path, round_id: str) -> Landed:
    """Replace the raw rows of a round by those of its folder."""
    create_tables(connection)
    connection.begin()
    for table in OF_FILES:
        connection.execute(f"delete from raw.{table} where round_id = ?", [round_id])
        connection.execute(
            f"insert into raw.{table} by name select * from read_parquet(?)",
            [str(folder / f"{table}.parquet")],
        )
    landed = count_round(connection, round_id, 0)
    connection.commit()
    return landed
