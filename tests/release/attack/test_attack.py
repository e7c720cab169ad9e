"""The attack finds each way in which published figures give ratings away, and nothing where they do not."""

import datetime
import shutil
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY, Home
from dagster_project.release.attack import inference
from dagster_project.release.attack.acceptances import Acceptance, record_acceptances
from dagster_project.release.attack.duplicates import derive_duplicates
from dagster_project.release.attack.gate import describe_groups, find_derivable, find_unaccepted, list_needed
from dagster_project.release.attack.history import load_figures, store_figures
from dagster_project.release.attack.inference import Derived, derive_statuses
from dagster_project.release.attack.reading import read_published
from dagster_project.release.attack.totals import Flow, Published, Source, Total, split_version
from tests.release.attack.published_files import write_files

G, A, R = "green", "amber", "red"

MIXED = {"a1": [G], "a2": [G], "a3": [A], "a4": [A], "b1": [G], "b2": [R], "b3": [R], "b4": [G]}
UNANIMOUS = {**MIXED, "a1": [A], "a2": [A]}
ALL_BUT_ONE = {**MIXED, "a2": [A]}
SPREAD = {f"{consortium}{number}": [(G, A, R)[number % 3]] for consortium in "ab" for number in range(9)}


def read(folder: Path, *, with_insiders: bool = True) -> Published:
    """Read the figures of one round."""
    published = read_published(folder)
    if not with_insiders:
        published.without_insiders.add("r")
    return published


def list_derived(folder: Path, *, with_insiders: bool = True) -> set[tuple[str, str, str]]:
    """Who can work out which status of which committees, of a round with one question."""
    return {
        ("insider" if one.insider else "anybody", one.status, " ".join(one.committees))
        for one in derive_statuses(read(folder, with_insiders=with_insiders))
    }


def test_mixed_ratings_give_nothing_away(tmp_path: Path) -> None:
    assert list_derived(write_files(tmp_path / "data", MIXED)) == set()


def test_a_unanimous_consortium_gives_all_its_ratings_away(tmp_path: Path) -> None:
    [derived] = derive_statuses(read_published(write_files(tmp_path / "data", UNANIMOUS)))
    assert (derived.insider, derived.status, derived.number) == (None, A, 4)
    assert [source.key for source in derived.sources] == ["round r, question 1, consortium a"]


def test_a_committee_with_the_only_other_rating_learns_those_of_its_consortium(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "data", ALL_BUT_ONE)
    assert list_derived(folder) == {("insider", A, "a1 a2 a3 a4")}
    assert list_derived(folder, with_insiders=False) == set()


def test_a_consortium_with_one_return_gives_it_away(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "data", {**MIXED, "c1": [A]})
    assert list_derived(folder) == {("anybody", A, "c1")}


def test_a_consortium_withheld_alone_is_recovered_from_national_totals(tmp_path: Path) -> None:
    alone = [("a", 1, one) for one in (G, A, R)]
    folder = write_files(tmp_path / "data", UNANIMOUS, withheld=alone)
    assert list_derived(folder) == {("anybody", A, "a1 a2 a3 a4")}


def test_counts_of_two_ratings_withheld_in_two_consortia_are_safe(tmp_path: Path) -> None:
    square = [(consortium, 1, one) for consortium in "ab" for one in (A, R)]
    ratings = {**UNANIMOUS, "b3": [A], "b5": [R]}
    folder = write_files(tmp_path / "data", ratings, withheld=square)
    assert list_derived(folder) == set()


@pytest.mark.parametrize(
    ("expected", "derived"),
    [("< 1", {("anybody", A, "a1 a2 a3 a4")}), ("<= 1", {("insider", A, "a1 a2 a3 a4")})],
)
def test_a_statement_about_a_suppressed_count_is_read_as_it_is_written(
    tmp_path: Path, expected: str, derived: set[tuple[str, str, str]]
) -> None:
    square = [(consortium, 1, one) for consortium in "ab" for one in (A, R)]
    ratings = {**UNANIMOUS, "b3": [A], "b5": [R]}
    folder = write_files(tmp_path / "data", ratings, withheld=square, statements=[("a", 1, R, expected)])
    assert list_derived(folder) == derived


def test_ranks_next_to_withheld_counts_are_reported(tmp_path: Path) -> None:
    square = [(consortium, 1, one) for consortium in "ab" for one in (A, R)]
    published = read_published(write_files(tmp_path / "data", UNANIMOUS, withheld=square, rank=1))
    assert [source.table for source in published.unchecked] == ["mart_consortium_ranking"] * 2


def test_unanimous_national_totals_are_public_anyway(tmp_path: Path) -> None:
    assert list_derived(write_files(tmp_path / "data", {one: [G] for one in MIXED})) == set()


