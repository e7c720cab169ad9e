"""The open data of a small release: reproducible, valid for standard tools, and only for their audience."""

import csv
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dagster_project.release import spreadsheet
from dagster_project.release.database import DATABASE, PUBLIC_DATABASE
from dagster_project.release.disclosure import find_misplaced_tables
from dagster_project.release.marts import Column, Mart, Notice, Reference, select_marts
from dagster_project.release.open_data import CSV_ARCHIVE, SPREADSHEET, write_open_data
from dagster_project.release.tables import read_table_names

CAVEAT = "Not verified, for 'this' test."
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
HARMLESS = sorted(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\n=1"])


def mart(name: str, columns: dict[str, Column], **more: Any) -> Mart:
    return Mart(name, more.pop("audience", "public"), f"One row per {name}'s row.", columns, **more)


# Only what the sheets of the spreadsheet ask for, in as few rows as say something.
TABLES = {
    "dim_round": "select '2016' as round_id, 'Round 2016' as title, date '2016-08-01' as fieldwork_start,"
    " date '2017-01-31' as fieldwork_end",
    "dim_question": "select '2016' as round_id, q::int as question_no, 'Short ' || q as short_reference,"
    " 1 as section_no, 'Section' as section_title, 'Wording' as question_text,"
    " if(q = 1, ['a', 'b'], []) as sub_questions from range(1, 4) as r(q)",
    "dim_consortium": "select 'E' as consortium_code, 'East' as consortium_name",
    "mart_question_ranking": "select round_id, question_no, short_reference, question_no as confidence_rank,"
    " false as is_joint, null::varchar as confidence_group, 1 as green, 1 as amber, 1 as red, 0 as blank,"
    " 3 as returns, 2 as rank_sum, '1' as report_label, null::varchar as comment, 0.5::double as green_share,"
    " 3 as rated, false as has_few_ratings from dim_question",
    "mart_consortium_ranking": "select *, 'E' as consortium_code, 'East' as consortium_name,"
    " true as is_small_base, null::varchar as suppressed_because from mart_question_ranking",
    "mart_rank_robustness": "select * exclude (comment), 1 as best_rank_left_out, 2 as worst_rank_left_out,"
    " 1 as rank_duplicates_once, 1 as rank_reported_only, 1 as rank_blank_red, 1 as rank_blank_green,"
    " 1 as rank_net, 1 as rank_mean_score, 1 as rank_green_alone, 1 as rank_red_alone, 1 as best_rank_resampled,"
    " 3 as worst_rank_resampled, null::varchar as suppressed_because from mart_question_ranking",
    "mart_group_stability": "select round_id, question_no, short_reference, confidence_rank, confidence_group,"
    " 1.0::double as left_out_high_share,"
    " 0.0::double as left_out_medium_share, 0.0::double as left_out_low_share,"
    " 1.0::double as resample_high_share, 0.0::double as resample_medium_share,"
    " 0.0::double as resample_low_share from mart_question_ranking",
    "mart_coverage": "select '2016' as round_id, 'all' as consortium_code, 'All' as consortium_name,"
    " 1 as invited, 1 as returned, 0 as rejected, 0 as not_returned, 1 as distinct_contents,"
    " 1 as local_authorities, 1 as local_authorities_covered",
    "mart_return_status": "select '2016' as round_id, 'E' as consortium_code, 'returned' as return_status,"
    " unnest($formulas) as committee_name, null::varchar as duplicate_of_committee_name",
    "mart_claim_check": "select '1-01' as claim_id, '1' as section, '[here](https://x.invalid) $$rank$$' as paraphrase,"
    " '19' as expected, '?' as actual, 'agrees' as verdict, null::varchar as note,"
    " null::varchar as suppressed_because",
    "mart_data_quality_summary": "select '2016' as round_id, 'blank' as check_name, 'Blank' as title,"
    " 1 as findings, null::varchar as subjects, 'accept' as decision, 'Role' as decided_by_role,"
    " null::varchar as reason, 'Counts' as explanation where false",
    "fct_rating": "select 'secret' as committee_id",
}
KEYS = {
    "dim_round": ("round_id",),
    "dim_question": ("round_id", "question_no"),
    "mart_question_ranking": ("round_id", "question_no"),
}
REFERENCES = {
    "mart_question_ranking": (
        Reference(("round_id", "question_no"), "dim_question", ("round_id", "question_no")),
    )
}


def make(folder: Path, *, reverse: bool = False) -> tuple[Path, tuple[Mart, ...]]:
    """Write open data from the tables above; with `reverse`, the rows of the source are in reverse order."""
    folder.mkdir()
    marts = []
    with duckdb.connect(str(folder / DATABASE)) as connection:
        for name, query in TABLES.items():
            parameters = {"formulas": FORMULAS} if "$formulas" in query else {}
            connection.execute(f"create table {name} as {query}", parameters)
            if reverse:
                connection.execute(f"create or replace table {name} as from {name} order by rowid desc")
            described = connection.execute(f"describe {name}").fetchall()
            columns = {column: Column(f"{column}'s meaning", kind.lower()) for column, kind, *_ in described}
            audience = "analyst" if name == "fct_rating" else "public"
            marts.append(
                mart(
                    name,
                    columns,
                    audience=audience,
                    key=KEYS.get(name, ()),
                    references=REFERENCES.get(name, ()),
                )
            )
    rid = f"{folder.name}-abcd1234"
    write_open_data(folder, tuple(marts), Notice(CAVEAT, rid, folder.name, "abcd1234", ("2016",)))
    return folder, tuple(marts)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("open") / "one")[0]


