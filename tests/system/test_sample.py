"""The published sample: the report's figures, whole files, and nothing that its audience may not see."""

import json

import duckdb
import pytest

from dagster_project.release import catalog
from tests.conftest import Workplace

ORDER = [4, 2, 1, 8, 11, 5, 7, 17, 19, 15, 9, 13, 6, 3, 10, 14, 16, 12, 18]
LABELS = [
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "8",
    "10",
    "11",
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "19",
    "19",
]
COMMENTS = {
    8: "High number red responses for this rank. One blank response.",
    11: "High number red responses for this rank.",
    5: "Low number green responses for this rank; high level amber.",
    7: "Low number green responses for this rank; high level amber.",
    17: "One blank response.",
    19: "One blank response.",
    15: "High number red responses for this rank. Two blank responses.",
    13: "Very high number red responses for this rank; very low amber.",
    6: "Very low number green responses for this rank; very high amber.",
    10: "High number red responses for this rank. One blank response.",
    14: "Four blank responses.",
    16: "One blank response.",
    18: "Low number red responses for this rank; high amber.",
}
"""Appendix B of the report."""


def test_the_sample_reproduces_the_rankings_table(sample_home: Workplace) -> None:
    rows = sample_home.ask(
        "select question_no, report_label, comment, confidence_group from mart_question_ranking "
        "where round_id = '2016' order by confidence_rank, question_no"
    )
    expected_order = [*ORDER[:-2], 12, 18]
    assert [row[0] for row in rows] == expected_order
    assert [row[1] for row in rows] == LABELS
    assert {row[0]: row[2] for row in rows if row[2]} == COMMENTS
    assert [row[0] for row in rows if row[3] == "high"] == [4, 2, 1]
    assert {row[0] for row in rows if row[3] == "low"} == {14, 16, 12, 18}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select count(*) from fct_rating", 475),
        ("select count(*) from fct_rating where reported_rating is null", 11),
        ("select count(*) from fct_rating where resolved_rating is null", 0),
        ("select count(*) from fct_return", 29),
        ("select count(*) from dim_local_authority", 32),
        ("select returned from mart_coverage where consortium_code = 'all'", 25),
        ("select distinct_contents from mart_coverage where consortium_code = 'all'", 24),
        ("select local_authorities_covered from mart_coverage where consortium_code = 'all'", 28),
        ("select red from mart_consortium_ranking where consortium_code = 'N' and question_no = 13", 8),
        ("select count(*) from mart_consortium_ranking where is_small_base and consortium_code <> 'E'", 0),
        ("select count(*) from mart_data_quality where finding_status = 'open'", 0),
        ("select count(*) from mart_data_quality where finding_status = 'decided'", 14),
        ("select count(*) from mart_data_quality where \"check\" = 'personal_data'", 0),
    ],
)
def test_the_sample_has_the_reports_counts(sample_home: Workplace, query: str, expected: int) -> None:
    assert sample_home.ask(query) == [(expected,)]


def test_a_release_is_whole_and_describes_itself(sample_home: Workplace) -> None:
    folder = sample_home.home.published.resolve()
    assert catalog.verify_release(sample_home.home, folder.name) == ()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {entry["path"] for entry in manifest["files"]} >= {
        "self_evaluation.duckdb",
        "data/csv/mart_question_ranking.csv",
        "data/parquet/mart_question_ranking.parquet",
        "site/index.html",
    }
    assert not list(folder.rglob("*.wal"))
    described = sample_home.ask(
        "select count(*) from duckdb_columns() where comment is null and not internal"
    )
    assert described == [(0,)]


def test_comments_and_single_ratings_stay_inside(sample_home: Workplace) -> None:
    with duckdb.connect(str(sample_home.home.build_database), read_only=True) as connection:
        comments = [
            text for (text,) in connection.execute("select comment_typed from raw.answer").fetchall() if text
        ]
    eight_words = {
        " ".join(words[at : at + 8])
        for words in (comment.split() for comment in comments)
        for at in range(0, max(len(words) - 7, 0), 4)
    }
    assert len(eight_words) > 1000
    folder = sample_home.home.published.resolve()
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in {".html", ".csv", ".json", ".txt", ".md", ".xml", ".duckdb"}:
            content = " ".join(path.read_text(encoding="utf-8", errors="ignore").split())
            leaked = [run for run in eight_words if run in content]
            assert not leaked, path
    open_tables = {path.stem for path in folder.glob("data/*/*")}
    assert not open_tables & {"fct_rating", "fct_return", "mart_data_quality"}


def test_every_claim_of_the_report_that_can_be_checked_agrees(sample_home: Workplace) -> None:
    count = "select count(*) from mart_claim_check where verdict"
    assert sample_home.ask(f"{count} = 'disagrees'") == [(0,)]
    assert sample_home.ask(f"{count} = 'agrees'") == [(539,)]
    assert sample_home.ask(f"{count} = 'not checkable'") == [(3,)]
    unexplained = "select claim_id from mart_claim_check where note is null and verdict <> 'agrees'"
    assert sample_home.ask(unexplained) == []