def test_identical_returns_share_a_rating(tmp_path: Path) -> None:
    # Both are green or both are red: each of the two other ratings is given once.
    ratings = {"a1": [G], "a2": [G], "a3": [A], "a4": [R], "b1": [A], "b2": [R], "b3": [A], "b4": [R]}
    folder = write_files(tmp_path / "data", ratings, duplicates={"a2": "a1"})
    assert list_derived(folder, with_insiders=False) == {("anybody", G, "a1"), ("anybody", G, "a2")}


def test_ranks_with_duplicates_once_give_their_rating_away(tmp_path: Path) -> None:
    rated = {
        "a1": [G, R], "a2": [G, R], "a3": [A, G], "a4": [R, G], "b1": [R, A], "b2": [R, R], "b3": [G, G],
        "b4": [R, A], "b5": [G, A],
    }  # fmt: skip
    # Without a2 the first question has 3 green and 4 red, and the second, which is first, 3 green. Without a red one,
    # the first question would be first or joint first.
    ratings = {committee: [*given, ""] for committee, given in rated.items()}
    folder = write_files(tmp_path / "data", ratings, duplicates={"a2": "a1"}, ranks_once=[2, 1])
    found = {(one.question[1], one.status) for one in derive_duplicates(read_published(folder))}
    assert found == {(1, G)}


def publish_next(
    folder: Path, ratings: dict[str, list[str]], versions: dict[str, str], *, with_insiders: bool = False
) -> list[Derived]:
    """Work out ratings from a release and those published before it in `folder`, and remember its figures."""
    by_question = {(("r", 1), committee): version for committee, version in versions.items()}
    published = read(write_files(folder / "data", ratings), with_insiders=with_insiders)
    load_figures(folder / "figures", by_question, published)
    found = list(derive_statuses(published))
    store_figures(folder / "figures", published, by_question)
    return found


def test_two_releases_give_the_return_between_them_away(tmp_path: Path) -> None:
    first = dict.fromkeys(MIXED, "first")
    assert publish_next(tmp_path, MIXED, first) == []
    assert publish_next(tmp_path, MIXED, first) == []
    [derived] = publish_next(tmp_path, {**MIXED, "b5": [R]}, {**first, "b5": "late"})
    assert (derived.committees, derived.status) == (("b5",), R)
    assert (tmp_path / "figures").stat().st_mode & 0o777 == 0o600


def test_a_replaced_return_gives_both_its_ratings_away(tmp_path: Path) -> None:
    first = dict.fromkeys(MIXED, "first")
    assert publish_next(tmp_path, MIXED, first) == []
    found = publish_next(tmp_path, {**MIXED, "a1": [R]}, {**first, "a1": "second"})
    assert {(one.committees, one.status) for one in found} == {
        (("a1",), R),
        (("a1 (earlier rating first)",), G),
    }
    # The third release is compared with each of the two before. What those gave away is not new.
    [derived] = publish_next(tmp_path, {**MIXED, "a1": [A]}, {**first, "a1": "third"})
    assert (derived.committees, derived.status) == (("a1",), A)


def test_a_committee_that_replaced_its_return_has_both_of_its_ratings(tmp_path: Path) -> None:
    first = dict.fromkeys(SPREAD, "first")
    assert publish_next(tmp_path, SPREAD, first, with_insiders=True) == []
    found = publish_next(tmp_path, {**SPREAD, "a1": [R]}, {**first, "a1": "second"}, with_insiders=True)
    assert {(one.insider, split_version(member)[0]) for one in found for member in one.committees} == {
        (None, "a1")
    }
    [sentence] = describe_groups(found)
    assert sentence.startswith(
        "Anybody who compares this release with earlier ones can work out ratings of a1, now or before it was changed, "
        "on question 1 of r from mart_consortium_ranking"
    )


def test_a_return_that_is_gone_is_given_away(tmp_path: Path) -> None:
    ratings = {**MIXED, "b5": [R]}
    versions = dict.fromkeys(ratings, "first")
    assert publish_next(tmp_path, ratings, versions) == []
    [derived] = publish_next(tmp_path, MIXED, versions)
    assert (derived.committees, derived.status) == (("b5",), R)


def test_what_an_earlier_release_gave_away_stops_only_a_release_that_repeats_it(tmp_path: Path) -> None:
    versions = dict.fromkeys(UNANIMOUS, "first")
    assert publish_next(tmp_path, UNANIMOUS, versions)
    assert publish_next(tmp_path, UNANIMOUS, versions)
    published = read(tmp_path / "data", with_insiders=False)
    load_figures(tmp_path / "figures", {(("r", 1), one): "first" for one in versions}, published)
    published.totals = [one for one in published.totals if len(one.members) == len(UNANIMOUS)]
    assert list(derive_statuses(published)) == []
    # A late return is new: it does not follow from the earlier release alone.
    assert publish_next(
        tmp_path, {**MIXED, "b5": [R]}, {**versions, "a1": "second", "a2": "second", "b5": "late"}
    )


