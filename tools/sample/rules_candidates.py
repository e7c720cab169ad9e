"""The ranking rules that a reader of the report could think of, each as a margin between two questions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.sample.model import Expression, sum_terms
from tools.sample.rules_model import CountModel

Margin = Callable[[int, int], Expression]
Score = Callable[[CountModel, int], Expression]


@dataclass(frozen=True)
class Rule:
    """One candidate. `margin` makes, for a model, the function that is positive where the first question leads.

    `has_scale` says that margins can be compared with each other, so that the order has gaps. `argument` is
    a proof in words where there is one, or what else a reader should know.
    """

    rule_id: str
    title: str
    definition: str
    margin: Callable[[CountModel], Margin]
    has_scale: bool = True
    argument: str = ""
    note: str = ""


CONVENTIONS = {
    "standard": "a tie shares its lowest number (1, 2, 2, 4)",
    "modified": "a tie shares its highest number (1, 3, 3, 4)",
    "dense": "the number after a tie is not left out (1, 2, 2, 3)",
    "fractional": "a tie shares the mean of its numbers (1, 2.5, 2.5, 4)",
}
OURS = "sum_standard"
WEIGHT_BOUND = 1000
_BEST_FIRST = {"green": True, "amber": True, "red": False}
_DENSE = (
    "Between 9 and 15 red at least three counts occur (11, 12, 15), so question 12 is at least three places by red "
    "below question 18. By green it is at most three above it, with counts 7, 6 and 5. For their tie both must be "
    "three; then question 16 is two below by green and two above by red, and would tie as well."
)
_NO_TIE = "7 green and 15 red of question 12 cannot tie with 4 green and 9 red of question 18"


def list_candidates() -> Iterator[Rule]:
    """List every candidate, simple rules first."""
    yield from _list_count_rules()
    yield from _list_rank_rules()


def rank_question(model: CountModel, question: int, rating: str, convention: str) -> Expression:
    """Rank the question by one rating, most green or amber first, fewest red first.

    `fractional` ranks are doubled.
    """
    ahead = model.count_more(question, rating) if _BEST_FIRST[rating] else model.count_fewer(question, rating)
    behind = (
        model.count_fewer(question, rating) if _BEST_FIRST[rating] else model.count_more(question, rating)
    )
    match convention:
        case "standard":
            return 1 + ahead
        case "modified":
            return len(model.questions) - behind
        case "fractional":
            return 1 + ahead + len(model.questions) - behind
        case _:
            return model.rank_densely(rating, _BEST_FIRST[rating])[question]


def _order_by_highest(score: Score) -> Callable[[CountModel], Margin]:
    return lambda model: lambda first, second: score(model, first) - score(model, second)


def _order_by_lowest(score: Score) -> Callable[[CountModel], Margin]:
    """Order the highest score last; scores are variables, so that none is built twice."""

    def build_margin(model: CountModel) -> Margin:
        scores = {question: score(model, question) for question in model.questions}
        return lambda first, second: scores[second] - scores[first]

    return build_margin


def _order_by_points(green: int, red: int) -> Callable[[CountModel], Margin]:
    return _order_by_highest(
        lambda m, q: green * m.count_ratings(q, "green") - red * m.count_ratings(q, "red")
    )


def _list_count_rules() -> Iterator[Rule]:
    yield Rule("green_alone", "Green alone", "Most green first", _order_by_points(1, 0),
               argument=f"{_NO_TIE}: 7 is not 4.", note="The same order as by share of green.")  # fmt: skip
    yield Rule("red_alone", "Red alone", "Fewest red first", _order_by_points(0, 1),
               argument=f"{_NO_TIE}: 15 is not 9.",
               note="The same order as by green and amber together.")  # fmt: skip
    yield Rule("net", "Green minus red", "Most green minus red first", _order_by_points(1, 1),
               argument=f"{_NO_TIE}: -8 is not -5.")  # fmt: skip
    yield Rule(
        "mean_score", "Mean score", "Highest mean first, with green 2, amber 1 and red 0 points",
        _order_by_highest(lambda m, q: 2 * m.count_ratings(q, "green") + m.count_ratings(q, "amber")),
        argument=f"{_NO_TIE}: means of 17/25 and 20/25.", note="The same order as green minus red.")  # fmt: skip
    yield Rule(
        "linear", "Any fixed points per colour",
        "Most points first, with the same points for each green, amber and red rating on every question",
        _order_by_any_points,
        argument="Points can be written as a for each green less b for each red. The tie of questions 12 and 18 "
        "says 7a - 15b = 4a - 9b, so a = 2b. Then question 16 with 5 green and 11 red has 5a - 11b = -b, the "
        "points of question 12, and yet it ranks above.",
        note=f"The solver tried all whole a and b from -{WEIGHT_BOUND} to {WEIGHT_BOUND}; the argument covers all "
        "numbers, and so standardised counts (z-scores) too.")  # fmt: skip
    yield Rule("green_then_red", "Green, then red", "Most green first; among equals fewest red first",
               _order_by_points(100, 1), has_scale=False,
               argument="Only equal counts of both colours could tie.")  # fmt: skip
    yield Rule("red_then_green", "Red, then green", "Fewest red first; among equals most green first",
               _order_by_points(1, 100), has_scale=False,
               argument="Only equal counts of both colours could tie.")  # fmt: skip
    yield Rule("ratio", "Green to red", "Highest green / (green + red) first, amber left aside", _order_by_ratio,
               has_scale=False, argument=f"{_NO_TIE}: 7/22 is not 4/13.",
               note="The same order as green / red, or the balance (green - red) / (green + red).")  # fmt: skip
    yield Rule("median", "Median rating", "Highest median rating first",
               _order_by_highest(_score_median),
               argument="Three ratings give three medians; the report has 17 places.")  # fmt: skip


def _order_by_any_points(model: CountModel) -> Margin:
    green = model.cp.new_int_var(-WEIGHT_BOUND, WEIGHT_BOUND, "points of green")
    red = model.cp.new_int_var(-WEIGHT_BOUND, WEIGHT_BOUND, "points off for red")
    scores = {
        q: _multiply_terms(model, green, model.count_ratings(q, "green"))
        - _multiply_terms(model, red, model.count_ratings(q, "red"))
        for q in model.questions
    }
    return lambda first, second: scores[first] - scores[second]


def _order_by_ratio(model: CountModel) -> Margin:
    def measure_margin(first: int, second: int) -> Expression:
        ahead = _multiply_terms(
            model, model.count_ratings(first, "green"), model.count_ratings(second, "red")
        )
        return ahead - _multiply_terms(
            model, model.count_ratings(second, "green"), model.count_ratings(first, "red")
        )

    return measure_margin


def _score_median(model: CountModel, question: int) -> Expression:
    half = model.count_returns() // 2 + 1
    return model.is_at_least(model.count_ratings(question, "green"), half) - model.is_at_least(
        model.count_ratings(question, "red"), half
    )


def _list_rank_rules() -> Iterator[Rule]:
    for convention, words in CONVENTIONS.items():
        yield Rule(
            f"sum_{convention}", f"Sum of ranks, {convention}",
            f"Lowest sum of the rank by most green and the rank by fewest red; {words}",
            _order_by_lowest(lambda m, q, c=convention: _sum_ranks(m, q, c)),  # type: ignore[misc]
            argument=_DENSE if convention == "dense" else "",
            note="The rule of this site." if f"sum_{convention}" == OURS else "")  # fmt: skip
    for green, red in ((2, 1), (1, 2)):
        more, less = ("green", "red") if green > red else ("red", "green")
        yield Rule(
            f"sum_{more}_double", f"Sum of ranks, {more} counted twice",
            f"Lowest sum of twice the rank by {more} and once the rank by {less}; ranks as in the standard sum",
            _order_by_lowest(lambda m, q, g=green, r=red: g * m.rank_green(q) + r * m.rank_red(q)))  # type: ignore[misc]  # fmt: skip
    yield Rule(
        "sum_tie_by_green", "Sum of ranks, ties by green",
        "As the standard sum; among equal sums most green first",
        _order_by_lowest(lambda m, q: 100 * (m.rank_green(q) + m.rank_red(q)) - m.count_ratings(q, "green")),
        has_scale=False,
        argument=f"{_NO_TIE}: 7 is not 4, and a tie needs as much green.")  # fmt: skip
    for convention, words in CONVENTIONS.items():
        yield Rule(
            f"product_{convention}", f"Product of ranks, {convention}",
            f"Lowest product of the rank by most green and the rank by fewest red; {words}",
            _order_by_lowest(lambda m, q, c=convention: _multiply_ranks(m, q, c)))  # type: ignore[misc]  # fmt: skip
    yield Rule("best_rank", "Better rank", "Lowest of the rank by most green and the rank by fewest red",
               _order_by_lowest(lambda m, q: _choose_rank(m, q, lowest=True)))  # fmt: skip
    yield Rule("worst_rank", "Worse rank", "Lowest first of the worse of the rank by green and the rank by red",
               _order_by_lowest(lambda m, q: _choose_rank(m, q, lowest=False)))  # fmt: skip
    yield Rule("sum_green_amber", "Ranks by green and amber",
               "Lowest sum of the ranks by most green and by most amber",
               _order_by_lowest(
                   lambda m, q: sum_terms(rank_question(m, q, one, "standard") for one in ("green", "amber"))
               ))  # fmt: skip
    yield Rule("sum_three", "Ranks by all three colours",
               "Lowest sum of the ranks by most green, most amber and fewest red",
               _order_by_lowest(_sum_three_ranks))  # fmt: skip


def _sum_ranks(model: CountModel, question: int, convention: str) -> Expression:
    green, red = (rank_question(model, question, rating, convention) for rating in ("green", "red"))
    return green + red


def _sum_three_ranks(model: CountModel, question: int) -> Expression:
    return sum_terms(model.rank_by_value(rating, first)[question] for rating, first in _BEST_FIRST.items())


def _multiply_ranks(model: CountModel, question: int, convention: str) -> Expression:
    green, red = (rank_question(model, question, rating, convention) for rating in ("green", "red"))
    return _multiply_terms(model, green, red)


def _choose_rank(model: CountModel, question: int, *, lowest: bool) -> Expression:
    result = model.cp.new_int_var(1, len(model.questions), "")
    both = [model.rank_green(question), model.rank_red(question)]
    (model.cp.add_min_equality if lowest else model.cp.add_max_equality)(result, both)
    return result


def _multiply_terms(model: CountModel, one: Expression, other: Expression) -> Expression:
    bound = 25 * WEIGHT_BOUND
    result = model.cp.new_int_var(-bound, bound, "")
    model.cp.add_multiplication_equality(result, [one, other])
    return result
