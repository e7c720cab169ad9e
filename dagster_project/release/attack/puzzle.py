"""The ratings of one question, or of one question in two rounds, as a system of linear equations in whole numbers.

Committees that belong to the same published sets are exchangeable: a class of them has one variable for each
combination of their ratings, the number of committees with it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeAlias

from ortools.sat.python import cp_model

from dagster_project.release.attack.totals import (
    NONE,
    RATINGS,
    Flow,
    Published,
    Question,
    Source,
    Total,
    split_version,
)

MAX_SECONDS = 5.0
"""Maximum time of one call of the solver."""

MAX_STATES = 20_000
"""Maximum number of combinations of statuses of one unit."""

Slot: TypeAlias = tuple[Question, str]
"""A question of a round, and a committee that answered it."""

State: TypeAlias = tuple[str, ...]
"""A status for each slot of a unit."""

Cell: TypeAlias = tuple[int, State]
Solution: TypeAlias = Mapping[Cell, int]


@dataclass(frozen=True)
class UnitClass:
    """Units that no published figure distinguishes. A unit is the slots whose ratings are compared or identical."""

    units: tuple[tuple[Slot, ...], ...]
    states: tuple[State, ...]

    @property
    def size(self) -> int:
        """The number of units."""
        return len(self.units)


@dataclass(frozen=True)
class Equation:
    """The sum of weighted counts of states is between two numbers."""

    weights: Mapping[Cell, int]
    low: int
    high: int
    source: Source


class UndecidedError(Exception):
    """The solver has not finished in time, or cannot."""


@dataclass(frozen=True)
class Puzzle:
    """Classes of units and the equations that published figures make."""

    classes: tuple[UnitClass, ...]
    equations: tuple[Equation, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All variables: a class and a state of its units."""
        return tuple((index, state) for index, one in enumerate(self.classes) for state in one.states)

    def keep_equations(self, sources: Iterable[Source]) -> "Puzzle":
        """Return the puzzle with only the equations from these sources."""
        kept = set(sources)
        return Puzzle(self.classes, tuple(one for one in self.equations if one.source in kept))

    def solve(self, at_least: Sequence[tuple[Sequence[Cell], int]] = ()) -> Solution | None:
        """Return counts that fit every equation, or None. `at_least` are cells and the least sum of their counts."""
        model = cp_model.CpModel()
        counts = {
            (index, state): model.new_int_var(0, self.classes[index].size, "") for index, state in self.cells
        }
        for index, one in enumerate(self.classes):
            model.add(sum(counts[index, state] for state in one.states) == one.size)
        for equation in self.equations:
            total = sum(weight * counts[cell] for cell, weight in equation.weights.items())
            model.add_linear_constraint(total, equation.low, equation.high)
        for cells, least in at_least:
            model.add(sum(counts[cell] for cell in cells) >= least)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_time_in_seconds = MAX_SECONDS
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise UndecidedError
        return {cell: value for cell, count in counts.items() if (value := solver.value(count))}


def make_puzzle(published: Published, questions: Sequence[Question]) -> Puzzle:
    """Make the puzzle of one question, or of the same question in two consecutive rounds, the earlier first."""
    totals = [total for total in (*published.totals, *published.earlier) if total.question in questions]
    flows = [
        flow
        for flow in (*published.flows, *published.earlier_flows)
        if (flow.then, flow.now) == tuple(questions)
    ]
    units = _make_units(published, questions, totals, flows)
    sets = sorted({(total.question, tuple(sorted(total.members))) for total in totals})
    statuses = {question: _find_statuses(published, question, totals) for question in questions}
    grouped: dict[object, list[tuple[Slot, ...]]] = defaultdict(list)
    for unit in units:
        signature = tuple(
            (
                question,
                tuple(
                    number
                    for number, (asked, members) in enumerate(sets)
                    if asked == question and committee in members
                ),
            )
            for question, committee in unit
        )
        grouped[signature].append(unit)
    classes = tuple(
        UnitClass(tuple(found), tuple(_list_states(published, found[0], statuses)))
        for found in grouped.values()
    )
    equations = [_build_total_equation(classes, total) for total in totals]
    equations += [_build_flow_equation(classes, flow) for flow in flows]
    return Puzzle(classes, tuple(one for one in equations if one.weights or one.low > 0))


