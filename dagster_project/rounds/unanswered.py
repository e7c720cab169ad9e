"""Invited committees without an answer."""

from dagster_project.home.entries import list_entries
from dagster_project.paths import Home
from dagster_project.raw.checking import check_files
from dagster_project.rounds.registry import find_round, list_invited


def list_without_ratings(home: Home, round_id: str) -> list[str]:
    """Read the files of a round as they are now, and return the names of invited committees without a rating.

    Raises `RoundError` if there is no such round.
    """
    found = find_round(home.seeds, round_id)
    checked = check_files(home, list_entries(home.returns / round_id), found)
    answered = {one.committee for one in checked if one.outcome == "read" and one.ratings}
    return [name for name in list_invited(home.seeds, round_id).values() if name not in answered]
