"""Whether a text repeats what a committee wrote: any run of eight words, whatever stands between the words.

Only places are told, never the text. Runs that the reference data hold too are nobody's own: a committee may
have copied a question into its comment.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import duckdb
import numpy as np
import numpy.typing as npt

RUN = 8
"""So many words in a row are a quotation; fewer may be chance."""

_SHORTEST = 2 * RUN - 1
"""Characters of a run: a letter each, and what parts them."""

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\W_]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Soft hyphens and joiners, which nobody sees in a word."""
_BATCH = 10_000
_PIECE = 100_000
"""Characters of a long text that are taken apart at a time."""

_FEW = 1_000_000
"""So many runs wait, at least, until they are sorted in among the others."""

_MANY_WORDS = 50_000
"""So many words are looked at together, at least where there are as many."""

_STEP = np.int64(6_364_136_223_846_793_005)
"""By which a run's hash goes on from word to word: odd, and without a pattern in its bits."""

Numbers = npt.NDArray[np.int64]

Texts = Callable[[], Iterable[tuple[str, str]]]
"""Gives texts, each with the place where it stands, as often as it is called."""


@dataclass(frozen=True)
class Quotation:
    """A comment of which `place` repeats a run of words, by its key."""

    place: str
    round_id: str
    whose: str
    question_no: str

    def __str__(self) -> str:
        return f"{self.place} (round {self.round_id}, {self.whose}, question {self.question_no})"


def quotations(connection: duckdb.DuckDBPyConnection, texts: Texts) -> Iterator[Quotation]:
    """Every place that repeats a comment, or what was typed instead of a rating, of any file read.

    `texts` gives all texts in question, each with its place, as often as it is asked. Superseded and duplicate
    files count too. Yields the first place of a quotation once for each answer that it repeats.
    """
    everywhere = _Sorted()
    for pieces in _batches(piece for _, text in _once(texts()) for piece in _pieces(text)):
        everywhere.add(_runs(pieces)[0])
    suspects: dict[str, set[int]] = {}
    for batch in _typed(connection):
        for text, run in _found(batch, everywhere):
            suspects.setdefault(text, set()).add(run)
    quoted = set().union(*suspects.values())
    if not quoted:
        return
    reference = texts_in(connection, "schema_name = 'reference' and table_name <> 'decisions'")
    for pieces in _batches(piece for text in reference for piece in _pieces(text)):
        quoted.difference_update(_runs(pieces)[0].tolist())
    places: dict[int, str] = {}
    for place, text in _once(texts()) if quoted else ():
        for run in quoted.intersection(_runs(list(_pieces(text)))[0].tolist()):
            places.setdefault(run, place)
    repeated = {text: {places[run] for run in runs & quoted} for text, runs in suspects.items()}
    yield from _by_answer(connection, {text: found for text, found in repeated.items() if found})


def _found(texts: Sequence[str], everywhere: "_Sorted") -> Iterator[tuple[str, int]]:
    """Each run of these texts that stands elsewhere too, with its text."""
    pieces = [(text, piece) for text in texts for piece in _pieces(text)]
    runs, whose = _runs([piece for _, piece in pieces])
    stands = everywhere.holds(runs)
    for run, piece_no in zip(runs[stands].tolist(), whose[stands].tolist(), strict=True):
        yield pieces[piece_no][0], run


def _by_answer(
    connection: duckdb.DuckDBPyConnection, repeated: Mapping[str, set[str]]
) -> Iterator[Quotation]:
    rows = connection.execute(
        """
        select
            answers.round_id, coalesce(returns.committee_id, answers.source_file), answers.question_no_typed,
            answers.comment_typed, answers.rating_typed
        from raw.answer as answers
        left join intermediate.int_returns as returns using (round_id, source_file)
        where answers.comment_typed in (select unnest($texts)) or answers.rating_typed in (select unnest($texts))
        order by all
        """,
        {"texts": list(repeated)},
    ).fetchall()
    for round_id, whose, question_no, comment, rating in rows:
        for place in sorted(repeated.get(comment, set()) | repeated.get(rating, set())):
            yield Quotation(place, round_id, whose, question_no)


