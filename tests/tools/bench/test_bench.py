"""The benchmarks run, they compare equal marts, and their page shows the stored results."""

import json
from pathlib import Path

import duckdb
import pytest

from tools.bench.equal import Unequal, count_equal_rows
from tools.bench.page import PAGE, RESULTS, find_figure, render_page
from tools.bench.peers.prepare import SQLMESH, prepare_peers, read_available_mb
from tools.bench.stages import TABLES_OF_PEERS
from tools.bench.suite import ON_REQUEST, PARTS
from tools.bench.transform import measure_size


@pytest.mark.timeout(600)
def test_models_and_hand_written_script_make_the_same_marts(tmp_path: Path) -> None:
    found = measure_size(10_000, 1, tmp_path, checks=False)
    rows = found["rows_equal"]
    assert rows["mart_question_ranking"] == 19
    assert rows["fct_rating"] > 9_000
    # Both sides find every kind of defect that the generator plants at this size.
    with duckdb.connect(str(tmp_path / "floor.duckdb")) as connection:
        kinds = connection.execute('select distinct "check" from floor.floor.mart_data_quality').fetchall()
        assert {"blank_rating", "non_return", "outlying_return", "superseded_return"} <= {
            kind for (kind,) in kinds
        }
        connection.execute(
            "update floor.floor.mart_coverage set returned = returned + 1 where consortium_code = 'N'"
        )
    for made in (tmp_path / "home" / "warehouse" / "build" / "build.duckdb", tmp_path / "peers" / "polars"):
        with pytest.raises(Unequal, match="mart_coverage: 1 rows"):
            count_equal_rows(made, tmp_path / "floor.duckdb")
    # Only tools that made the same rows are compared.
    counted = {name for name, peer in found["peers"].items() if "to_floor" in peer}
    assert counted >= {"polars", "pandas"}, found["peers"]
    assert ("sqlmesh" in counted) == SQLMESH.exists(), found["peers"]


def test_a_peer_that_needs_more_memory_than_is_free_is_left_out(tmp_path: Path) -> None:
    raw = tmp_path / "small.duckdb"
    with duckdb.connect(str(raw)) as connection:
        for schema, tables in TABLES_OF_PEERS.items():
            connection.execute(f"create schema {schema}")
            for table in tables:
                connection.execute(f"create table {schema}.{table} (round_id varchar)")
    peers, left_out = prepare_peers(raw, tmp_path / "peers", 1_000, {"pandas": read_available_mb() / 50}, 10)
    assert "polars" in {peer.name for peer in peers}
    assert "pandas" not in {peer.name for peer in peers}
    assert "GB of memory" in left_out["pandas"]


def test_the_page_shows_the_stored_results() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert set(results) <= {*PARTS, *ON_REQUEST}
    assert PAGE.read_text(encoding="utf-8") == render_page(results)


def test_a_target_is_judged_by_its_figure() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    part = results["transform"]
    good = {"ratings": 10, "floor": {"cpu": 1, "peak_mb": 1}, "dbt": {"cpu": 1, "peak_mb": 1}}
    for cpu, verdict in ((0.54, "| 0.54 | met."), (0.56, "| 0.56 | **not met**.")):
        part["figures"] = [{**good, "dbt_to_floor": {"cpu": cpu, "peak_mb": 0.1}}]
        assert verdict in render_page({"transform": part})
    assert find_figure(results, ["missing", "at", "all"]) is None
    assert "not measured" in render_page({"transform": part})
