"""Find texts that repeat what a committee wrote: a run of eight words, regardless of punctuation.

Only places are returned, never the text. A run that the reference data contain is not a quotation: a committee may have
copied a question into its comment.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

RUN_WORDS = 8
"""Minimum number of consecutive words of a quotation: fewer may be chance."""

MIN_LENGTH = 2 * RUN_WORDS - 1
"""Characters of the shortest possible run: one letter per word, and what separates them."""

BATCH_ROWS = 10_000

LARGE_TEXT = 1_000_000
"""Characters of a text whose words are read one by one: a list of them would take many times its memory."""

_WRITTEN_BY_PEOPLE = ("decisions", "round_reopenings", "disclosure_acceptances")
"""Seeds that record decisions. Their reasons may repeat a comment, so that they do not excuse a quotation."""

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Soft hyphens and joiners, which may be inside a word and are not displayed."""

_FACTOR = np.int64(6_364_136_223_846_793_005)
"""Multiplier of the rolling hash over words: odd, with random bits (Knuth's MMIX generator)."""

Hashes = npt.NDArray[np.int64]

Texts = Callable[[], Iterable[tuple[str, str]]]
"""Returns pairs of place and text each time it is called."""


@dataclass(frozen=True)
class Quotation:
    """A place that repeats words of an answer, with the key of that answer."""

    place: str
    round_id: str
    respondent: str
    question_no: str

    def __str__(self) -> str:
        return f"{self.place} (round {self.round_id}, {self.respondent}, question {self.question_no})"


def find_quotations(connection: duckdb.DuckDBPyConnection, texts: Texts) -> Iterator[Quotation]:
    """Find places that repeat a comment, or text that was typed instead of a rating.

    Answers of superseded and duplicate files count too. Yields, for each answer, the first place of each run.
    """
    published = np.sort(np.concatenate([_NONE, *(_hash_runs(text) for _, text in _drop_duplicates(texts()))]))
    runs_by_text: dict[str, set[int]] = {}
    for text in _read_typed_texts(connection):
        if repeated := set(_intersect_hashes(_hash_runs(text), published).tolist()):
            runs_by_text[text] = repeated
    quoted = set().union(*runs_by_text.values())
    decided = ", ".join(f"'{seed}'" for seed in _WRITTEN_BY_PEOPLE)
    for text in read_texts(connection, f"schema_name = 'reference' and table_name not in ({decided})"):
        quoted.difference_update(_hash_runs(text).tolist())
    if not quoted:
        return
    places: dict[int, str] = {}
    for place, text in _drop_duplicates(texts()):
        for run in quoted.intersection(_hash_runs(text).tolist()):
            places.setdefault(run, place)
    yield from _find_answers(
        connection,
        {
            text: {places[run] for run in runs & quoted}
            for text, runs in runs_by_text.items()
            if runs & quoted
        },
    )


def read_texts(connection: duckdb.DuckDBPyConnection, tables: str) -> Iterator[str]:
    """Read the distinct texts of all columns of text. `tables` is a condition in SQL on `duckdb_columns()`."""
    rows = connection.execute(
        f"""
        select schema_name, table_name, list(column_name)
        from duckdb_columns()
        where ({tables}) and (data_type = 'VARCHAR' or data_type similar to '.*[\\[\\(].*')
        group by all
        """
    ).fetchall()
    for schema, table, columns in rows:
        cursor = connection.execute(
            " union all ".join(
                f'select distinct "{column}"::varchar from "{schema}"."{table}" where "{column}" is not null'
                for column in columns
            )
        )
        yield from _fetch_texts(cursor)


_NONE = np.empty(0, np.int64)


def _hash_runs(text: str) -> Hashes:
    """Hash each run of words. Hashes can be compared and cannot be printed or logged as text."""
    visible = (text if text.isascii() else _INVISIBLE.sub("", text)).casefold()
    is_large = len(visible) > LARGE_TEXT
    found = (match[0] for match in _WORD.finditer(visible)) if is_large else _WORD.findall(visible)
    words = np.fromiter(map(hash, found), np.int64)
    count = len(words) - RUN_WORDS + 1
    if count <= 0:
        return _NONE
    runs = np.zeros(count, np.int64)
    for offset in range(RUN_WORDS):
        # Overflow beyond 64 bits is intended.
        runs = runs * _FACTOR + words[offset : offset + count]
    return runs


def _intersect_hashes(hashes: Hashes, ordered: Hashes) -> Hashes:
    """Return the hashes that are among the ordered ones.

    `numpy.intersect1d` would sort all of them each time.
    """
    if not len(ordered):
        return _NONE
    found: Hashes = hashes[ordered[np.searchsorted(ordered[:-1], hashes)] == hashes]
    return found


def _drop_duplicates(texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each text that is long enough for a run, at its first place.

    Most texts are in several files of a release.
    """
    seen: set[int] = set()
    for place, text in texts:
        if len(text) >= MIN_LENGTH and hash(text) not in seen:
            seen.add(hash(text))
            yield place, text


def _read_typed_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Read the distinct typed texts that are long enough for a run: a few per cent of all answers."""
    return _fetch_texts(
        connection.execute(
            f"""
            select distinct text
            from (select unnest([comment_typed, rating_typed]) as text from raw.answer)
            where strlen(text) >= {MIN_LENGTH}
            """
        )
    )


def _fetch_texts(cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield from (text for (text,) in rows)


def _find_answers(
    connection: duckdb.DuckDBPyConnection, places: Mapping[str, set[str]]
) -> Iterator[Quotation]:
    rows: Sequence[tuple[str, str, str, str, str]] = connection.execute(
        """
        select
            answers.round_id, coalesce(returns.committee_id, answers.source_file), answers.question_no_typed,
            answers.comment_typed, answers.rating_typed
        from raw.answer as answers
        left join intermediate.int_returns as returns using (round_id, source_file)
        where answers.comment_typed in (select unnest($texts)) or answers.rating_typed in (select unnest($texts))
        order by all
        """,
        {"texts": list(places)},
    ).fetchall()
    for round_id, respondent, question_no, comment, rating in rows:
        for place in sorted(places.get(comment, set()) | places.get(rating, set())):
            yield Quotation(place, round_id, respondent, question_no)
