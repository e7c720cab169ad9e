"""Queries of a page: bound parameters, named results, and a database that is shut off."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.site.database import Database
from dagster_project.site.errors import SiteError


def test_parameters_are_bound_and_never_spliced(database: Database) -> None:
    hostile = "x'; drop table dim_question; --"
    with database.session("a.md", {"text": hostile}) as session:
        assert session.run("select $text as t", line=1).rows == ((hostile,),)
        assert session.run("select count(*) from dim_question", line=1).rows == ((19,),)


def test_named_result_can_be_selected_from_and_ends_with_its_page(database: Database) -> None:
    with database.session("a.md", {"question_no": 4}) as session:
        session.run(
            "select green from mart_question_ranking where question_no = $question_no", line=1, name="r"
        )
        assert session.run("select green + 1 as more from r", line=5).rows == ((21,),)
    with database.session("b.md") as session, pytest.raises(SiteError, match="r does not exist"):
        session.run("select * from r", line=1)


def test_named_result_can_build_on_another_one(database: Database) -> None:
    with database.session("a.md", {"least": 15}) as session:
        session.run(
            "select question_no, green from mart_question_ranking where green >= $least", line=1, name="many"
        )
        session.run("select max(green) as most from many", line=5, name="top")
        sql = "select question_no from MANY inner join top on green = most order by question_no"
        assert session.run(sql, line=9).rows == ((4,),)


def test_latest_round_is_a_parameter_everywhere(database: Database) -> None:
    with database.session("a.md") as session:
        assert session.run("select $round_id as r", line=1).rows == (("2016",),)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select nothing from dim_question", "nothing"),
        ("select * from fct_rating", "fct_rating"),
        ("select $unknown", "unknown"),
        ("select 1; select 2", "exactly one SELECT"),
        ("drop table dim_question", "exactly one SELECT"),
        ("select * from read_csv('/etc/hostname')", "disabled"),
        ("set threads = 1", "exactly one SELECT"),
    ],
)
def test_failing_query_names_page_line_and_query(database: Database, sql: str, message: str) -> None:
    with database.session("a.md") as session, pytest.raises(SiteError, match=message) as caught:
        session.run(sql, line=7)
    assert (caught.value.page, caught.value.line, caught.value.query) == ("a.md", 7, sql)
    assert str(caught.value).startswith("a.md:7: ")


@pytest.mark.parametrize("name", ["dim_question", "download", "Bad Name", 'a"b'])
def test_name_that_is_taken_or_none_is_refused(database: Database, name: str) -> None:
    with database.session("a.md") as session, pytest.raises(SiteError, match="name"):
        session.run("select 1 as x", line=1, name=name)


def test_several_rows_need_an_order(database: Database) -> None:
    sql = "select question_no from dim_question"
    with database.session("a.md") as session:
        result = session.run(sql, line=3)
        with pytest.raises(SiteError, match="order"):
            session.require_order(sql, result, line=3)


def test_release_notes_compare_checksums_of_releases(release: Path, tmp_path: Path) -> None:
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))
    old = tmp_path / "releases" / "old"
    old.mkdir(parents=True)
    file = {"path": "data/csv/dim_round.csv", "bytes": 1, "sha256": "0"}
    (old / "manifest.json").write_text(
        json.dumps({**about, "release_id": "old", "made_at": "2026-01-01T00:00:00Z", "files": [file]})
    )
    database = Database(release, tmp_path / "releases")
    query = "select release_id, sha256 from release_table where table_name = 'dim_round' order by 1"
    with database.session("a.md") as session:
        (new, sha), (before, sha_before) = session.run(query, line=1).rows
    database.close()
    assert (new, before, sha_before) == (about["release_id"], "old", "0")
    assert sha == hashlib.sha256((release / "data/csv/dim_round.csv").read_bytes()).hexdigest()


def test_release_without_a_listed_file_is_refused(release: Path, tmp_path: Path) -> None:
    broken = tmp_path / "release"
    shutil.copytree(release, broken)
    (broken / "data" / "parquet" / "dim_rating.parquet").unlink()
    with pytest.raises(SiteError, match="dim_rating"):
        Database(broken)


def test_release_without_a_latest_round_is_refused(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps({"tables": []}), encoding="utf-8")
    with pytest.raises(SiteError, match="latest_round"):
        Database(tmp_path)


def test_names_that_share_their_letters_or_have_none_get_pages_of_their_own(
    release: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "release"
    shutil.copytree(release, copy)
    table = copy / "data" / "parquet" / "dim_consortium.parquet"
    names = ["North", "West & East", "Éast", "east", "Север", "東", "Index"]
    duckdb.execute(
        f"copy (select unnest($names) as consortium_name) to '{table}' (format parquet)", {"names": names}
    )
    database = Database(copy)
    query = """
        select consortium_name, page_name(consortium_name) from dim_consortium
        union all
        select round_id, page_name(round_id) from dim_round
        """
    with database.session("a.md") as session:
        rows = session.run(query, line=1).rows
    database.close()
    pages = dict(rows)
    assert (pages["North"], pages["West & East"], pages["2016"]) == ("north", "west-east", "2016")
    assert len(set(pages.values())) == len(names) + 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page) for page in pages.values())
    assert "index" not in pages.values()
