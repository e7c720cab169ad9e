"""The metrics of the claims, computed from the returns in plain Python, without code of the solver."""

import csv
from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from tools.sample.round import SampleRound, make_round

ROOT = Path(__file__).parents[3]
SEEDS = ROOT / "dbt" / "seeds"
ESTIMATES = ROOT / "tools" / "sample" / "estimates.csv"
POINTS = {"green": 2, "amber": 1, "red": 0}
Value = Fraction | str


@cache
def _round(seed: int) -> SampleRound:
    return make_round(SEEDS, "2016", seed)


def sample_round(seed: int = 2016) -> SampleRound:
    """The round of a seed, by default that of the committed files; solved once for all tests of a process."""
    return _round(seed)


@cache
def _measures(seed: int) -> "Measures":
    return Measures(_round(seed))


def sample_measures(seed: int = 2016) -> "Measures":
    """The metrics of that round."""
    return _measures(seed)


def seed_rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Measures:
    """Metrics of one round. Ratings are read from the words in the returns, those left blank from the estimates."""

    def __init__(self, sample: SampleRound) -> None:
        words = {row["word"]: row["rating"] for row in seed_rows("rating_words")}
        estimates = {place: sample.ratings.rating[place] for place in sample.ratings.blank}
        self.consortium = {row["committee_id"]: row["consortium_code"] for row in seed_rows("committees")}
        self.areas = Counter(row["committee_id"] for row in seed_rows("local_authorities"))
        self.questions = {int(row["question_no"]): int(row["section_no"]) for row in seed_rows("questions")}
        self.round = next(row for row in seed_rows("rounds") if row["round_id"] == sample.round_id)
        self.rating: dict[str, dict[int, str]] = {}
        self.blanks: dict[str, set[int]] = {}
        self.comment: dict[str, dict[int, str]] = {}
        dates = {one.committee_id: one.filled.completed_on for one in sample.returns}
        self.completed = {committee: day for committee, day in dates.items() if day}
        self.topics = {place: sentence.topics for place, sentence in sample.comments.by_place.items()}
        for one in sample.returns:
            own = one.committee_id
            answers = one.filled.answers
            self.comment[own] = {answer.question_no: answer.comment for answer in answers}
            self.blanks[own] = {answer.question_no for answer in answers if answer.rating is None}
            self.rating[own] = {
                answer.question_no: words[answer.rating.lower()]
                if answer.rating is not None
                else estimates[own, answer.question_no]
                for answer in answers
            }
        self.green = {q: self._count(q, "green") for q in self.questions}
        self.red = {q: self._count(q, "red") for q in self.questions}
        self.green_rank = {q: 1 + sum(g > self.green[q] for g in self.green.values()) for q in self.questions}
        self.red_rank = {q: 1 + sum(r < self.red[q] for r in self.red.values()) for q in self.questions}
        self.rank_sum = {q: self.green_rank[q] + self.red_rank[q] for q in self.questions}
        self.rank = {q: 1 + sum(s < self.rank_sum[q] for s in self.rank_sum.values()) for q in self.questions}
        self.group = self._groups()

    def value(self, metric: str, question: int | None, consortium: str, rating: str) -> Value:
        name, _, argument = metric.partition(":")
        if name == "comments_on_topic":
            return Fraction(
                sum(
                    any(
                        argument in self.topics.get((m, q), ()) and rating in ("", self.rating[m][q])
                        for q in self.questions
                        if question in (None, q)
                    )
                    for m in self.rating
                )
            )
        if question is None:
            return self._of_round(name, argument, consortium)
        last = max(self.rank_sum.values())
        match name:
            case "count":
                return Fraction(self._count(question, rating, consortium))
            case "share":
                return Fraction(self._count(question, rating, consortium), len(self._members(consortium)))
            case "mean_score":
                members = self._members(consortium)
                return Fraction(sum(POINTS[self.rating[m][question]] for m in members), len(members))
            case "blank":
                return Fraction(self._blank(question))
            case "without_comment":
                return Fraction(
                    sum(
                        self.rating[m][question] == rating and not self.comment[m][question]
                        for m in self.rating
                    )
                )
            case "green_rank" | "red_rank" | "rank_sum":
                return Fraction(getattr(self, name)[question])
            case "confidence_rank":
                return Fraction(self.rank[question])
            case "is_joint":
                return Fraction(int(list(self.rank.values()).count(self.rank[question]) > 1))
            case "report_label":
                return Fraction(19 if self.rank_sum[question] == last else self.rank[question])
            case "green_label":
                fewest = self.green[question] == min(self.green.values())
                return Fraction(19 if fewest else self.green_rank[question])
            case "gap_after":
                larger = [s for s in self.rank_sum.values() if s > self.rank_sum[question]]
                return Fraction(min(larger) - self.rank_sum[question])
            case "confidence_group":
                return self.group[question]
            case "ranking_comment":
                return self._remark(question)
            case "questions_with_fewer":
                own = self._count(question, rating)
                return Fraction(sum(self._count(q, rating) < own for q in self.questions))
            case "questions_with_as_many":
                own = self._count(question, rating)
                return Fraction(sum(self._count(q, rating) == own for q in self.questions) - 1)
            case "committees_lower_than_on":
                pairs = ((r[question], r[int(argument)]) for r in self.rating.values())
                return Fraction(sum(POINTS[here] < POINTS[there] for here, there in pairs))
            case "section_of_question":
                return Fraction(self.questions[question])
            case "sub_questions":
                return Fraction(sum(int(r["question_no"]) == question for r in seed_rows("sub_questions")))
        raise KeyError(metric)

    def _of_round(self, name: str, argument: str, consortium: str) -> Value:
        invited = [r["committee_id"] for r in seed_rows("invitations")]
        invited = [c for c in invited if consortium in ("", self.consortium[c])]
        members = self._members(consortium)
        contents = {
            tuple(
                (self.rating[m][q], q in self.blanks[m], self.comment[m][q]) for q in sorted(self.questions)
            ): m
            for m in self.rating
        }
        blanks = Counter(len(self.blanks[m]) for m in self.rating)
        per_question = Counter(self._blank(q) for q in self.questions)
        if name.startswith("returns_with_blanks_"):
            return Fraction(blanks[int(name.rpartition("_")[2])])
        if name.startswith("questions_with_blanks_"):
            return Fraction(per_question[int(name.rpartition("_")[2])])
        match name:
            case "blank":
                return Fraction(sum(len(b) for b in self.blanks.values()))
            case "questions":
                return Fraction(len(self.questions))
            case "sections":
                return Fraction(len(set(self.questions.values())))
            case "questions_in_section":
                return Fraction(list(self.questions.values()).count(int(argument)))
            case "rating_steps":
                return Fraction(len(seed_rows("rating_scale")))
            case "invited":
                return Fraction(len(invited))
            case "returned" | "returns":
                return Fraction(len(members))
            case "not_returned":
                return Fraction(len(invited) - len(members))
            case "return_status":
                return "returned" if argument in self.rating else "not_returned"
            case "committees":
                return Fraction(sum(consortium in ("", code) for code in self.consortium.values()))
            case "consortium_of":
                return self.consortium[argument]
            case "consortia":
                return Fraction(len(seed_rows("consortia")))
            case "consortia_covered":
                return Fraction(len({self.consortium[m] for m in members}))
            case "local_authorities":
                return Fraction(self.areas.total())
            case "local_authorities_covered":
                return Fraction(sum(self.areas[m] for m in members))
            case "local_authority_count":
                return Fraction(self.areas[argument])
            case "distinct_contents":
                return Fraction(len(contents))
            case "duplicate_returns":
                return Fraction(len(self.rating) - len(contents))
            case "shares_content_with":
                same = [
                    m
                    for m in self.rating
                    if m != argument
                    and (self.rating[m], self.blanks[m], self.comment[m])
                    == (self.rating[argument], self.blanks[argument], self.comment[argument])
                ]
                return ", ".join(same)
            case "fieldwork_first_month":
                return f"{min(self.completed.values()):%Y-%m}"
            case "fieldwork_last_month":
                return f"{max(self.completed.values()):%Y-%m}"
            case "returns_outside_fieldwork":
                first, last = self.round["fieldwork_start"], self.round["fieldwork_end"]
                return Fraction(sum(not first <= d.isoformat() <= last for d in self.completed.values()))
        raise KeyError(name)

    def _members(self, consortium: str) -> list[str]:
        return [m for m in self.rating if consortium in ("", self.consortium[m])]

    def _count(self, question: int, rating: str, consortium: str = "") -> int:
        return sum(self.rating[m][question] == rating for m in self._members(consortium))

    def _blank(self, question: int) -> int:
        return sum(question in blanks for blanks in self.blanks.values())

    def _groups(self) -> dict[int, str]:
        """Cut at the two widest gaps, which must not be shared with a third."""
        sums = sorted(set(self.rank_sum.values()))
        gaps = sorted(((b - a, a) for a, b in pairwise(sums)), reverse=True)
        assert gaps[1][0] > gaps[2][0], "the second and third widest gap are equal"
        first, second = sorted(at for _, at in gaps[:2])
        return {
            q: "high" if own <= first else "medium" if own <= second else "low"
            for q, own in self.rank_sum.items()
        }

    def _remark(self, question: int) -> str:
        returns = len(self.rating)
        red, rank = self.red[question], self.rank[question]
        amber = Fraction(self._count(question, "amber"), returns)
        low = self.group[question] == "low"
        text = ""
        if not low and self.red_rank[question] - rank >= 2:
            expected = sorted(self.red.values())[rank - 1]
            very = amber <= Fraction(1, 5) and red - expected >= Fraction(returns, 5)
            text = "High number red responses for this rank."
            if very:
                text = "Very high number red responses for this rank; very low amber."
        elif not low and self.green_rank[question] - rank >= 5:
            text = "Low number green responses for this rank"
            if amber >= Fraction(70, 100):
                text = "Very low number green responses for this rank; very high amber."
            else:
                text += "; high level amber." if amber >= Fraction(45, 100) else "."
        elif low and rank - self.red_rank[question] >= 3:
            text = "Low number red responses for this rank"
            text += "; high amber." if amber >= Fraction(45, 100) else "."
        blanks = {0: "", 1: "One blank response.", 2: "Two blank responses.", 4: "Four blank responses."}
        return " ".join(part for part in (text, blanks[self._blank(question)]) if part) or "none"
