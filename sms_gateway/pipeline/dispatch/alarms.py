"""Alarms: what operators are alerted to, in the log and on the pages, once a day each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages import events
from db.store.ids import first_id_at
from sms_gateway.log import event, logger_of

DAY = timedelta(days=1)
_LOG = logger_of(__name__)


def raise_alarm(
    connection: Connection,
    kind: events.EventKind,
    inbound_id: int,
    *,
    new_id: Callable[[], int],
    now: datetime,
    limit: int | None = None,
) -> bool:
    """Alert operators once a day, so that an alarm is not ignored. False when it was raised before.

    `limit` is the number that was reached, where there is one; it is shown beside the alarm.
    """
    if events.last_alarm(connection, kind, first_id_at(now - DAY)) is not None:
        return False
    detail = None if limit is None else str(limit)
    events.add(connection, [events.NewEvent(id=new_id(), at=now, kind=kind, inbound_id=inbound_id, detail=detail)])
    event(_LOG, kind.value, level="error", inbound=inbound_id, limit=limit)
    return True
