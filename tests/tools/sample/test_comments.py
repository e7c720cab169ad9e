"""What the report says about comments holds for the invented ones, and they read as texts of different people."""

import re
from collections import Counter
from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction
from pathlib import Path

import pytest

from tests.tools.sample.sample_measures import SEEDS, sample_measures, sample_round, seed_rows
from tools.sample.bank import CommentBankError, load_bank
from tools.sample.claims import Subject, load_claims
from tools.sample.comments import METRIC, find_broken_claims


def comments_on(question: int, rating: str | None = None) -> dict[str, str]:
    measures = sample_measures()
    return {
        committee: texts[question]
        for committee, texts in measures.comment.items()
        if rating in (None, measures.rating[committee][question])
    }


def count(pattern: str, texts: dict[str, str]) -> int:
    return sum(bool(re.search(pattern, text, re.IGNORECASE)) for text in texts.values())


def test_every_claim_about_comments_holds() -> None:
    claims = load_claims(SEEDS, "2016")
    assert sum(claim.left.metric.startswith(METRIC) for claim in claims) > 150
    assert find_broken_claims(claims, sample_round().comments, sample_round().ratings.rating) == []


@pytest.mark.parametrize(
    ("metric", "expected", "complaint"),
    [("not-at-present", Fraction(2), "not-at-present 1, not = 2"),
     ("briefs-chief-officers", Subject(METRIC + "nothing", 7, "", ""), None),
     ("briefs-chief-officers", Subject(METRIC + "briefs-chief-officers", 7, "", ""), "12, not > 12")],
)  # fmt: skip
def test_a_broken_claim_about_comments_is_found(
    metric: str, expected: Fraction | Subject, complaint: str | None
) -> None:
    claim = next(c for c in load_claims(SEEDS, "2016") if c.left.metric == METRIC + metric)
    broken = find_broken_claims(
        [replace(claim, right=expected)], sample_round().comments, sample_round().ratings.rating
    )
    assert len(broken) == (complaint is not None)
    assert all(text.startswith(claim.claim_id) and text.endswith(complaint or "") for text in broken)


def test_the_code_frame_has_the_topics_of_the_bank_and_of_the_claims() -> None:
    frame = {(int(row["question_no"]), row["topic"]) for row in seed_rows("comment_topics")}
    assert len(frame) == len(seed_rows("comment_topics"))
    found = {
        (question, topic)
        for (_, question), sentence in sample_round().comments.by_place.items()
        for topic in sentence.topics
        if not re.fullmatch(r"(before|after)-\d{4}-\d{2}", topic)
    }
    assert found <= frame
    subjects = [claim.left for claim in load_claims(SEEDS, "2016")]
    subjects += [claim.right for claim in load_claims(SEEDS, "2016") if isinstance(claim.right, Subject)]
    claimed = {
        (s.question_no, s.metric.removeprefix(METRIC)) for s in subjects if s.metric.startswith(METRIC)
    }
    assert {place for place in claimed if place[0]} <= frame
    # Only what the report names is coded.
    assert {topic for _, topic in frame} == {topic for _, topic in claimed}


def test_missing_statistics() -> None:
    green = comments_on(12, "green")
    assert list(green.values()).count("Not at present") == 1
    assert count("not reported to the committee|does not receive them", green) == 2
    assert count("Missing Person co-ordinator", green) == 1
    assert count("social work.*benchmark", green) == 1
    assert count("very small number of LAAC", comments_on(12, "red")) == 1


def test_trafficking() -> None:
    none_here = "no child in this area has been a victim|no known instance|found no evidence of trafficking"
    assert count(none_here, comments_on(13)) == 3
    north = {c: t for c, t in comments_on(13, "green").items() if sample_measures().consortium[c] == "N"}
    (text,) = north.values()
    assert "little used" in text
    assert "reviewed" in text
    similar = [
        (g, r)
        for g in comments_on(14, "green").values()
        for r in comments_on(14, "red").values()
        if min(len(g), len(r)) > 30 and SequenceMatcher(None, g, r).ratio() > 0.9
    ]
    assert len(similar) == 1


def test_red_workplans() -> None:
    red = comments_on(8, "red")
    assert sorted(map(bool, red.values())) == [False, True, True]
    assert count("improvement plan is in development", red) == 1
    (waiting,) = [committee for committee, text in red.items() if "National Action Plan" in text]
    assert "workshop is scheduled for October 2016" in red[waiting]
    assert sample_measures().completed[waiting].isoformat() < "2016-10-01"


def test_comments_have_at_most_120_words_and_some_are_empty() -> None:
    lengths = [len(text.split()) for texts in sample_measures().comment.values() for text in texts.values()]
    assert max(lengths) <= 120
    assert max(lengths) >= 80
    assert 0.10 <= lengths.count(0) / len(lengths) <= 0.20


def test_nobody_repeats_a_neighbour_but_the_pair() -> None:
    for question in range(1, 20):
        texts = {c: t for c, t in comments_on(question).items() if t and c != "aberdeen-city"}
        sentences = Counter(
            s for t in texts.values() for s in re.split(r"(?<=[.?!]) ", t) if len(s.split()) > 4
        )
        assert [sentence for sentence, number in sentences.items() if number > 1] == []
    assert sample_measures().comment["aberdeen-city"] == sample_measures().comment["aberdeenshire"]


def test_comments_hold_no_placeholder_address_number_or_tag() -> None:
    for texts in sample_measures().comment.values():
        for text in texts.values():
            assert not re.search(r"[\[\]{}<>@#]|\d{5}|TODO|lorem|  | \.|^\s|\s$", text), text
            assert not text or text[0].isupper()
            assert not text or text.endswith(".") or text == "Not at present"


def test_a_comment_on_a_blank_rating_is_never_empty_and_has_a_reason() -> None:
    comments = sample_round().comments
    for place in sample_round().ratings.blank:
        assert comments.by_place[place].text
        assert comments.reasons[place].endswith(".")


def test_a_repeated_sentence_in_the_bank_is_named(tmp_path: Path) -> None:
    (tmp_path / "bank.yml").write_text("3:\n  green:\n    - Same.\n  amber:\n    - Same. [topic]\n")
    with pytest.raises(CommentBankError, match=r"Question 3 has a sentence twice: \['Same\.'\]"):
        load_bank(tmp_path / "bank.yml")