def test_flows_of_an_earlier_release_are_compared(tmp_path: Path) -> None:
    committees = "abcdefgh"
    then, now = ("r", 1), ("s", 1)
    before = dict(zip(committees, [G, G, A, A, G, G, A, A], strict=True))

    def publish(after: dict[str, str], version: str) -> Published:
        published = Published(answered={"r": frozenset(committees), "s": frozenset(committees)})
        published.without_insiders |= {"r", "s"}
        for question, given in ((then, before), (now, after)):
            for rating in (G, A, R):
                count = list(given.values()).count(rating)
                source = Source("counts", question[0])
                published.totals.append(
                    Total(question, frozenset(committees), ((rating, 1),), count, count, source)
                )
        pairs = tuple((one, (one,)) for one in committees)
        for old in (G, A):
            for new in (G, A, R):
                count = sum((before[one], after[one]) == (old, new) for one in committees)
                source = Source("flows", f"{old} {new}")
                flow = Flow(then, now, frozenset({old}), frozenset({new}), count, pairs, source)
                published.flows.append(flow)
        versions = {(now, one): "first" for one in committees} | {(now, "a"): version}
        load_figures(tmp_path / "figures", versions, published)
        store_figures(tmp_path / "figures", published, versions)
        return published

    after = dict(zip(committees, [G, A, G, A, G, A, G, A], strict=True))
    assert list(derive_statuses(publish(after, "first"))) == []
    # One more of those that were green became amber: the return that was replaced was green in the round before.
    found = {
        (one.question, one.committees, one.status)
        for one in derive_statuses(publish({**after, "a": A}, "second"))
    }
    assert (then, ("a",), G) in found


def test_figures_of_returns_without_a_version_are_not_used_when_they_contradict(tmp_path: Path) -> None:
    assert publish_next(tmp_path, MIXED, {}) == []
    assert publish_next(tmp_path, {**MIXED, "a1": [A]}, {}) == []


def test_ratings_are_public_with_the_consent_of_the_committees(tmp_path: Path) -> None:
    published = read_published(write_files(tmp_path / "data", UNANIMOUS))
    published.consented.add("r")
    assert list(derive_statuses(published)) == []


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.seeds.mkdir(parents=True)
    for seed in ("committee_successions", "disclosure_acceptances"):
        shutil.copy(REPOSITORY / "dbt" / "seeds" / f"{seed}.csv", home.seeds)
    return home


def test_a_person_can_accept_a_disclosure(tmp_path: Path, home: Home) -> None:
    data = write_files(tmp_path / "candidate" / "data" / "parquet", {**MIXED, "c1": [A]})
    candidate = data.parent.parent
    [found, remedy] = find_derivable(home, candidate)
    assert "Anybody can work out ratings of c1 on question 1 of r" in found
    assert "disclosure_acceptances.csv" in remedy
    with (home.seeds / "disclosure_acceptances.csv").open("a") as seed:
        seed.write("r,2,c1,2031-03-01,national group,The committee agrees.\n")
    assert list(find_derivable(home, candidate)) == [found, remedy]
    with (home.seeds / "disclosure_acceptances.csv").open("a") as seed:
        seed.write("r,,c1,2031-03-01,national group,The committee agrees.\n")
    assert list(find_derivable(home, candidate)) == []


def test_a_release_that_is_not_decided_in_time_is_published_if_a_person_accepts_it(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = write_files(
        tmp_path / "candidate" / "data" / "parquet", {one: ratings * 2 for one, ratings in MIXED.items()}
    )
    candidate = data.parent.parent
    assert list(find_derivable(home, candidate)) == []
    monkeypatch.setattr(inference, "MAX_TOTAL_SECONDS", -1.0)
    [sentence, remedy] = find_derivable(home, candidate)
    assert "on questions 1, 2 of r follow from the figures could not be calculated in 60 seconds" in sentence
    assert "`selfeval disclosure accept ROUND" in remedy
    needed = [one for derived in find_unaccepted(home, candidate) for one in list_needed(derived)]
    assert needed == [Acceptance("r", 1, None), Acceptance("r", 2, None)]
    record_acceptances(home.seeds, needed[:1], datetime.date(2031, 3, 1), "lead", "The committees agree.")
    [sentence, _] = find_derivable(home, candidate)
    assert "on question 2 of r" in sentence
    record_acceptances(home.seeds, needed[1:], datetime.date(2031, 3, 1), "lead", "The committees agree.")
    assert list(find_derivable(home, candidate)) == []
