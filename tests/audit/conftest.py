"""Small rounds for the tests of findings."""

from collections.abc import Iterator

import pytest

from tests.audit.small_rounds import SmallRounds
from tests.conftest import Workplace


@pytest.fixture
def rounds(sample_home: Workplace) -> Iterator[SmallRounds]:
    made = SmallRounds(sample_home.home)
    yield made
    made.connection.close()
