"""Recall and precision of near duplicates among thousands of invented returns.

`python -m tools.bench.near_duplicates` also measures time, up to 50,000 returns. Some returns are copies with
small edits.
"""

import random
import time
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

import duckdb
import pyarrow as pa
import typer

from dagster_project.paths import Home
from tests.audit.small_rounds import compiled

QUESTIONS = 19
COPIES = 40
RATINGS = ("green", "amber", "red")
SHORT = ("In place.", "Yes, in place and working well.", "Done.", "See the plan.", "")
MODELS = (
    "int_comment_passages",
    "int_repeated_passages",
    "int_weighted_passages",
    "int_similar_returns",
    "int_near_duplicate_returns",
    "int_similar_comments",
    "int_finding_opposite_ratings",
)


@dataclass
class Text:
    """One return: a rating and a comment by question."""

    ratings: list[str]
    comments: list[str]


@dataclass(frozen=True)
class Measured:
    """Figures of one size. Seconds are processor time of the models that compare comments."""

    returns: int
    recall: float
    precision: float
    seconds: float
    seconds_opposite: float

    def __str__(self) -> str:
        return (
            f"{self.returns:>6} returns, {COPIES} copies: recall {self.recall:.3f}, precision {self.precision:.3f}, "
            f"{self.seconds:.2f} CPU s for near duplicates, {self.seconds_opposite:.2f} CPU s for opposite ratings"
        )


class Writer:
    """Invents comments: words with the frequencies of a language, and sentences that many returns share."""

    def __init__(self, seed: int, borrowed: float) -> None:
        """Invent a vocabulary and shared sentences; `borrowed` is the share of shared sentences in a comment."""
        self.borrowed = borrowed
        self.chance = random.Random(seed)
        syllables = [a + b for a in "bcdfglmnprst" for b in "aeiou"]
        self.words = [
            "".join(self.chance.choices(syllables, k=self.chance.randint(1, 4))) for _ in range(6000)
        ]
        # Zipf: the second word is half as frequent as the first.
        self.weights = list(accumulate(1 / (rank + 1) for rank in range(len(self.words))))
        self.shared = [[self.invent_sentence() for _ in range(30)] for _ in range(QUESTIONS)]
        # A text from a common source: long, and in a tenth of the returns.
        self.handout = [" ".join(self.invent_sentence() for _ in range(3)) for _ in range(QUESTIONS)]

    def invent_sentence(self) -> str:
        """Invent a sentence of six to eighteen words."""
        return (
            " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=self.chance.randint(6, 18)))
            + "."
        )

    def invent_comment(self, question: int) -> str:
        """Invent a comment of up to four sentences, some of them borrowed."""
        return " ".join(
            self.chance.choice(self.shared[question])
            if self.chance.random() < self.borrowed
            else self.invent_sentence()
            for _ in range(self.chance.choice([0, 1, 1, 2, 2, 3, 4]))
        )

    def invent_text(self) -> Text:
        """Invent a return: most are individual, some are short, some begin with the common text."""
        kind = self.chance.random()
        if kind < 0.1:
            return Text(["green"] * QUESTIONS, [self.chance.choice(SHORT) for _ in range(QUESTIONS)])
        comments = [self.invent_comment(question) for question in range(QUESTIONS)]
        if kind < 0.2:
            comments = [f"{a} {b}".strip() for a, b in zip(self.handout, comments, strict=True)]
        return Text(self.chance.choices(RATINGS, [5, 4, 3], k=QUESTIONS), comments)

    def copy_text(self, original: Text, number: int) -> Text:
        """Copy a return with one comment dropped, one new, and a word or two changed in half of the others.

        Every second copy also changes two ratings.
        """
        ratings, comments = list(original.ratings), list(original.comments)
        if number % 2:
            for question in self.chance.sample(range(QUESTIONS), 2):
                ratings[question] = self.chance.choice([one for one in RATINGS if one != ratings[question]])
        for question, comment in enumerate(comments):
            words = comment.split()
            if words and self.chance.random() < 0.5:
                for _ in range(self.chance.randint(1, 2)):
                    at = self.chance.randrange(len(words))
                    words[at : at + 1] = self.chance.choice([[], ["Highland"], [words[at], "also"]])
                comments[question] = " ".join(words)
        out, new = self.chance.sample(range(QUESTIONS), 2)
        comments[out], comments[new] = "", self.invent_comment(new)
        return Text(ratings, comments)


