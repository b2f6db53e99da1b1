"""The alarm about guessed receipt codes, for Today: raised by sms_gateway.road.guessing, told for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import Connection

from db.events import Happened, last_scan
from sms_gateway.road.ids import first_id_at
from sms_gateway.web.admin.alarm import Alarm
from sms_gateway.web.language import local_time, say

TOLD_FOR = timedelta(days=1)
"""As long as the guard is strict: it looks back one day, and raises the alarm anew on the next."""


def find_scan(connection: Connection, now: datetime) -> Happened | None:
    """Return the last alarm about guessing that still counts."""
    return last_scan(connection, first_id_at(now - TOLD_FOR))


def scan_alarms(scan: Happened | None) -> Iterator[Alarm]:
    """Say it in words, with what to do, and lead to the text that raised it."""
    if scan is None:
        return
    address = url_for("admin.log") if scan.inbound_id is None else url_for("admin.message", inbound_id=scan.inbound_id)
    title = say("alarm.scanning", since=local_time(scan.at))
    yield Alarm(key="scanning", title=title, mend=say("mend.scanning"), address=address)
