"""Whether a text repeats what a committee wrote: any run of eight words, whatever stands between the words.

Only places are told, never the text. Runs that the reference data hold too are nobody's own: a committee may
have copied a question into its comment.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb

RUN = 8
"""So many words in a row are a quotation; fewer may be chance."""

_SHORTEST = 2 * RUN - 1
"""Characters of a run: a letter each, and what parts them."""

_WORD = re.compile(r"[^\W_]+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Soft hyphens and joiners, which nobody sees in a word."""
_BATCH = 10_000


@dataclass(frozen=True)
class Quotation:
    """A comment of which `place` repeats a run of words, by its key."""

    place: str
    round_id: str
    whose: str
    question_no: str

    def __str__(self) -> str:
        return f"{self.place} (round {self.round_id}, {self.whose}, question {self.question_no})"


class Runs:
    """Runs of words with the first place that each was seen in."""

    def __init__(self) -> None:
        self._places: dict[int, str] = {}
        self._seen: set[int] = set()

    def add(self, place: str, text: str) -> None:
        """Take in all runs of a text. Most texts of a release stand in several of its files."""
        if len(text) < _SHORTEST or hash(text) in self._seen:
            return
        self._seen.add(hash(text))
        self._places |= dict.fromkeys(_runs(text).difference(self._places), place)

    def leave_out(self, texts: Iterable[str]) -> None:
        """Forget the runs of texts that anybody may repeat."""
        for text in texts:
            if len(text) >= _SHORTEST:
                for run in _runs(text):
                    self._places.pop(run, None)

    def places(self, text: str) -> set[str]:
        """Where runs of a text were seen."""
        return {self._places[run] for run in _runs(text) if run in self._places}


def _runs(text: str) -> set[int]:
    words = _WORD.findall((text if text.isascii() else _UNSEEN.sub("", text)).casefold())
    # Hashes, not texts: what is held in memory and compared can be neither printed nor logged.
    return set(map(hash, zip(*(words[start:] for start in range(RUN)), strict=False)))


def quotations(connection: duckdb.DuckDBPyConnection, runs: Runs) -> Iterator[Quotation]:
    """Every place in `runs` that repeats a comment, or what was typed instead of a rating, of any file read.

    Superseded and duplicate files count too. Yields a place once for each answer that it repeats.
    """
    runs.leave_out(_reference_texts(connection))
    quoted = {text: places for text in _typed(connection) if (places := runs.places(text))}
    rows = connection.execute(
        """
        select
            answers.round_id, coalesce(returns.committee_id, answers.source_file), answers.question_no_typed,
            answers.comment_typed, answers.rating_typed
        from raw.answer as answers
        left join intermediate.int_returns as returns using (round_id, source_file)
        where answers.comment_typed in (select unnest($quoted)) or answers.rating_typed in (select unnest($quoted))
        order by all
        """,
        {"quoted": list(quoted)},
    ).fetchall()
    for round_id, whose, question_no, comment, rating in rows:
        for place in sorted(quoted.get(comment, set()) | quoted.get(rating, set())):
            yield Quotation(place, round_id, whose, question_no)


def _typed(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Each text that is long enough for a run, once: of all that a round answers, a few in a hundred."""
    cursor = connection.execute(
        f"""
        select distinct text
        from (select unnest([comment_typed, rating_typed]) as text from raw.answer)
        where strlen(text) >= {_SHORTEST}
        """
    )
    while rows := cursor.fetchmany(_BATCH):
        yield from (text for (text,) in rows)


def _reference_texts(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    columns = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where schema_name = 'reference' and data_type = 'VARCHAR' and table_name <> 'decisions'"
    ).fetchall()
    for table, column in columns:
        for (text,) in connection.execute(f'select distinct "{column}" from reference."{table}"').fetchall():
            if text:
                yield text
