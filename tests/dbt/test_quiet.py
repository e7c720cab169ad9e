"""Events of dbt that nobody reads are not made; all others are told."""

from typing import Any

from dbt.adapters.events.types import SQLQuery
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.types import Note, RecordRetryException

from dagster_project.transform.quiet import without_debugging


def test_only_debugging_is_left_out() -> None:
    without_debugging()
    told: list[tuple[str, str, str]] = []

    def hear(message: Any) -> None:
        told.append((message.info.level, message.info.name, message.info.msg))

    manager = EventManager()
    manager.add_callback(hear)
    debugging = [SQLQuery(conn_name="one", sql="select 1"), RecordRetryException(exc="none")]
    for event in debugging:
        manager.fire_event(event)
    manager.fire_event(Note(msg="noted"))
    manager.fire_event(Note(msg="warned"), level=EventLevel.WARN)
    assert told == [("info", "Note", "noted"), ("warn", "Note", "warned")]
    assert [event.pb_msg for event in debugging] == [None, None]
