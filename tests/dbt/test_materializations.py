"""How tables are made and tested: whole or not at all, and no key twice or missing."""

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.transform.project import run_dbt


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A new home with its seeds alone."""
    shutil.copytree(REPOSITORY / "dbt" / "seeds", tmp_path / "dbt" / "seeds")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return Home(tmp_path)


def made(*arguments: str) -> list[Any]:
    """What dbt says of each node, by name, but not of what it does before them."""
    results = run_dbt(list(arguments)).result.results
    nodes = [one for one in results if one.node.resource_type != "operation"]
    return sorted(nodes, key=lambda one: str(one.node.name))


def rows(home: Home, table: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        return sorted(connection.table(table).fetchall())


def test_a_model_that_fails_leaves_its_table_as_it_was_and_the_next_is_made(home: Home) -> None:
    assert run_dbt(["seed", "--select", "consortia", "rating_scale"]).success
    assert run_dbt(["run", "--select", "dim_consortium"]).success
    before = rows(home, "marts.dim_consortium")
    assert len(before) == 3
    with (home.seeds / "consortia.csv").open("a") as file:
        file.write(",Of no code\n")
    assert run_dbt(["seed", "--select", "consortia"]).success
    first, second = made("run", "--threads", "1", "--select", "dim_consortium", "dim_rating")
    assert "NOT NULL constraint failed" in first.message
    assert rows(home, "marts.dim_consortium") == before
    assert second.status == "success"
    assert len(rows(home, "marts.dim_rating")) == 3


def test_keys_of_a_seed_that_are_repeated_missing_or_reserved_fail_its_tests(home: Home) -> None:
    with (home.seeds / "consortia.csv").open("a") as file:
        file.write("N,Once more\n,Of no code\nS,North\nall,Everywhere\n")
    assert run_dbt(["seed", "--select", "consortia"]).success
    tests = ("no_consortium_has_the_code_of_all", "primary_key_consortia_consortium_code")
    names = "primary_key_consortia_consortium_name"
    assert [(one.status, one.failures) for one in made("test", "--select", *tests, names)] == [
        ("fail", 1),
        ("fail", 2),
        ("fail", 1),
    ]
