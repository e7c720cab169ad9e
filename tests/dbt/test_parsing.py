"""A process parses the models once, whichever home it works in, and again where a home has something else."""

import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.transform import project
from dagster_project.transform.project import _parsed, _parsed_anew, invoke, manifest


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A new home, which is the current one once something has been parsed in another."""
    manifest()
    shutil.copytree(REPOSITORY / "dbt" / "seeds", tmp_path / "dbt" / "seeds")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    home = Home(tmp_path)
    home.prepare()
    return home


def loaded(home: Home, seed: str) -> list[tuple[object, ...]]:
    """The seed's table, as dbt makes it: a row of types above the others."""
    assert invoke(["seed", "--select", seed]).success
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        table = connection.table(f"reference.{seed}")
        return [tuple(map(str, table.types)), *table.fetchall()]


def was_parsed(home: Home) -> bool:
    """Whether dbt has parsed in this home: then it has left there what it found."""
    return (home.dbt_target / "partial_parse.msgpack").exists()


def test_what_was_parsed_in_another_home_loads_the_seeds_of_this_one(home: Home) -> None:
    with (home.seeds / "rating_colours.csv").open("a") as file:
        file.write("amber,250,260\n")
    assert loaded(home, "rating_colours")[-1] == ("amber", 250, 260)
    assert not was_parsed(home)


def test_other_seeds_and_what_is_said_of_them_are_parsed_anew(home: Home) -> None:
    (home.seeds / "extra.csv").write_text("one,other\n1,a\n")
    (home.seeds / "_extra.yml").write_text("seeds: [{name: extra, config: {column_types: {one: varchar}}}]\n")
    assert loaded(home, "extra") == [("VARCHAR", "VARCHAR"), ("1", "a")]
    assert was_parsed(home)


def forget() -> None:
    for asked in (manifest, _parsed, _parsed_anew):
        asked.cache_clear()


@pytest.fixture
def another_process(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As if nothing had been parsed in this process yet; the folder in which lies what others leave."""
    forget()
    folder = tmp_path / "target"
    for name in ("PARSED", "DESCRIBED"):
        monkeypatch.setattr(project, name, folder / getattr(project, name).name)
    return folder


def test_what_another_process_has_parsed_is_not_parsed_again(
    home: Home, another_process: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = manifest()
    assert was_parsed(home)
    other = Home(home.root / "other")
    monkeypatch.setenv(VARIABLE, str(other.root))
    other.prepare()
    forget()
    found = manifest()
    assert not was_parsed(other)
    assert found == parsed
    assert len(loaded(other, "rating_colours")) > 1


@pytest.mark.parametrize("content", [b"", b"%s\n\x81\xa1", b'%s\n{"nodes": ', b"of others\n{}"])
def test_files_that_hold_nothing_of_use_are_parsed_over(
    home: Home, another_process: Path, content: bytes
) -> None:
    key = project._parsed_from(home).encode()
    another_process.mkdir()
    files = (project.PARSED, project.DESCRIBED)
    for path in files:
        path.write_bytes(content.replace(b"%s", key))
    assert "model.selfeval.fct_rating" in manifest()["nodes"]
    assert was_parsed(home)
    assert invoke(["seed", "--select", "rating_colours"]).success
    for path in files:
        assert path.read_bytes().startswith(key + b"\n") and path.stat().st_size > 100_000
