"""dbt parses the project of the current home, also after a parse of another home or a damaged parse file."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.transform import project
from dagster_project.transform.project import load_manifest, run_dbt


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A new home, which becomes the current one after another home was parsed in this process."""
    load_manifest()
    root = tmp_path / "home"
    shutil.copytree(REPOSITORY / "dbt" / "seeds", root / "dbt" / "seeds")
    monkeypatch.setenv(VARIABLE, str(root))
    return Home(root)


def load(home: Home, seed: str) -> list[tuple[object, ...]]:
    """Load a seed, and return its table: a row of types, then its rows."""
    assert run_dbt(["seed", "--select", seed]).success
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        table = connection.table(f"reference.{seed}")
        return [tuple(map(str, table.types)), *table.fetchall()]


def append(home: Home, seed: str, row: str) -> None:
    with (home.seeds / f"{seed}.csv").open("a") as file:
        file.write(f"{row}\n")


def test_the_seeds_of_the_current_home_are_loaded(home: Home) -> None:
    append(home, "rating_colours", "amber,250,260")
    assert load(home, "rating_colours")[-1] == ("amber", 250, 260)


def test_a_copied_home_loads_its_own_seeds_and_not_the_original_ones(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(home, "rating_colours")
    copy = Home(home.root.with_name("copy"))
    shutil.copytree(home.root, copy.root, symlinks=True)
    monkeypatch.setenv(VARIABLE, str(copy.root))
    append(copy, "rating_colours", "amber,250,260")
    assert load(copy, "rating_colours")[-1] == ("amber", 250, 260)


def test_seeds_and_properties_that_a_home_adds_are_parsed(home: Home) -> None:
    load(home, "rating_colours")
    (home.seeds / "extra.csv").write_text("one,other\n1,a\n")
    (home.seeds / "_extra.yml").write_text("seeds: [{name: extra, config: {column_types: {one: varchar}}}]\n")
    assert load(home, "extra") == [("VARCHAR", "VARCHAR"), ("1", "a")]


@pytest.fixture
def parsed(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The parsed models of a home, which does not begin with those of the repository."""
    monkeypatch.setattr(project, "REPOSITORY", home.root)
    load(home, "rating_colours")
    return home.dbt_target / project.PARSED


def test_a_damaged_file_of_an_earlier_parse_is_parsed_over(home: Home, parsed: Path) -> None:
    for content in (b"", b"\x81\xa1", b"{}"):
        parsed.write_bytes(content)
        assert len(load(home, "rating_colours")) > 1
        assert parsed.stat().st_size > 100_000


def test_an_upgrade_does_not_begin_with_the_parsed_models_of_the_version_before(
    home: Home, parsed: Path
) -> None:
    remedy = b"a rating that was typed and is not read must be reported to its sender"
    assert remedy in parsed.read_bytes()
    parsed.write_bytes(parsed.read_bytes().replace(remedy, b"X" * len(remedy)))
    parsed.with_name(project.TESTS).write_text("of the version before")
    load(home, "rating_colours")
    assert remedy in parsed.read_bytes()
