"""dbt without the events that it makes for a log at the level of debugging: an eighth of what a build takes.

This project keeps no such log (see `invoke`), and dbt makes them before it asks whether anybody listens.
"""

from functools import cache
from typing import Any

from dbt_common.events.base_types import DebugLevel
from dbt_common.events.event_manager import EventManager


@cache
def without_debugging() -> None:
    """Let dbt make no more of them in this process. Results, warnings and errors are told as before."""
    tell = EventManager.fire_event

    def made_of_nothing(event: DebugLevel, *_: Any, **__: Any) -> None:
        event.pb_msg = None

    def told(manager: EventManager, e: Any, *arguments: Any, **named: Any) -> None:
        if not isinstance(e, DebugLevel):
            tell(manager, e, *arguments, **named)

    DebugLevel.__init__ = made_of_nothing  # type: ignore[assignment, method-assign]
    EventManager.fire_event = told  # type: ignore[assignment, method-assign]
