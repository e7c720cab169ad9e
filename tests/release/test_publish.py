"""Publishing, seen from its two ends: what the gate and the candidate must be, and what readers then find.

Each is a real publication in a copy of the published sample, without a run of the job.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dagster_project.audit import record
from dagster_project.audit.token import schema_token
from dagster_project.home import Home
from dagster_project.quality.gate import GateClosed, require_passed
from dagster_project.quality.suites import SCHEMAS, load_suites
from dagster_project.release import candidate, publish, shelf
from dagster_project.release.marts import marts_of
from dagster_project.release.modeldocs import documented
from dagster_project.transform.project import data_tests, manifest, models
from tests.conftest import Workplace

CHECKS = [record.DBT_BUILD, *(suite.name for schema in SCHEMAS for suite in load_suites(schema))]
FOREIGN = 'an "other" thing'


@pytest.fixture
def home(sample_home: Workplace, tmp_path: Path) -> Home:
    """A home as the audit leaves it: a build, its records, and the release before."""
    made = Home(tmp_path / "home")
    there = sample_home.home
    shutil.copytree(there.audit, made.audit)
    shutil.copy(there.build_database, made.build_database)
    name = there.published.resolve().name
    shutil.copytree(there.releases / name / "data" / "csv", made.releases / "before" / "data")
    manifest = json.loads((there.releases / name / shelf.MANIFEST).read_text())
    about = {"release_id": "before", "number": 1, "files": []}
    (made.releases / "before" / shelf.MANIFEST).write_text(json.dumps(manifest | about))
    publish.switch(made, "before")
    return made


@pytest.fixture
def ready(sample_home: Workplace, home: Home) -> Path:
    """A candidate of the same data, complete but for its manifest: small, because each file is read for comments."""
    there = sample_home.home.published.resolve()
    folder = candidate.candidate_folder(home)
    for name in ("data/csv/mart_coverage.csv", "data/csv/mart_question_ranking.csv", "site/index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(there / name, folder / name)
    with duckdb.connect(str(folder / "self_evaluation.duckdb")) as connection:
        connection.execute(f"attach '{there / 'self_evaluation.duckdb'}' as whole (read_only)")
        connection.execute("create table fct_return as from whole.fct_return")
    about = json.loads((there / candidate.ABOUT).read_text())
    (folder / candidate.ABOUT).write_text(json.dumps(about | {"release_id": "next", "number": 2}))
    return folder


def write(home: Home, check: str, **changes: Any) -> None:
    kept = record.read(home, check)
    assert kept
    record.write(home, record.Record(**(vars(kept) | changes)))


def refusals(home: Home) -> list[str]:
    """What the gate says, without what every refusal begins with."""
    with duckdb.connect(str(home.build_database), read_only=True) as connection:
        try:
            tokens = require_passed(home, connection)
        except GateClosed as closed:
            heading, *reasons = str(closed).splitlines()
            assert heading == "Nothing was released."
            return reasons
        assert tokens == {schema: schema_token(connection, schema) for schema in SCHEMAS}
        return []


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "passed": ({"passed": False, "failures": ["one thing", FOREIGN]}, f" failed: one thing; {FOREIGN}"),
    "definition": (
        {"definition": "another"},
        " has been changed since it passed. Run the whole job: `selfeval run`.",
    ),
    "tokens": (
        {"tokens": {"raw": "other"}},
        " passed on other data than these. Run the whole job: `selfeval run`.",
    ),
}


@pytest.mark.parametrize("turn", range(5))
def test_the_gate_lets_nothing_pass_that_a_check_has_not_passed_as_it_stands(home: Home, turn: int) -> None:
    """Each check has each fault in one of the turns, and none in one."""
    assert len(CHECKS) > 10
    told = []
    for place, check in enumerate(CHECKS):
        kind = [*FAULTS, "nothing", "missing"][(place + turn) % 5]
        if kind in FAULTS:
            changes, reason = FAULTS[kind]
            write(home, check, **changes)
            told.append(f"- The check {check}{reason}")
        elif kind == "missing":
            record.discard(home, [check])
            told.append(f"- The check {check} did not report. Run the whole job: `selfeval run`.")
    assert refusals(home) == told


def test_the_gate_is_open_for_what_passed_and_closed_where_one_token_of_two_is_another(home: Home) -> None:
    assert refusals(home) == []
    kept = record.read(home, record.DBT_BUILD)
    assert kept and set(kept.tokens) == set(SCHEMAS)
    write(home, record.DBT_BUILD, tokens=dict(kept.tokens) | {"raw": kept.tokens["marts"]})
    assert len(refusals(home)) == 1


def test_every_refusal_is_told_at_once(home: Home) -> None:
    record.discard(home, [CHECKS[0], "never written"])
    (home.audit / f"{CHECKS[1]}.json").write_text("{")
    (home.audit / f"{CHECKS[2]}.json").write_text('{"check": 1, "unknown": 2}')
    assert [reason.split()[3] for reason in refusals(home)] == CHECKS[:3]
    # A home that has not been audited at all.
    shutil.rmtree(home.audit)
    assert len(refusals(home)) == len(CHECKS)
    record.write(home, record.Record(CHECKS[0], True, {}))
    kept = record.read(home, CHECKS[0])
    assert kept == record.Record(CHECKS[0], True, {}, "", [], [], [])
    with pytest.raises(AttributeError):
        kept.passed = False  # type: ignore[misc]


def test_a_token_tells_every_change_of_a_table_and_no_order_of_rows() -> None:
    def token(*statements: str, schema: str = "marts") -> str:
        with duckdb.connect() as connection:
            connection.execute("create schema marts; create schema other")
            connection.execute("create table marts.a as from (values (1, 'x'), (2, 'y')) as t(n, w)")
            connection.execute("create table marts.b as select 1 as n")
            for statement in statements:
                connection.execute(statement)
            return schema_token(connection, schema)

    same = token()
    assert same == token("create or replace table marts.a as from marts.a order by n desc")
    assert same == token("create table other.c as select 1 as n")
    others = [
        token("update marts.a set w = 'z' where n = 1"),
        token("delete from marts.a where n = 1"),
        token("insert into marts.a from marts.a limit 1"),
        token("insert into marts.a from marts.a"),
        token("alter table marts.a rename n to m"),
        token("alter table marts.a alter n type bigint"),
        token("create or replace table marts.a as select w, n from marts.a"),
        token("alter table marts.a rename to c"),
        token("create table marts.c as select 1 as n"),
        token("drop table marts.b"),
        token("update marts.a set w = case n when 1 then 'y' else 'x' end"),
        token(schema="other"),
    ]
    assert len({same, *others}) == 1 + len(others)
    assert token(schema="other") == token(schema="nowhere")
    assert len(same) == 64


def test_a_publication_is_whole_on_the_disk_before_readers_see_it(
    home: Home, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    seen_at: list[Path] = []
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        """The real call, and what readers saw as it was made."""
        fsync(descriptor)
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        seen_at.append(home.published.resolve())

    before = home.published.resolve()
    given = {path.relative_to(ready): path.read_bytes() for path in ready.rglob("*") if path.is_file()}
    folders = [path for path in (ready, *ready.rglob("*")) if path.is_dir()]
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", watched)
        release = publish.publish(home, ())
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors

    folder = home.releases / "next"
    assert not ready.exists()
    assert home.published.is_symlink()
    assert home.published.readlink() == Path("releases/next")
    # All files, their folders, the name of the release, and only then the link.
    assert synced[-2:] == [home.releases, home.published.parent]
    assert seen_at[-2:] == [before, folder]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {ready / path.relative_to(folder) for path in files} | set(folders) == set(synced[:-2])

    manifest = json.loads((folder / shelf.MANIFEST).read_text())
    assert (folder / shelf.MANIFEST).read_text().startswith('{\n  "release_id": "next",\n')
    assert (folder / shelf.MANIFEST).read_text().endswith("]\n}\n")
    # Without the marks of a run's steps nobody knows that the next one would make the same.
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
        path.relative_to(folder): path.read_bytes() for path in files if path.name != shelf.MANIFEST
    } == given
    assert shelf.verify(home, "next") == ()
    assert release == shelf.Release(
        "next",
        2,
        manifest["made_at"],
        ("2016",),
        len(given),
        sum(map(len, given.values())),
        is_published=True,
    )
    assert [(one.release_id, one.is_published) for one in shelf.releases(home)] == [
        ("next", True),
        ("before", False),
    ]
    with pytest.raises(AttributeError):
        release.is_published = False  # type: ignore[misc]


def test_a_second_manifest_inside_a_release_is_a_file_as_others(home: Home, ready: Path) -> None:
    (ready / "site" / shelf.MANIFEST).write_text("{}")
    (ready / shelf.MANIFEST).write_text("what a kill left")
    publish.publish(home, ())
    assert shelf.verify(home, "next") == ()
    manifest = json.loads((home.releases / "next" / shelf.MANIFEST).read_text())
    assert [one["path"] for one in manifest["files"] if one["path"].endswith(shelf.MANIFEST)] == [
        f"site/{shelf.MANIFEST}"
    ]


def test_what_is_not_ready_or_not_what_was_audited_is_not_published(home: Home, ready: Path) -> None:
    before = home.published.resolve()

    def refused(error: type[Exception], told: str) -> None:
        with pytest.raises(error, match=told):
            publish.publish(home, ())
        assert home.published.resolve() == before
        assert sorted(path.name for path in home.releases.iterdir()) == ["before"]

    about = json.loads((ready / candidate.ABOUT).read_text())
    other = about | {"tokens": about["tokens"] | {"raw": "of other returns"}}
    (ready / candidate.ABOUT).write_text(json.dumps(other))
    refused(GateClosed, "made of other data than were audited")
    (ready / candidate.ABOUT).write_text(json.dumps(about | {"release_id": "before"}))
    refused(shelf.ReleaseError, "There is a release before already")
    (ready / candidate.ABOUT).write_text(json.dumps(about))
    leak = ready / "data" / "csv" / "fct_rating.csv"
    leak.write_text("committee_name,rating\nFife,green\n")
    refused(
        shelf.ReleaseError,
        r"(?s)may not see.\n- In data/csv/fct_rating.csv .*\n- data/csv/fct_rating.csv holds",
    )
    leak.unlink()
    index = (ready / "site" / "index.html").rename(ready / "index.html")
    refused(shelf.ReleaseError, "has no site")
    index.rename(ready / "site" / "index.html")
    with duckdb.connect(str(home.build_database)) as connection:
        connection.execute("update marts.mart_coverage set returned = returned + 1")
    refused(GateClosed, "passed on other data than these")
    (ready / candidate.ABOUT).unlink()
    refused(shelf.ReleaseError, "no candidate")


def test_the_first_release_of_a_home_makes_its_folders(home: Home, ready: Path) -> None:
    home.published.unlink()
    shutil.rmtree(home.releases)
    # What a killed process of the same number left.
    home.published.with_name(f".published.{os.getpid()}").symlink_to("nowhere")
    assert publish.publish(home, ()).release_id == "next"
    assert home.published.resolve() == home.releases / "next"
    with pytest.raises(shelf.ReleaseError, match=r"no complete release 'x'\. Known: next\."):
        publish.switch(home, "x")
    shutil.copytree(home.releases / "next", home.releases / "second")
    shutil.copytree(home.releases / "next", home.releases / ".next")
    with pytest.raises(shelf.ReleaseError, match=r"no complete release '\.next'"):
        publish.rollback(home, ".next")
    with pytest.raises(shelf.ReleaseError, match=r"no complete release 'x'\. Known: next\."):
        publish.rollback(home, "x")
    shutil.rmtree(home.releases)
    with pytest.raises(shelf.ReleaseError, match=r"Known: none\."):
        publish.switch(home, "x")


def test_a_candidate_says_of_what_it_was_made(home: Home) -> None:
    folder = candidate.candidate_folder(home)
    folder.mkdir(parents=True)
    (folder / "left.txt").write_text("by a run that was killed")
    with duckdb.connect(str(home.build_database)) as connection:
        # One round with claims, two without, two that are open, the last of which nobody has answered yet.
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
        tokens = {schema: schema_token(connection, schema) for schema in SCHEMAS}
    for check in CHECKS:
        kept = record.read(home, check)
        assert kept
        write(home, check, tokens={schema: tokens[schema] for schema in kept.tokens})

    marts = marts_of(models(), data_tests())
    made = candidate.make_candidate(home, marts, documented(manifest()))
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
    assert (about["latest_round"], about["provisional_rounds"]) == ("2020", ["2020", "2021"])
    assert about["is_illustrative"] is True
    assert about["tokens"] == made.tokens == tokens
    assert about["caveat"] == " ".join(
        (
            candidate.UNVERIFIED,
            candidate.ILLUSTRATIVE.format(rounds="2016"),
            candidate.INVENTED.format(rounds="2018, 2019"),
            candidate.PROVISIONAL.format(rounds="2020, 2021"),
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
        for audience, key in (("public", "tables"), ("analyst", "analyst_tables")):
            own = {mart.name: mart.description for mart in marts if mart.audience == audience}
            assert {one["name"]: one["description"] for one in about[key]} == own
            for one in about[key]:
                counted = connection.execute(f"select count(*) from {one['name']}").fetchone()
                assert counted == (one["rows"],) == (made.rows[one["name"]],)
                assert tables[one["name"]] == one["description"]
        said = dict(connection.execute("from about_this_release").fetchall())
        assert said == {
            "release": made.release_id, "made at": about["made_at"], "data version": tokens["marts"][:8],
            "caveat": about["caveat"],
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

    # The run after a publication finds no candidate to put aside.
    shutil.rmtree(folder)
    assert candidate.make_candidate(home, marts, documented(manifest())).folder.is_dir()
