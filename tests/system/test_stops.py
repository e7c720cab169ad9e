"""Each finding that stops a release, planted alone, stops one, and no longer does once it is decided or corrected.

All of them at once are in test_everything_planted.py.
"""

import os

import pytest

from tests.conftest import Workplace
from tests.system.stops import STOPS, Edit, correct_seeds, read_seeds


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="takes minutes: `make test-long`")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("planted", STOPS)
def test_what_stops_a_release_stops_it_until_it_is_decided(
    workplace: Workplace, edit: Edit, planted: str
) -> None:
    workplace.reopen()
    seeds = read_seeds(workplace)
    before = workplace.published()
    STOPS[planted](workplace, edit)

    report = workplace.run()
    assert report.release_id is None, report
    assert report.errors == []
    assert planted in {one["finding_id"].split(":")[0] for one in report.open_findings}
    assert "2016" in " ".join(one["what"] for one in report.open_findings)

    correct_seeds(seeds)
    workplace.decide_open_findings()
    report = workplace.run()
    assert report.checks_failed == []
    assert report.release_id == workplace.published() != before, report


def test_every_stop_is_planted(sample_home: Workplace) -> None:
    stops = sample_home.ask("select check_name from dim_quality_check where severity = 'stop'")
    # Changes to a closed round are in test_final_rounds.py, and two closed rounds in tests/rounds/test_situations.py.
    assert {name for (name,) in stops} - STOPS.keys() == {
        "final_round_changed",
        "unrecorded_reopening",
        "large_change",
    }
