"""The published sample gives no rating away, and would without suppression."""

import csv
from pathlib import Path

import duckdb
import pytest

from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.gate import find_derivable
from dagster_project.release.attack.inference import derive_statuses
from dagster_project.release.attack.reading import read_published
from tests.conftest import Workplace
from tests.release.attack.plain_check import find_changes, find_leaks
from tests.release.attack.published_files import write_files
from tools.attack.whole import write_whole

PRINTED = [("2016", "13", "N")]
"""Counts that the report of 2017 printed: 8 red and 1 green of the North's 11 returns."""


@pytest.fixture(scope="module")
def whole(sample_home: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The open data of the sample as they would be without suppression: with the analysts' tables."""
    return write_whole(sample_home.home.published, tmp_path_factory.mktemp("whole"))


def test_nothing_follows_from_the_published_sample(sample_home: Workplace) -> None:
    assert list(find_derivable(sample_home.home, sample_home.home.published)) == []
    assert list(find_leaks(sample_home.home.published / "data" / "csv", PRINTED)) == []


def test_14_ratings_would_follow_without_suppression(whole: Path) -> None:
    published = read_published(whole / "parquet")
    found = [
        one for one in (*derive_duplicates(published), *derive_statuses(published)) if one.insider is None
    ]
    assert sum(one.number for one in found) == 14
    assert {(one.question[1], one.status, one.number) for one in found} == {
        (6, "amber", 4), (8, "green", 4), (9, "amber", 4), (11, "amber", 2),
    }  # fmt: skip
    inside = [one for one in derive_statuses(published) if one.insider is not None]
    assert sum(one.number for one in inside) >= 39
    assert len(list(find_leaks(whole / "csv", PRINTED))) == 12


def test_the_plain_check_finds_a_return_between_two_releases(tmp_path: Path) -> None:
    first = {"a1": ["green"], "a2": ["amber"], "b1": ["green"], "b2": ["red"]}
    for name, ratings in (("first", first), ("second", {**first, "b3": ["red"]})):
        folder = write_files(tmp_path / name, ratings)
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (from '{folder}/mart_question_ranking.parquet') to '{folder}/mart_question_ranking.csv'"
            )
    assert list(find_changes(tmp_path / "first", tmp_path / "second")) == ["('r', '1'): [0, 0, 1] in between"]


def test_counts_are_suppressed_sparingly(sample_home: Workplace) -> None:
    # Each of the 11 questions with a row that gives ratings away loses at least two ratings of two rows.
    with (sample_home.home.published / "data" / "csv" / "mart_suppression.csv").open(
        encoding="utf-8"
    ) as file:
        [row] = csv.DictReader(file)
    assert (row["consortium_counts"], row["suppressed_counts"]) == ("171", "46")
