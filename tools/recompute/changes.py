"""What changed since the round before: the tables that compare two rounds, question by question."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tools.recompute.history import list_committees, list_predecessors
from tools.recompute.marts import SMALL_BASE_BELOW, Row, make_question_ranking, make_ranking
from tools.recompute.round import Round
from tools.recompute.seeds import CsvRow, Seeds
from tools.recompute.statistics import COUNTED, Ranks, count_ratings, rank_by_sum

CHANGES = (
    "fct_rating_change",
    "mart_consortium_change",
    "mart_question_change",
    "mart_rating_flow",
    "mart_round_change",
)
"""Tables that compare two rounds. They are empty in a home with one round."""
MATCHED = ("up", "same", "down")
Withheld = frozenset[tuple[str, str, int]]
"""Round, consortium and question of each row with a suppressed figure."""


@dataclass(frozen=True)
class Comparison:
    """Two rounds, and the questions that may be compared: number now, and number then."""

    now: Round
    then: Round
    seeds: Seeds
    questions: dict[int, int]

    @property
    def ids(self) -> Row:
        """The columns that name the two rounds."""
        return {"round_id": self.now.round_id, "previous_round_id": self.then.round_id}


def pair_rounds(now: Round, then: Round, seeds: Seeds) -> Comparison:
    """Pair two rounds with the questions that may be compared."""
    pairs = make_question_changes(now, then, seeds)
    both = {row["question_no"]: row["previous_question_no"] for row in pairs if row["is_comparable"]}
    return Comparison(now, then, seeds, dict(sorted(both.items())))


def make_changes(comparison: Comparison) -> dict[str, list[Row]]:
    """Make the rows of each table that compares a round with the one before."""
    ratings = list(make_rating_changes(comparison))
    changes = list(make_round_changes(comparison, ratings))
    return {
        "mart_question_change": list(
            make_question_changes(comparison.now, comparison.then, comparison.seeds)
        ),
        "fct_rating_change": ratings,
        "mart_round_change": changes,
        "mart_rating_flow": list(make_flows(ratings, changes)),
        "mart_consortium_change": list(make_consortium_changes(comparison)),
    }


def read_questions(seeds: Seeds, round_id: str) -> dict[str, tuple[CsvRow, tuple[str, ...]]]:
    """Read the questions of a round by key, each with its wording and those of its parts.

    The wordings are in lower case, with single spaces.
    """
    name = next(row["question_set"] for row in seeds["rounds"] if row["round_id"] == round_id)
    found = {}
    for row in seeds["questions"]:
        if row["question_set"] == name:
            parts = sorted(
                (int(part["sub_question_no"]), part["sub_question_text"])
                for part in seeds["sub_questions"]
                if (part["question_set"], part["question_no"]) == (name, row["question_no"])
            )
            wording = (row["question_text"], *(text for _, text in parts))
            found[row["question_key"]] = (row, tuple(" ".join(text.lower().split()) for text in wording))
    return found


def name_questions(seeds: Seeds, round_id: str) -> dict[int, str]:
    """Return the key of each question of a round, by number."""
    return {int(row["question_no"]): key for key, (row, _) in read_questions(seeds, round_id).items()}


def make_question_changes(now: Round, then: Round, seeds: Seeds) -> Iterator[Row]:
    """Make `mart_question_change`, without the notes that the program words itself."""
    asked, before = read_questions(seeds, now.round_id), read_questions(seeds, then.round_id)
    for key in asked.keys() | before.keys():
        row, wording = asked.get(key, ({}, ()))
        old, old_wording = before.get(key, ({}, ()))
        if not row:
            change = "dropped"
        elif not old:
            change = "split" if row["previous_question_key"] else "added"
        else:
            change = "same" if wording == old_wording else "reworded"
        is_same_set = row.get("question_set") == old.get("question_set")
        yield {
            "round_id": now.round_id,
            "previous_round_id": then.round_id,
            "question_key": key,
            "question_no": int(row["question_no"]) if row else None,
            "previous_question_no": int(old["question_no"]) if old else None,
            "short_reference": (row or old)["short_reference"],
            "change": change,
            "is_comparable": change in ("same", "reworded")
            and (is_same_set or row["is_comparable_with_previous"] == "true"),
            "question_text_then": old.get("question_text"),
            "question_text_now": row.get("question_text"),
        }


def list_ratings(one: Round, question: int) -> dict[str, str]:
    """List the rating of each committee that rated a question, with estimates."""
    found = {
        name: given[question] or one.estimates.get((name, question)) for name, given in one.answers.items()
    }
    return {name: rating for name, rating in found.items() if rating}


def make_rating_changes(two: Comparison) -> Iterator[Row]:
    """Make `fct_rating_change`.

    A committee that succeeded several is compared if all of them gave one rating.
    """
    predecessors = list_predecessors(two.seeds, two.now.round_id, two.then.round_id)
    scores = {row["rating"]: int(row["sort_order"]) for row in two.seeds["rating_scale"]}
    keys = name_questions(two.seeds, two.now.round_id)
    consortium = two.then.consortium | two.now.consortium
    for question, old_question in two.questions.items():
        now, then = list_ratings(two.now, question), list_ratings(two.then, old_question)
        continued = {old for name in now for old in predecessors[name]}
        moves: list[tuple[str, str | None, str | None, str]] = [
            (name, rating, None, "only_then") for name, rating in then.items() if name not in continued
        ]
        for name, rating in now.items():
            old = [then.get(one) for one in predecessors[name]]
            if not any(old):
                moves.append((name, None, rating, "only_now"))
            elif len(set(old)) > 1:
                moves.append((name, None, rating, "unclear_before"))
            else:
                step = scores[rating] - scores[old[0] or ""]
                moves.append((name, old[0], rating, "up" if step > 0 else "down" if step < 0 else "same"))
        for name, rating_then, rating_now, movement in moves:
            yield two.ids | {
                "question_no": question,
                "question_key": keys[question],
                "committee_id": name,
                "consortium_code": consortium[name],
                "rating_then": rating_then,
                "rating_now": rating_now,
                "movement": movement,
            }


def rank_both(two: Comparison, code: str) -> tuple[Ranks, Ranks]:
    """Rank the compared questions then and now, both by the question's number now."""
    counts = [count_ratings(one, list_members(one, code)) for one in (two.then, two.now)]
    then = {question: counts[0][old] for question, old in two.questions.items()}
    now = {question: counts[1][question] for question in two.questions}
    return rank_by_sum(then)[3], rank_by_sum(now)[3]


