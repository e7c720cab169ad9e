"""Random rounds as tables of counts, suppressed by the models' own SQL, and as an attacker gets them."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import duckdb
from jinja2 import Environment

from dagster_project.paths import REPOSITORY
from dagster_project.release.attack.totals import RATINGS, Published, Source, Total

FOLDER = REPOSITORY / "dbt" / "models" / "intermediate" / "disclosure"
MODELS = (
    "int_disclosure_policy", "int_duplicate_counts", "int_printed_counts", "int_disclosure_rows",
    "int_disclosure_candidates", "int_disclosure_choice", "int_suppressed_rows",
)  # fmt: skip
QUESTIONS = range(1, 9)
ROUND = "r"

Suppressed: TypeAlias = Mapping[tuple[int, str], tuple[str, bool]]
"""The shown rating and whether numbers of ratings are hidden, by question and consortium."""


@dataclass
class RandomRound:
    """Committees by consortium, groups of identical returns, and each question's ratings by committee."""

    members: dict[str, list[str]]
    originals: dict[str, str] = field(default_factory=dict)
    ratings: dict[int, dict[str, str | None]] = field(default_factory=dict)

    @property
    def committees(self) -> list[str]:
        """All committees."""
        return [one for found in self.members.values() for one in found]


def invent_round(seed: int, sizes: Sequence[int] = ()) -> RandomRound:
    """Invent a round of any size: up to six consortia, some without or with one return, some ratings blank."""
    chance = random.Random(seed)
    sizes = sizes or [chance.choice([0, 1, 1, 2, 3, 4, 5, 7, 10]) for _ in range(chance.randint(1, 6))]
    made = RandomRound(
        {
            name: [f"{name}{place}" for place in range(size)]
            for name, size in zip("ABCDEF", sizes, strict=False)
        }
    )
    if len(made.committees) > 3 and chance.random() < 0.5:
        original, *others = chance.sample(made.committees, chance.choice([2, 2, 3]))
        made.originals = dict.fromkeys(others, original)
        made.originals |= _invent_pairs(made, seed)
    for question in QUESTIONS:
        weights = [chance.random() ** 2 + 0.02 for _ in RATINGS]
        blank = chance.choice([0, 0, 0.1, 0.4])
        given = {
            one: None if chance.random() < blank else chance.choices(RATINGS, weights)[0]
            for one in made.committees
        }
        made.ratings[question] = given | {one: given[original] for one, original in made.originals.items()}
    return made


def _invent_pairs(made: RandomRound, seed: int) -> dict[str, str]:
    """Invent up to two more pairs of identical returns."""
    chance = random.Random(f"pairs of {seed}")
    others = [one for one in made.committees if one not in {*made.originals, *made.originals.values()}]
    chance.shuffle(others)
    number = min(chance.choice([0, 0, 1, 2]), len(others) // 2)
    return {others.pop(): others.pop() for _ in range(number)}


def revise(made: RandomRound, seed: int) -> tuple[str, RandomRound]:
    """Return a committee, and the round with other ratings of it on all questions."""
    chance = random.Random(seed)
    names = {*made.originals, *made.originals.values()}
    revised = chance.choice([one for one in made.committees if one not in names])
    ratings = {
        question: given | {revised: chance.choice([one for one in RATINGS if one != given[revised]])}
        for question, given in made.ratings.items()
    }
    return revised, RandomRound(made.members, made.originals, ratings)


def suppress(
    made: RandomRound, before: Suppressed | None = None, *, with_insiders: bool = True
) -> Suppressed:
    """Run the models. `before` is what the published release suppresses."""
    environment = Environment(autoescape=True)
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        connection.execute(
            "create table disclosure_policy as from read_csv(?)",
            [str(REPOSITORY / "dbt" / "seeds" / "disclosure_policy.csv")],
        )
        connection.execute("update disclosure_policy set protects_from_insiders = ?", [with_insiders])
        connection.execute(
            f"create table rounds as select '{ROUND}' as round_id, date '2031-01-31' as closed_on"
        )
        connection.execute("create table round_reopenings (round_id text)")
        connection.execute(
            "create table claims (round_id text, question_no int, consortium_code text, rating text, metric text,"
            " comparison text, versus_metric text, is_hard bool)"
        )
        _insert(connection, "int_return_statuses", "round_id, committee_id, duplicate_of_committee_id, return_status", [
            (ROUND, one, made.originals.get(one), "returned") for one in made.committees
        ])  # fmt: skip
        _insert(connection, "int_committee_rounds", "round_id, committee_id, consortium_code", [
            (ROUND, one, name) for name, found in made.members.items() for one in found
        ])  # fmt: skip
        counts = []
        for question in QUESTIONS:
            for name, members in made.members.items():
                found = Counter(made.ratings[question][one] for one in members)
                numbers = [found[rating] for rating in RATINGS]
                counts.append((ROUND, question, name, sum(numbers), *numbers))
        connection.execute(
            "create table int_rating_counts (round_id text, question_no int, consortium_code text, rated int,"
            " green int, amber int, red int)"
        )
        connection.executemany("insert into int_rating_counts values (?, ?, ?, ?, ?, ?, ?)", counts)
        connection.execute(
            "create table stg_published_suppressions (round_id text, question_no int, consortium_code text,"
            " minimum_base int, protects_from_insiders bool, shown_rating text, hides_rated bool)"
        )
        for (question, name), (shown, hides_rated) in (before or {}).items():
            connection.execute(
                "insert into stg_published_suppressions"
                " select ?, ?, ?, minimum_base, protects_from_insiders, ?, ? from disclosure_policy",
                [ROUND, question, name, shown, hides_rated],
            )
        for model in MODELS:
            text = (FOLDER / f"{model}.sql").read_text(encoding="utf-8")
            connection.execute(f"create table {model} as {environment.from_string(text).render(ref=str)}")
        rows = connection.execute(
            "select question_no, consortium_code, shown_rating, hides_rated from int_suppressed_rows"
        ).fetchall()
    return {(question, name): (shown, hides_rated) for question, name, shown, hides_rated in rows}


def publish(made: RandomRound, suppressed: Suppressed) -> Published:
    """Return what is public of a round."""
    everybody = frozenset(made.committees)
    published = Published(answered={ROUND: everybody})
    if made.originals:
        groups: dict[str, set[str]] = {}
        for other, original in made.originals.items():
            groups.setdefault(original, {original}).add(other)
        published.duplicates = {ROUND: [frozenset(group) for group in groups.values()]}
    for question, given in made.ratings.items():
        for name, members in [*made.members.items(), ("all", made.committees)]:
            shown, hides_rated = suppressed.get((question, name), ("all", False))
            found = Counter(given[one] for one in members)
            sets = [(rating,) for rating in RATINGS if shown in ("all", rating)]
            for ratings in [*sets, *([] if hides_rated else [RATINGS])]:
                number = sum(found[rating] for rating in ratings)
                published.totals.append(
                    Total(
                        (ROUND, question), frozenset(members), tuple((rating, 1) for rating in ratings), number,
                        number, Source("counts", f"{question} {name}"),
                    )
                )  # fmt: skip
    return published


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[str | None, ...]]
) -> None:
    names = columns.split(", ")
    connection.execute(f"create table {table} ({', '.join(f'{name} text' for name in names)})")
    if rows:
        connection.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", rows)