def test_identical_data_give_identical_bytes(release: Path, tmp_path: Path) -> None:
    other, _ = make(tmp_path / "two", reverse=True)
    for path in sorted((release / "data").rglob("*")):
        if path.is_file():
            twin = other / path.relative_to(release)
            assert path.read_bytes() == twin.read_bytes(), path.name


def test_the_data_package_is_valid_for_frictionless(release: Path, tmp_path: Path) -> None:
    descriptor = release / "data" / "csv" / "datapackage.json"
    report = frictionless.Package.from_descriptor(str(descriptor)).validate()
    assert report.flatten(["type", "note"]) == []
    assert len(report.tasks) == len(TABLES) - 1
    archive = tmp_path / "archive"
    shutil.unpack_archive(release / "data" / CSV_ARCHIVE, archive)
    assert frictionless.Package.from_descriptor(str(archive / "datapackage.json")).validate().valid

    # The validation fails if a key of the data is broken, or a file differs from its description.
    copy = tmp_path / "csv"
    shutil.copytree(descriptor.parent, copy)
    with (copy / "mart_question_ranking.csv").open("a") as file:
        file.write("2016,99" + "," * 13 + "\n")
    broken = frictionless.Package.from_descriptor(str(copy / "datapackage.json")).validate()
    assert {kind for [kind] in broken.flatten(["type"])} >= {"foreign-key", "byte-count", "hash-count"}


def test_the_data_package_has_types_descriptions_and_caveat(release: Path) -> None:
    package = json.loads((release / "data" / "csv" / "datapackage.json").read_text())
    assert CAVEAT in package["description"]
    assert package["version"] == "abcd1234"
    tables = {resource["name"]: resource for resource in package["resources"]}
    fields = {field["name"]: field for field in tables["mart_question_ranking"]["schema"]["fields"]}
    assert (fields["green"]["type"], fields["green_share"]["type"]) == ("integer", "number")
    assert fields["is_joint"]["type"] == "boolean"
    assert fields["green"]["description"] == "green's meaning"
    assert tables["dim_round"]["schema"]["fields"][2]["type"] == "date"
    assert tables["mart_question_ranking"]["schema"]["primaryKey"] == ["round_id", "question_no"]


def test_no_cell_of_a_csv_file_is_a_formula(release: Path) -> None:
    with (release / "data" / "csv" / "mart_return_status.csv").open(newline="") as file:
        names = [row["committee_name"] for row in csv.DictReader(file)]
    assert sorted(names) == HARMLESS


