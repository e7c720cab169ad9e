"""What recorded decisions do: the ranks that the opposite of each would give (`mart_decision_effect`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tools.recompute.marts import Row
from tools.recompute.round import Round
from tools.recompute.seeds import CsvRow, Seeds
from tools.recompute.statistics import count_ratings, rank_by_sum

FINDING = re.compile(r"(?P<check>\w+):(?P<round>\w+):(?P<subject>.*):\w+")
ON_QUESTION = re.compile(r"(?P<committees>.+)_question_(?P<question>\d+)")


@dataclass(frozen=True)
class Decision:
    """A decision, the question of its finding if there is one, and the answers that it is about."""

    row: CsvRow
    check: str
    committees: tuple[str, ...]
    question: int | None


def read_decisions(one: Round, decisions: list[CsvRow]) -> list[Decision]:
    """Read the decisions about a round, with the subjects that the names of their findings give."""
    found = []
    for row in decisions:
        finding = FINDING.fullmatch(row["finding_id"])
        if finding and finding["round"] == one.round_id:
            subject = ON_QUESTION.fullmatch(finding["subject"])
            committees = re.split("_and_|_=_", subject["committees"] if subject else finding["subject"])
            question = int(subject["question"]) if subject else None
            found.append(Decision(row, finding["check"], tuple(committees), question))
    return found


def make_effects(one: Round, seeds: Seeds) -> Iterator[Row]:
    """Make the rows of `mart_decision_effect`.

    They are public, so that a finding is named by its question or its committee.
    """
    checks = {row["check_name"]: row for row in seeds["quality_checks"]}
    names = {row["committee_id"]: row["committee_name"] for row in seeds["committees"]}
    rows = []
    for decision in read_decisions(one, seeds["decisions"]):
        moves = _find_moves(one, decision)
        is_about_committee = checks[decision.check]["public_subject"] == "committee"
        sender = names[decision.committees[0]] if is_about_committee else "the return"
        otherwise = {
            "estimate": "Leaving the rating blank",
            "accept": "Not counting the rating",
            "count_both": f"Counting {sender} once",
        }[decision.row["decision"]]
        by_question = checks[decision.check]["public_subject"] == "question"
        rows.append(
            {
                "round_id": one.round_id,
                "check_name": decision.check,
                "title": checks[decision.check]["title"],
                "subject": f"question {decision.question}"
                if by_question
                else sender
                if is_about_committee
                else None,
                "decision": decision.row["decision"],
                "questions_moved": len(moves),
                "moves": ", ".join(moves) or None,
                "sentence": f"{otherwise} would move {', '.join(moves) or 'no rank'}.",
                "question_no": decision.question,
            }
        )
    rows.sort(
        key=lambda row: (row["check_name"], row["question_no"] or 99, row["subject"] or "~", row["sentence"])
    )
    for number, row in enumerate(rows, start=1):
        del row["question_no"]
        yield row | {"effect_no": number}


def _find_moves(one: Round, decision: Decision) -> list[str]:
    """Find the ranks that change if the decision is reversed."""
    own = rank_by_sum(count_ratings(one, set(one.answers)))[3]
    if decision.row["decision"] == "count_both":
        other = rank_by_sum(count_ratings(one, set(one.answers) - {decision.committees[0]}))[3]
    else:
        answers = {name: dict(given) for name, given in one.answers.items()}
        for name in decision.committees:
            answers[name][decision.question or 0] = None
        estimates = {
            key: rating
            for key, rating in one.estimates.items()
            if key not in {(name, decision.question) for name in decision.committees}
        }
        other = rank_by_sum(
            count_ratings(replace(one, answers=answers, estimates=estimates), set(one.answers))
        )[3]
    return [
        f"question {question} from {own.get(question, 'no rank')} to {other.get(question, 'no rank')}"
        for question in range(1, one.questions + 1)
        if own.get(question) != other.get(question)
    ]
