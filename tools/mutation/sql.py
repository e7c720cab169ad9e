"""The small changes to a model's or macro's SQL, by its tokens. Jinja is not changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from sqlfluff.core import FluffConfig
from sqlfluff.core.parser import Lexer

from dagster_project.paths import REPOSITORY
from tools.mutation.mutant import Mutant, find_position

SWAPPED = {
    "<": ("<=",), "<=": ("<",), ">": (">=",), ">=": (">",), "=": ("<>",), "<>": ("=",), "!=": ("=",),
    "+": ("-",), "-": ("+",), "/": ("*",), "and": ("or",), "or": ("and",),
    "min": ("max",), "max": ("min",), "least": ("greatest",), "greatest": ("least",), "avg": ("max",),
    "rank": ("dense_rank",), "dense_rank": ("rank",), "row_number": ("rank",), "lag": ("lead",), "lead": ("lag",),
    "bool_or": ("bool_and",), "bool_and": ("bool_or",), "arg_min": ("arg_max",), "arg_max": ("arg_min",),
    "asc": ("desc",), "desc": ("asc",), "inner": ("left",), "left": ("inner",), "full": ("inner",),
    "anti": ("semi",), "semi": ("anti",), "exists": ("not exists",), "true": ("false",), "false": ("true",),
    "sum": ("max", "count"), "count": ("1 + count",),
    "'green'": ("'red'",), "'red'": ("'amber'",), "'amber'": ("'green'",),
}  # fmt: skip
"""Words and operators with their replacements."""

CALLED = {word for word in SWAPPED if word.isidentifier()} - {
    "and", "or", "asc", "desc", "inner", "left", "full", "anti", "semi", "exists", "true", "false",
}  # fmt: skip
"""Words that are functions: the same words may also be names of columns."""

_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_THRESHOLD = re.compile(r"\{\{\s*var\(['\"](\w+)['\"]\)\s*\}\}")
_ENDS = {"group", "order", "having", "union", "window", "limit", "qualify", "except", "intersect"}


@dataclass(frozen=True)
class Token:
    """A word or operator of the source, in lower case, with its position and its depth in brackets."""

    text: str
    start: int
    stop: int
    depth: int


def list_mutants(path: Path) -> list[Mutant]:
    """List every mutant of a file, by position. `path` is in the repository."""
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(REPOSITORY).as_posix()
    found = [
        Mutant(name, *find_position(source, spans[0][0]), operator, spans, replacements)
        for operator, spans, replacements in _list_changes(source, _read_tokens(source))
    ]
    return sorted(found, key=lambda one: (one.spans, one.replacements))


def _read_tokens(source: str) -> list[Token]:
    masked = _JINJA.sub(lambda block: ("j" if block[0].startswith("{{") else " ") * len(block[0]), source)
    elements, _ = _build_lexer().lex(masked)
    tokens: list[Token] = []
    depth = 0
    for element in elements:
        if element.is_meta or not element.is_code:
            continue
        depth -= element.raw == ")"
        where = element.pos_marker.source_slice
        one = Token(element.raw.lower(), where.start, where.stop, depth)
        if tokens and tokens[-1].stop == one.start and set(tokens[-1].text + one.text) <= set("<>=!-|:"):
            # The lexer splits operators of two characters.
            one = Token(tokens[-1].text + one.text, tokens[-1].start, one.stop, depth)
            tokens.pop()
        tokens.append(one)
        depth += element.raw == "("
    return tokens


@cache
def _build_lexer() -> Any:
    return Lexer(config=FluffConfig(overrides={"dialect": "duckdb"}))


Change = tuple[str, tuple[tuple[int, int], ...], tuple[str, ...]]


def _list_changes(source: str, tokens: Sequence[Token]) -> Iterator[Change]:
    yield from _change_thresholds(source)
    between: list[int] = []
    for place, token in enumerate(tokens):
        before, after = (tokens[place + by].text if 0 <= place + by < len(tokens) else "" for by in (-1, 1))
        here = ((token.start, token.stop),)
        if token.text == "between":
            between.append(token.depth)
        if token.text == "and" and between and between[-1] == token.depth:
            between.pop()
            continue
        yield from _change_words(tokens, place, before, after)
        if token.text in SWAPPED and (token.text not in CALLED or after == "("):
            if (token.text == "left" and after not in ("join", "outer")) or (
                token.text == "-" and before in "(,"
            ):
                continue
            yield from (("exchanged", here, (new,)) for new in SWAPPED[token.text])
        elif token.text == "*" and before not in ("(", ".", "select", "distinct", ","):
            yield "exchanged", here, ("/",)
        elif re.fullmatch(r"\d+", token.text):
            yield "number", here, (str(int(token.text) + 1),)
            if int(token.text):
                yield "number", here, (str(int(token.text) - 1),)
        elif re.fullmatch(r"\d*\.\d+", token.text):
            yield "number", here, (f"(1.1 * {token.text})",)
            yield "number", here, (f"(0.9 * {token.text})",)
        elif token.text in ("where", "having", "qualify"):
            end = _find_end(tokens, place)
            if before == "(" and tokens[place - 2].text == "filter":
                # The whole filter is dropped, with its brackets.
                yield "dropped", ((tokens[place - 2].start, tokens[end].stop),), ("",)
            else:
                yield "dropped", ((token.start, tokens[end - 1].stop),), ("",)
        elif token.text == "coalesce":
            yield from _drop_defaults(tokens, place)
        elif token.text == "case":
            yield from _exchange_results(tokens, place)
        elif token.text == "order" and after == "by":
            yield from _reverse_orders(tokens, place)


def _change_words(tokens: Sequence[Token], place: int, before: str, after: str) -> Iterator[Change]:
    """Change words whose meaning depends on their neighbours."""
    token = tokens[place]
    here = ((token.start, token.stop),)
    if token.text == "union":
        if after == "all":
            yield "union", ((token.start, tokens[place + 1].stop),), ("union",)
        else:
            yield "union", here, ("union all",)
    elif token.text in ("first", "last") and before == "nulls":
        yield "nulls", here, ("last" if token.text == "first" else "first",)
    elif token.text == "distinct":
        if before == "is":
            yield "exchanged", here, ("not distinct",)
        elif before == "not" and after == "from":
            yield "exchanged", ((tokens[place - 1].start, token.stop),), ("distinct",)
        else:
            yield "dropped", here, ("",)
    elif token.text == "null" and before == "is":
        yield "exchanged", here, ("not null",)
    elif token.text == "not" and before == "is" and after == "null":
        yield "exchanged", here, ("",)
    elif token.text == "not" and after not in ("null", "distinct", "materialized"):
        yield "dropped", here, ("",)
    elif token.text == "in" and after == "(" and before != "not":
        yield "exchanged", here, ("not in",)


def _change_thresholds(source: str) -> Iterator[Change]:
    """Change numeric variables of the project: one more and one less, or a tenth."""
    for found in _THRESHOLD.finditer(source):
        value = _read_variables()[found[1]]
        if not isinstance(value, str):
            ways = ("({0} + 1)", "({0} - 1)") if isinstance(value, int) else ("(1.1 * {0})", "(0.9 * {0})")
            yield from (("threshold", (found.span(),), (way,)) for way in ways)


@cache
def _read_variables() -> dict[str, Any]:
    project = yaml.safe_load((REPOSITORY / "dbt" / "dbt_project.yml").read_text(encoding="utf-8"))
    variables: dict[str, Any] = project["vars"]
    return variables


def _find_end(tokens: Sequence[Token], place: int) -> int:
    """Find the end of a clause that begins at `place`: its closing bracket or the next clause."""
    depth = tokens[place].depth
    for at_token in range(place + 1, len(tokens)):
        token = tokens[at_token]
        if token.depth < depth or (token.depth == depth and token.text in _ENDS):
            return at_token
    return len(tokens)


def _find_closing_bracket(tokens: Sequence[Token], opening: int) -> int:
    depth = tokens[opening].depth
    return next(
        n for n in range(opening + 1, len(tokens)) if tokens[n].text == ")" and tokens[n].depth == depth
    )


def _drop_defaults(tokens: Sequence[Token], place: int) -> Iterator[Change]:
    close = _find_closing_bracket(tokens, place + 1)
    inside = tokens[place].depth + 1
    comma = next(
        (n for n in range(place, close) if tokens[n].text == "," and tokens[n].depth == inside), None
    )
    if comma:
        whole = (tokens[place].start, tokens[close].stop)
        yield "default dropped", (whole, (tokens[place + 2].start, tokens[comma - 1].stop)), ("{1}", "{1}")


def _exchange_results(tokens: Sequence[Token], place: int) -> Iterator[Change]:
    """Exchange each two neighbouring results of a case."""
    depth, nested, results, start = tokens[place].depth, 0, [], None
    for n in range(place + 1, len(tokens)):
        token = tokens[n]
        if token.depth != depth:
            continue
        nested += token.text == "case"
        if not nested and token.text in ("when", "else", "end") and start:
            results.append((tokens[start].start, tokens[n - 1].stop))
            start = None
        if not nested and token.text in ("then", "else"):
            start = n + 1
        if token.text == "end":
            if not nested:
                break
            nested -= 1
    for one, other in pairwise(results):
        yield "results exchanged", (one, other), ("{1}", "{0}")


def _reverse_orders(tokens: Sequence[Token], place: int) -> Iterator[Change]:
    """Change each order without a direction to a descending one."""
    depth, end = tokens[place].depth, _find_end(tokens, place)
    for n in range(place + 2, end):
        last = n + 1 == end or (tokens[n + 1].text == "," and tokens[n + 1].depth == depth)
        words = {tokens[n].text, tokens[n - 1].text, tokens[n - 2].text}
        if tokens[n].depth == depth and last and not words & {"asc", "desc"} and tokens[n].text != "all":
            yield "direction", ((tokens[n].stop, tokens[n].stop),), (" desc",)
