"""What an attacker has: totals of ratings over sets of named committees, and who answered."""

from dataclasses import dataclass, field
from typing import TypeAlias

RATINGS = ("green", "amber", "red")
NONE = "none"
"""The status of a return without a rating, or of one that is not counted."""

Question: TypeAlias = tuple[str, int]
"""A round and the number of a question in it."""

_EARLIER = " (earlier rating "


def name_earlier(committee: str, version: str) -> str:
    """Name a committee whose rating was another one in an earlier release."""
    return f"{committee}{_EARLIER}{version})"


def split_version(member: str) -> tuple[str, str]:
    """Split a member of a total into its committee and its version, which is empty for the rating of this release."""
    committee, _, version = member.partition(_EARLIER)
    return committee, version


@dataclass(frozen=True)
class Source:
    """Where a figure is published: a table and the key of its row."""

    table: str
    key: str

    def __str__(self) -> str:
        return f"{self.table} ({self.key})"


@dataclass(frozen=True)
class Total:
    """The sum of the weights of ratings over a set of committees is between two numbers.

    `is_public` marks figures that the report of the round printed.
    """

    question: Question
    members: frozenset[str]
    weights: tuple[tuple[str, int], ...]
    low: int
    high: int
    source: Source
    is_public: bool = False


@dataclass(frozen=True)
class Flow:
    """The number of committees in both rounds whose ratings then and now are among those given.

    `pairs` are the committees of the later round, each with those that it is compared with in the earlier one.
    """

    then: Question
    now: Question
    ratings_then: frozenset[str]
    ratings_now: frozenset[str]
    committees: int
    pairs: tuple[tuple[str, tuple[str, ...]], ...]
    source: Source


@dataclass
class Published:
    """Everything public about ratings.

    `answered` are the committees with a return by round. `duplicates` are groups of committees with identical returns.
    `predecessors` lists, by round, the committees that a committee is compared with in the round before. `pairs` are
    the questions of the round before by the question that is compared with them. `earlier` and
    `earlier_flows` are figures of earlier releases. `ranks_once` are ranks by round and
    question when each content counts once. `unchecked` are rows with figures that depend on withheld ones in a way that
    the attack does not calculate. In rounds that are `consented` ratings are public; in those `without_insiders` the
    policy assumes that no committee subtracts its own return.
    """

    answered: dict[str, frozenset[str]] = field(default_factory=dict)
    duplicates: dict[str, list[frozenset[str]]] = field(default_factory=dict)
    predecessors: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    pairs: dict[Question, Question] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    earlier: list[Total] = field(default_factory=list)
    earlier_flows: list[Flow] = field(default_factory=list)
    ranks_once: dict[str, dict[int, int]] = field(default_factory=dict)
    unchecked: list[Source] = field(default_factory=list)
    consented: set[str] = field(default_factory=set)
    without_insiders: set[str] = field(default_factory=set)

    def list_questions(self) -> list[Question]:
        """List all questions with a published total."""
        return sorted({total.question for total in self.totals})
