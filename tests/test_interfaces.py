"""All code uses public interfaces of its dependencies; tests use public names of the product and the tools."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY

OURS = ("dagster_project", "tools", "tests")

PRIVATE_PACKAGES = ("dbt.parser", "dbt.contracts", "dbt.utils", "dbt.task", "dbt.events", "dbt_common")
"""Packages without an underscore that their projects do not document as an interface."""

PATCHED = {("sys", "modules"), ("sys", "meta_path"), ("sys", "path_hooks")}

DOCUMENTED = {"_exit", "_Element", "_ElementTree", "_Cell", "_Row"}
"""Classes of lxml and python-docx that their documentation names with an underscore: types have no other name."""

DOCX_PROXIES = {"_p", "_tbl", "_tc", "_tr"}
"""XML elements behind python-docx's objects. Tests of damaged documents change them."""

EXCEPTIONS: dict[str, str] = {}
"""Modules that use a private interface, with the architecture decision that allows it (see 0015)."""


def list_files(folder: str) -> list[Path]:
    """The Python files of a folder."""
    return sorted((REPOSITORY / folder).rglob("*.py"))


def is_private(name: str) -> bool:
    """Whether a name begins with one underscore and is not documented."""
    return name.startswith("_") and not name.startswith("__") and name != "_" and name not in DOCUMENTED


def is_ours(module: str) -> bool:
    """Whether a module belongs to this repository."""
    return module.split(".")[0] in OURS


def list_imports(nodes: list[ast.AST]) -> Iterator[tuple[int, str, str]]:
    """Line, module and imported name of each import; the name is empty for a module."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, node.module or "", alias.name) for alias in node.names)


def list_own_attributes(nodes: list[ast.AST]) -> Iterator[str]:
    """Attributes and methods that a module defines itself."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), ctx=ast.Store()):
                yield node.attr
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.ClassDef():
                yield from (
                    item.target.id
                    for item in node.body
                    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
                )


def find_private_uses(source: str, *, is_test: bool = False) -> Iterator[str]:
    """Private imports, attributes and patches of dependencies in a module, in a test also of ours, with lines."""
    nodes = list(ast.walk(ast.parse(source)))
    for line, module, name in list_imports(nodes):
        is_checked = module != "__future__" and (is_test or not is_ours(module))
        if is_checked and any(map(is_private, [*module.split("."), name])):
            yield f"{line}: private name {module} {name}".rstrip()
        if any(f"{module}.".startswith(f"{package}.") for package in PRIVATE_PACKAGES):
            yield f"{line}: private package {module}"
        if module == "gc":
            yield f"{line}: garbage collector"
    own = {*list_own_attributes(nodes), *(DOCX_PROXIES if is_test else ())}
    for node in nodes:
        if not isinstance(node, ast.Attribute):
            continue
        is_patched = isinstance(node.value, ast.Name) and (node.value.id, node.attr) in PATCHED
        if is_patched or node.attr == "__dict__":
            yield f"{node.lineno}: {ast.unparse(node)}"
        elif is_private(node.attr) and node.attr not in own:
            yield f"{node.lineno}: private attribute {ast.unparse(node)}"


def test_all_code_uses_public_interfaces() -> None:
    found = {
        path.relative_to(REPOSITORY).as_posix(): list(
            find_private_uses(path.read_text(encoding="utf-8"), is_test=folder == "tests")
        )
        for folder in OURS
        for path in list_files(folder)
    }
    assert {path: uses for path, uses in found.items() if uses and path not in EXCEPTIONS} == {}
    assert [path for path in EXCEPTIONS if not found.get(path)] == []
    assert all((REPOSITORY / "docs" / "adr" / adr).is_file() for adr in EXCEPTIONS.values())


@pytest.mark.parametrize(
    "source",
    [
        "from dagster._core.events import DagsterEvent",
        "import dagster._core",
        "from duckdb import _duckdb",
        "from dbt.contracts.graph.manifest import Manifest",
        "import dbt_common.events",
        "import sys\nsys.modules['a'] = None",
        "import sys\nsys.meta_path.insert(0, None)",
        "import gc",
        "import dagster as dg\ndg.DagsterInstance._storage",
        "import dagster as dg\ndg.DagsterInstance.__dict__",
    ],
)
def test_a_private_use_is_found(source: str) -> None:
    assert list(find_private_uses(source))


@pytest.mark.parametrize(
    "source",
    [
        "from dagster_project.audit.gate import _reasons",
        "from dagster_project.audit import gate\ngate._reasons(1, 2)",
        "import tools.snapshot as s\ns._run()",
    ],
)
def test_a_private_name_is_found(source: str) -> None:
    assert list(find_private_uses(source, is_test=True))


def test_public_uses_are_accepted() -> None:
    source = "import sys\nclass A:\n    def _f(self):\n        return self._f(), sys.path\n"
    assert list(find_private_uses(source)) == []
    assert list(find_private_uses(source, is_test=True)) == []
