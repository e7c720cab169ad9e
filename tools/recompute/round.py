"""A round: who was invited, and what they answered."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Round:
    """A round: `answers[committee][question]` is a rating or None; a committee without a return has no entry.

    `consortium` has the consortium of each invited committee. `comparable` are the questions that are compared with the
    round before. `duplicates` repeat the return of another committee, and `estimates` fill blanks. `has_claims`: the
    report is about the round.
    """

    round_id: str
    questions: int
    consortium: dict[str, str]
    answers: dict[str, dict[int, str | None]]
    comparable: frozenset[int] = frozenset()
    duplicates: dict[str, str] = field(default_factory=dict)
    estimates: dict[tuple[str, int], str] = field(default_factory=dict)
    has_claims: bool = False
