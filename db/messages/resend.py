"""What operators do over: an answer sent once more, a text read and carried out once more."""

from __future__ import annotations

from sqlalchemy import Connection, and_, or_, select, update

from db.schema import InboundState, OutboundState, inbound, outbound
from db.store.address import Address
from db.store.record import record

_FINISHED = (OutboundState.SENT, OutboundState.DELIVERED, OutboundState.FAILED, OutboundState.EXPIRED)
_TO_RUN = (InboundState.HANDLED, InboundState.PARKED)
SWITCHED_OFF = "switched_off"
"""The outcome of a text without an answer that is worth another run: its service was off."""


@record
class SentBefore:
    """What an answer said, and how it went out."""

    inbound_id: int
    link: str
    sender: str
    recipient: Address
    body: str


def find_to_send_again(connection: Connection, outbound_id: int) -> SentBefore | None:
    """Return a finished answer whose text is still there; None when there is nothing to send.

    The first answer stays as it is, so its receipts and its history are not lost. One that held a secret has no text
    any more and is not sent again: run the citizen's text again, or give a new password.
    """
    row = connection.execute(
        select(outbound).where(outbound.c.id == outbound_id, outbound.c.state.in_(_FINISHED))
    ).one_or_none()
    if row is None or row.body is None or row.masked is not None or row.inbound_id is None:
        return None
    return SentBefore(
        inbound_id=row.inbound_id, link=row.link, sender=row.sender, recipient=row.recipient, body=row.body
    )


def run_again(connection: Connection, inbound_id: int) -> bool:
    """Let a text that was handled, parked or refused be read and answered once more; handlers are safe to repeat.

    False when it is not. A text that came twice is not run: its first one is.
    """
    was_off = and_(inbound.c.state == InboundState.SILENCED, inbound.c.outcome == SWITCHED_OFF)
    changed = connection.execute(
        update(inbound)
        .where(inbound.c.id == inbound_id, or_(inbound.c.state.in_(_TO_RUN), was_off))
        .values(state=InboundState.RECEIVED, attempts=0, lease_until=None, handled_at=None)
    )
    return changed.rowcount == 1
