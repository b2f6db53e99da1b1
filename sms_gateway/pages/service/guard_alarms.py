"""The alarms of the guard, for Today: guessed codes, too many accounts, a carrier that sends our messages back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import Connection

from db.messages.events import ALARMS, EventKind, Happened, last_alarm
from db.store.ids import first_id_at
from sms_gateway.pages.service.alarm import Alarm
from sms_gateway.web.language import local_time, say

TOLD_FOR = timedelta(days=1)
"""As long as the guard looks back: on the next day it raises the alarm again."""


def find_alarms(connection: Connection, now: datetime) -> Mapping[EventKind, Happened]:
    """Return the last alarm of each kind that is still valid."""
    found = {kind: last_alarm(connection, kind, first_id_at(now - TOLD_FOR)) for kind in ALARMS}
    return {kind: happened for kind, happened in found.items() if happened is not None}


def guard_alarms(found: Mapping[EventKind, Happened]) -> Iterator[Alarm]:
    """Return them in words, with what to do, and a link to the text that raised each."""
    for kind, happened in found.items():
        text_id = happened.inbound_id
        address = url_for("admin.log") if text_id is None else url_for("admin.message", inbound_id=text_id)
        values = {} if happened.detail is None else {"limit": happened.detail}
        title = say(f"alarm.{kind.value}", since=local_time(happened.at), **values)
        yield Alarm(key=kind.value, title=title, fix=say(f"fix.{kind.value}"), address=address)
