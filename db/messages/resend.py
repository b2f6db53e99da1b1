"""What operators do over: an answer sent once more, a text read and carried out once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from db.schema import InboundState, OutboundState, inbound, outbound

_FINISHED = (OutboundState.SENT, OutboundState.DELIVERED, OutboundState.FAILED, OutboundState.EXPIRED)
_TO_RUN = (InboundState.HANDLED, InboundState.PARKED)


def send_again(
    connection: Connection, outbound_id: int, *, new_id: int, reference: int, now: datetime, expires_at: datetime
) -> int | None:
    """Queue a copy of a finished answer; return the id of its text, or None when there is nothing to send.

    The first answer stays as it is, so its receipts and its history are not lost. One that held a secret has no text
    any more and is not sent again: run the citizen's text again, or give a new password.
    """
    row = connection.execute(
        select(outbound).where(outbound.c.id == outbound_id, outbound.c.state.in_(_FINISHED))
    ).one_or_none()
    if row is None or row.body is None or row.masked is not None or row.inbound_id is None:
        return None
    connection.execute(
        insert(outbound).values(
            id=new_id,
            inbound_id=row.inbound_id,
            link=row.link,
            sender=row.sender,
            recipient=row.recipient,
            recipient_mark=row.recipient,
            body=row.body,
            reference=reference,
            state=OutboundState.QUEUED,
            created_at=now,
            expires_at=expires_at,
            not_before=now,
        )
    )
    return int(row.inbound_id)


def run_again(connection: Connection, inbound_id: int) -> bool:
    """Let a handled or parked text be read and answered once more; handlers are safe to repeat. False when it is not.

    A text that came twice is not run: its first one is.
    """
    changed = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, inbound.c.state.in_(_TO_RUN))
        .values(state=InboundState.RECEIVED, attempts=0, lease_until=None, handled_at=None)
    )
    return changed.rowcount == 1
