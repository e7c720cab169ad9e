"""Publication: what a candidate has to be, and what readers see afterwards.

Each test publishes in a copy of the published sample, without a run of the job.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest

from dagster_project.audit.gate import GateClosed
from dagster_project.home import records
from dagster_project.home.table_hashes import AUDITED_SCHEMAS, hash_schema, hash_tables
from dagster_project.paths import Home
from dagster_project.release import candidate, catalog, publish
from dagster_project.release.database import CONFIDENTIAL
from dagster_project.release.marts import select_analyst, select_marts, select_public
from dagster_project.release.modeldocs import describe_models
from dagster_project.transform.project import list_data_tests, list_marts, load_manifest
from tests.conftest import Workplace
from tests.release.conftest import CHECKS, rewrite


@pytest.fixture
def ready(sample_home: Workplace, home: Home) -> Path:
    """A small candidate with the same data, complete except for its manifest."""
    there = sample_home.home.published.resolve()
    folder = candidate.get_candidate_folder(home)
    for name in ("data/csv/mart_coverage.csv", "data/csv/mart_question_ranking.csv", "site/index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(there / name, folder / name)
    with duckdb.connect(str(folder / "self_evaluation.duckdb")) as connection:
        connection.execute(f"attach '{there / 'self_evaluation.duckdb'}' as whole (read_only)")
        for table in ("fct_return", "fct_rating"):
            connection.execute(f"create table {table} as from whole.{table}")
    about = json.loads((there / candidate.ABOUT).read_text())
    (folder / candidate.ABOUT).write_text(json.dumps(about | {"release_id": "next", "number": 2}))
    return folder


def test_a_release_is_synced_to_disk_before_readers_see_it(
    home: Home, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    seen_at: list[Path] = []
    fsync = os.fsync

    def record_fsync(descriptor: int) -> None:
        """Call the real function, and record which release readers see at that moment."""
        fsync(descriptor)
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        seen_at.append(home.published.resolve())

    before = home.published.resolve()
    given = {path.relative_to(ready): path.read_bytes() for path in ready.rglob("*") if path.is_file()}
    folders = [path for path in (ready, *ready.rglob("*")) if path.is_dir()]
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", record_fsync)
        release = publish.publish_candidate(home, ())
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors

    folder = home.releases / "next"
    assert not ready.exists()
    assert home.published.is_symlink()
    assert home.published.readlink() == Path("releases/next")
    # First all files and their folders, then the folder of releases, and the link last.
    assert synced[-2:] == [home.releases, home.published.parent]
    assert seen_at[-2:] == [before, folder]
    files = [path for path in folder.rglob("*") if path.is_file()]
    # The figures of all releases are a file of the home, synced before its name is given to it.
    of_release = {path for path in synced[:-2] if path.parent != home.known_figures.parent}
    assert {ready / path.relative_to(folder) for path in files} | set(folders) == of_release

    manifest = json.loads((folder / catalog.MANIFEST).read_text())
    assert (folder / catalog.MANIFEST).read_text().startswith('{\n  "release_id": "next",\n')
    assert (folder / catalog.MANIFEST).read_text().endswith("]\n}\n")
    # No step of a run has stored its inputs: the release has no fingerprint.
    assert manifest | {"files": []} == json.loads(given[Path(candidate.ABOUT)]) | {
        "inputs": None,
        "files": [],
    }
    assert [entry["path"] for entry in manifest["files"]] == sorted(
        (path.as_posix() for path in given), key=lambda path: Path(path).parts
    )
    assert {
        entry["path"]: (entry["bytes"], entry["sha256"]) for entry in manifest["files"]
    } == {path.as_posix(): (len(text), hashlib.sha256(text).hexdigest()) for path, text in given.items()}  # fmt: skip
    assert {
        path.relative_to(folder): path.read_bytes() for path in files if path.name != catalog.MANIFEST
    } == given
    assert catalog.verify_release(home, "next") == ()
    assert release == catalog.Release(
        "next",
        2,
        manifest["made_at"],
        ("2016",),
        len(given),
        sum(map(len, given.values())),
        is_published=True,
    )
    assert [(one.release_id, one.is_published) for one in catalog.list_releases(home)] == [
        ("next", True),
        ("before", False),
    ]
    with pytest.raises(AttributeError):
        release.is_published = False  # type: ignore[misc]


def test_a_manifest_in_a_folder_of_the_release_is_an_ordinary_file(home: Home, ready: Path) -> None:
    (ready / "site" / catalog.MANIFEST).write_text("{}")
    (ready / catalog.MANIFEST).write_text("of a killed run")
    publish.publish_candidate(home, ())
    assert catalog.verify_release(home, "next") == ()
    manifest = json.loads((home.releases / "next" / catalog.MANIFEST).read_text())
    assert [one["path"] for one in manifest["files"] if one["path"].endswith(catalog.MANIFEST)] == [
        f"site/{catalog.MANIFEST}"
    ]


def test_an_incomplete_candidate_or_one_of_other_data_is_not_published(home: Home, ready: Path) -> None:
    before = home.published.resolve()

    def refused(error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            publish.publish_candidate(home, ())
        assert home.published.resolve() == before
        assert sorted(path.name for path in home.releases.iterdir()) == ["before"]

    about = json.loads((ready / candidate.ABOUT).read_text())
    other = about | {"tokens": about["tokens"] | {"raw": "of other returns"}}
    (ready / candidate.ABOUT).write_text(json.dumps(other))
    refused(GateClosed, "not built from the audited data")
    (ready / candidate.ABOUT).write_text(json.dumps(about | {"release_id": "before"}))
    refused(catalog.ReleaseError, "There is already a release before")
    (ready / candidate.ABOUT).write_text(json.dumps(about))
    leak = ready / "data" / "csv" / "fct_rating.csv"
    leak.write_text("committee_name,rating\nFife,green\n")
    refused(
        catalog.ReleaseError,
        r"(?s)may not see.\n- data/csv/fct_rating.csv .*\n- data/csv/fct_rating.csv contains",
    )
    leak.unlink()
    index = (ready / "site" / "index.html").rename(ready / "index.html")
    refused(catalog.ReleaseError, "has no site")
    index.rename(ready / "site" / "index.html")
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute("update marts.mart_coverage set returned = returned + 1")
    refused(GateClosed, "passed on other data")
    (ready / candidate.ABOUT).unlink()
    refused(catalog.ReleaseError, "no candidate")


def test_the_first_publication_makes_the_folders(home: Home, ready: Path) -> None:
    home.published.unlink()
    shutil.rmtree(home.releases)
    # Left by a killed process with the same id.
    home.published.with_name(f".published.{os.getpid()}").symlink_to("absent")
    assert publish.publish_candidate(home, ()).release_id == "next"
    assert home.published.resolve() == home.releases / "next"
    with pytest.raises(catalog.ReleaseError, match=r"no complete release 'x'\. Known: next\."):
        publish.switch_release(home, "x")
    shutil.copytree(home.releases / "next", home.releases / "second")
    shutil.copytree(home.releases / "next", home.releases / ".next")
    with pytest.raises(catalog.ReleaseError, match=r"no complete release '\.next'"):
        publish.roll_back_release(home, ".next")
    with pytest.raises(catalog.ReleaseError, match=r"no complete release 'x'\. Known: next\."):
        publish.roll_back_release(home, "x")
    shutil.rmtree(home.releases)
    with pytest.raises(catalog.ReleaseError, match=r"Known: none\."):
        publish.switch_release(home, "x")


def test_a_candidate_describes_its_data(home: Home) -> None:
    folder = candidate.get_candidate_folder(home)
    folder.mkdir(parents=True)
    (folder / "left.txt").write_text("by a killed run")
    with duckdb.connect(str(home.build_database)) as connection:
        # One round with claims, two without, and two open ones, the last of them without returns.
        [row] = connection.execute("from marts.dim_round").fetchall()
        names = [column[0] for column in connection.description or ()]
        for year, illustrative, provisional in (
            ("2018", True, False), ("2019", True, False), ("2020", False, True), ("2021", False, True)
        ):  # fmt: skip
            other = dict(zip(names, row, strict=True)) | {
                "round_id": year, "is_illustrative": illustrative, "is_provisional": provisional,
            }  # fmt: skip
            other["fieldwork_start"] = other["fieldwork_start"].replace(year=int(year))
            marks = ", ".join("?" * len(names))
            connection.execute(f"insert into marts.dim_round values ({marks})", list(other.values()))
            returned = "0" if year == "2021" else "returned"
            connection.execute(
                f"insert into marts.mart_coverage select * replace ('{year}' as round_id, {returned} as returned) "
                "from marts.mart_coverage where round_id = '2016'"
            )
            withheld = "'round_open'" if year == "2021" else "null"
            connection.execute(
                f"insert into marts.mart_suppression select * replace ('{year}' as round_id, {withheld} as "
                "ratings_withheld_because) from marts.mart_suppression where round_id = '2016'"
            )
        tokens = {schema: hash_schema(connection, schema) for schema in AUDITED_SCHEMAS}
        hashes = {schema: hash_tables(connection, schema) for schema in AUDITED_SCHEMAS}
    for check in CHECKS:
        kept = records.read_record(home, check)
        assert kept
        current = tokens if check == records.DBT_BUILD else hashes[check.split("_")[0]]
        rewrite(home, check, tokens={name: current[name] for name in kept.tokens})

    marts = select_marts(list_marts(), list_data_tests())
    made = candidate.make_candidate(home, marts, describe_models(load_manifest()))
    assert made.folder == folder
    assert not (folder / "left.txt").exists()
    text = (folder / candidate.ABOUT).read_text()
    about = json.loads(text)
    assert text == json.dumps(about, indent=2) + "\n"
    assert about["release_id"] == made.release_id
    assert made.release_id == (about["made_at"].replace("-", "").replace(":", "") + "-" + tokens["marts"][:8])
    assert len(about["made_at"]) == len("2026-11-25T12:00:00Z")
    assert about["number"] == 2
    assert about["rounds"] == ["2016", "2018", "2019", "2020", "2021"]
    assert (about["latest_round"], about["provisional_rounds"]) == ("2020", ["2020"])
    assert (about["withheld_rounds"], about["open_rounds"]) == (["2021"], ["2021"])
    assert about["is_illustrative"] is True
    assert about["tokens"] == made.tokens == tokens
    assert about["caveat"] == " ".join(
        (
            candidate.UNVERIFIED,
            candidate.ILLUSTRATIVE.format(rounds="2016"),
            candidate.INVENTED.format(rounds="2018, 2019"),
            candidate.PROVISIONAL.format(rounds="2020"),
            candidate.OPEN.format(rounds="2021"),
        )
    )
    assert candidate.UNVERIFIED.startswith(
        "The ratings are the committees' own view of their work. They have"
    )
    database = folder / "self_evaluation.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = dict(
            connection.execute(
                "select table_name, comment from duckdb_tables() where schema_name = 'main'"
            ).fetchall()
        )
        analyst = {mart.name: mart for mart in select_analyst(marts)}
        for key, own in (("tables", select_public(marts)), ("analyst_tables", analyst)):
            assert {one["name"]: one["description"] for one in about[key]} == {
                name: mart.description for name, mart in own.items()
            }
            for one in about[key]:
                # The public has suppressed figures under the name that analysts have all figures under.
                table = own[one["name"]].name
                counted = connection.execute(f"select count(*) from {table}").fetchone()
                assert counted == (one["rows"],) == (made.rows[table],)
                assert tables[table] == one["description"]
        said = dict(connection.execute("from about_this_release").fetchall())
        assert said == {
            "release": made.release_id, "made at": about["made_at"], "data version": tokens["marts"][:8],
            "caveat": about["caveat"], "confidentiality": CONFIDENTIAL,
        }  # fmt: skip
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where schema_name = 'main'"
        ).fetchall()
        described = {
            (mart.name, name): one.description for mart in marts for name, one in mart.columns.items()
        }
        assert {(table, name): text for table, name, text in columns if table in made.rows} == described
    assert not database.with_name(f"{database.name}.wal").exists()
    assert (folder / "data" / "csv").is_dir() and (folder / "data-docs" / "index.html").is_file()
    assert (folder / "dbt-docs" / "index.html").is_file()

    # After a publication there is no candidate to delete.
    shutil.rmtree(folder)
    assert candidate.make_candidate(home, marts, describe_models(load_manifest())).folder.is_dir()
