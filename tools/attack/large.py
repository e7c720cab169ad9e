"""Measure the attack on a large round: `python -m tools.attack.large --committees 100 --questions 60`."""

import random
import time
from collections import Counter
from typing import Annotated

import typer

from dagster_project.release.attack.inference import derive_statuses
from dagster_project.release.attack.totals import RATINGS, Published, Source, Total

ROUND = "large"
CONSORTIUM_SIZE = 10


def main(
    committees: Annotated[int, typer.Option(help="Number of committees, ten in a consortium.")] = 100,
    questions: Annotated[int, typer.Option(help="Number of questions.")] = 60,
    seed: Annotated[int, typer.Option(help="Seed of the ratings.")] = 1,
) -> None:
    """Attack invented counts. In each question the counts of two ratings of two consortia are suppressed."""
    published = invent_totals(random.Random(seed), committees, questions)
    started, processor = time.monotonic(), time.process_time()
    found = sum(1 for _ in derive_statuses(published))
    print(
        f"{committees} committees, {questions} questions: {time.monotonic() - started:.1f} s "
        f"({time.process_time() - processor:.1f} s of the processor); {found} sets of ratings follow"
    )


def invent_totals(chance: random.Random, committees: int, questions: int) -> Published:
    """Invent the public totals of a round."""
    everybody = [f"c{number}" for number in range(committees)]
    groups = [everybody[start : start + CONSORTIUM_SIZE] for start in range(0, committees, CONSORTIUM_SIZE)]
    published = Published(answered={ROUND: frozenset(everybody)})
    for question in range(1, questions + 1):
        weights = [chance.random() + 0.1 for _ in RATINGS]
        ratings = {one: chance.choices(RATINGS, weights)[0] for one in everybody}
        shown, hidden = chance.choice(RATINGS), chance.sample(range(len(groups)), 2)
        for number, members in [*enumerate(groups), (-1, everybody)]:
            counts = Counter(ratings[one] for one in members)
            sets = [(one,) for one in RATINGS if number not in hidden or one == shown]
            for rated in (*sets, RATINGS):
                count = sum(counts[one] for one in rated)
                weighted = tuple((one, 1) for one in rated)
                source = Source("counts", f"question {question}, consortium {number}")
                published.totals.append(
                    Total((ROUND, question), frozenset(members), weighted, count, count, source)
                )
    return published


if __name__ == "__main__":
    typer.run(main)
