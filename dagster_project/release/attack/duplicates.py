"""Work out the ratings of named duplicates from ranks in which each content counts once."""

from collections.abc import Iterator, Mapping

from ortools.sat.python import cp_model

from dagster_project.release.attack.inference import Derived, name_undecided
from dagster_project.release.attack.puzzle import MAX_SECONDS, UndecidedError
from dagster_project.release.attack.totals import RATINGS, Published, Source

Counts = Mapping[int, Mapping[str, int]]


def derive_duplicates(published: Published) -> Iterator[Derived]:
    """Yield ratings of the committees of one group of duplicates that the ranks leave no choice for.

    The counts with each content once are the national counts less the ratings of the group's other members.
    """
    for round_id, ranks in published.ranks_once.items():
        groups = published.duplicates.get(round_id, [])
        if len(groups) == 1 and round_id not in published.consented:
            yield from _derive_group(published, round_id, ranks, groups[0])


def _derive_group(
    published: Published, round_id: str, ranks: Mapping[int, int], group: frozenset[str]
) -> Iterator[Derived]:
    national = _count_national(published, round_id, ranks)
    source = Source("mart_rank_robustness", f"round {round_id}, rank_duplicates_once")
    for question_no in ranks:
        try:
            possible = {
                rating
                for rating in RATINGS
                if national[question_no][rating] >= len(group)
                and _is_possible(national, ranks, len(group), question_no, rating)
            }
        except UndecidedError:
            yield name_undecided((round_id, question_no))
            continue
        if len(possible) == 1 and sum(national[question_no][one] >= len(group) for one in RATINGS) > 1:
            yield Derived(
                (round_id, question_no), tuple(sorted(group)), possible.pop(), None, len(group), (source,)
            )


def _count_national(published: Published, round_id: str, ranks: Mapping[int, int]) -> Counts:
    counts: dict[int, dict[str, int]] = {question_no: {} for question_no in ranks}
    for total in published.totals:
        (asked_in, question_no), everybody = total.question, published.answered[round_id]
        # A question without ratings has no rank.
        is_ranked = asked_in == round_id and question_no in counts
        if is_ranked and total.members == everybody and len(total.weights) == 1:
            counts[question_no][total.weights[0][0]] = total.low
    return counts


def _is_possible(
    national: Counts, ranks: Mapping[int, int], size: int, question_no: int, rating: str
) -> bool:
    """Return whether the published ranks can result with this rating of the group on this question.

    Raises `UndecidedError` where the solver takes too long.
    """
    model = cp_model.CpModel()
    removed = {(question, one): model.new_bool_var("") for question in ranks for one in RATINGS}
    for question in ranks:
        model.add_exactly_one(removed[question, one] for one in RATINGS)
        for one in RATINGS:
            if national[question][one] < size:
                model.add(removed[question, one] == 0)
    model.add(removed[question_no, rating] == 1)
    sums = {}
    for question in ranks:
        places: list[cp_model.LinearExprT] = []
        for colour, sign in (("green", -1), ("red", 1)):
            counts = {one: (national[one][colour], removed[one, colour]) for one in ranks}
            places.append(_count_better(model, sign, question, counts, size))
        sums[question] = sum(places)
    for question in ranks:
        better = []
        for other in ranks:
            is_better = model.new_bool_var("")
            model.add(sums[other] < sums[question]).only_enforce_if(is_better)
            model.add(sums[other] >= sums[question]).only_enforce_if(~is_better)
            better.append(is_better)
        model.add(sum(better) == ranks[question] - 1)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = MAX_SECONDS
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise UndecidedError
    return status != cp_model.INFEASIBLE


def _count_better(
    model: cp_model.CpModel,
    sign: int,
    question: int,
    counts: Mapping[int, tuple[int, cp_model.IntVar]],
    size: int,
) -> cp_model.LinearExprT:
    """Count the questions with a better count, most first if `sign` is negative: the rank less one."""
    own, own_removed = counts[question]
    better: list[cp_model.LinearExprT] = []
    for other, (count, count_removed) in counts.items():
        if other == question:
            continue
        # Without the group's other members the difference changes by at most their number.
        difference = sign * (count - own)
        if abs(difference) >= size:
            better.append(int(difference < 0))
            continue
        is_better = model.new_bool_var("")
        change = sign * (size - 1) * (own_removed - count_removed)
        model.add(difference + change < 0).only_enforce_if(is_better)
        model.add(difference + change >= 0).only_enforce_if(~is_better)
        better.append(is_better)
    return sum(better)
