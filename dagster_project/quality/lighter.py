"""Great Expectations without what our suites do not ask of it: that is half of what it imports.

For a process that does nothing else. What is loaded late is all there for a suite that does ask.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any, cast

from dagster_project import garbage

LOADED_LATE = frozenset({"altair", "scipy.stats"})
"""Charts of profiles, and distributions."""

LEFT_OUT = ("sqlalchemy",)
"""An extra of Great Expectations, for databases that it asks itself; here for Dagster's sake."""


class _Late(MetaPathFinder):
    """Finds modules that are executed when something in them is first asked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in LOADED_LATE else None
        if spec and spec.loader:
            spec.loader = LazyLoader(spec.loader)
        return spec


def lighten() -> None:
    """Before Great Expectations is imported. Nothing else of this process may need what is left out."""
    garbage.not_looked_for()
    sys.meta_path.insert(0, _Late())
    for name in LEFT_OUT:
        # How an import is refused.
        sys.modules.setdefault(name, cast(Any, None))
