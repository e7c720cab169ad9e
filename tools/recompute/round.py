"""A round: who was invited, and what they answered."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Round:
    """A round: `answers[committee][question]` is a rating or None; a committee without a return has no entry.

    `consortium` has the consortium of each invited committee. `comparable` are the questions that are compared with the
    round before. `duplicates` repeat the return of another committee, and `estimates` fill blanks. `has_claims`: the
    report is about the round. `comments`: the answers that have one. `received` and `files`: the date on the cover of
    each return, and its file's name and hash.
    """

    round_id: str
    questions: int
    consortium: dict[str, str]
    answers: dict[str, dict[int, str | None]]
    comparable: frozenset[int] = frozenset()
    duplicates: dict[str, str] = field(default_factory=dict)
    estimates: dict[tuple[str, int], str] = field(default_factory=dict)
    has_claims: bool = False
    comments: frozenset[tuple[str, int]] = frozenset()
    received: dict[str, date | None] = field(default_factory=dict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
