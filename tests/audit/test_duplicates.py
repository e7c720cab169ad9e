"""Returns that repeat others: in full, nearly in full, and with too little content to decide."""

from dataclasses import replace

import pytest

from tests.audit.planted import COMMENTS, EDITED_COMMENTS, GREEN, MIXED, NAMES, NEAR, OTHER_STORY, STORY
from tests.audit.small_rounds import Return, SmallRounds


@pytest.mark.parametrize(
    ("ratings", "comments", "found"),
    [
        ("rar" + MIXED[3:-3] + "rrr", EDITED_COMMENTS, True),
        ("rrr" + MIXED[3:-3] + "rrr", EDITED_COMMENTS, False),
        (MIXED, {3: STORY, 5: " ".join(OTHER_STORY.split()[:16])}, True),
        (MIXED, {3: STORY, 5: OTHER_STORY[::-1], 7: " ".join(OTHER_STORY.split()[::-1])}, False),
        (MIXED, {3: " ".join(STORY.split()[:13])}, False),
    ],
    ids=[
        "three ratings differ",
        "four differ",
        "most of the comments",
        "a third of the comments",
        "a few words",
    ],
)
def test_near_duplicates_have_nearly_the_same_ratings_and_mostly_the_same_comments(
    rounds: SmallRounds, ratings: str, comments: dict[int, str], found: bool
) -> None:
    original = {3: STORY} if len(comments) == 1 else COMMENTS
    rounds.land(Return("Fife", comments=original), replace(NEAR, ratings=ratings, comments=comments))
    assert bool(rounds.findings("near_duplicate")) == found


def test_common_texts_and_short_green_returns_are_no_near_duplicates(
    rounds: SmallRounds,
) -> None:
    own = [f"In {name} {place} staff of our own wrote this." for place, name in enumerate(NAMES)]
    rounds.land(*(Return(name, MIXED, {**COMMENTS, 7: text}) for name, text in zip(NAMES, own, strict=True)))
    assert rounds.findings("near_duplicate") == {}
    rounds.clear()
    rounds.land(
        Return("Fife", GREEN, dict.fromkeys(range(1, 20), "In place.")),
        Return("Angus", GREEN, dict.fromkeys(range(1, 20), "In place.")),
        Return("Moray", GREEN, dict.fromkeys(range(1, 20), "Yes, in place and working well.")),
        Return("Borders", GREEN, dict.fromkeys(range(1, 20), "Yes, in place and working very well.")),
    )
    found = rounds.findings()
    assert not [one for one in found if one.startswith(("near_duplicate", "duplicate_return"))]
    assert len([one for one in found if one.startswith("outlying_return")]) == 4


def test_an_exact_duplicate_is_found_once_and_not_as_a_near_one(rounds: SmallRounds) -> None:
    rounds.land(
        Return("Fife", comments=COMMENTS, dated="2016-10-01"),
        Return("Angus", comments=COMMENTS, dated="2016-10-02"),
        replace(NEAR, committee="Moray", file="Moray.xlsx", dated="2016-10-03"),
    )
    assert list(rounds.findings("duplicate_return")) == ["angus = fife"]
    assert list(rounds.findings("near_duplicate")) == ["moray ~ fife"]


SHARED = " ".join(STORY.split()[:14])
"""Twelve passages of three words, the minimum of shared passages."""


def test_twelve_shared_passages_are_enough_if_there_is_no_other_text(rounds: SmallRounds) -> None:
    rounds.land(Return("Fife", comments={3: SHARED}), replace(NEAR, comments={4: SHARED}))
    assert list(rounds.findings("near_duplicate")) == ["angus ~ fife"]


def test_a_repeated_comment_has_its_weight_once(rounds: SmallRounds) -> None:
    """Angus shares its first comment; repeating its own comment does not make it less of a copy."""
    own = (
        "Police and schools hold their briefing on Fridays with nurses and wardens from both harbours present"
    )
    for times in (1, 4):
        rounds.clear()
        rounds.land(
            Return("Fife", comments={3: STORY}),
            replace(NEAR, comments={3: STORY, **dict.fromkeys(range(4, 4 + times), own)}),
        )
        assert list(rounds.findings("near_duplicate")) == ["angus ~ fife"]


@pytest.mark.parametrize(
    ("ratings", "comments", "found"),
    [
        (GREEN, {1: STORY}, True),
        (GREEN, {1: "Twelve words are", 2: "what two returns of one colour", 3: "need to be alike."}, True),
        (GREEN, {1: "Eleven words are", 2: "what two returns of one colour", 3: "may share."}, False),
        (GREEN[:-1] + "a", {1: "In place."}, True),
        (GREEN[:-1] + "r", {1: "In place."}, True),
        ("a" * 18 + "g", {1: "In place."}, True),
        ("a" * 19, {1: "In place."}, False),
    ],
)
def test_identical_returns_of_one_colour_and_few_words_are_no_duplicates(
    rounds: SmallRounds, ratings: str, comments: dict[int, str], found: bool
) -> None:
    rounds.land(Return("Fife", ratings, comments), Return("Angus", ratings, comments))
    assert bool(rounds.findings("duplicate_return")) == found


def test_the_same_ratings_and_comments_at_other_questions_are_no_duplicate(rounds: SmallRounds) -> None:
    rounds.land(
        Return("Fife", MIXED, {3: STORY, 5: OTHER_STORY}),
        Return("Angus", MIXED, {3: OTHER_STORY, 5: STORY}),
        Return("Moray", MIXED[::-1], {3: STORY, 5: OTHER_STORY}),
    )
    assert rounds.findings("duplicate_return") == {}