def test_the_public_database_has_descriptions_and_no_write_ahead_log(release: Path) -> None:
    path = release / "data" / PUBLIC_DATABASE
    with duckdb.connect(str(path), read_only=True) as connection:
        [(described,)] = connection.execute(
            "select comment from duckdb_tables() where table_name = 'dim_round'"
        ).fetchall()
        meaning = connection.execute(
            "select comment from duckdb_columns() where table_name = 'dim_round' and column_name = 'title'"
        ).fetchall()
        about = dict(connection.execute("select * from about_this_release").fetchall())
        storage = connection.execute(
            "select tags['storage_version'] from duckdb_databases() where database_name = 'self_evaluation_public'"
        ).fetchall()
    assert described == "One row per dim_round's row."
    assert meaning == [("title's meaning",)]
    assert about == {"data version": "abcd1234", "caveat": CAVEAT}
    assert "v1.0.0" in str(storage)
    assert not path.with_name(f"{path.name}.wal").exists()


@pytest.fixture(scope="module")
def book(release: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(release / "data" / SPREADSHEET)


def _table(sheet: Worksheet) -> list[list[Any]]:
    [reference] = [table.ref for table in sheet.tables.values()]
    return [[cell.value for cell in row] for row in sheet[reference]]


def test_the_spreadsheet_follows_the_guidance_on_accessibility(book: openpyxl.Workbook) -> None:
    names = [sheet.name for sheet in spreadsheet.load_sheets()]
    assert len(names) >= 8
    # Sheets without rows are omitted.
    assert book.sheetnames == ["Cover", "Contents", "Notes", *(n for n in names if n != "Data quality")]
    for sheet in book.worksheets:
        assert sheet["A1"].value, sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
        assert sheet.sheet_state == "visible"
        assert not sheet.conditional_formatting, sheet.title
        for row in sheet.iter_rows():
            assert all(cell.fill.fill_type is None for cell in row), sheet.title
    for sheet in book.worksheets[1:]:
        [header, *rows] = _table(sheet)
        assert rows
        assert all(isinstance(heading, str) and heading for heading in header), sheet.title
        assert all(value not in (None, "") for row in rows for value in row), sheet.title
    for sheet in book.worksheets[3:]:
        assert CAVEAT in [sheet.cell(row, 1).value for row in range(1, 5)], sheet.title
    cover = " ".join(str(row[0]) for row in book["Cover"].iter_rows(values_only=True))
    assert CAVEAT in cover
    assert "abcd1234" in cover
    assert "1 August 2016 and 31 January 2017" in cover
    assert [row[0] for row in _table(book["Contents"])[1:]] == book.sheetnames[3:]


def test_every_note_of_a_heading_is_on_the_notes_sheet(book: openpyxl.Workbook) -> None:
    numbers = {str(row[0]) for row in _table(book["Notes"])[1:]}
    named = [
        str(heading).split("[note ")[1].rstrip("]")
        for sheet in book.worksheets[3:]
        for heading in _table(sheet)[0]
        if "[note " in str(heading)
    ]
    assert named[0] == "1"
    assert set(named) == numbers


def test_no_cell_of_the_spreadsheet_is_a_formula_or_an_external_link(book: openpyxl.Workbook) -> None:
    assert [row[2] for row in _table(book["Committees"])[1:]] == HARMLESS
    links = [
        cell.hyperlink.target
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert [link for link in links if link] == []
    [_, row] = _table(book["Report checked"])
    assert row[2] == "[here] (https://x.invalid) $ $rank$ $"
    assert row[3:5] == ["19", "typed: ?"]
    assert not any(
        cell.data_type == "f" for sheet in book.worksheets for r in sheet.iter_rows() for cell in r
    )


@pytest.mark.parametrize(
    ("file", "leak"),
    [
        (f"data/{PUBLIC_DATABASE}", "fct_rating"),
        (f"data/{SPREADSHEET}", "fct_rating"),
        (f"data/{CSV_ARCHIVE}", "fct_rating"),
        ("data/csv/datapackage.json", "fct_rating"),
        ("data/csv/fct_rating.csv", "fct_rating"),
        ("data/comments.txt", "comments"),
        (DATABASE, "int_comments"),
    ],
)
def test_a_file_with_a_table_for_another_audience_is_found(
    release: Path, tmp_path: Path, file: str, leak: str
) -> None:
    candidate = tmp_path / "candidate"
    shutil.copytree(release, candidate)
    about = {
        "tables": [{"name": name} for name in TABLES if name != "fct_rating"],
        "analyst_tables": [{"name": "fct_rating"}],
    }
    assert list(find_misplaced_tables(candidate, about)) == []
    path = candidate / file
    match path.suffix:
        case ".duckdb":
            with duckdb.connect(str(path)) as connection:
                connection.execute(f"create view {leak} as select 1 as x")
        case ".xlsx":
            opened = openpyxl.load_workbook(path)
            table = opened["Ranking"].tables.pop("mart_question_ranking")
            table.name = table.displayName = leak
            opened["Ranking"].add_table(table)
            opened.save(path)
        case ".zip":
            with zipfile.ZipFile(path, "a") as archive:
                archive.writestr(f"{leak}.csv", "x\n")
        case ".json":
            package = json.loads(path.read_text())
            package["resources"].append({"name": leak})
            path.write_text(json.dumps(package))
        case _:
            path.write_text("x\n")
    [disclosure] = find_misplaced_tables(candidate, about)
    assert leak in disclosure
    assert leak in read_table_names(path)


def test_keys_and_allowed_values_come_from_dbts_tests() -> None:
    def test(name: str, column: str | None, **arguments: Any) -> dict[str, Any]:
        return {
            "attached_node": "model.x.mart_a",
            "column_name": column,
            "test_metadata": {"name": name, "kwargs": arguments},
        }

    node = {
        "unique_id": "model.x.mart_a",
        "description": "One row\nper a.",
        "config": {"meta": {"audience": "public", "references": {"dim_b": ["b", "c"]}}},
        "columns": {
            "a": {
                "name": "a",
                "description": "A",
                "data_type": "varchar",
                "constraints": [{"type": "not_null"}],
            },
            "b": {"name": "b", "description": "B", "data_type": "integer", "constraints": []},
        },
    }
    [found] = select_marts(
        {"mart_a": node},
        [
            test("unique", "a"),
            test("accepted_values", "a", values=["x", "y"]),
            test("relationships", "a", to="ref('dim_a')", field="id"),
        ],
    )
    assert found.description == "One row per a."
    assert found.key == ("a",)
    assert found.columns["a"] == Column("A", "varchar", True, ("x", "y"))
    assert found.references == (
        Reference(("a",), "dim_a", ("id",)),
        Reference(("b", "c"), "dim_b", ("b", "c")),
    )
    assert select_marts({"mart_a": node | {"config": {"meta": {"audience": "restricted"}}}}) == ()


def test_rows_are_as_high_as_their_text_and_a_sheet_is_one_page_wide(release: Path) -> None:
    book = openpyxl.load_workbook(release / "data" / SPREADSHEET)
    wrapped = 0
    for sheet in book:
        # Without a number the width is one page; 0 pages high means any number.
        page = sheet.page_setup
        assert (page.orientation, page.fitToWidth or 1, page.fitToHeight) == ("landscape", 1, 0)
        properties = sheet.sheet_properties.pageSetUpPr
        assert properties and properties.fitToPage
        for number, row in enumerate(sheet.iter_rows(), start=1):
            height = sheet.row_dimensions[number].height or 15
            for cell in row:
                if cell.value and cell.alignment.wrap_text:
                    width = next(
                        one.width
                        for one in sheet.column_dimensions.values()
                        if (one.min or 0) <= cell.column <= (one.max or 0)
                    )
                    # No letter is narrower than half a digit on average.
                    lines = sum(-(-len(part) // int(2 * width)) or 1 for part in str(cell.value).split("\n"))
                    wrapped += lines > 1
                    assert height >= lines * cell.font.sz, (sheet.title, cell.coordinate)
    assert wrapped > 10
    # The first sentence of the cover takes two lines.
    assert (book["Cover"].row_dimensions[3].height or 0) > 2 * 12
