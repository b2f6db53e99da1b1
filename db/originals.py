"""Originals: the earlier texts that one repeats, known again by the provider's id or by fingerprint."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from db.prepared import Prepared
from db.record import record
from db.schema import InboundState, inbound
from db.spans import in_given_spans, in_spans, spans_since


@record
class EarlierText:
    """What is known of an earlier text when the same comes again."""

    id: int
    link: str
    session: int | None
    received_at: datetime


_BY_ONCE = Prepared(
    select(inbound.c.once_key, inbound.c.id).where(inbound.c.once_key.in_(bindparam("marks", expanding=True)))
)
_ORIGINALS = tuple(state for state in InboundState if state not in {InboundState.REDELIVERY, InboundState.DOUBLE_TAP})
"""What a text can be that came for the first time."""

_ALIKE = (
    select(inbound.c.id, inbound.c.fingerprint, inbound.c.link, inbound.c.session, inbound.c.received_at)
    .where(
        inbound.c.fingerprint.in_(bindparam("marks", expanding=True)),
        inbound.c.received_at >= bindparam("since"),
        inbound.c.duplicate_of.is_(None),
    )
    .order_by(inbound.c.id)
)
_ALIKE_ON = {
    "sqlite": Prepared(
        _ALIKE.where(
            in_given_spans(inbound.c.id)["sqlite"],
            inbound.c.sender_mark.in_(bindparam("senders", expanding=True)),
            inbound.c.state.in_(_ORIGINALS),
            inbound.c.id >= bindparam("since_id"),
        )
    ),
    "postgresql": Prepared(_ALIKE),
}


def find_by_once(connection: Connection, marks: Collection[bytes]) -> Mapping[bytes, int]:
    """Return the ids of the texts that the provider sent before under these ids."""
    if not marks:
        return {}
    return dict(_BY_ONCE.fetch(connection, {"marks": list(marks)}))


def find_alike(
    connection: Connection, senders: Mapping[bytes, str], since: datetime, since_id: int
) -> Mapping[bytes, Sequence[EarlierText]]:
    """Return by fingerprint the texts that came since then, oldest first, duplicates left out; `since_id` is of then.

    Asked for are fingerprints, each with its sender.
    """
    found: dict[bytes, list[EarlierText]] = {}
    if senders:
        asked = {
            "spans": spans_since(connection, inbound, since_id),
            "senders": list(set(senders.values())),
            "marks": list(senders),
            "since": since,
            "since_id": since_id,
        }
        rows = _ALIKE_ON[connection.dialect.name].fetch(connection, asked)
        for row_id, fingerprint, link, session, received_at in rows:
            text = EarlierText(id=row_id, link=link, session=session, received_at=received_at)
            found.setdefault(fingerprint, []).append(text)
    return found


def find_original(
    connection: Connection, *, once: bytes | None, sender: str, fingerprint: bytes, since_id: int
) -> tuple[int, InboundState] | None:
    """Return id and state of the newest text with this provider's id, else this fingerprint, duplicates followed.

    By its fingerprint a text need not be found that came before `since_id`.
    """
    asked = select(inbound.c.id, inbound.c.state, inbound.c.duplicate_of)
    if once is not None:
        asked = asked.where(inbound.c.once_key == once)
    else:
        spans = spans_since(connection, inbound, since_id)
        asked = asked.where(
            in_spans(inbound.c.id, spans), inbound.c.sender_mark == sender, inbound.c.fingerprint == fingerprint
        )
    row = connection.execute(asked.order_by(inbound.c.id.desc()).limit(1)).first()
    if row is not None and row.duplicate_of is not None:
        asked = select(inbound.c.id, inbound.c.state, inbound.c.duplicate_of)
        row = connection.execute(asked.where(inbound.c.id == row.duplicate_of)).first()
    return None if row is None else (row.id, row.state)