def _make_units(
    published: Published, questions: Sequence[Question], totals: Sequence[Total], flows: Sequence[Flow]
) -> list[tuple[Slot, ...]]:
    """Join the slots of duplicates, of a committee in several releases, and in two rounds those of its predecessors.

    A committee has all of its own ratings, also those of a return that it has replaced.
    """
    slots = {
        (question, committee)
        for question in questions
        for committee in published.answered.get(question[0], ())
    }
    slots.update((total.question, committee) for total in totals for committee in total.members)
    joined: dict[Slot, set[Slot]] = {slot: {slot} for slot in slots}

    def join(slots: Sequence[Slot]) -> None:
        union = set().union(*(joined[slot] for slot in slots))
        for slot in union:
            joined[slot] = union

    for question in questions:
        for group in published.duplicates.get(question[0], ()):
            join([(question, committee) for committee in group])
    releases: dict[Slot, list[Slot]] = defaultdict(list)
    for question, member in slots:
        releases[question, split_version(member)[0]].append((question, member))
    for same in releases.values():
        join(same)
    pairs = {
        (flow.then, origin, flow.now, one) for flow in flows for one, found in flow.pairs for origin in found
    }
    for then, origin, now, committee in sorted(pairs):
        if (then, origin) in joined and (now, committee) in joined:
            join([(then, origin), (now, committee)])
    return sorted({tuple(sorted(unit)) for unit in joined.values()})


def _find_statuses(published: Published, question: Question, totals: Sequence[Total]) -> tuple[str, ...]:
    """Find the statuses that a return can have on a question.

    It can be without a rating unless the published number of ratings is that of the returns.
    """
    answered = published.answered.get(question[0], frozenset())
    is_complete = any(
        total.low == len(answered)
        for total in totals
        if total.question == question
        and total.members == answered
        and {rating for rating, weight in total.weights if weight == 1} == set(RATINGS)
    )
    return RATINGS if is_complete else (*RATINGS, NONE)


def _list_states(
    published: Published, unit: tuple[Slot, ...], statuses: Mapping[Question, Sequence[str]]
) -> Iterable[State]:
    groups = [
        [
            place
            for place, (question, committee) in enumerate(unit)
            if committee in group and question[0] == round_id
        ]
        for round_id, found in published.duplicates.items()
        for group in found
    ]
    # Whether a return that was replaced rated the question is not in the figures of this release.
    possible = [
        statuses[question] if committee in published.answered.get(question[0], ()) else (*RATINGS, NONE)
        for question, committee in unit
    ]
    if math.prod(map(len, possible)) > MAX_STATES:
        raise UndecidedError
    for state in product(*possible):
        if all(len({state[place] for place in places} - {NONE}) <= 1 for places in groups):
            yield state


def _build_total_equation(classes: Sequence[UnitClass], total: Total) -> Equation:
    weights = dict(total.weights)
    found: dict[Cell, int] = {}
    for index, one in enumerate(classes):
        places = [
            place
            for place, (question, committee) in enumerate(one.units[0])
            if question == total.question and committee in total.members
        ]
        for state in one.states if places else ():
            if weight := sum(weights.get(state[place], 0) for place in places):
                found[index, state] = weight
    return Equation(found, total.low, total.high, total.source)


def _build_flow_equation(classes: Sequence[UnitClass], flow: Flow) -> Equation:
    predecessors = dict(flow.pairs)
    found: dict[Cell, int] = {}
    for index, one in enumerate(classes):
        places = {slot: place for place, slot in enumerate(one.units[0])}
        for state in one.states:
            matched = 0
            for (question, committee), place in places.items():
                origins = predecessors.get(committee, ())
                if question != flow.now or not origins:
                    continue
                before = {
                    state[places[flow.then, origin]] if (flow.then, origin) in places else NONE
                    for origin in origins
                }
                matched += (
                    len(before) == 1 and before <= flow.ratings_then and state[place] in flow.ratings_now
                )
            if matched:
                found[index, state] = matched
    return Equation(found, flow.committees, flow.committees, flow.source)
