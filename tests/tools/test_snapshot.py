"""Snapshots notice changed content, and nothing else."""

import json
import shutil
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from tools import odd_round
from tools.snapshot import Entries, is_internal, report_differences, write_entries
from tools.table_hashes import hash_database, hash_files, read_release_words

RETURNS = Path(__file__).resolve().parents[2] / "warehouse" / "returns" / odd_round.ROUND
TABLE = "create table fct_rating (question_no integer, rating varchar, share double, names varchar[])"
ROWS = (
    "insert into fct_rating values (1, 'green', 0.1::double + 0.2::double, ['b', 'a']), (2, null, null, [])"
)


def hashes(folder: Path, name: str, *statements: str) -> Entries:
    with duckdb.connect(str(folder / f"{name}.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return hash_database(folder / f"{name}.duckdb")


def test_the_order_of_rows_and_the_last_digits_of_a_sum_do_not_count(tmp_path: Path) -> None:
    before = hashes(tmp_path, "before", TABLE, ROWS)
    other_rows = "insert into fct_rating values (2, null, null, []), (1, 'green', 0.3, ['b', 'a'])"
    assert before == hashes(tmp_path, "after", TABLE, other_rows)
    assert before["main/fct_rating"]["rows"] == 2


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("update fct_rating set rating = 'amber' where question_no = 1", {"rating varchar"}),
        ("update fct_rating set names = ['a', 'b'] where question_no = 1", {"names varchar[]"}),
        ("update fct_rating set rating = '' where question_no = 2", {"rating varchar"}),
        (
            "alter table fct_rating alter question_no type bigint",
            {"question_no integer", "question_no bigint"},
        ),
        ("alter table fct_rating rename share to part", {"share double", "part double"}),
    ],
)
def test_a_change_is_reported_with_its_table_and_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: str, columns: set[str]
) -> None:
    before, after = hashes(tmp_path, "before", TABLE, ROWS), hashes(tmp_path, "after", TABLE, ROWS, change)
    assert report_differences(before, after, with_internal=False) == 1
    [line, _] = capsys.readouterr().out.splitlines()
    assert line.startswith("main/fct_rating  changed: 2 rows; columns: ")
    assert set(line.split("columns: ")[1].split(", ")) == columns


def test_values_moved_between_rows_change_the_table(tmp_path: Path) -> None:
    swapped = "update fct_rating set rating = case when question_no = 2 then 'green' end"
    before, after = hashes(tmp_path, "before", TABLE, ROWS), hashes(tmp_path, "after", TABLE, ROWS, swapped)
    assert before["main/fct_rating"]["columns"] == after["main/fct_rating"]["columns"]
    assert before["main/fct_rating"]["hash"] != after["main/fct_rating"]["hash"]


def test_values_that_change_with_every_run_do_not_count(tmp_path: Path) -> None:
    def tables(name: str, value: str, sha256: str) -> Entries:
        return hashes(
            tmp_path,
            name,
            f"create table about_this_release as select 'made at' as subject, '{value}' as text",
            f"create table return_file as select '{sha256}' as sha256, '{value}' as reader",
        )

    before = tables("before", "2026-11-29", "1")
    assert before == tables("after", "2026-11-30", "1")
    assert before["main/return_file"] != tables("changed", "2026-11-29", "2")["main/return_file"]


def test_files_count_without_release_and_order_of_members(tmp_path: Path) -> None:
    def release(name: str, version: str, value: int, *, backwards: bool = False) -> Entries:
        database, data = tmp_path / f"{name}.duckdb", tmp_path / name
        data.mkdir()
        with duckdb.connect(str(database)) as connection:
            connection.execute(
                "create table about_this_release as select * from (values ('release', ?), ('made at', ?), "
                "('data version', ?), ('caveat', 'Unverified.')) as about (subject, text)",
                [f"2026-{name}-{version}", f"at {name}", version],
            )
            order = "desc" if backwards else "asc"
            connection.execute(
                f"copy (select unnest([{value}, 5]) as number order by number {order}) "
                f"to '{data / 'table.parquet'}' (format parquet, kv_metadata {{data_version: '{version}'}})"
            )
        (data / "README.txt").write_text(f"Data version {version}, release 2026-{name}-{version}, {value}")
        with zipfile.ZipFile(data / "all.zip", "w") as archive:
            members = {"a.csv": f"{value}", "b.txt": f"made at {name}"}
            for member in sorted(members, reverse=backwards):
                archive.writestr(member, members[member])
        return hash_files(data, read_release_words(database))

    before = release("before", "aaaa1111", 1)
    assert before.keys() == {"table.parquet", "README.txt", "all.zip"}
    after = release("after", "bbbb2222", 1, backwards=True)
    assert [one["hash"] for one in before.values()] == [one["hash"] for one in after.values()]
    changed = release("changed", "bbbb2222", 2)
    assert not {one["hash"] for one in before.values()} & {one["hash"] for one in changed.values()}


def test_internal_tables_are_counted_and_do_not_fail_a_comparison(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    internal, mart = "sample/build/intermediate/int_returns", "sample/build/marts/fct_return"
    assert is_internal(internal) and not is_internal(mart)
    entry = {"rows": 1, "hash": "a", "columns": {}}
    write_entries(tmp_path / "before.json", {internal: entry, mart: entry})
    before = json.loads((tmp_path / "before.json").read_text())
    assert report_differences(before, {mart: entry}, with_internal=False) == 0
    assert "intermediate/" not in capsys.readouterr().out
    assert report_differences(before, {mart: entry}, with_internal=True) == 0
    assert f"{internal}  gone" in capsys.readouterr().out
    assert report_differences(before, {internal: entry, "sample/build/marts/new": entry}, with_internal=False)
    assert capsys.readouterr().out.splitlines()[:2] == [f"{mart}  gone", "sample/build/marts/new  added"]


def test_the_odd_round_has_the_same_bytes_every_time(tmp_path: Path) -> None:
    planted = []
    for name in ("first", "second"):
        shutil.copytree(RETURNS, tmp_path / name)
        odd_round.plant_returns(tmp_path / name)
        planted.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert planted[0] == planted[1]
    assert len(planted[0]) > len(list(RETURNS.iterdir()))
    draft = openpyxl.load_workbook(tmp_path / "first" / "First draft.xlsx")
    assert draft.properties.modified == datetime(1980, 1, 1)
