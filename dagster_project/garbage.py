"""How often Python looks for garbage. What a process imports is most of what it ever holds, and never any."""

import gc

_SELDOM = (50_000, 20, 20)
"""By default it looks 70 times as often."""


def not_among_imports() -> None:
    """Before a process imports what it needs: nothing is looked for until `seldom`."""
    gc.disable()


def seldom() -> None:
    """When all is imported: that is left alone from now on, and the rest is looked through now and then."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    gc.enable()


def nevermore() -> None:
    """Before the process ends: to take apart what it holds would take it another second."""
    gc.freeze()