class _Sorted:
    """Many whole numbers, eight bytes each: as a set those of a large release would fill gigabytes."""

    def __init__(self) -> None:
        self._sorted = np.empty(0, np.int64)
        self._new: list[Numbers] = []

    def add(self, numbers: Numbers) -> None:
        self._new.append(numbers)
        if sum(map(len, self._new)) > max(_FEW, len(self._sorted)):
            self._take_in()

    def holds(self, numbers: Numbers) -> npt.NDArray[np.bool_]:
        """Which of these numbers are there."""
        self._take_in()
        if not len(self._sorted):
            return np.zeros(len(numbers), np.bool_)
        # Where each would stand; at the very end stands the last one.
        found: npt.NDArray[np.bool_] = self._sorted[np.searchsorted(self._sorted[:-1], numbers)] == numbers
        return found

    def _take_in(self) -> None:
        if self._new:
            both = np.concatenate([self._sorted, *self._new])
            both.sort()
            self._sorted = both[np.diff(both, prepend=both[:1] - 1) != 0]
            self._new.clear()


def _once(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each text that is long enough at its first place: most of a release stand in several of its files."""
    seen: set[int] = set()
    for place, text in texts:
        if len(text) >= _SHORTEST and hash(text) not in seen:
            seen.add(hash(text))
            yield place, text


def _pieces(text: str) -> Iterator[list[str]]:
    """The words of a text, of a long one some at a time: those of a whole table would take a hundred times its memory.

    Each piece begins with the last words of the one before it, so that no run is lost between them.
    """
    text = (text if text.isascii() else _UNSEEN.sub("", text)).casefold()
    words: list[str] = []
    start = 0
    while start < len(text):
        between = _BETWEEN.search(text, start + _PIECE)
        end = between.start() if between else len(text)
        words = words[1 - RUN :] + _WORD.findall(text, start, end)
        yield words
        start = end


def _batches(pieces: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """So many pieces that it is worth to look at them together."""
    batch: list[list[str]] = []
    words = 0
    for piece in pieces:
        batch.append(piece)
        words += len(piece)
        if words >= _MANY_WORDS:
            yield batch
            batch, words = [], 0
    yield batch


def _runs(pieces: Sequence[list[str]]) -> tuple[Numbers, Numbers]:
    """Each run of words, as its hash, and the number of the piece in which it stands.

    What is held in memory and compared can be neither printed nor logged.
    """
    lengths = [len(piece) for piece in pieces]
    words = np.fromiter(map(hash, chain.from_iterable(pieces)), np.int64, sum(lengths))
    count = max(len(words) - RUN + 1, 0)
    runs = np.zeros(count, np.int64)
    for place in range(RUN):
        # Of the product what is above 64 bits is lost, which is all that a hash needs.
        runs = runs * _STEP + words[place : place + count]
    whose = np.repeat(np.arange(len(lengths)), lengths)
    within = whose[:count] == whose[len(words) - count :]
    return runs[within], whose[:count][within]


def _typed(connection: duckdb.DuckDBPyConnection) -> Iterator[list[str]]:
    """Each text that is long enough for a run, once and some at a time: of all answers they are a few in a hundred."""
    cursor = connection.execute(
        f"""
        select distinct text
        from (select unnest([comment_typed, rating_typed]) as text from raw.answer)
        where strlen(text) >= {_SHORTEST}
        """
    )
    while rows := cursor.fetchmany(_BATCH):
        yield [text for (text,) in rows]


def texts_in(connection: duckdb.DuckDBPyConnection, which: str) -> Iterator[str]:
    """Each text of each column that holds any, in all tables of which `which` is true, in SQL."""
    tables = connection.execute(
        f"""
        select schema_name, table_name, list(column_name)
        from duckdb_columns()
        where ({which}) and (data_type = 'VARCHAR' or data_type similar to '.*[\\[\\(].*')
        group by all
        """
    ).fetchall()
    for schema, table, columns in tables:
        # One question for all columns of a table: most tables are small, and questions are what they cost.
        cursor = connection.execute(
            " union all ".join(
                f'select distinct "{column}"::varchar from "{schema}"."{table}" where "{column}" is not null'
                for column in columns
            )
        )
        while rows := cursor.fetchmany(_BATCH):
            yield from (text for (text,) in rows)
