"""The attack before publication: sentences about ratings that the candidate gives away."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from dagster_project.paths import Home
from dagster_project.release.attack.acceptances import Acceptance, load_acceptances
from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.history import (
    load_figures,
    load_versions,
    store_figures,
)
from dagster_project.release.attack.inference import MAX_TOTAL_SECONDS, UNDECIDED, Derived, derive_statuses
from dagster_project.release.attack.reading import read_published
from dagster_project.release.attack.totals import Published, split_version
from dagster_project.release.catalog import list_releases
from dagster_project.seeds import read_seed

MAX_LISTED = 10
"""Maximum number of sentences listed in the message."""

MAX_SOURCES = 3
"""Maximum number of figures listed in a sentence."""

REMEDY = (
    "Raise minimum_base in disclosure_policy.csv. Where the difference from an earlier release shows ratings, wait for "
    "more returns, or accept it, such as with the consent of the committees: "
    "`selfeval disclosure accept ROUND --committee ... --role ... --reason ...` adds it to disclosure_acceptances.csv. "
    "`selfeval disclosure list` lists all ratings."
)


def find_derivable(home: Home, candidate: Path) -> Iterator[str]:
    """Describe ratings of single committees that follow from the candidate and earlier releases, and the remedy.

    Ratings are left out whose disclosure a person has accepted.
    """
    published = _read_candidate(home, candidate)
    for source in published.unchecked[:MAX_LISTED]:
        yield f"Figures that rest on suppressed counts are published in {source}."
    found = _derive_unaccepted(home, published)
    sentences = [*describe_undecided(found), *describe_groups(one for one in found if one.committees)]
    yield from sentences[:MAX_LISTED]
    if len(sentences) > MAX_LISTED:
        yield f"{len(sentences) - MAX_LISTED} more sets of committees are concerned."
    if published.unchecked or found:
        yield REMEDY


def find_unaccepted(home: Home, candidate: Path) -> list[Derived]:
    """Find the ratings that stop the candidate, and the questions for which the solver takes too long."""
    return _derive_unaccepted(home, _read_candidate(home, candidate))


def _read_candidate(home: Home, candidate: Path) -> Published:
    published = read_public_figures(home, candidate / "data" / "parquet")
    if not home.known_figures.exists():
        # A home of an earlier version has the figures of its releases only.
        for release in list_releases(home):
            if not release.fault:
                store_public_figures(home, home.releases / release.release_id)
    load_figures(home.known_figures, load_versions(candidate), published)
    return published


def _derive_unaccepted(home: Home, published: Published) -> list[Derived]:
    accepted = load_acceptances(home.seeds)
    derived = [*derive_duplicates(published), *derive_statuses(published)]
    return [one for one in derived if not _is_accepted(one, accepted)]


def store_public_figures(home: Home, release: Path) -> None:
    """Store the figures that a release makes public, for the attacks on later ones."""
    published = read_public_figures(home, release / "data" / "parquet")
    store_figures(home.known_figures, published, load_versions(release))


def list_needed(derived: Derived) -> list[Acceptance]:
    """List the acceptances without which the ratings stop the candidate: of all committees if it is undecided."""
    committees: list[str | None] = [split_version(member)[0] for member in derived.committees]
    return [Acceptance(*derived.question, committee) for committee in committees or [None]]


def _is_accepted(derived: Derived, acceptances: Collection[Acceptance]) -> bool:
    return all(
        any(
            Acceptance(needed.round_id, asked, named) in acceptances
            for asked in (needed.question_no, None)
            for named in (needed.committee_id, None)
        )
        for needed in list_needed(derived)
    )


def find_derived(home: Home, folder: Path) -> list[Derived]:
    """Find the statuses that follow from the Parquet files in `folder`."""
    published = read_public_figures(home, folder)
    return [*derive_duplicates(published), *derive_statuses(published)]


def read_public_figures(home: Home, folder: Path) -> Published:
    """Read the Parquet files in `folder`. Which committees merged is public: the home's seeds list them."""
    successions = [
        (row["round_id"], row["from_committee_id"], row["to_committee_id"])
        for row in read_seed(home.seeds, "committee_successions")
    ]
    return read_published(folder, successions)


def describe_undecided(found: Iterable[Derived]) -> Iterator[str]:
    """Name the questions, those of a round together, for which the solver takes too long."""
    undecided: dict[str, set[int]] = defaultdict(set)
    for one in found:
        if one.status == UNDECIDED:
            undecided[one.question[0]].add(one.question[1])
    for round_id, numbers in undecided.items():
        yield (
            f"Whether single ratings on {_name_questions(numbers)} of {round_id} follow from the figures could not be "
            f"calculated in {MAX_TOTAL_SECONDS:.0f} seconds. Run the job again when the machine is less busy, "
            "or accept it."
        )


def describe_groups(found: Iterable[Derived]) -> Iterator[str]:
    """Describe derived statuses, those of the same committees in a round together, without stating them."""
    groups: dict[tuple[str, tuple[str, ...], bool], list[Derived]] = defaultdict(list)
    for one in found:
        committees = tuple(dict.fromkeys(split_version(member)[0] for member in one.committees))
        groups[one.question[0], committees, one.insider is None].append(one)
    for (round_id, committees, is_public), group in groups.items():
        reader = "Anybody" if is_public else "A committee that uses its own return"
        whose = f"ratings of {_join_some(committees)}"
        if any(split_version(member)[1] for one in group for member in one.committees):
            reader += f" {'who' if is_public else 'and'} compares this release with earlier ones"
            whose += ", now or before it was changed,"
        asked = _name_questions({one.question[1] for one in group})
        sources = list(dict.fromkeys(str(source) for one in group for source in one.sources))
        by = f" from {_join_some(sources, '; ')}" if sources else ""
        yield f"{reader} can work out {whose} on {asked} of {round_id}{by}."


def _name_questions(numbers: Collection[int]) -> str:
    return f"question{'s' if len(numbers) > 1 else ''} {', '.join(map(str, sorted(numbers)))}"


def _join_some(texts: Collection[str], separator: str = ", ") -> str:
    listed = separator.join(list(texts)[:MAX_SOURCES])
    more = len(texts) - MAX_SOURCES
    return f"{listed} and {more} more" if more > 0 else listed


def describe_derived(one: Derived) -> str:
    """Describe a derived status without stating it: the message may be logged."""
    if one.status == UNDECIDED:
        return " ".join(describe_undecided([one]))
    reader = f"{one.insider or 'anybody'}"
    committees = ", ".join(one.committees[:3]) + (" ..." if len(one.committees) > 3 else "")
    sources = f" from {'; '.join(map(str, one.sources))}" if one.sources else ""
    return (
        f"{reader[0].upper()}{reader[1:]} can work out {one.number} of the ratings of {committees} on question "
        f"{one.question[1]} of {one.question[0]}{sources}."
    )