def list_members(one: Round, code: str) -> set[str]:
    """List the committees of a consortium, or all, that sent a return."""
    return {name for name in one.answers if code in ("all", one.consortium[name])}


def make_round_changes(two: Comparison, ratings: list[Row]) -> Iterator[Row]:
    """Make `mart_round_change`."""
    keys = name_questions(two.seeds, two.now.round_id)
    wordings = [read_questions(two.seeds, one.round_id) for one in (two.then, two.now)]
    ranking = {row["question_no"]: row for row in make_question_ranking(two.now)}
    ranking_then = {row["question_no"]: row for row in make_question_ranking(two.then)}
    ranked = [
        sum(row["confidence_rank"] is not None for row in rows.values()) for rows in (ranking_then, ranking)
    ]
    compared = rank_both(two, "all")
    counted = {
        moment: {
            question: Counter(
                row[f"rating_{moment}"]
                for row in ratings
                if row["question_no"] == question and row["movement"] in MATCHED
            )
            for question in two.questions
        }
        for moment in ("then", "now")
    }
    matched_ranks = {moment: rank_by_sum(counts)[3] for moment, counts in counted.items()}
    for question, old_question in two.questions.items():
        now, then = ranking[question], ranking_then[old_question]
        moves = Counter(row["movement"] for row in ratings if row["question_no"] == question)
        matched = sum(moves[movement] for movement in MATCHED)
        pairs = [(then, counted["then"][question]), (now, counted["now"][question])]
        is_withheld = matched < SMALL_BASE_BELOW or any(is_disclosing(*pair) for pair in pairs)
        row: Row = two.ids | {"question_no": question, "previous_question_no": old_question}
        for moment, own, number, ranks in (
            ("then", then, ranked[0], compared[0]),
            ("now", now, ranked[1], compared[1]),
        ):
            row |= {f"{column}_{moment}": own[column] for column in ("returns", *COUNTED, "confidence_group")}
            row |= {f"rank_{moment}": own["confidence_rank"], f"questions_{moment}": number}
            row[f"compared_rank_{moment}"] = ranks.get(question)
            row[f"matched_rank_{moment}"] = None if is_withheld else matched_ranks[moment].get(question)
            for rating in COUNTED:
                shown = counted[moment][question][rating]
                row[f"matched_{rating}_{moment}"] = None if is_withheld else shown
        row["places_gained"] = _subtract(row["compared_rank_then"], row["compared_rank_now"])
        row |= {"matched": matched, "not_in_both": moves["only_then"] + moves["only_now"]}
        row |= {name: moves[name] for name in ("only_then", "only_now", "unclear_before")}
        for column, movement in (("moved_up", "up"), ("stayed", "same"), ("moved_down", "down")):
            row[column] = None if is_withheld else moves[movement]
        key = keys[question]
        row["is_reworded"] = wordings[0][key][1] != wordings[1][key][1]
        yield row | {"is_withheld": is_withheld}


