"""Whether a text repeats what a committee wrote: any run of eight words, whatever stands between the words.

Only places are told, never the text. Runs that the reference data hold too are nobody's own: a committee may
have copied a question into its comment.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np

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
    for _, text in _once(texts()):
        everywhere.add(_runs(text))
    suspects: dict[str, set[int]] = {}
    for batch in _typed(connection):
        typed = {text: set(_runs(text)) for text in batch}
        common = everywhere.common(set().union(*typed.values()))
        suspects |= {text: runs & common for text, runs in typed.items() if not common.isdisjoint(runs)}
    quoted = set().union(*suspects.values())
    for text in _reference_texts(connection):
        quoted.difference_update(_runs(text))
    if not quoted:
        return
    places: dict[int, str] = {}
    for place, text in _once(texts()):
        for run in quoted.intersection(_runs(text)):
            places.setdefault(run, place)
    repeated = {text: {places[run] for run in runs & quoted} for text, runs in suspects.items()}
    yield from _by_answer(connection, {text: found for text, found in repeated.items() if found})


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
        self._new = array("q")

    def add(self, numbers: Iterable[int]) -> None:
        self._new.extend(numbers)
        if len(self._new) > max(_FEW, len(self._sorted)):
            self._take_in()

    def common(self, numbers: set[int]) -> set[int]:
        """Which of these numbers are there."""
        if self._new:
            self._take_in()
        if not numbers or not len(self._sorted):
            return set()
        asked = np.fromiter(numbers, np.int64, len(numbers))
        # Where each would stand; at the very end stands the last one.
        found = self._sorted[np.searchsorted(self._sorted[:-1], asked)]
        return set(asked[found == asked].tolist())

    def _take_in(self) -> None:
        both = np.concatenate([self._sorted, np.frombuffer(self._new, np.int64)])
        both.sort()
        self._sorted = both[np.diff(both, prepend=both[:1] - 1) != 0]
        self._new = array("q")


def _once(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each text that is long enough at its first place: most of a release stand in several of its files."""
    seen: set[int] = set()
    for place, text in texts:
        if len(text) >= _SHORTEST and hash(text) not in seen:
            seen.add(hash(text))
            yield place, text


def _runs(text: str) -> Iterator[int]:
    """Each run of words, as its hash: what is held in memory and compared can be neither printed nor logged."""
    text = (text if text.isascii() else _UNSEEN.sub("", text)).casefold()
    if len(text) <= _PIECE:
        yield from _hashed(_WORD.findall(text))
        return
    words: list[str] = []
    start = 0
    while start < len(text):
        # Some at a time: the words of a whole table would take a hundred times its memory.
        between = _BETWEEN.search(text, start + _PIECE)
        end = between.start() if between else len(text)
        words = words[-(RUN - 1) :] + _WORD.findall(text, start, end)
        yield from _hashed(words)
        start = end


def _hashed(words: list[str]) -> Iterator[int]:
    return map(hash, zip(*(words[first:] for first in range(RUN)), strict=False))


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


def _reference_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'reference' and data_type = 'VARCHAR' and table_name <> 'decisions'"
    ).fetchall()
    for table, column in columns:
        for (text,) in connection.execute(f'select distinct "{column}" from reference."{table}"').fetchall():
            if text:
                yield text
