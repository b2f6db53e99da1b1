"""The limit of all answers together in an hour, so that a flood of forged senders costs only so much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.limits import sender_limits
from db.limits.account_rates import alarm_from
from db.messages.events import EventKind
from db.store.ids import first_id_at
from sms_gateway.pipeline.dispatch.auto_responders import HOUR

COUNTED_EVERY = timedelta(minutes=1)
"""How often the tables are counted, for all processes. In between a process knows only its own answers."""


class AllAnswers:
    """Counts the answers to everybody; for one thread. A rollback is seen when the tables are counted again.

    A limit of 0 is none.
    """

    def __init__(self) -> None:
        self._count = 0
        self._counted_at: datetime | None = None
        self._alarms: dict[EventKind, int] = {}  # the text that raised each
        self._raised_at: dict[EventKind, datetime] = {}

    def read(self, connection: Connection, limit: int, *, now: datetime) -> None:
        """Count again, if it is time."""
        if limit and (self._counted_at is None or not timedelta(0) <= now - self._counted_at < COUNTED_EVERY):
            self._count = sender_limits.count_answers(connection, since_id=first_id_at(now - HOUR), most=limit)
            self._counted_at = now

    def take(self, inbound_id: int, limit: int) -> bool:
        """Count the answer to this text; False when there are as many as the limit, and it gets none."""
        if not limit:
            return True
        if self._count >= limit:
            self._alarms.setdefault(EventKind.ANSWERS_CLOSED, inbound_id)
            return False
        self._count += 1
        if self._count >= alarm_from(limit):
            self._alarms.setdefault(EventKind.MANY_ANSWERS, inbound_id)
        return True

    def alarms(self, *, now: datetime) -> Mapping[EventKind, int]:
        """Return the alarms and the text that raised each; each at most once a minute, so that not every batch asks."""
        due = {
            kind: inbound_id
            for kind, inbound_id in self._alarms.items()
            if kind not in self._raised_at or now - self._raised_at[kind] >= COUNTED_EVERY
        }
        self._raised_at.update(dict.fromkeys(due, now))
        self._alarms.clear()
        return due
