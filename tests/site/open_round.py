"""A release of an open round, whose ratings are withheld: pages say who has answered, and nothing of ratings."""

import json
from pathlib import Path

import duckdb

ON_RATINGS = (
    "mart_question_ranking", "mart_consortium_ranking", "mart_rank_robustness", "mart_rank_pair",
    "mart_group_stability", "mart_ranking_reliability", "mart_comment_topic", "mart_decision_effect",
)  # fmt: skip


def withhold_ratings(release: Path) -> None:
    """Empty the tables on ratings of the sample, as for a round that still accepts returns."""
    folder = release / "data" / "parquet"
    connection = duckdb.connect()
    for name in (*ON_RATINGS, "mart_suppression"):
        connection.execute(f"create table {name} as select * from '{folder}/{name}.parquet'")
    for name in ON_RATINGS:
        connection.execute(f"truncate {name}")
    connection.execute("update mart_suppression set ratings_withheld_because = 'round_open'")
    for name in (*ON_RATINGS, "mart_suppression"):
        connection.execute(f"copy {name} to '{folder}/{name}.parquet' (format parquet)")
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))
    about["open_rounds"] = [about["latest_round"]]
    (release / "release.json").write_text(json.dumps(about), encoding="utf-8")
