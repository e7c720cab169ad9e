"""Compare the marts of two tools row by row: `python -m tools.bench.equal MADE FLOOR`, rows by mart as JSON.

It runs in a process of its own: a process that is measured afterwards would count the memory of its caller.
"""

import json
from pathlib import Path
from typing import Annotated

import duckdb
import typer

# Marts and columns that all sides make. The floor has no texts, shares and keys of the questions.
MARTS = {
    "fct_return": "round_id, committee_id, duplicate_of_committee_id, source_file, return_status, is_counted, "
    "received_on, blank_ratings",
    "fct_rating": "round_id, committee_id, question_no, reported_rating, resolved_rating, rating_status, "
    "has_comment, is_duplicate, is_counted",
    "mart_question_ranking": "round_id, question_no, returns, rated, green, amber, red, blank, green_rank, "
    "red_rank, rank_sum, confidence_rank",
    "mart_consortium_ranking": "round_id, consortium_code, question_no, returns, rated, green, amber, red, blank, "
    "green_rank, red_rank, rank_sum, confidence_rank",
    "mart_rank_robustness": "round_id, question_no, lowest_rank, highest_rank, rank_duplicates_once, "
    "rank_reported_only, rank_blank_red, rank_blank_green, rank_net, rank_mean_score, rank_green_alone, "
    "rank_red_alone",
    "mart_coverage": "round_id, consortium_code, invited, returned, distinct_contents, local_authorities, "
    "local_authorities_covered",
    "mart_data_quality": '"check", round_id, committee_id, question_no, source_file',
}


class Unequal(Exception):
    """The marts of a tool and of the script written by hand differ."""


def count_equal_rows(made: Path, floor: Path) -> dict[str, int]:
    """Count the rows of each mart, where both sides are equal. Raises `Unequal`.

    `made` is a folder of Parquet files, or a database with the marts in its schema `marts` or `floor`.
    """
    rows = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{floor}' as theirs (read_only)")
        if made.is_dir():
            place = f"'{made}/{{mart}}.parquet'"
        else:
            # SQLMesh's views contain the name of their database.
            connection.execute(f"attach '{made}' as {made.stem} (read_only)")
            found = (
                "select schema_name from duckdb_schemas() where database_name = ? and schema_name = 'marts'"
            )
            is_ours = connection.execute(found, [made.stem]).fetchone()
            place = f"{made.stem}.{'marts' if is_ours else 'floor'}.{{mart}}"
        for mart, columns in MARTS.items():
            mine = f"select {columns} from {place.format(mart=mart)}"
            other = f"select {columns} from theirs.floor.{mart}"
            counts = connection.execute(
                f"select (select count(*) from ({mine})), (select count(*) from ({mine} except all {other})), "
                f"(select count(*) from ({other} except all {mine}))"
            ).fetchone()
            assert counts
            if counts[1] or counts[2]:
                raise Unequal(f"{mart}: {counts[1]} rows only in {made.name}, {counts[2]} only in the floor")
            rows[mart] = counts[0]
    return rows


def main(made: Annotated[Path, typer.Argument()], floor: Annotated[Path, typer.Argument()]) -> None:
    """Compare and print."""
    typer.echo(json.dumps(count_equal_rows(made, floor)))


if __name__ == "__main__":
    typer.run(main)
