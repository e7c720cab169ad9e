"""The process that audits: it says what the library says here, carries errors back, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from dagster_project.audit import validate as validation
from dagster_project.audit.auditor import AuditError, auditor
from dagster_project.audit.suites import load_suites
from dagster_project.audit.validate import validate
from dagster_project.paths import REPOSITORY

SUITE = replace(
    load_suites("marts")[0],
    query="select * from answers",
    keys=("file",),
    expectations=(
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "file"}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "rating"}},
    ),
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create table answers as from (values ('a', 'red'), ('a', null)) as t (file, rating)"
        )
    return path


def test_it_finds_what_is_found_in_this_process(database: Path) -> None:
    [found] = auditor().validate(database, [SUITE])
    with duckdb.connect(str(database), read_only=True) as connection:
        assert found == validate(connection, SUITE)
    assert len(found.failures) == 2


def test_words_are_kept_for_the_next_process_and_not_for_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = load_suites("raw")[0].expectations
    monkeypatch.setattr(validation, "WORDS", tmp_path / "made" / "words.json")
    validation._words.cache_clear()
    validation.name_demands(asked)
    words = dict(validation._words())
    assert words and all(words.values())
    validation._words.cache_clear()
    monkeypatch.setattr(validation, "_rendered", None)
    validation.name_demands(asked)
    assert validation._words() == words
    kept = validation.WORDS.read_text()
    for of_no_use in (kept.replace('"by": "', '"by": "0.'), kept[:-5], "[]", ""):
        validation.WORDS.write_text(of_no_use)
        validation._words.cache_clear()
        assert validation._words() == {}, of_no_use
    validation._words.cache_clear()


def test_outcomes_come_in_the_order_of_the_suites(database: Path) -> None:
    suites = [
        replace(SUITE, name=str(number), expectations=SUITE.expectations[:number]) for number in (2, 1, 0)
    ]
    assert [len(one.results) for one in auditor().validate(database, suites)] == [2, 1, 0]
    assert list(auditor().validate(database, [])) == []


def test_what_raises_there_is_raised_here_and_it_goes_on(database: Path) -> None:
    broken = replace(SUITE, query="select * from nothing")
    with pytest.raises(AuditError, match="Table with name nothing does not exist"):
        next(auditor().validate(database, [broken]))
    assert list(auditor().validate(database, [SUITE]))


def test_an_answer_that_nobody_waited_for_is_not_taken_for_another(database: Path) -> None:
    broken, other = replace(SUITE, query="select * from nothing"), replace(SUITE, expectations=())
    with pytest.raises(AuditError, match="Table with name nothing does not exist"):
        list(auditor().validate(database, [broken, other]))
    [found] = auditor().validate(database, [SUITE])
    assert len(found.results) == 2
    # Nor is that of suites of which only the first was waited for.
    next(auditor().validate(database, [SUITE, other]))
    [found] = auditor().validate(database, [SUITE])
    assert len(found.results) == 2


def test_one_that_was_killed_has_audited_nothing_and_another_takes_its_place(database: Path) -> None:
    killed = auditor()
    os.kill(killed._process.pid, signal.SIGKILL)
    with pytest.raises(AuditError, match="has ended"):
        next(killed.validate(database, [SUITE]))
    assert auditor() is not killed
    assert list(auditor().validate(database, [SUITE]))


def test_it_ends_with_a_parent_that_is_killed() -> None:
    code = """
import time
from dagster_project.audit import validate as validation
from dagster_project.audit.auditor import auditor
print(auditor()._process.pid, flush=True)
time.sleep(60)
"""
    command = [sys.executable, "-c", code]
    parent = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 100
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
