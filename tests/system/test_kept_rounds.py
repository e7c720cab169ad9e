"""What was made of a round stands while only other rounds change, and is what making it again would give."""

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.home.tokens import round_tokens, tables
from dagster_project.paths import VARIABLE, Home
from dagster_project.transform import state
from dagster_project.transform.project import invoke, rounds_of_seeds
from tests.conftest import Once, Workplace

YEARS = ("2017", "2018", "2019", "2020")
Tokens = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def built(sample_home: Workplace, once: Once) -> Path:
    """A home in which the sample's returns were sent again in four more years, and all models made."""

    def make(root: Path) -> None:
        shutil.copytree(sample_home.home.seeds, root / "dbt" / "seeds")
        home = Home(root)
        home.prepare()
        shutil.copy(sample_home.home.build_database, home.build_database)
        for name in ("rounds", "invitations"):
            repeat(home.seeds / f"{name}.csv")
        for year in YEARS:
            for table in ("return_file", "answer", "problem"):
                ask(
                    home,
                    f"insert into raw.{table} select * replace ('{year}' as round_id) from raw.{table} "
                    "where round_id = '2016'",
                )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(VARIABLE, str(root))
            assert invoke(["seed"]).success
            build(home)
            state.keep(home, state.state_of(home, rounds_of_seeds()))

    return once("five rounds", make)


@pytest.fixture
def home(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of it, for a test to change."""
    root = tmp_path / "home"
    shutil.copytree(built, root, symlinks=True)
    monkeypatch.setenv(VARIABLE, str(root))
    return Home(root)


def repeat(seed: Path) -> None:
    """Write the rows of a seed again for each of the later years."""
    with seed.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with seed.open("a", encoding="utf-8", newline="") as file:
        for years in range(1, len(YEARS) + 1):
            csv.writer(file, lineterminator="\n").writerows(
                [later(column, cell, years) for column, cell in zip(header, row, strict=True)] for row in rows
            )


def later(column: str, cell: str, years: int) -> str:
    """The same of a round so many years later. The sample's fieldwork ends in the year after the one it is named by."""
    moves = column in ("round_id", "fieldwork_start", "fieldwork_end", "closed_on")
    return f"{int(cell[:4]) + years}{cell[4:]}" if moves else cell


def ask(home: Home, statement: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home.build_database)) as connection:
        return connection.execute(statement).fetchall()


def build(home: Home, kept_rounds: list[str] | None = None) -> Tokens:
    """Make all models, or the rows of all other rounds; returns a hash of each table, by round where it has some."""
    result = invoke(["run"], kept_rounds=kept_rounds or [])
    assert result.success, [(one.node.name, one.message) for one in result.result.results]
    found = {}
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        for schema in ("intermediate", "marts"):
            for table in tables(connection, schema):
                columns = {name for name, *_ in connection.table(f"{schema}.{table}").description}
                round_of = "round_id" if "round_id" in columns else "''"
                found[table] = round_tokens(connection, f"{schema}.{table}", round_of)
    return found


CHANGES = (
    # The order of submissions, names that match, an answer, a comment that repeats another, a return that copies one.
    "update raw.return_file set completed_on_typed = '2018-12-24' where source_file like '%Fife%'",
    "update raw.return_file set committee_typed = 'Forth Vally' where source_file like 'Falkirk%'",
    "update raw.answer set rating_typed = 'red' where question_no_typed = '4'",
    "update raw.answer set comment_typed = 'In place, and seen each quarter.' where question_no_typed = '5'",
    "update raw.answer as one set rating_typed = other.rating_typed, comment_typed = other.comment_typed "
    "from raw.answer as other where one.round_id = other.round_id and one.source_file like '%Moray%' "
    "and other.source_file like 'Angus%' and one.question_no_typed = other.question_no_typed",
    "delete from raw.answer where source_file like 'Angus%' and question_no_typed = '7'",
)


def change(home: Home, round_id: str) -> None:
    for statement in CHANGES:
        row = "one." if " as one " in statement else ""
        assert ask(home, f"{statement} and {row}round_id = '{round_id}' returning {row}source_file"), (
            statement
        )


def kept(home: Home) -> list[str]:
    return state.kept_rounds(state.load(home), state.state_of(home, rounds_of_seeds()))


def test_rounds_that_stand_are_what_making_them_again_gives(home: Home) -> None:
    change(home, "2018")
    assert kept(home) == ["2016", "2017", "2019", "2020"]
    some = build(home, kept(home))
    everything = build(home)
    assert [name for name in everything if some[name] != everything[name]] == []


def test_rounds_that_stand_are_not_made_again(home: Home) -> None:
    before = build(home)
    change(home, "2016")
    change(home, "2018")
    after = build(home, ["2016"])
    for name in ("int_return_contents", "int_scenario_counts", "fct_rating"):
        assert after[name]["2016"] == before[name]["2016"]
        assert after[name]["2018"] != before[name]["2018"]
    # What compares rounds is made again where either has changed.
    changed = {
        round_id
        for round_id, token in after["fct_rating_change"].items()
        if token != before["fct_rating_change"][round_id]
    }
    assert changed == {"2018", "2019"}


@pytest.mark.parametrize(
    ("seed", "row", "standing"),
    [
        ("decisions", "blank_rating:2018:angus:4,leave_blank,,why,who,2018-02-01", ["2016", "2017", "2019", "2020"]),
        ("invitations", "2017,angus", ["2016", "2018", "2019", "2020"]),
        # What is not of one round may change all of them.
        ("committee_aliases", "Braes,angus", []),
        ("decisions", "nonsense,leave_blank,,why,who,2018-02-01", []),
    ],
)  # fmt: skip
def test_a_round_stands_until_its_own_reference_data_change(
    home: Home, seed: str, row: str, standing: list[str]
) -> None:
    assert kept(home) == ["2016", *YEARS]
    with (home.seeds / f"{seed}.csv").open("a", encoding="utf-8") as file:
        file.write(f"{row}\n")
    assert kept(home) == standing


def test_no_round_stands_where_a_table_was_touched_or_the_last_build_is_not_known(home: Home) -> None:
    ask(home, "update marts.fct_rating set is_counted = false where round_id = '2019'")
    assert kept(home) == []
    state.forget(home)
    assert kept(home) == []
