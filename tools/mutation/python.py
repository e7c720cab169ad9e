"""The small changes to a Python module, by its syntax tree."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from dagster_project.paths import REPOSITORY
from tools.mutation.mutant import Mutant, find_position

_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|"), ast.Mult: ("*", "+"),
}  # fmt: skip

Change = tuple[str, tuple[int, int], str]


def list_mutants(path: Path) -> list[Mutant]:
    """List every mutant of a module, by position. `path` is in the repository."""
    source = path.read_text(encoding="utf-8")
    name = path.relative_to(REPOSITORY).as_posix()
    changes = sorted(set(_Changes(source).list_changes(ast.parse(source))), key=lambda one: (one[1], one[2]))
    return [
        Mutant(name, *find_position(source, span[0]), operator, (span,), (new,))
        for operator, span, new in changes
    ]


class _Changes:
    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.lines = source.splitlines()

    def list_changes(self, node: ast.AST) -> Iterator[Change]:
        """List the changes of a node and its children. Messages to users are not changed."""
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("Error", "GateClosed")):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return  # a docstring
        if isinstance(node, ast.arguments | ast.AnnAssign):
            children = [
                one for one in ast.iter_child_nodes(node) if one is not getattr(node, "annotation", None)
            ]
        elif isinstance(node, ast.FunctionDef):
            children = [*node.decorator_list, node.args, *node.body]
        else:
            children = list(ast.iter_child_nodes(node))
        yield from self._list_own_changes(node)
        for child in children:
            if not isinstance(child, ast.arg):
                yield from self.list_changes(child)

    def _list_own_changes(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
                yield "dropped", self._find_span(node), "yield from ()"
            case ast.Expr() | ast.Raise():
                yield "dropped", self._find_span(node), "pass"
            case ast.Return(value=ast.expr() as value):
                yield "result", self._find_span(value), "None"
            case ast.If(test=test) | ast.IfExp(test=test) if not _is_negatable(test):
                yield "condition", self._find_span(test), "not ({0})"
            case ast.comprehension(ifs=[*conditions]):
                yield from (("condition", self._find_span(one), "True") for one in conditions)
            case ast.Compare(left=left, ops=ops, comparators=others):
                for one, op, other in zip([left, *others], ops, others, strict=False):
                    yield from self._change_operator(one, other, *_COMPARED[type(op)])
            case ast.BoolOp(op=op, values=values):
                old, new = ("and", "or") if isinstance(op, ast.And) else ("or", "and")
                for one, other in pairwise(values):
                    yield from self._change_operator(one, other, old, new)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield "dropped", (self._find_span(node)[0], self._find_span(operand)[0]), ""
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMPUTED:
                yield from self._change_operator(left, right, *_COMPUTED[type(op)])
            case ast.Call(func=ast.Name(id="sorted") as called, keywords=[]):
                yield "exchanged", self._find_span(called), "list"
            case ast.Constant():
                yield from self._change_constant(node)

    def _change_constant(self, node: ast.Constant) -> Iterator[Change]:
        here = self._find_span(node)
        match node.value:
            case bool():
                yield "exchanged", here, str(not node.value)
            case int():
                yield "number", here, str(node.value + 1)
            case str() if node.value and self.source[here[0]] in "'\"rb":
                yield "text", here, repr("changed " + node.value).replace("{", "{{").replace("}", "}}")

    def _change_operator(self, one: ast.expr, other: ast.expr, old: str, new: str) -> Iterator[Change]:
        start, stop = self._find_span(one)[1], self._find_span(other)[0]
        word = rf"\b{old}\b" if old.isidentifier() or " " in old else re.escape(old)
        if found := re.search(word, self.source[start:stop]):
            yield "exchanged", (start + found.start(), start + found.end()), new

    def _find_span(self, node: ast.expr | ast.stmt | ast.AST) -> tuple[int, int]:
        place = [getattr(node, name) for name in ("lineno", "col_offset", "end_lineno", "end_col_offset")]
        return self._find_offset(*place[:2]), self._find_offset(*place[2:])

    def _find_offset(self, line: int, column: int) -> int:
        # The syntax tree counts bytes.
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())


def _is_negatable(test: ast.expr) -> bool:
    """Return whether another change negates the test: an inverted comparison or a dropped `not`."""
    return (isinstance(test, ast.Compare) and len(test.ops) == 1) or (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )
