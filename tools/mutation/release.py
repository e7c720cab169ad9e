"""Judges one mutant of the release step by real releases: the tests of `tests/release`, on a published home."""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster_project.paths import REPOSITORY, Home
from dagster_project.transform.project import manifest
from tools.mutation.judging import Invalid
from tools.mutation.mutant import Mutant, changed
from tools.mutation.planted import run_tests

STEP = (
    "release/publish.py", "release/shelf.py", "release/candidate.py", "release/disclosure.py", "release/database.py",
    "audit/gate.py", "home/tokens.py", "home/records.py",
)  # fmt: skip
"""The modules that decide what becomes public."""

GATE = "tests/release/test_gate.py"
PUBLISHING, CANDIDATE = "tests/release/test_publish.py", "test_a_candidate_says_of_what_it_was_made"
FIRST = {
    "publish": (f"{PUBLISHING}::test_a_publication_is_whole_on_the_disk_before_readers_see_it",),
    "candidate": (f"{PUBLISHING}::{CANDIDATE}",),
    "database": (f"{PUBLISHING}::{CANDIDATE}", "tests/release/test_open_data.py"),
    "tokens": (f"{GATE}::test_a_token_tells_every_change_of_a_table_and_no_order_of_rows",),
    "disclosure": ("tests/release/test_disclosure.py",),
    "shelf": ("tests/release/test_shelf.py",),
}
"""The tests of one module stand before the others, which judge all of them."""

ALL = (GATE, PUBLISHING, "tests/release/test_shelf.py")


def tests_of(module: str) -> tuple[str, ...]:
    """The tests that judge a module, by its short name, in turn."""
    return (*FIRST.get(module, ()), *ALL)


def warm() -> None:
    """Import once, for all children, what the release step stands on, and let dbt read its project."""
    for name in (
        "duckdb",
        "frictionless",
        "gptables",
        "openpyxl",
        "pandas",
        "pyarrow.parquet",
        "typer.testing",
        "yaml",
    ):
        importlib.import_module(name)
    manifest()


@dataclass(frozen=True)
class ReleaseCourt:
    """The published sample, which tests copy where they change it."""

    sample: Home

    def judge(self, mutant: Mutant) -> str:
        """Which test notices the mutant, or nothing. Raises `Invalid`.

        Changes this process: it is to be called in a child that has not imported what is mutated.
        """
        source = (REPOSITORY / mutant.path).read_text(encoding="utf-8")
        name = mutant.path.removesuffix(".py").replace("/", ".")
        return self.judge_source(name, changed(source, mutant), tests_of(Path(mutant.path).stem))

    def unchanged(self, modules: Iterable[str]) -> str:
        """Which test fails without any mutant: it would notice them all."""
        return run_tests(self.sample, [*dict.fromkeys(test for one in modules for test in tests_of(one))])

    def judge_source(self, name: str, source: str, tests: Sequence[str]) -> str:
        """Which of the tests notices this source of a module, or nothing."""
        if name in sys.modules:
            raise RuntimeError(f"{name} was imported before it was mutated")
        sys.meta_path.insert(0, _Finder(name, source))
        try:
            importlib.import_module(name)
        except Exception as error:
            raise Invalid(f"{type(error).__name__}: {error}") from None
        return run_tests(self.sample, tests)


@dataclass(frozen=True)
class _Finder(importlib.abc.MetaPathFinder):
    """Gives one module other source than its file has."""

    name: str
    source: str

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """The mutated module, where it is asked for."""
        if fullname != self.name:
            return None
        file = REPOSITORY / (fullname.replace(".", "/") + ".py")
        return importlib.util.spec_from_file_location(
            fullname, file, loader=_Loader(fullname, str(file), self.source)
        )


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.changed = source

    def get_code(self, _: str) -> Any:
        """What the changed source compiles to."""
        return compile(self.changed, self.path, "exec")


def modules() -> list[Path]:
    """The files of the release step."""
    return [REPOSITORY / "dagster_project" / name for name in STEP]
