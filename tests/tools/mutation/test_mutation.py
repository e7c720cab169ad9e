"""Mutants are made where they say, and the tests that should catch them do."""

import ast
import os
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY, SQL_ENGINE
from tools.mutation import python
from tools.mutation.__main__ import MODELS, MODULES, find_files, list_mutants
from tools.mutation.mutant import Mutant, change_source, load_equivalents
from tools.mutation.workspace import Workspace

GATE_TEST = "tests/release/test_gate.py::test_all_reasons_are_reported_at_once"
CLAIMS_TEST = "tests/system/test_sample.py::test_the_sample_reproduces_the_rankings_table"


def find_mutant(pattern: str, line: str, change: str) -> Mutant:
    """The mutant of a file with this change in a line that contains the text."""
    return next(
        mutant
        for path in find_files([pattern])
        for mutant in list_mutants(path)
        if line in mutant.text and mutant.change == change
    )


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="several whole runs: `make test-long`")
@pytest.mark.timeout(1200)
def test_a_mutant_is_caught_and_one_that_does_not_run_and_one_without_effect_are_identified(
    tmp_path: Path,
) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    subtracted = find_mutant("macros/ranking", "red_rank", "+ → -")
    verdict = workspace.judge(subtracted, [CLAIMS_TEST])
    assert (verdict.outcome, verdict.test) == ("caught", CLAIMS_TEST)
    no_column = Mutant(subtracted.path, 1, 1, "", subtracted.spans, ("+ no_such_column +",))
    assert workspace.judge(no_column, [CLAIMS_TEST]).outcome == "invalid"
    unchanged = Mutant("dagster_project/audit/gate.py", 1, 1, "", ((0, 0),), ("",))
    assert workspace.judge(unchanged, [GATE_TEST]).outcome == "survived"


def test_every_pattern_matches_files_and_every_known_equivalent_is_a_mutant() -> None:
    found = {path: list_mutants(path) for path in find_files([*MODELS, *MODULES])}
    without = {path.stem for path, mutants in found.items() if not mutants}
    assert without <= {
        "dim_problem_code",
        "dim_quality_check",
        "mart_claim_check",
        "mart_ranking_rule",
    }
    for pattern in (*MODELS, *MODULES):
        assert find_files([pattern]), pattern
    everything = [mutant for mutants in found.values() for mutant in mutants]
    assert len(everything) > 1000
    assert all(load_equivalents(everything).values())


def test_a_workspace_has_the_built_engine_that_tests_of_the_site_need(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace")
    built = sorted(path.relative_to(REPOSITORY) for path in SQL_ENGINE.rglob("*") if path.is_file())
    assert all((workspace.folder / path).is_file() for path in built)
    assert (workspace.folder / "dagster_project" / "paths.py").is_file()


def test_a_mutant_changes_its_line_only_and_remains_python() -> None:
    path = REPOSITORY / "dagster_project" / "release" / "publish.py"
    source = path.read_text()
    mutants = python.list_mutants(path)
    assert len(set(mutants)) == len(mutants)
    for mutant in mutants:
        changed = change_source(source, mutant)
        assert changed != source
        ast.parse(changed)
        assert source.splitlines()[: mutant.line - 1] == changed.splitlines()[: mutant.line - 1]
