"""A small run of the fuzz target: no error, no file unaccounted for. `make fuzz` runs it by the thousand."""

from tests.intake.corpus.fuzz import fuzz


def test_no_mutation_of_a_real_return_is_an_error() -> None:
    for landed, codes in fuzz(files=150, seed=2016):
        assert landed.files == 150 == landed.read + landed.rejected
        assert landed.read and landed.rejected and codes
