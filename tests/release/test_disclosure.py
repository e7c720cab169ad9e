"""Disclosures are found in every file format, named by their key, and stop the publication."""

import gzip
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import duckdb
import openpyxl
import pytest

from dagster_project.release import catalog, publish
from dagster_project.release.candidate import get_candidate_folder
from dagster_project.release.disclosure import MAX_QUOTATIONS, find_disclosures
from tests.conftest import Workplace

WORDS = (
    "amber", "azure", "black", "blue", "brown", "coral", "cyan", "gold", "green", "grey", "ivory", "lilac", "mauve",
    "olive", "pink", "purple", "red", "teal", "white",
)  # fmt: skip
"""One for each question: each comment of the planted return differs from the others in one word."""

QUOTED = "training plan has eight brave {} otters and"


def quote(question: int) -> str:
    """The words of a comment that a test plants: the shortest possible quotation."""
    return QUOTED.format(WORDS[question - 1])


def key(question: int) -> str:
    return f"round 2016, fife, question {question}"


@pytest.fixture(scope="module")
def place(sample_home: Workplace, tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A home before publication: a build with a return whose comments are easy to find, and a candidate."""
    root = tmp_path_factory.mktemp("disclosure")
    shutil.copytree(sample_home.home.root, root, symlinks=True, dirs_exist_ok=True)
    workplace = Workplace(type(sample_home.home)(root))
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.executemany(
            "update raw.answer set comment_typed = ? where question_no_typed = ? "
            "and source_file = (select source_file from marts.fct_return where committee_id = 'fife')",
            [
                (f"Our runaway {quote(question)} one very shy heron", str(question))
                for question in range(1, len(WORDS) + 1)
            ],
        )
    candidate = get_candidate_folder(workplace.home)
    shutil.copytree(workplace.home.published.resolve(), candidate)
    # Fewer pages make the tests faster.
    for folder in ("downloads", "questions", "consortia", "assets/javascripts"):
        shutil.rmtree(candidate / "site" / folder)
    return workplace


def find_all(place: Workplace, events: Sequence[tuple[str, str]] = ()) -> list[str]:
    candidate = get_candidate_folder(place.home)
    about = json.loads((candidate / "release.json").read_text())
    return find_disclosures(place.home, candidate, about, events)


def into_page(text: str, path: Path) -> None:
    path.write_text(path.read_text().replace("</body>", f"{text}</body>"))


def into_database(statement: str, path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def into_json(text: str, path: Path) -> None:
    content = json.loads(path.read_text())
    content["planted"] = {"a": [f"<b>{text[:20]}</b>{text[20:]}"]}
    path.write_text(json.dumps(content))


def into_csv(text: str, path: Path) -> None:
    path.write_text(path.read_text() + f'"{text.replace(" ", chr(10), 1)}"\n')


def into_parquet(text: str, path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"copy (select ['{text}'] as listed) to '{path}' (format parquet)")


def into_metadata(text: str, path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select 1 as a) to '{path}' (format parquet, kv_metadata {{note: '{text}'}})"
        )


def into_workbook(text: str, path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["a", text])
    book.save(path)


def into_script(text: str, path: Path) -> None:
    path.write_text(f"// {text}")


def into_gzip(text: str, path: Path) -> None:
    path.write_bytes(gzip.compress(text.encode()))


def into_packed_database(text: str, path: Path) -> None:
    # Other content than the public database, which is searched in its unpacked file.
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + text.encode()))


def into_analysts_database(text: str, path: Path) -> None:
    into_database(f"update mart_data_quality set reason = '{text.replace(' ', ', ')}'", path)


[INSTALLED] = (Path(str(files("material"))) / "templates" / "assets" / "stylesheets").glob("main.*.css")

Plant = Callable[[str, Path], None]


def page_with(change: Callable[[str], str]) -> Plant:
    """Plant the changed text into a page."""
    return lambda text, path: into_page(change(text), path)


PLANTED: dict[str, tuple[str, Plant]] = {
    "a page": (
        "site/index.html",
        page_with(lambda text: f"<p>{text.replace('eight', '<em>eight</em>')}</p>"),
    ),
    "character references": (
        "site/404.html",
        page_with(lambda text: text.replace("e", "&#101;").replace(" ", "&#32;")),
    ),
    "an attribute": ("site/quality.html", page_with(lambda text: f'<img alt="{text}">')),
    "invisible characters": (
        "site/rankings.html",
        page_with(lambda text: text.replace("t", "t\u00ad\u200b")),
    ),
    "an HTML comment": ("site/coverage.html", page_with(lambda text: f"<!-- {text.upper()} -->")),
    "a script": ("site/assets/menu.js", into_script),
    "a file of the theme": (f"site/assets/stylesheets/{INSTALLED.name}", into_script),
    "Data Docs": ("site/data-docs/index.html", into_page),
    "the search index": ("site/search/search_index.json", into_json),
    "the manifest": ("manifest.json", into_json),
    "a CSV file": ("data/csv/mart_coverage.csv", into_csv),
    "a Parquet file": ("data/parquet/mart_coverage.parquet", into_parquet),
    "metadata of a Parquet file": ("data/parquet/dim_rating.parquet", into_metadata),
    "a workbook": ("data/all.xlsx", into_workbook),
    "the packed database": ("site/assets/sql/database.bin", into_packed_database),
    "a packed file": ("site/sitemap.xml.gz", into_gzip),
    "the analysts' database": ("self_evaluation.duckdb", into_analysts_database),
}


@contextmanager
def kept(*paths: Path) -> Iterator[None]:
    """Put the files back as they were."""
    before = {path: path.read_bytes() if path.exists() else None for path in paths}
    try:
        yield
    finally:
        for path, content in before.items():
            path.unlink(missing_ok=True)
            if content is not None:
                path.write_bytes(content)


def test_a_comment_is_found_in_every_format(place: Workplace) -> None:
    candidate = get_candidate_folder(place.home)
    planted = list(enumerate(PLANTED.values(), start=1))
    with kept(*(candidate / name for _, (name, _) in planted)):
        for first in range(0, len(planted), MAX_QUOTATIONS):
            some = planted[first : first + MAX_QUOTATIONS]
            with kept(*(candidate / name for _, (name, _) in some)):
                for question, (name, plant) in some:
                    plant(quote(question), candidate / name)
                found = find_all(place)
            assert sorted(found) == sorted(
                f"A comment is quoted in {name} ({key(question)})." for question, (name, _) in some
            )


def test_a_comment_in_the_history_of_a_run_is_found(place: Workplace) -> None:
    event = ("a-run", json.dumps({"a": quote(4).replace(" ", "\n")}))
    assert find_all(place, [event]) == [f"A comment is quoted in the history of run a-run ({key(4)})."]


def test_a_comment_in_a_log_since_the_last_release_is_found(place: Workplace) -> None:
    home = place.home
    logs = [
        home.dagster / "storage" / "a-run" / "step.out",
        home.dagster / "storage" / "a-run" / "step.err",
        home.audit / "a-check.json",
        home.dbt_target / "run_results.json",
        home.dbt_target / "dbt.log",
    ]
    with kept(*logs):
        for question, log in enumerate(logs, start=1):
            log.parent.mkdir(parents=True, exist_ok=True)
            log.write_text(json.dumps([quote(question)]))
        assert sorted(find_all(place)) == sorted(
            f"A comment is quoted in the log {log.name} ({key(question)})."
            for question, log in enumerate(logs, start=1)
        )
        # They were searched for the release before.
        for log in logs:
            os.utime(log, (0, 0))
        assert find_all(place) == []


def test_seven_words_and_the_wording_of_a_question_are_no_quotation(place: Workplace) -> None:
    page = get_candidate_folder(place.home) / "site" / "index.html"
    with duckdb.connect(str(place.home.build_database)) as connection:
        [(wording,)] = connection.execute(
            "select question_text from marts.dim_question where length(question_text) > 80 limit 1"
        ).fetchall()
        changed = connection.execute(
            "update raw.answer set comment_typed = ? where question_no_typed = '9' and source_file not in "
            "(select source_file from marts.fct_return where committee_id = 'fife') returning source_file",
            [f"On: {wording}"],
        ).fetchall()
        assert len(changed) == 24
    with kept(page):
        into_page(f"<p>{' '.join(quote(4).split()[:7])}.</p><p>{wording}</p>", page)
        assert find_all(place) == []


FOR_OTHERS = (
    (
        "data/csv/mart_x.csv",
        "committee_name,rating\nFife,Green\n",
        "contains the rating of a single committee",
    ),
    (
        "site/x.html",
        "<table><tr><th>Fife</th><td><b>Red</b></td></tr></table>",
        "contains the rating of a single committee",
    ),
    ("data/csv/mart_coverage.csv", "comment_typed\nx\n", "contains the restricted column comment_typed"),
    (
        "data/csv/fct_rating.csv",
        "a\n1\n",
        "contains tables that its audience may not see: fct_rating",
    ),
)


def test_what_is_for_another_audience_is_found(place: Workplace) -> None:
    candidate = get_candidate_folder(place.home)
    database = candidate / "self_evaluation.duckdb"
    with kept(database, *(candidate / name for name, *_ in FOR_OTHERS)):
        for name, content, _ in FOR_OTHERS:
            (candidate / name).write_text(content)
        into_database("alter table fct_rating add column comment_typed varchar", database)
        found = find_all(place)
    for name, _, message in FOR_OTHERS:
        assert f"{name} {message}." in found
    assert (
        "self_evaluation.duckdb contains the restricted column comment_typed in the table fct_rating."
        in found
    )


def test_a_disclosure_stops_the_publication(workplace: Workplace) -> None:
    before = workplace.published()
    candidate = get_candidate_folder(workplace.home)
    shutil.copytree(workplace.home.published.resolve(), candidate)
    about = json.loads((candidate / "release.json").read_text())
    (candidate / "release.json").write_text(json.dumps(about | {"release_id": "another"}))
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        [(comment,)] = connection.execute(
            "select comment_typed from raw.answer order by length(comment_typed) desc limit 1"
        ).fetchall()
    page = candidate / "site" / "index.html"
    with (
        kept(page),
        pytest.raises(
            catalog.ReleaseError, match=r"A comment is quoted in site/index\.html \(round 2016"
        ) as refused,
    ):
        into_page(f"<p>{comment}</p>", page)
        publish.publish_candidate(workplace.home, ())
    assert comment[:20] not in str(refused.value)
    assert workplace.published() == before
    assert publish.publish_candidate(workplace.home, ()).release_id == workplace.published() == "another"
