"""Disclosures are found in every file format, named by their key, and stop the publication."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project.release import catalog, publish
from dagster_project.release.candidate import candidate_folder
from dagster_project.release.disclosure import find_disclosures
from tests.conftest import Workplace

COMMENT = "Our runaway training plan has eight brave teal otters and one very shy heron"
QUOTED = "training plan has eight brave teal otters and"
KEY = "round 2016, fife, question 4"


@pytest.fixture(scope="module")
def place(sample_home: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A home before publication: a build with one comment that is easy to find, and a candidate."""
    root = tmp_path_factory.mktemp("disclosure")
    shutil.copytree(sample_home.home.root, root, symlinks=True, dirs_exist_ok=True)
    workplace = Workplace(type(sample_home.home)(root))
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute(
            "update raw.answer set comment_typed = ? where question_no_typed = '4' "
            "and source_file = (select source_file from marts.fct_return where committee_id = 'fife')",
            [COMMENT],
        )
    candidate = candidate_folder(workplace.home)
    shutil.copytree(workplace.home.published.resolve(), candidate)
    # Fewer pages make the tests faster.
    for folder in ("downloads", "questions", "consortia", "assets/javascripts"):
        shutil.rmtree(candidate / "site" / folder)
    return workplace


def find_all(place: Workplace, events: Sequence[tuple[str, str]] = ()) -> list[str]:
    candidate = candidate_folder(place.home)
    about = json.loads((candidate / "release.json").read_text())
    return find_disclosures(place.home, candidate, about, events)


def into_page(text: str) -> Callable[[Path], None]:
    def plant(path: Path) -> None:
        path.write_text(path.read_text().replace("</body>", f"{text}</body>"))

    return plant


def into_database(statement: str) -> Callable[[Path], None]:
    def plant(path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)

    return plant


def into_json(path: Path) -> None:
    content = json.loads(path.read_text())
    content["planted"] = {"a": [f"<b>{QUOTED[:20]}</b>{QUOTED[20:]}"]}
    path.write_text(json.dumps(content))


def into_csv(path: Path) -> None:
    path.write_text(path.read_text() + f'"{QUOTED.replace(" ", chr(10), 1)}"\n')


def into_parquet(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy (select ['{QUOTED}'] as listed) to '{path}' (format parquet)")


def into_metadata(path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select 1 as a) to '{path}' (format parquet, kv_metadata {{note: '{QUOTED}'}})"
        )


def into_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", QUOTED])
    book.save(path)


def into_script(path: Path) -> None:
    path.write_text(f"// {QUOTED}")


def into_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress(QUOTED.encode()))


def into_packed_database(path: Path) -> None:
    # Other content than the public database, which is searched in its unpacked file.
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + QUOTED.encode()))


[INSTALLED] = (Path(str(files("material"))) / "templates" / "assets" / "stylesheets").glob("main.*.css")

PLANTED: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a page": ("site/index.html", into_page(f"<p>{QUOTED.replace('eight', '<em>eight</em>')}</p>")),
    "character references": (
        "site/index.html",
        into_page(QUOTED.replace(" ", "&#32;").replace("e", "&#101;")),
    ),
    "an attribute": ("site/quality.html", into_page(f'<img alt="{QUOTED}">')),
    "invisible characters": ("site/quality.html", into_page(QUOTED.replace("t", "t\u00ad\u200b"))),
    "an HTML comment": ("site/quality.html", into_page(f"<!-- {QUOTED.upper()} -->")),
    "a script": ("site/assets/menu.js", into_script),
    "a file of the theme": (f"site/assets/stylesheets/{INSTALLED.name}", into_script),
    "Data Docs": ("site/data-docs/index.html", into_page(QUOTED)),
    "the search index": ("site/search/search_index.json", into_json),
    "the manifest": ("manifest.json", into_json),
    "a CSV file": ("data/csv/mart_coverage.csv", into_csv),
    "a Parquet file": ("data/parquet/mart_coverage.parquet", into_parquet),
    "metadata of a Parquet file": ("data/parquet/mart_coverage.parquet", into_metadata),
    "a workbook": ("data/all.xlsx", into_workbook),
    "the packed database": ("site/assets/sql/database.bin", into_packed_database),
    "a packed file": ("site/sitemap.xml.gz", into_gzip),
    "the analysts' database": (
        "self_evaluation.duckdb",
        into_database(f"update mart_data_quality set reason = '{QUOTED.replace(' ', ', ')}'"),
    ),
}


