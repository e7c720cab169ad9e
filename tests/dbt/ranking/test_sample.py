"""Every measure of the marts of the published sample, recomputed from the raw tables."""

import csv
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROUND, Workplace
from tests.dbt.ranking.agreement import (
    assert_coverage_agrees,
    assert_rankings_agree,
)
from tests.tools.sample.sample_measures import sample_measures, seed_rows
from tools.recompute.round import Round


@pytest.fixture(scope="module")
def published(sample_home: Workplace) -> tuple[list[Round], Path]:
    """The round in the raw tables, and the published database."""
    words = {row["word"]: row["rating"] for row in seed_rows("rating_words")}
    names = {row["committee_name"]: row["committee_id"] for row in seed_rows("committees")}
    names |= {row["alias"]: row["committee_id"] for row in seed_rows("committee_aliases")}
    with duckdb.connect(str(sample_home.home.build_database), read_only=True) as connection:
        answers = connection.execute(
            "select committee_typed, cast(question_no_typed as integer), rating_typed "
            "from raw.answer join raw.return_file using (round_id, source_file) where round_id = ?",
            [ROUND],
        ).fetchall()
    given: dict[str, dict[int, str | None]] = {}
    for name, question, rating in answers:
        given.setdefault(names[name], {})[question] = words.get(rating.strip().lower())
    with (Path(__file__).parents[3] / "tools" / "sample" / "estimates.csv").open() as file:
        estimates = {(r["committee_id"], int(r["question_no"])): r["rating"] for r in csv.DictReader(file)}
    consortium = {row["committee_id"]: row["consortium_code"] for row in seed_rows("committees")}
    invited = {row["committee_id"]: consortium[row["committee_id"]] for row in seed_rows("invitations")}
    one = Round(
        ROUND,
        19,
        invited,
        given,
        duplicates={"aberdeenshire": "aberdeen-city"},
        estimates=estimates,
        has_claims=True,
    )
    return [one], sample_home.home.published / "self_evaluation.duckdb"


def pairs(rows: list[tuple[object, ...]]) -> dict[object, object]:
    return {row[0]: row[1] for row in rows}


def test_the_round_is_the_one_of_the_report(published: tuple[list[Round], Path]) -> None:
    ((one,), _) = published
    assert (len(one.consortium), len(one.answers), len(one.estimates)) == (29, 25, 11)
    assert sum(rating is None for ratings in one.answers.values() for rating in ratings.values()) == 11


def test_rankings_agree(published: tuple[list[Round], Path]) -> None:
    assert_rankings_agree(*published)


def test_coverage_agrees(published: tuple[list[Round], Path]) -> None:
    assert_coverage_agrees(*published)


def test_facts_agree(published: tuple[list[Round], Path], sample_home: Workplace) -> None:
    ((one,), _) = published
    facts = sample_home.ask(
        "select committee_id, question_no, reported_rating, resolved_rating, rating_status, is_duplicate, is_counted "
        "from fct_rating"
    )
    assert len(facts) == 475
    for committee, question, reported, resolved, status, duplicate, counted in facts:
        given = one.answers[str(committee)][int(str(question))]
        estimate = one.estimates.get((str(committee), int(str(question))))
        assert (reported, resolved) == (given, given or estimate)
        assert (status, counted) == ("reported" if given else "estimated", True)
        assert duplicate == (committee in one.duplicates)
    returned = {
        name: sum(rating is None for rating in ratings.values()) for name, ratings in one.answers.items()
    }
    assert pairs(sample_home.ask("select committee_id, return_status from fct_return")) == {
        name: "returned" if name in returned else "not_returned" for name in one.consortium
    }
    blanks = sample_home.ask(
        "select committee_id, blank_ratings from fct_return where return_status = 'returned'"
    )
    assert pairs(blanks) == returned


