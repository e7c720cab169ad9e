"""Copies among a thousand returns are found without false positives, in less than quadratic time."""

import pytest

from tests.conftest import Workplace
from tools.bench.near_duplicates import measure_detection


@pytest.mark.parametrize("borrowed", [0.33, 1.0], ids=["a third borrowed", "nothing but borrowed sentences"])
def test_forty_edited_copies_among_a_thousand_returns(
    sample_home: Workplace, capsys: pytest.CaptureFixture[str], borrowed: float
) -> None:
    measured = measure_detection(sample_home.home, 1000, borrowed=borrowed)
    with capsys.disabled():
        print(f"\nnear duplicates: {measured}")
    assert measured.recall >= 0.95
    assert measured.precision >= 0.95


def test_four_times_the_returns_take_far_less_than_sixteen_times_the_time(
    sample_home: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    few, many = (measure_detection(sample_home.home, returns) for returns in (250, 1000))
    with capsys.disabled():
        print(f"\nnear duplicates: {few}\nnear duplicates: {many}")
    assert many.seconds + many.seconds_opposite < 8 * (few.seconds + few.seconds_opposite)
