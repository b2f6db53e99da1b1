"""The alarms of the guard, for Today: codes are guessed, or too many accounts are asked for. Each is told for a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import Connection

from db.events import ALARMS, EventKind, Happened, last_alarm
from sms_gateway.road.ids import first_id_at
from sms_gateway.web.admin.alarm import Alarm
from sms_gateway.web.language import local_time, say

TOLD_FOR = timedelta(days=1)
"""As long as the guard is strict: it looks back one day, and raises the alarm anew on the next."""


def find_guard_alarms(connection: Connection, now: datetime) -> Mapping[EventKind, Happened]:
    """Return the last alarm of each kind that still counts."""
    found = {kind: last_alarm(connection, kind, first_id_at(now - TOLD_FOR)) for kind in ALARMS}
    return {kind: happened for kind, happened in found.items() if happened is not None}


def guard_alarms(found: Mapping[EventKind, Happened]) -> Iterator[Alarm]:
    """Say them in words, with what to do, and lead to the text that raised each."""
    for kind, happened in found.items():
        address = url_for("admin.log")
        if happened.inbound_id is not None:
            address = url_for("admin.message", inbound_id=happened.inbound_id)
        values = {} if happened.detail is None else {"limit": happened.detail}
        title = say(f"alarm.{kind.value}", since=local_time(happened.at), **values)
        yield Alarm(key=kind.value, title=title, mend=say(f"mend.{kind.value}"), address=address)