def test_claims_and_their_values_agree(sample_home: Workplace) -> None:
    """Each value found, and each verdict, from the generator's own returns."""
    published = {
        str(claim_id): (actual, verdict)
        for claim_id, actual, verdict in sample_home.ask(
            "select claim_id, actual, verdict from mart_claim_check"
        )
    }
    rows = seed_rows("claims")
    assert published.keys() == {row["claim_id"] for row in rows}
    for row in rows:
        actual, verdict = published[row["claim_id"]]
        if row["not_checkable_reason"]:
            assert (actual, verdict) == (None, "not checkable")
            continue
        assert verdict == ("report contradicts itself" if row["contradiction"] else "agrees"), row["claim_id"]
        question = int(row["question_no"]) if row["question_no"] else None
        value = sample_measures().value(row["metric"], question, row["consortium_code"], row["rating"])
        assert actual == (value if isinstance(value, str) else f"{float(value):.4g}"), row["claim_id"]


def test_topics_of_comments_agree(sample_home: Workplace) -> None:
    frame = {(int(row["question_no"]), row["topic"]) for row in seed_rows("comment_topics")}
    found = Counter(
        (int(row["question_no"]), topic)
        for row in seed_rows("comment_codes")
        for topic in row["topics"].split("|")
    )
    comments = Counter(
        question for texts in sample_measures().comment.values() for question, text in texts.items() if text
    )
    topics = sample_home.ask(
        "select question_no, topic, returns, comments, coded_comments from mart_comment_topic"
    )
    assert len(topics) == len(frame)
    questions = {row["question_no"]: row["short_reference"] for row in seed_rows("questions")}
    assert set(
        sample_home.ask("select question_no, short_reference, topic, definition from mart_comment_topic")
    ) == {
        (int(row["question_no"]), questions[row["question_no"]], row["topic"], row["definition"])
        for row in seed_rows("comment_topics")
    }
    assert {(question, topic): returns for question, topic, returns, _, _ in topics} == {
        place: found[place] for place in frame
    }
    assert all(comments[int(str(q))] == written == coded for q, _, _, written, coded in topics)


def test_rules_and_findings_agree(published: tuple[list[Round], Path], sample_home: Workplace) -> None:
    ((one,), _) = published
    rules = {row["rule_id"]: row["feasible_with_figures"] for row in seed_rows("ranking_rules")}
    assert {
        str(rule): "" if feasible is None else str(feasible).lower()
        for rule, feasible in sample_home.ask("select rule_id, feasible_with_figures from mart_ranking_rule")
    } == rules
    counts = pairs(sample_home.ask('select "check", count(*) from mart_data_quality group by all'))
    assert counts["blank_rating"] == len(one.estimates)
    assert counts["duplicate_return"] == len(one.duplicates)
    assert counts["non_return"] == len(one.consortium) - len(one.answers)
    small = [c for c, n in Counter(one.consortium[m] for m in one.answers).items() if n < 5]
    assert counts["small_base"] == len(small) == 1


def test_the_public_learns_whom_a_finding_is_about_where_it_may(
    published: tuple[list[Round], Path], sample_home: Workplace
) -> None:
    ((one,), _) = published
    name = {row["committee_id"]: row["committee_name"] for row in seed_rows("committees")}
    shown = pairs(
        sample_home.ask(
            "select check_name, string_agg(subjects, ', ') from mart_data_quality_summary group by 1"
        )
    )
    assert shown["duplicate_return"] == "Aberdeenshire"
    assert set(str(shown["non_return"]).split(", ")) == {
        name[c] for c in one.consortium if c not in one.answers
    }
    blanks = Counter(question for _, question in one.estimates)
    assert shown["blank_rating"] == ", ".join(
        f"question {question}" + (f" ({number})" if number > 1 else "")
        for question, number in sorted(blanks.items())
    )
    effects = sample_home.ask(
        "select effect_no, check_name, subject from mart_decision_effect order by effect_no"
    )
    assert [effect for effect, _, _ in effects] == list(range(1, 15))
    subjects = [subject for _, check, subject in effects if check in ("blank_rating", "duplicate_return")]
    assert subjects == [f"question {q}" for q in sorted(blanks.elements())] + ["Aberdeenshire"]
