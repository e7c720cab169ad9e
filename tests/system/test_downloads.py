"""The open data of the sample round, as published."""

import json
import re
import shutil
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pytest

from dagster_project.release.database import DATABASE, PUBLIC_DATABASE
from dagster_project.release.marts import Notice, select_marts
from dagster_project.release.open_data import SPREADSHEET, write_open_data
from dagster_project.transform.project import list_data_tests, list_marts
from tests.conftest import Workplace


@pytest.fixture(scope="module")
def data(sample_home: Workplace) -> Path:
    return sample_home.home.published / "data"


def test_the_published_data_package_is_valid_with_its_keys(data: Path) -> None:
    package = frictionless.Package.from_descriptor(str(data / "csv" / "datapackage.json"))
    assert package.validate().flatten(["title", "type", "note"]) == []
    described = json.loads((data / "csv" / "datapackage.json").read_text())
    resources = {resource["name"]: resource["schema"] for resource in described["resources"]}
    assert sorted(resources) == sorted(path.stem for path in (data / "csv").glob("*.csv"))
    assert resources["mart_question_ranking"]["primaryKey"] == ["round_id", "question_no"]
    assert {key["reference"]["resource"] for key in resources["mart_consortium_ranking"]["foreignKeys"]} == {
        "dim_consortium",
        "dim_question",
    }
    fields = [field for schema in resources.values() for field in schema["fields"]]
    assert all(field["description"] for field in fields)


def test_the_spreadsheet_and_the_public_database_say_what_the_marts_say(
    data: Path, sample_home: Workplace
) -> None:
    book = openpyxl.load_workbook(data / SPREADSHEET, read_only=False)
    sheet = book["Ranking"]
    [table] = [table.ref for table in sheet.tables.values()]
    rows = [[cell.value for cell in row] for row in sheet[table]][1:]
    expected = sample_home.ask(
        "select confidence_rank, question_no, green, amber, red from mart_question_ranking"
        " order by confidence_rank, question_no"
    )
    assert [(row[1], row[3], *row[6:9]) for row in rows] == expected
    with duckdb.connect(str(data / PUBLIC_DATABASE), read_only=True) as connection:
        assert (
            connection.execute(
                "select confidence_rank, question_no, green, amber, red from mart_question_ranking"
                " order by confidence_rank, question_no"
            ).fetchall()
            == expected
        )


def test_the_same_marts_give_the_same_bytes_under_any_release_id(
    data: Path, sample_home: Workplace, tmp_path: Path
) -> None:
    shutil.copy(data.parent / DATABASE, tmp_path)
    about = json.loads((data.parent / "release.json").read_text())
    version = about["release_id"].rsplit("-", 1)[1]
    notice = Notice(about["caveat"], "another", "another time", version, tuple(about["rounds"]))
    write_open_data(tmp_path, select_marts(list_marts(), list_data_tests()), notice)
    for path in sorted(data.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "data" / path.relative_to(data)).read_bytes(), path.name


@pytest.mark.parametrize("name", ["self_evaluation.duckdb", f"data/{PUBLIC_DATABASE}"])
def test_a_published_column_may_be_null_only_if_its_description_says_what_null_means(
    data: Path, name: str
) -> None:
    with duckdb.connect(str(data.parent / name), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name, is_nullable, comment from duckdb_columns() where not internal"
        ).fetchall()
    assert len(columns) > 200
    silent = [
        f"{table}.{column}"
        for table, column, is_nullable, comment in columns
        if is_nullable and not re.search(r"\bnull\b", comment, re.IGNORECASE)
    ]
    assert silent == []


@pytest.mark.parametrize("name", ["self_evaluation.duckdb", f"data/{PUBLIC_DATABASE}"])
def test_each_published_table_has_its_key(data: Path, name: str) -> None:
    with duckdb.connect(str(data.parent / name), read_only=True) as connection:
        found = connection.execute(
            "select table_name, list(constraint_type) from duckdb_constraints()"
            " where constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY') group by table_name"
        ).fetchall()
        tables = {
            table for (table,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }
    assert {table for table, _ in found} == tables
    kinds = dict(found)
    assert "FOREIGN KEY" in kinds["mart_question_ranking"]
    # Columns of their keys may be null.
    assert {table for table, own in kinds.items() if "PRIMARY KEY" not in own} <= {
        "mart_data_quality_summary",
        "mart_metric",
    }


def test_csv_and_parquet_have_the_same_values(data: Path) -> None:
    package = json.loads((data / "csv" / "datapackage.json").read_text())
    for table in package["resources"]:
        types = duckdb.execute(f"describe from '{data}/parquet/{table['name']}.parquet'").fetchall()
        columns = {name: "varchar" if kind.endswith("[]") else kind for name, kind, *_ in types}
        joined = ", ".join(
            f'array_to_string("{name}", \' | \') as "{name}"'
            for name, kind, *_ in types
            if kind.endswith("[]")
        )
        parquet = f"select * {f'replace ({joined})' if joined else ''} from '{data}/parquet/{table['name']}.parquet'"
        csv = (
            f"from read_csv('{data}/csv/{table['name']}.csv', header = true, columns = {columns},"
            " allow_quoted_nulls = false)"
        )
        assert duckdb.execute(f"({parquet}) except all ({csv})").fetchall() == [], table["name"]
        assert duckdb.execute(f"({csv}) except all ({parquet})").fetchall() == [], table["name"]