def invent_returns(returns: int, seed: int, borrowed: float) -> tuple[list[Text], dict[int, int]]:
    """Invent returns, with the original of each copy by position."""
    writer = Writer(seed, borrowed)
    texts = [writer.invent_text() for _ in range(returns - COPIES)]
    wordy = [place for place, text in enumerate(texts) if sum(map(len, text.comments)) > 500]
    copied = {}
    for number, original in enumerate(writer.chance.sample(wordy, COPIES)):
        copied[len(texts)] = original
        texts.append(writer.copy_text(texts[original], number))
    return texts, copied


@cache
def measure_detection(home: Home, returns: int, seed: int = 1, borrowed: float = 0.33) -> Measured:
    """Run the models' SQL on invented returns. The home has been run: its compiled SQL is used."""
    texts, copied = invent_returns(returns, seed, borrowed)
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build; use build; create schema intermediate")
        load_answers(connection, texts)
        seconds = []
        for model in MODELS:
            statement = f"create table intermediate.{model} as {compiled(home, model)}"
            started = time.process_time()
            connection.execute(statement)
            seconds.append(time.process_time() - started)
        found = {
            frozenset((int(one[1:]), int(other[1:])))
            for one, other in connection.execute(
                "select committee_id, near_duplicate_of_committee_id from intermediate.int_near_duplicate_returns"
            ).fetchall()
        }
    planted = {frozenset(pair) for pair in copied.items()}
    right = len(planted & found)
    return Measured(
        returns, right / len(planted), right / max(len(found), 1), sum(seconds[:-2]), sum(seconds[-2:])
    )


def load_answers(connection: duckdb.DuckDBPyConnection, texts: list[Text]) -> None:
    """Load the returns into the tables that the models read."""
    batches = [
        pa.RecordBatch.from_pylist(
            [
                {
                    "return_no": start + place,
                    "question_no": question,
                    "reported_rating": text.ratings[question],
                    "comment_plain": text.comments[question],
                    "has_comment": bool(text.comments[question]),
                }
                for place, text in enumerate(texts[start : start + 1000])
                for question in range(QUESTIONS)
            ]
        )
        for start in range(0, len(texts), 1000)
    ]
    connection.register("answers", pa.Table.from_batches(batches))
    connection.execute("""
        create table intermediate.int_answers as select * from answers;
        create table intermediate.int_returns as
            select distinct return_no, 'r' as round_id, format('c{:06}', return_no) as committee_id,
                format('c{:06}.xlsx', return_no) as source_file, date '2016-10-03' as received_on from answers;
        create table intermediate.int_return_contents as select return_no, round_id from intermediate.int_returns;
        create table intermediate.int_duplicate_returns as select return_no from intermediate.int_returns where false;
    """)


def main(most: int = 50_000) -> None:
    """Print recall, precision and time, and the growth of time with the returns."""
    done: list[Measured] = []
    for returns in (1_000, 5_000, 20_000, 50_000):
        if returns <= most:
            done.append(measure_detection(Home.from_environment(), returns))
            typer.echo(done[-1])
    for few, many in pairwise(done):
        growth = many.returns / few.returns
        slower = (many.seconds + many.seconds_opposite) / (few.seconds + few.seconds_opposite)
        typer.echo(
            f"{few.returns} to {many.returns}: {growth:.1f} times the returns, {slower:.1f} times the time"
        )


if __name__ == "__main__":
    typer.run(main)
