"""A trial starts from a home that a run can publish."""

from pathlib import Path

from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.rounds.registry import find_round
from tools.fault_injection.fill import OTHER_LOCALE
from tools.fault_injection.trial_home import QUESTION, RETURN, ROUND, RUN_STAGES, TrialHome


def test_a_new_home_has_an_open_round_and_a_return_that_changes(tmp_path: Path) -> None:
    trial = TrialHome.create(tmp_path)
    assert find_round(trial.home.seeds, ROUND).closed_on is None
    template = load_template(trial.home.seeds, "cse-2016")
    ratings = []
    for _ in range(3):
        content = read_return(trial.home.returns / ROUND / RETURN, template)
        ratings += [answer.rating_typed for answer in content.answers if answer.question_no == QUESTION]
        trial.change_return()
    assert ratings == ["Green", "Amber", "Green"]


def test_the_other_locale_is_one_in_which_runs_start(tmp_path: Path) -> None:
    trial = TrialHome.create(tmp_path)
    trial.environment = OTHER_LOCALE
    process = trial.start_run("--help")
    out, err = process.communicate()
    assert process.returncode == 0, out + err


def test_each_stage_of_a_run_is_listed_once() -> None:
    assert len(RUN_STAGES) == len(set(RUN_STAGES))
    assert (RUN_STAGES[0], RUN_STAGES[-1]) == ("start", "publish")
