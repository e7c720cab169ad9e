"""How often Python looks for garbage. What a process imports is most of what it ever holds, and never any."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 20)
"""By default it looks 70 times as often."""


def not_looked_for() -> None:
    """Before a process imports what it needs: not until `seldom`."""
    gc.disable()


def seldom() -> None:
    """After it: all that there is is left alone from now on, and the rest is looked through now and then."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()


@contextmanager
def let_go() -> Iterator[None]:
    """Around something that leaves much of it lying and is followed by more: that alone is looked through, at once."""
    gc.freeze()
    yield
    gc.collect()


def nevermore() -> None:
    """Before the process ends: to take apart what it holds would take it another second."""
    gc.freeze()
