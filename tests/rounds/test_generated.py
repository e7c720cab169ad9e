"""A sample of the generated rounds of `make rounds`: each is published, or stopped by a finding that can be fixed."""

from pathlib import Path

from tools.rounds.generate import invent_survey
from tools.rounds.trial import try_round

ROUNDS = 20
RELEASE_EVERY = 10
"""One survey in this number is audited and gets its release and pages; `make rounds` does it for each."""


def test_generated_rounds_are_published_or_stopped_by_a_finding_that_a_person_can_fix(tmp_path: Path) -> None:
    tried, published, faults, seed = 0, 0, {}, 0
    while tried < ROUNDS:
        seed += 1
        survey = invent_survey(seed)
        outcome = try_round(survey, tmp_path / str(seed), with_release=seed % RELEASE_EVERY == 0)
        tried += len(survey.rounds)
        published += outcome.published
        if outcome.faults:
            faults[seed] = outcome.faults
    assert faults == {}
    assert published >= ROUNDS / 3
