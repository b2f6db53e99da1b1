"""What the guards raise: guessed codes, too many accounts or answers, a carrier that sends our messages back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages.events import ALARMS, EventKind, Happened, last_alarm
from db.store.ids import first_id_at
from sms_gateway.alarms.condition import AlarmName, Condition, said
from sms_gateway.clock import local_time

TOLD_FOR = timedelta(days=1)
"""As long as the guard looks back: on the next day it raises the alarm again."""


def find_raised(connection: Connection, now: datetime) -> Mapping[EventKind, Happened]:
    """Return the last alarm of each kind that is still valid."""
    found = {kind: last_alarm(connection, kind, first_id_at(now - TOLD_FOR)) for kind in ALARMS}
    return {kind: happened for kind, happened in found.items() if happened is not None}


def guard_conditions(found: Mapping[EventKind, Happened]) -> Iterator[Condition]:
    """Return them with a link to the text that raised each."""
    for kind, happened in found.items():
        text_id = happened.inbound_id
        limit = happened.detail or "-"
        yield Condition(
            name=AlarmName(kind.value),
            title=said(f"alarm.{kind.value}", since=local_time(happened.at), limit=limit),
            fix=said(f"fix.{kind.value}"),
            page="admin.log" if text_id is None else "admin.message",
            page_values={} if text_id is None else {"inbound_id": text_id},
            repeats_after=TOLD_FOR,  # a flood of some minutes does not go on
        )
