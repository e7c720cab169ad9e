"""Records the sample round's decisions on the findings of a run: `python -m tools.sample.decisions`.

The decisions are the report's: blanks are estimated, both Aberdeen returns count, and ratings that contradict their
comments count as given. The findings and their ids come from the build.
"""

import csv
import datetime

import duckdb
import typer

from dagster_project.paths import Home
from dagster_project.seeds import read_seed
from tools.sample.write import ESTIMATES

ROUND = "2016"
ROLE = "Analyst of the national group (sample round)"
DECIDED_ON = datetime.date(2017, 3, 1)
BOTH_COUNT = "The two committees sent one template; the report of June 2017 counts it for each of them."
AS_GIVEN = {
    "comment_contradicts": "The report of June 2017 points to this answer and counts the rating as it was given.",
    "opposite_ratings": "The report of June 2017 points to the two answers and counts both ratings as they were given.",
}

FIELDS = ("finding_id", "decision", "estimated_rating", "reason", "decided_by_role", "decided_on")


def main() -> None:
    """Replace the sample round's rows of the register by decisions on the findings of the last run."""
    home = Home.from_environment()
    with ESTIMATES.open(encoding="utf-8", newline="") as file:
        estimates = {(row["committee_id"], int(row["question_no"])): row for row in csv.DictReader(file)}
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        found = connection.execute(
            "select finding_id, check_name, committee_id, question_no from intermediate.int_findings "
            "where round_id = ? and list_contains(?, check_name) order by finding_id",
            [ROUND, ["blank_rating", "duplicate_return", *AS_GIVEN]],
        ).fetchall()
    rows = []
    for finding_id, check, committee_id, question_no in found:
        if check == "duplicate_return":
            decision, rating, reason = "count_both", "", BOTH_COUNT
        elif check in AS_GIVEN:
            decision, rating, reason = "accept", "", AS_GIVEN[check]
        else:
            estimate = estimates[committee_id, question_no]
            decision, rating, reason = "estimate", estimate["rating"], estimate["reason"]
        rows.append((finding_id, decision, rating, reason, ROLE, DECIDED_ON.isoformat()))

    register = home.seeds / "decisions.csv"
    others = [
        tuple(row[field] for field in FIELDS)
        for row in read_seed(home.seeds, register.stem, FIELDS)
        if row["finding_id"].split(":")[1] != ROUND
    ]
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows([*others, *rows])
    typer.echo(f"{len(rows)} decisions in {register}")


if __name__ == "__main__":
    typer.run(main)