def is_disclosing(everyone: Row, matched: Counter[str]) -> bool:
    """Return whether the counts of the committees that are not matched show a rating.

    They do where all of them gave the same one.
    """
    others = [everyone[rating] - matched[rating] for rating in COUNTED]
    return bool(everyone["rated"]) and (min(others) < 0 or sum(number > 0 for number in others) == 1)


def make_flows(ratings: list[Row], changes: list[Row]) -> Iterator[Row]:
    """Make `mart_rating_flow`: how many committees went from each rating to each."""
    shown = {row["question_no"] for row in changes if not row["is_withheld"]}
    columns = ("round_id", "previous_round_id", "question_no", "question_key", "rating_then", "rating_now")
    flows = Counter(
        tuple(row[column] for column in columns)
        for row in ratings
        if row["movement"] in MATCHED and row["question_no"] in shown
    )
    for values, committees in flows.items():
        yield dict(zip(columns, values, strict=True)) | {"committees": committees}


def make_consortium_changes(two: Comparison, withheld: Withheld | None = None) -> Iterator[Row]:
    """Make `mart_consortium_change`, or its public form.

    The ranks of the public form are those among the questions that both rounds show.
    """
    listed = [list_committees(two.seeds, one.round_id).values() for one in (two.then, two.now)]
    for code in (row["consortium_code"] for row in two.seeds["consortia"]):
        committees = [
            {row["committee_id"] for row in rows if row["consortium_code"] == code} for rows in listed
        ]
        then, now = (
            {row["question_no"]: row for row in _rank_members(one, code, withheld or frozenset())}
            for one in (two.then, two.now)
        )
        shown = {
            question: old
            for question, old in two.questions.items()
            if withheld is None or (then[old]["confidence_rank"] and now[question]["confidence_rank"])
        }
        ranks = rank_both(replace(two, questions=shown), code)
        for question, old in two.questions.items():
            own = (then[old], now[question])
            row: Row = two.ids | {"question_no": question, "consortium_code": code}
            for moment, one, rank in zip(("then", "now"), own, ranks, strict=True):
                row |= {f"{column}_{moment}": one[column] for column in ("returns", *COUNTED)}
                row |= {
                    f"rank_{moment}": one["confidence_rank"],
                    f"compared_rank_{moment}": rank.get(question),
                }
            row["places_gained"] = _subtract(row["compared_rank_then"], row["compared_rank_now"])
            row["is_small_base"] = any(one["returns"] < SMALL_BASE_BELOW for one in own)
            yield row | {"has_other_members": committees[0] != committees[1]}


def _rank_members(one: Round, code: str, withheld: Withheld) -> Iterator[Row]:
    hidden = {
        question for subject in withheld for *place, question in [subject] if place == [one.round_id, code]
    }
    return make_ranking(one, list_members(one, code), frozenset(hidden))


def _subtract(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other