@pytest.mark.parametrize("where", PLANTED)
def test_a_comment_is_found_in_every_format(place: Workplace, tmp_path: Path, where: str) -> None:
    name, plant = PLANTED[where]
    path = candidate_folder(place.home) / name
    before = tmp_path / "before"
    if path.exists():
        shutil.copy(path, before)
    plant(path)
    try:
        [disclosure] = find_all(place)
    finally:
        path.unlink()
        if before.exists():
            shutil.copy(before, path)
    assert disclosure == f"A comment is quoted in {name} ({KEY})."


def test_a_comment_in_the_history_of_a_run_is_find_all(place: Workplace) -> None:
    event = ("a-run", json.dumps({"a": QUOTED.replace(" ", "\n")}))
    assert find_all(place, [event]) == [f"A comment is quoted in the history of run a-run ({KEY})."]


LOGS = (
    "storage/a-run/step.out",
    "storage/a-run/step.err",
    "audit/a-check.json",
    "run_results.json",
    "dbt.log",
)


@pytest.mark.parametrize("name", LOGS)
def test_a_comment_in_a_log_since_the_last_release_is_find_all(place: Workplace, name: str) -> None:
    home = place.home
    folder = {"storage": home.dagster, "audit": home.audit.parent}.get(name.split("/")[0], home.dbt_target)
    log = folder / name
    log.parent.mkdir(parents=True, exist_ok=True)
    kept = log.read_bytes() if log.exists() else None
    try:
        log.write_text(json.dumps([QUOTED]))
        assert find_all(place) == [f"A comment is quoted in the log {log.name} ({KEY})."]
        # It was searched for the release before.
        os.utime(log, (0, 0))
        assert find_all(place) == []
    finally:
        log.unlink()
        if kept:
            log.write_bytes(kept)


def test_seven_words_and_the_wording_of_a_question_are_no_quotation(place: Workplace) -> None:
    page = candidate_folder(place.home) / "site" / "index.html"
    kept = page.read_text()
    into_page(f"<p>{' '.join(QUOTED.split()[:7])}.</p>")(page)
    assert find_all(place) == []
    with duckdb.connect(str(place.home.build_database)) as connection:
        [(wording,)] = connection.execute(
            "select question_text from marts.dim_question where length(question_text) > 80 limit 1"
        ).fetchall()
        changed = connection.execute(
            "update raw.answer set comment_typed = ? where question_no_typed = '9' returning source_file",
            [f"On: {wording}"],
        ).fetchall()
        assert len(changed) == 25
    into_page(f"<p>{wording}</p>")(page)
    assert find_all(place) == []
    page.write_text(kept)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("data/csv/mart_x.csv", "committee_name,rating\nFife,Green\n", "contains the rating of a single committee"),
        ("site/x.html", "<table><tr><th>Fife</th><td><b>Red</b></td></tr></table>", "rating of a single committee"),
        ("data/csv/mart_coverage.csv", "comment_typed\nx\n", "contains the restricted column comment_typed"),
        ("data/csv/fct_rating.csv", "a\n1\n", "may not see: fct_rating"),
    ],
)  # fmt: skip
def test_a_file_for_another_audience_is_found(
    place: Workplace, name: str, content: str, message: str
) -> None:
    path = candidate_folder(place.home) / name
    kept = path.read_bytes() if path.exists() else None
    path.write_text(content)
    assert message in " ".join(find_all(place))
    path.unlink()
    if kept:
        path.write_bytes(kept)


def test_a_restricted_column_of_the_analysts_database_is_found(place: Workplace) -> None:
    database = candidate_folder(place.home) / "self_evaluation.duckdb"
    into_database("alter table fct_rating add column comment_typed varchar")(database)
    found = " ".join(find_all(place))
    into_database("alter table fct_rating drop column comment_typed")(database)
    assert "contains the restricted column comment_typed in the table fct_rating" in found


def test_a_disclosure_stops_the_publication(workplace: Workplace) -> None:
    before = workplace.published()
    candidate = candidate_folder(workplace.home)
    shutil.copytree(workplace.home.published.resolve(), candidate)
    about = json.loads((candidate / "release.json").read_text())
    (candidate / "release.json").write_text(json.dumps(about | {"release_id": "another"}))
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        [(comment,)] = connection.execute(
            "select comment_typed from raw.answer order by length(comment_typed) desc limit 1"
        ).fetchall()
    page = candidate / "site" / "index.html"
    kept = page.read_text()
    into_page(f"<p>{comment}</p>")(page)
    with pytest.raises(
        catalog.ReleaseError, match=r"A comment is quoted in site/index\.html \(round 2016"
    ) as refused:
        publish.publish(workplace.home, ())
    assert comment[:20] not in str(refused.value)
    assert workplace.published() == before
    page.write_text(kept)
    assert publish.publish(workplace.home, ()).release_id == workplace.published() == "another"
