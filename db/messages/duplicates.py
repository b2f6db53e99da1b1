"""Originals: the earlier texts that one repeats, known again by the provider's id, signature or fingerprint."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, LargeBinary, bindparam, func, select

from db.schema import InboundState, inbound
from db.schema.time_buckets import buckets_since, in_buckets, in_given_buckets
from db.store.prepared_statements import Prepared
from db.store.record import record
from db.store.sealing import MARK_OCTETS


@record
class EarlierText:
    """What is known of an earlier text when the same comes again."""

    id: int
    link: str
    session: int | None
    received_at: datetime


ID_OCTETS = MARK_OCTETS // 2
"""So many octets of a once key are of the provider's id, the rest of the fingerprint: see `once_key`."""

_BY_ONCE = Prepared(
    select(inbound.c.once_key, func.coalesce(inbound.c.duplicate_of, inbound.c.id)).where(
        inbound.c.once_key.in_(bindparam("marks", expanding=True))
    )
)
_BY_SIGNATURE = Prepared(
    select(inbound.c.signature_mark, func.coalesce(inbound.c.duplicate_of, inbound.c.id)).where(
        inbound.c.signature_mark.in_(bindparam("marks", expanding=True))
    )
)
_ONE_ID = (
    select(inbound.c.id)
    .where(
        inbound.c.once_key >= bindparam("first", type_=LargeBinary()),
        inbound.c.once_key <= bindparam("last", type_=LargeBinary()),
        inbound.c.once_key != bindparam("known", type_=LargeBinary()),
    )
    .limit(1)
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
            in_given_buckets(inbound.c.id)["sqlite"],
            inbound.c.sender_mark.in_(bindparam("senders", expanding=True)),
            inbound.c.state.in_(_ORIGINALS),
            inbound.c.id >= bindparam("since_id"),
        )
    ),
    "postgresql": Prepared(_ALIKE),
}


def once_key(provider_id: bytes, fingerprint: bytes) -> bytes:
    """Join the marks of a provider's id and of sender, recipient and text: what a repetition has in common.

    The id comes first, so that an id that other texts have too is found in the same index.
    """
    return provider_id[:ID_OCTETS] + fingerprint[: MARK_OCTETS - ID_OCTETS]


def find_by_once(connection: Connection, keys: Collection[bytes]) -> Mapping[bytes, int]:
    """Return the ids of the texts that have these once keys; of one that was a duplicate itself, its original's."""
    if not keys:
        return {}
    return dict(_BY_ONCE.fetch(connection, {"marks": list(keys)}))


def find_by_signature(connection: Connection, marks: Collection[bytes]) -> Mapping[bytes, int]:
    """Return the ids of the texts whose requests had these signatures; of a duplicate, its original's."""
    if not marks:
        return {}
    return dict(_BY_SIGNATURE.fetch(connection, {"marks": list(marks)}))


def is_id_of_others(connection: Connection, key: bytes) -> bool:
    """Return whether the provider gave the id in this once key to another sender or text too."""
    given, rest = key[:ID_OCTETS], MARK_OCTETS - ID_OCTETS
    asked = {"first": given + bytes(rest), "last": given + b"\xff" * rest, "known": key}
    return connection.execute(_ONE_ID, asked).first() is not None


def find_alike(
    connection: Connection, senders: Mapping[bytes, str], since: datetime, since_id: int
) -> Mapping[bytes, Sequence[EarlierText]]:
    """Return by fingerprint the texts that came since then, oldest first, duplicates left out; `since_id` is of then.

    Asked for are fingerprints, each with its sender.
    """
    found: dict[bytes, list[EarlierText]] = {}
    if senders:
        asked = {
            "spans": buckets_since(connection, inbound, since_id),
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
    connection: Connection, *, sender: str, fingerprint: bytes, since_id: int
) -> tuple[int, InboundState] | None:
    """Return id and state of this sender's newest text with this fingerprint, duplicates followed.

    One that came before `since_id` need not be found.
    """
    asked = select(inbound.c.id, inbound.c.state, inbound.c.duplicate_of)
    newest = asked.where(
        in_buckets(inbound.c.id, buckets_since(connection, inbound, since_id)),
        inbound.c.sender_mark == sender,
        inbound.c.fingerprint == fingerprint,
    )
    row = connection.execute(newest.order_by(inbound.c.id.desc()).limit(1)).first()
    if row is not None and row.duplicate_of is not None:
        original = asked.where(inbound.c.id == row.duplicate_of, inbound.c.sender_mark == sender)
        row = connection.execute(original).first()
    return None if row is None else (row.id, row.state)
