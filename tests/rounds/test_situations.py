"""Legitimate rounds that are sparse, early or unlike the sample: each is published."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.audit.findings import Finding
from dagster_project.paths import Home
from dagster_project.release.candidate import get_candidate_folder
from tests.rounds.situations import CHANGED, IDENTICAL, REAL, SITUATIONS, SPARSE, decide_blanks
from tools.rounds.trial import try_round


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != REAL])
def test_a_legitimate_round_is_published(tmp_path: Path, name: str) -> None:
    survey = SITUATIONS[name]
    outcome = try_round(survey, tmp_path, decide=decide_blanks)
    assert outcome.published, outcome
    with duckdb.connect(
        str(get_candidate_folder(Home(tmp_path)) / "self_evaluation.duckdb"), read_only=True
    ) as database:

        def ask(query: str) -> list[tuple[object, ...]]:
            return database.execute(query).fetchall()

        assert ask("select count(*) from mart_question_ranking") == [(survey.rounds[0].questions,)]
        if survey is SPARSE:
            ranked = "select question_no, rated, blank, confidence_rank is null from mart_question_ranking order by 1"
            assert ask(ranked) == [
                (1, 0, 4, True), (2, 1, 4, False), (3, 2, 2, False), (4, 4, 4, False), (5, 4, 0, False),
            ]  # fmt: skip
        if survey is IDENTICAL:
            assert ask("select sum(is_duplicate::int) from fct_rating") == [(6,)]


def test_a_large_change_between_closed_rounds_stops_a_release_until_a_person_accepts_it(
    tmp_path: Path,
) -> None:
    def leave_changes(chance: object, one: Finding) -> tuple[str, ...] | None:
        return None if one.finding_id.startswith("large_change:") else decide_blanks(chance, one)

    undecided = try_round(CHANGED, tmp_path / "undecided", with_release=False, decide=leave_changes)
    assert not undecided.published
    assert undecided.stopped_by == ["large_change"]
    decided = try_round(CHANGED, tmp_path / "decided", decide=decide_blanks)
    assert decided.published, decided
    assert decided.decided.count("large_change=accept") == 2
