"""What happened to a message besides the normal course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, text

from db.schema import event
from db.store.record import record


class EventKind(StrEnum):
    """The kinds there are; each comment is what an operator is told."""

    REDELIVERED = "redelivered"  # the carrier sent the text again; it was acknowledged and not handled twice
    DOUBLE_TAPPED = "double_tapped"  # the citizen sent the text again within seconds; it was not handled twice
    HANDLING_FAILED = "handling_failed"  # an error of ours; it is tried again
    PARKED = "parked"  # tried too often; the citizen got an apology, an operator must look
    RETRIED = "retried"  # the carrier did not take the answer; it is sent again later
    UNSURE = "unsure"  # sent without a response; sent again, so the citizen may have it twice
    ANSWERED_LATE = "answered_late"  # the carrier answered after the wait was over: taken, unless a refusal is named
    FAILED = "failed"  # refused for good
    EXPIRED = "expired"  # too old to be sent
    TAKEN_OVER = "taken_over"  # its process ended while sending; sent again, marked unsure
    LOOP_BROKEN = "loop_broken"  # a machine answers us as fast as we answer it; its number is blocked for a while
    SCANNING = "scanning"  # somebody is guessing receipt codes; an operator must look
    CARRIER_LOOP = "carrier_loop"  # our answers, or receipts of them, come back as texts; an operator must look
    MANY_ACCOUNTS = "many_accounts"  # half of the accounts that everybody may ask for in an hour were asked for
    ACCOUNTS_CLOSED = "accounts_closed"  # all of them were: TK opens nothing for anybody until the hour is over
    MANY_ANSWERS = "many_answers"  # half of the answers that everybody together may get in an hour were given
    ANSWERS_CLOSED = "answers_closed"  # all of them were: texts are stored and not answered until the hour is over
    SENT_AGAIN = "sent_again"  # an operator had an answer sent once more
    RUN_AGAIN = "run_again"  # an operator had the text read and answered once more
    ANSWERED_IN_RESPONSE = "answered_in_response"  # given back in the HTTP response


@record
class NewEvent:
    """An event to store. `detail` holds codes and counts, never personal data."""

    id: int
    at: datetime
    kind: EventKind
    inbound_id: int | None = None
    outbound_id: int | None = None
    detail: str | None = None
    submitted_at: datetime | None = None  # of a try to send: when it was written to the carrier


def add(connection: Connection, events: Sequence[NewEvent]) -> None:
    """Insert events."""
    if events:
        connection.execute(
            insert(event),
            [
                {
                    "id": item.id,
                    "inbound_id": item.inbound_id,
                    "outbound_id": item.outbound_id,
                    "at": item.at,
                    "kind": item.kind.value,
                    "detail": item.detail,
                    "submitted_at": item.submitted_at,
                }
                for item in events
            ],
        )


@record
class Happened:
    """An event that happened, and the text that it happened to."""

    at: datetime
    inbound_id: int | None
    detail: str | None


ALARMS = (
    EventKind.SCANNING,
    EventKind.MANY_ACCOUNTS,
    EventKind.ACCOUNTS_CLOSED,
    EventKind.MANY_ANSWERS,
    EventKind.ANSWERS_CLOSED,
    EventKind.CARRIER_LOOP,
)
"""What an operator is called for, once a day."""

_IS_ALARM = {kind: text(f"event.kind = '{kind.value}'") for kind in ALARMS}
"""Word for word as in the partial indexes, or SQLite could not know that they apply."""


def last_alarm(connection: Connection, kind: EventKind, first_id: int) -> Happened | None:
    """Return the newest alarm of a kind in a row of this id or a later one."""
    asked = select(event.c.at, event.c.inbound_id, event.c.detail).where(_IS_ALARM[kind], event.c.id >= first_id)
    row = connection.execute(asked.order_by(event.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else Happened(at=row.at, inbound_id=row.inbound_id, detail=row.detail)
