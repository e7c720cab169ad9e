"""A purged round has the same figures and no text. `make test-long` purges the sample and publishes it again."""

import csv
import os
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from typer.testing import CliRunner, Result

from dagster_project.cli.main import app
from dagster_project.raw.assets import returned_files
from dagster_project.raw.purged import export_purged, land_purged, list_purged
from dagster_project.resources import HomeFolder, WriterLock
from tests.conftest import ROUND, Workplace

WHY = ("--reason", "The retention period has ended.", "--role", "Data lead")


def purge(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["purge", *arguments])


def read_comments(workplace: Workplace) -> list[str]:
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        rows = connection.execute(
            "select comment_typed from raw.answer where length(comment_typed) > 20"
        ).fetchall()
    return [comment for (comment,) in rows]


@pytest.fixture
def exported(sample_home: Workplace, tmp_path: Path) -> Path:
    with duckdb.connect(str(sample_home.home.build_database), read_only=True) as connection:
        export_purged(connection, ROUND, tmp_path / "purged" / ROUND)
    return tmp_path / "purged" / ROUND


def test_the_rows_of_a_purged_round_have_ratings_and_no_text(sample_home: Workplace, exported: Path) -> None:
    kept = str(duckdb.execute(f"from read_parquet('{exported}/answer.parquet')").fetchall())
    kept += str(duckdb.execute(f"from read_parquet('{exported}/return_file.parquet')").fetchall())
    comments = read_comments(sample_home)
    assert len(comments) > 300
    assert not [one for one in comments if one in kept]
    rows = "round_id, source_file, question_no_typed, rating_typed, comment_typed = ''"
    with duckdb.connect(str(sample_home.home.build_database), read_only=True) as connection:
        before = connection.execute(f"select {rows} from raw.answer order by all").fetchall()
    assert duckdb.execute(f"select {rows} from '{exported}/answer.parquet' order by all").fetchall() == before
    # Identical comments stay identical, different ones different.
    count = "select count(distinct comment_typed) from"
    [(distinct,)] = duckdb.execute(f"{count} '{exported}/answer.parquet'").fetchall()
    assert distinct > 300
    assert exported.stat().st_mode & 0o077 == 0


def test_they_are_loaded_in_place_of_files(exported: Path) -> None:
    with duckdb.connect() as connection:
        first = land_purged(connection, exported, ROUND)
        assert land_purged(connection, exported, ROUND) == first
    assert (first.files, first.read, first.answers) == (26, 25, 475)


def test_a_return_cannot_join_a_purged_round(workplace: Workplace, exported: Path) -> None:
    shutil.copytree(exported, workplace.home.purged / ROUND)
    assert list_purged(workplace.home) == {ROUND}
    resources = {"writer_lock": WriterLock(folder=HomeFolder())}
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("rounds", [ROUND])

        def load() -> dg.ExecuteInProcessResult:
            return dg.materialize(
                [returned_files],
                instance=instance,
                resources=resources,
                partition_key=ROUND,
                raise_on_error=False,
            )

        refused = load()
        [failed] = [event for event in refused.all_events if event.is_step_failure]
        assert "were purged: no other return can be counted" in str(failed.step_failure_data.error)
        shutil.rmtree(workplace.returns)
        assert load().success
    assert read_comments(workplace) != []  # hashes


def test_only_a_closed_and_published_round_is_purged(workplace: Workplace) -> None:
    files = sorted(workplace.returns.iterdir())
    assert purge(ROUND, "--yes").exit_code == 2
    unknown = purge("1999", *WHY, "--yes")
    assert (unknown.exit_code, "There is no round '1999'" in unknown.stderr) == (1, True)
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute(
            "update raw.answer set comment_typed = 'changed since' where question_no_typed = '4'"
        )
    changed = purge(ROUND, *WHY, "--yes")
    assert (changed.exit_code, "Only what is published can be purged" in changed.stderr) == (1, True)
    workplace.reopen()
    is_open = purge(ROUND, *WHY, "--yes")
    assert (is_open.exit_code, "is open. Close it first" in is_open.stderr) == (1, True)
    assert sorted(workplace.returns.iterdir()) == files
    assert not (workplace.home.build / "trial").exists()


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="several whole runs: `make test-long`")
@pytest.mark.timeout(1200)
def test_later_runs_publish_the_same_figures_without_the_texts(workplace: Workplace) -> None:
    home = workplace.home
    comments = read_comments(workplace)
    ranks = workplace.ask(
        "select question_no, confidence_rank, green, amber, red, comment from mart_question_ranking order by 1"
    )
    topics = workplace.ask("from mart_comment_topic order by all")
    done = purge(ROUND, *WHY, "--yes")
    assert done.exit_code == 0, done.output
    assert list(workplace.returns.iterdir()) == []
    report = workplace.run()
    assert report.release_id, report
    assert report.revision and (report.revision.returns, report.revision.ranks) == ([], [])
    assert ranks == workplace.ask(
        "select question_no, confidence_rank, green, amber, red, comment from mart_question_ranking order by 1"
    )
    assert topics == workplace.ask("from mart_comment_topic order by all")
    with (home.seeds / "round_purges.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["round_id"], row["reason"], row["decided_by_role"]) == (ROUND, WHY[1], WHY[3])
    # No file of the home has a comment any more.
    longest = max(comments, key=len).encode()
    assert not [path for path in home.root.rglob("*") if path.is_file() and longest in path.read_bytes()]
    assert not set(comments) & set(read_comments(workplace))
    assert purge(ROUND, *WHY, "--yes").exit_code == 1
