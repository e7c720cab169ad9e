"""An earlier round for the sample release, so that pages compare two."""

import json
from pathlib import Path

import duckdb

FLOW = [("red", "amber", 6), ("red", "red", 2), ("amber", "green", 8), ("green", "amber", 1)]


def add_earlier_round(release: Path) -> None:
    """Add an earlier round to the sample, and changes since then."""
    folder = release / "data" / "parquet"
    connection = duckdb.connect()
    for name in ("mart_question_change", "mart_round_change", "mart_rating_flow", "mart_consortium_change"):
        connection.execute(f"create table {name} as select * from '{folder}/{name}.parquet'")
    if connection.execute("select count(*) from mart_round_change").fetchone() != (0,):
        return
    connection.execute(f"create table dim_round as select * from '{folder}/dim_round.parquet'")
    connection.execute("""
        insert into dim_round select * replace ('2014' as round_id, 'Before' as title, false as is_latest,
            date '2014-08-01' as fieldwork_start) from dim_round;
        update dim_round set previous_round_id = '2014' where round_id = '2016';
    """)
    for name in ("mart_question_ranking", "mart_coverage"):
        connection.execute(f"create table {name} as select * from '{folder}/{name}.parquet'")
        connection.execute(f"insert into {name} select * replace ('2014' as round_id) from {name}")
    connection.execute("create table flow (rating_then text, rating_now text, committees int)")
    connection.executemany("insert into flow values (?, ?, ?)", FLOW)
    connection.execute("""
        insert into mart_question_change by name select '2016' as round_id, '2014' as previous_round_id,
            'training' as question_key, 1 as question_no, 'Training' as short_reference,
            'Training strategy' as public_label, 'same' as change,
            true as is_comparable;
        insert into mart_rating_flow select '2016' as round_id, '2014' as previous_round_id, * from flow;
        insert into mart_round_change by name select '2016' as round_id, '2014' as previous_round_id,
            1 as question_no, 1 as previous_question_no, 'Training' as short_reference,
            'Training strategy' as public_label,
            17 as returns_then, 17 as returns_now, 2 as rank_then, 1 as rank_now, 8 as red_then,
            2 as red_now, 8 as amber_then, 7 as amber_now, 1 as green_then, 8 as green_now,
            'low' as confidence_group_then, 'high' as confidence_group_now, 14 as moved_up, 2 as stayed,
            null::int as moved_down, 1 as compared_rank_now, false as is_reworded, true as is_withheld;
        insert into mart_consortium_change by name select '2016' as round_id, '2014' as previous_round_id,
            'W' as consortium_code, 'West' as consortium_name, 1 as question_no, 'Training' as short_reference,
            'Training strategy' as public_label,
            4 as green_then, 3 as green_now, 4 as amber_then, 4 as amber_now, 2 as red_then, 3 as red_now,
            false as is_small_base, false as has_other_members
        union all by name select '2016' as round_id, '2014' as previous_round_id, 'W' as consortium_code,
            'West' as consortium_name, 2 as question_no, 'Hidden' as short_reference,
            'Hidden' as public_label, 'few' as suppressed_because;
    """)
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))
    changes = ("mart_question_change", "mart_rating_flow", "mart_round_change", "mart_consortium_change")
    for name in ("dim_round", "mart_question_ranking", "mart_coverage", *changes):
        connection.execute(f"copy {name} to '{folder}/{name}.parquet' (format parquet)")
        connection.execute(f"copy {name} to '{release}/data/csv/{name}.csv' (header)")
        if name in changes:
            next(table for table in about["tables"] if table["name"] == name)["rows"] = 1
    (release / "release.json").write_text(json.dumps(about), encoding="utf-8")
