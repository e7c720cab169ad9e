"""Find the ratings that can be worked out, by an outsider and by a committee that uses its own return."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dagster_project.release.attack.puzzle import Cell, Puzzle, Solution, UndecidedError, make_puzzle
from dagster_project.release.attack.totals import (
    NONE,
    RATINGS,
    Published,
    Question,
    Source,
    Total,
    split_version,
)

STATUSES = (*RATINGS, NONE)

UNDECIDED = "undecided"
"""The status where the solver has not found in time whether one follows."""

MAX_TOTAL_SECONDS = 60.0
"""Maximum time for all questions. A release that is not decided by then is not published."""

MAX_TRACED = 20
"""Maximum number of derived statuses whose sources are found: each takes a solver call per figure."""


@dataclass(frozen=True)
class Insider:
    """Committees, any one of which may be the attacker, and the statuses of its own returns.

    A status has its question and the version of the return, which is empty for that of this release.
    """

    committees: tuple[str, ...]
    statuses: tuple[tuple[Question, str, str], ...]

    def __str__(self) -> str:
        known = " and ".join(
            f"{status} on question {question_no} of {round_id}{' before' if version else ''}"
            for (round_id, question_no), version, status in self.statuses
        )
        return f"a committee such as {self.committees[0]} with {known}"


@dataclass(frozen=True)
class Derived:
    """A status of `number` of the committees in a question, which an attacker can work out.

    Anybody can, or `insider`. `sources` are the figures needed. Without committees the status is `UNDECIDED`.
    """

    question: Question
    committees: tuple[str, ...]
    status: str
    insider: Insider | None
    number: int
    sources: tuple[Source, ...]


def derive_statuses(published: Published) -> Iterator[Derived]:
    """Work out every status that the published figures give away, beyond what is public anyway.

    What follows only with figures of earlier releases counts if it does not follow from those figures alone: nothing
    can take that back. The first MAX_TRACED have their sources. Questions for which the solver takes too long are
    undecided.
    """
    traced = 0
    deadline = time.monotonic() + MAX_TOTAL_SECONDS
    public = _keep_public(published)
    alone = replace(published, earlier=[], earlier_flows=[])
    before = replace(published, totals=[], flows=[])
    revised = _find_revised_questions(published)
    for questions in group_questions(published):
        if {round_id for round_id, _ in questions} <= published.consented:
            continue
        try:
            found = [*_derive_new(alone, questions, [public], deadline)]
            if not revised.isdisjoint(questions):
                found += _derive_new(published, questions, [public, alone, before], deadline)
        except UndecidedError:
            yield from (name_undecided(question) for question in questions)
            continue
        for attack, one in found:
            is_traced = traced < MAX_TRACED and time.monotonic() < deadline
            yield replace(one, sources=attack.trace_sources(one)) if is_traced else one
            traced += 1


def name_undecided(question: Question) -> Derived:
    """Return the question as one of which the solver has not found in time whether ratings follow."""
    return Derived(question, (), UNDECIDED, None, 0, ())


def _derive_new(
    published: Published, questions: Sequence[Question], allowed: Sequence[Published], deadline: float
) -> Iterator[tuple["Attack", Derived]]:
    """Work out the statuses that do not follow from any of `allowed` alone, each with the attack that finds it.

    Nothing follows from figures that contradict each other, such as those of other ratings in an earlier release.
    """
    with_insiders = bool({round_id for round_id, _ in questions} - published.without_insiders)
    attack = Attack(make_puzzle(published, questions), deadline)
    if derived := list(attack.derive(with_insiders=with_insiders)):
        known = [
            one
            for other in allowed
            for one in Attack(make_puzzle(other, questions), deadline).derive(with_insiders=with_insiders)
        ]
        yield from ((attack, one) for one in derived if not any(_is_covered(other, one) for other in known))


def _find_revised_questions(published: Published) -> set[Question]:
    """Find the questions of which earlier releases have figures that differ from those of this one."""

    def describe(total: Total) -> tuple[object, ...]:
        return (total.question, total.members, total.weights, total.low, total.high)

    totals, flows = set(map(describe, published.totals)), set(published.flows)
    return {one.question for one in published.earlier if describe(one) not in totals} | {
        one.now for one in published.earlier_flows if one not in flows
    }


def group_questions(published: Published) -> Iterator[list[Question]]:
    """Yield each question alone, or with that of the round before if a published figure connects the two."""
    connected = {(flow.then, flow.now) for flow in (*published.flows, *published.earlier_flows)}
    inside = {question for pair in connected for question in pair}
    yield from (list(pair) for pair in sorted(connected))
    yield from ([question] for question in published.list_questions() if question not in inside)


def _keep_public(published: Published) -> Published:
    """Keep what is public anyway: national totals, and figures that the report of a round printed."""
    totals = [
        total
        for total in published.totals
        if total.is_public or total.members == published.answered.get(total.question[0])
    ]
    return replace(published, totals=totals, flows=[], earlier=[], earlier_flows=[])


def _is_covered(allowed: Derived, found: Derived) -> bool:
    return (
        allowed.question == found.question
        and allowed.status == found.status
        and set(found.committees) <= set(allowed.committees)
        and (allowed.insider is None or _is_insider_covered(allowed.insider, found.insider))
    )


def _is_insider_covered(allowed: Insider, found: Insider | None) -> bool:
    return (
        found is not None
        and set(allowed.statuses) <= set(found.statuses)
        and set(found.committees) <= set(allowed.committees)
    )


class Attack:
    """One puzzle and the solutions found so far: each shows that statuses are possible.

    After the deadline, in the seconds of `time.monotonic`, no further solution is looked for.
    """

    def __init__(self, puzzle: Puzzle, deadline: float) -> None:
        self._puzzle = puzzle
        self._deadline = deadline
        self._solutions: list[Solution] = []
        self._found: dict[Derived, tuple[int, int, Cell | None]] = {}
        self._targets = [
            (index, place) for index, one in enumerate(puzzle.classes) for place, _ in enumerate(one.units[0])
        ]

    def is_consistent(self) -> bool:
        """Return whether any ratings fit the published figures."""
        return self._add_solution([])

    def derive(self, *, with_insiders: bool) -> Iterator[Derived]:
        """Yield what can be worked out, without its sources."""
        if not self.is_consistent():
            return
        known = set()
        for index, place in self._targets:
            if len(found := self.list_possible(index, place)) == 1:
                known.add((index, place))
                yield from self._describe_status(index, place, found.pop(), None)
        if with_insiders:
            for insider in self._puzzle.cells:
                yield from self._derive_as_insider(insider, known)

    def _derive_as_insider(self, insider: Cell, known: set[tuple[int, int]]) -> Iterator[Derived]:
        if not self._is_possible([insider], None):
            return
        for index, place in self._targets:
            is_alone = index == insider[0] and self._puzzle.classes[index].size == 1
            if is_alone or (index, place) in known:
                continue
            if len(found := self.list_possible(index, place, insider, enough=2)) == 1:
                yield from self._describe_status(index, place, found.pop(), insider)

    def list_possible(self, index: int, place: int, insider: Cell | None = None, enough: int = 4) -> set[str]:
        """Return statuses that a unit of a class may have in a slot, at most `enough` of them.

        An insider is a class and the state of one of its units; the statuses are then those of the other units.
        """
        found: set[str] = set()
        for status in STATUSES:
            cells = self._list_cells(index, place, status)
            if len(found) < enough and cells and self._is_possible(cells, insider):
                found.add(status)
        return found

    def _list_cells(self, index: int, place: int, status: str) -> list[Cell]:
        return [(index, state) for state in self._puzzle.classes[index].states if state[place] == status]

    def _is_possible(self, cells: Sequence[Cell], insider: Cell | None) -> bool:
        needed = _list_required(cells, insider)
        return any(_is_solution(solution, needed) for solution in self._solutions) or self._add_solution(
            needed
        )

    def _add_solution(self, needed: Sequence[tuple[Sequence[Cell], int]]) -> bool:
        if time.monotonic() > self._deadline:
            raise UndecidedError
        solution = self._puzzle.solve(needed)
        if solution is not None:
            self._solutions.append(solution)
        return solution is not None

    def _describe_status(
        self, index: int, place: int, status: str, insider: Cell | None
    ) -> Iterator[Derived]:
        # That a return has no rating is not a rating: numbers of blanks are public.
        if status == NONE:
            return
        one = self._puzzle.classes[index]
        slots = [unit[place] for unit in one.units]
        derived = Derived(
            slots[0][0],
            tuple(committee for _, committee in slots),
            status,
            None if insider is None else self._describe_insider(insider),
            one.size - (insider is not None and insider[0] == index),
            (),
        )
        self._found[derived] = (index, place, insider)
        yield derived

    def _describe_insider(self, insider: Cell) -> Insider:
        units = self._puzzle.classes[insider[0]].units
        statuses = {
            (question, split_version(member)[1], status)
            for (question, member), status in zip(units[0], insider[1], strict=True)
        }
        committees = tuple(split_version(unit[-1][1])[0] for unit in units)
        return Insider(committees, tuple(sorted(statuses)))

    def trace_sources(self, derived: Derived) -> tuple[Source, ...]:
        """Return the sources without which the status could not be worked out."""
        index, place, insider = self._found[derived]
        others = [
            _list_required(cells, insider)
            for status in STATUSES
            if status != derived.status and (cells := self._list_cells(index, place, status))
        ]
        kept = list(dict.fromkeys(equation.source for equation in self._puzzle.equations))
        for source in tuple(kept):
            fewer = [one for one in kept if one != source]
            if all(self._puzzle.keep_equations(fewer).solve(needed) is None for needed in others):
                kept = fewer
        return tuple(kept)


def _list_required(cells: Sequence[Cell], insider: Cell | None) -> list[tuple[Sequence[Cell], int]]:
    if insider is None:
        return [(cells, 1)]
    return [(cells, 2 if insider in cells else 1), ([insider], 1)]


def _is_solution(solution: Solution, needed: Sequence[tuple[Sequence[Cell], int]]) -> bool:
    return all(sum(solution.get(cell, 0) for cell in cells) >= least for cells, least in needed)
