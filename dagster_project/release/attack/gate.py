"""The attack before publication: sentences about ratings that the candidate gives away."""

from collections.abc import Collection, Iterator
from pathlib import Path

from dagster_project.paths import Home
from dagster_project.release.attack.acceptances import Acceptance, load_acceptances
from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.history import (
    load_figures,
    load_versions,
    remove_version,
    store_figures,
)
from dagster_project.release.attack.inference import Derived, derive
from dagster_project.release.attack.puzzle import UndecidedError
from dagster_project.release.attack.reading import read_published
from dagster_project.release.attack.totals import Published
from dagster_project.release.catalog import list_releases
from dagster_project.seeds import read_seed

MAX_LISTED = 10
"""Maximum number of derived ratings listed in the message."""

REMEDY = (
    "Raise minimum_base in disclosure_policy.csv. Where the difference from an earlier release shows ratings, wait for "
    "more returns, or accept it, such as with the consent of the committees: "
    "`selfeval disclosure accept ROUND --role ... --reason ...` adds it to disclosure_acceptances.csv."
)


def find_derivable(home: Home, candidate: Path) -> Iterator[str]:
    """Describe ratings of single committees that follow from the candidate and earlier releases, and the remedy.

    Ratings are left out whose disclosure a person has accepted.
    """
    published = _read_candidate(home, candidate)
    for source in published.unchecked[:MAX_LISTED]:
        yield f"Figures that rest on suppressed counts are published in {source}."
    try:
        found = _derive_unaccepted(home, published)
    except UndecidedError:
        yield "Whether single ratings follow from the figures could not be calculated in time. Run the job again."
        return
    yield from (describe_derived(one) for one in found[:MAX_LISTED])
    if len(found) > MAX_LISTED:
        yield f"{len(found) - MAX_LISTED} more sets of ratings follow from published figures."
    if published.unchecked or found:
        yield REMEDY


def find_unaccepted(home: Home, candidate: Path) -> list[Derived]:
    """Find the ratings that stop the candidate. Raises `UndecidedError` if the solver takes too long."""
    return _derive_unaccepted(home, _read_candidate(home, candidate))


def _read_candidate(home: Home, candidate: Path) -> Published:
    published = read_public_figures(home, candidate / "data" / "parquet")
    if not home.known_figures.exists():
        # A home of an earlier version has the figures of its releases only.
        for release in list_releases(home):
            if not release.fault:
                remember_figures(home, home.releases / release.release_id)
    load_figures(home.known_figures, load_versions(candidate), published)
    return published


def _derive_unaccepted(home: Home, published: Published) -> list[Derived]:
    accepted = load_acceptances(home.seeds)
    derived = [*derive_duplicates(published), *derive(published)]
    return [one for one in derived if not _is_accepted(one, accepted)]


def remember_figures(home: Home, release: Path) -> None:
    """Store the figures that a release makes public, for the attacks on later ones."""
    published = read_public_figures(home, release / "data" / "parquet")
    store_figures(home.known_figures, published, load_versions(release))


def _is_accepted(derived: Derived, acceptances: Collection[Acceptance]) -> bool:
    round_id, question_no = derived.question
    return all(
        any(
            Acceptance(round_id, asked, named) in acceptances
            for asked in (question_no, None)
            for named in (remove_version(committee), None)
        )
        for committee in derived.committees
    )


def find_derived(home: Home, folder: Path) -> list[Derived]:
    """Find the statuses that follow from the Parquet files in `folder`."""
    published = read_public_figures(home, folder)
    return [*derive_duplicates(published), *derive(published)]


def read_public_figures(home: Home, folder: Path) -> Published:
    """Read the Parquet files in `folder`. Which committees merged is public: the home's seeds list them."""
    successions = [
        (row["round_id"], row["from_committee_id"], row["to_committee_id"])
        for row in read_seed(home.seeds, "committee_successions")
    ]
    return read_published(folder, successions)


def describe_derived(one: Derived) -> str:
    """Describe a derived status without stating it: the message may be logged."""
    reader = f"{one.insider or 'anybody'}"
    committees = ", ".join(one.committees[:3]) + (" ..." if len(one.committees) > 3 else "")
    sources = f" from {'; '.join(map(str, one.sources))}" if one.sources else ""
    return (
        f"{reader[0].upper()}{reader[1:]} can work out {one.number} of the ratings of {committees} on question "
        f"{one.question[1]} of {one.question[0]}{sources}."
    )
