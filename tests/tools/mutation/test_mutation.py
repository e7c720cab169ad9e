"""A few fixed mutants: those that matter are caught by the tests that should, one that changes nothing is told."""

import ast
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dagster_project.paths import REPOSITORY
from tests.conftest import Workplace
from tools.mutation import children, python
from tools.mutation.__main__ import MODELS, files, mutants_of
from tools.mutation.mutant import changed, equivalents
from tools.mutation.release import STEP


def test_fixed_mutants_are_caught_and_those_that_change_nothing_are_noticed(
    sample_home: Workplace, tmp_path: Path
) -> None:
    # In a process of its own: this one has imported, and started, too much to be forked.
    command = [sys.executable, "-m", "tools.mutation.trial", str(sample_home.home.root), str(tmp_path)]
    ended = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr
    verdicts = json.loads((tmp_path / "verdicts.json").read_text())
    # Each module of the step is still to be imported when it is mutated.
    broken = {name for name in verdicts if name.startswith("no dagster_project")}
    assert len(broken) == len(STEP)
    assert {name: (one["outcome"], one["judge"].split(" ")[0]) for name, one in verdicts.items()} == {
        "ranks are subtracted": ("caught", "unit"),
        "ties are dense": ("caught", "sample:"),
        "no column": ("invalid", "Binder"),
        "unranked questions come last anyway": ("survived", ""),
        "no check has to report": (
            "caught",
            "tests/release/test_gate.py::test_every_refusal_is_told_at_once",
        ),
        "a list of a list": ("survived", ""),
    } | dict.fromkeys(broken, ("invalid", "RuntimeError:"))


def test_a_mutant_that_hangs_dies_or_breaks_its_judge_is_told_apart(tmp_path: Path) -> None:
    def hangs(_: Path) -> None:
        while True:
            pass

    # A signal that neither pytest nor its workers take for themselves.
    works = [hangs, lambda _: os.kill(os.getpid(), signal.SIGUSR1), lambda _: [][0], lambda _: "done"]
    started = time.monotonic()
    answers = dict(children.each(works, tmp_path, jobs=4, cpu_seconds=1))
    assert time.monotonic() - started < 60
    assert [answers[n].timed_out for n in range(4)] == [True, False, False, False]
    assert f"signal {int(signal.SIGUSR1)}" in answers[1].error
    assert "IndexError" in answers[2].error
    assert (answers[3].answer, answers[3].error) == ("done", "")


def test_every_model_and_module_that_is_meant_has_mutants_and_each_known_equivalent_is_one_of_them() -> None:
    found = {path: mutants_of(path) for path in files([*MODELS, *STEP])}
    without = {path.stem for path, mutants in found.items() if not mutants}
    assert without <= {
        "dim_metric",
        "dim_problem_code",
        "dim_quality_check",
        "int_findings",
        "mart_ranking_rule",
    }
    for pattern in (*MODELS, *STEP):
        assert files([pattern]), pattern
    everything = [one for mutants in found.values() for one in mutants]
    assert len(everything) > 1000
    assert all(reason for reason in equivalents(everything).values())


def test_a_change_is_made_where_it_says_and_keeps_to_the_language() -> None:
    path = REPOSITORY / "dagster_project" / "release" / "publish.py"
    source = path.read_text()
    mutants = python.mutants_of(path)
    assert len(set(mutants)) == len(mutants)
    for one in mutants:
        other = changed(source, one)
        assert other != source
        ast.parse(other)
        assert source.splitlines()[: one.line - 1] == other.splitlines()[: one.line - 1]
