"""Parts of long texts: rows from the moment they come until the text is whole or overdue, and a while after.

    stored --all are there, or a long wait--> joined (its text is an inbound row, its own octets are gone) --> forgotten

A part may be acknowledged as soon as its row is committed. The joined rows stay for some minutes with nothing but
marks in them, so that a part that the carrier sends again is known. Those with a provider's id or a signature stay for
days: providers by HTTP repeat for so long.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, LargeBinary, bindparam, delete, func, insert, or_, select, text, update

from db.messages.duplicates import ID_OCTETS
from db.schema import part
from db.store.prepared_statements import Prepared
from db.store.sealing import MARK_OCTETS


@dataclass(frozen=True, kw_only=True, slots=True)
class PartRow:
    """One part. `text_mark` marks link, sender, recipient, reference and total; `content_mark` coding and octets."""

    id: int
    text_mark: bytes
    number: int  # 1 … total
    total: int
    content_mark: bytes
    link: str
    session: int | None
    sender: str  # as received; empty once joined
    recipient: str  # as received; empty once joined
    octets: bytes  # header off; empty once joined
    data_coding: int
    received_at: datetime
    joined_at: datetime | None = None
    reply_link: str | None = None  # where the answer to the text goes; None: the link it came in on
    wire: bytes | None = None  # the whole PDU or request; None once joined
    once_key: bytes | None = None  # db.messages.duplicates.once_key of the provider's id and this part; None: no id
    signature_mark: bytes | None = None


_FIND = (
    select(part)
    .where(part.c.text_mark.in_(bindparam("marks", expanding=True)))
    .order_by(part.c.id)
    .with_for_update()  # SQLite leaves this out: it has one writer
)
_HOLD = text("SELECT pg_advisory_xact_lock(:of_parts, place) FROM unnest(CAST(:places AS integer[])) AS place")
_OF_PARTS = 1_885_434_484
"""Begins the locks of parts; no other lock has two numbers."""

_PLACES = 64
"""Locks for all texts, so that a transaction of many parts takes few. Two texts with one lock wait for each other."""

_STORE = insert(part)
_JOIN = (
    update(part)
    .where(part.c.id.in_(bindparam("ids", expanding=True)))
    .values(joined_at=bindparam("at"), sender=None, recipient=None, octets=None, wire=None)
)
_FORGET = delete(part).where(part.c.id.in_(bindparam("ids", expanding=True)))
_BY_ONCE = select(part.c.once_key).where(part.c.once_key.in_(bindparam("marks", expanding=True)))
_BY_SIGNATURE = select(part.c.signature_mark).where(part.c.signature_mark.in_(bindparam("marks", expanding=True)))
_OTHER_TEXT = (
    select(part.c.id)
    .where(
        part.c.once_key >= bindparam("first", type_=LargeBinary()),
        part.c.once_key <= bindparam("last", type_=LargeBinary()),
        part.c.text_mark != bindparam("text", type_=LargeBinary()),
    )
    .limit(1)
)
_OVERDUE = Prepared(
    select(part.c.text_mark)
    .where(part.c.joined_at.is_(None))
    .group_by(part.c.text_mark)
    .having(func.max(part.c.received_at) <= bindparam("before", type_=part.c.received_at.type))
    .limit(bindparam("most"))
)


def find(connection: Connection, marks: Collection[bytes]) -> list[PartRow]:
    """Return all parts of these texts, joined ones too, oldest first, and hold the texts until the transaction's end.

    Aggregators send the parts of a text at once, and two processes may take them. Each must see the other's part, or
    neither joins the text. No lock of a row holds a part that is not there yet. Call this once in a transaction: the
    locks are taken in one order, so that no two transactions wait for each other.
    """
    if not marks:
        return []
    if connection.dialect.name == "postgresql":
        places = sorted({mark[0] % _PLACES for mark in marks})
        connection.execute(_HOLD, {"of_parts": _OF_PARTS, "places": places})
    return [
        PartRow(
            id=row.id,
            text_mark=row.text_mark,
            number=row.number,
            total=row.total,
            content_mark=row.content_mark,
            link=row.link,
            session=row.session,
            sender=row.sender or "",
            recipient=row.recipient or "",
            octets=row.octets or b"",
            data_coding=row.data_coding,
            received_at=row.received_at,
            joined_at=row.joined_at,
            reply_link=row.reply_link,
            wire=row.wire,
            once_key=row.once_key,
            signature_mark=row.signature_mark,
        )
        for row in connection.execute(_FIND, {"marks": list(marks)})
    ]


def find_known(connection: Connection, rows: Sequence[PartRow]) -> tuple[set[bytes], set[bytes]]:
    """Return which once keys and which signatures of these parts came before.

    An id that the provider gave to a part of another text too proves nothing, and is left out.
    """
    once = {row.once_key: row.text_mark for row in rows if row.once_key is not None}
    signatures = {row.signature_mark for row in rows if row.signature_mark is not None}
    known = set(connection.scalars(_BY_ONCE, {"marks": list(once)})) if once else set()
    return (
        {key for key in known if not _is_id_of_others(connection, key, once[key])},
        set(connection.scalars(_BY_SIGNATURE, {"marks": list(signatures)})) if signatures else set(),
    )


def _is_id_of_others(connection: Connection, key: bytes, text_mark: bytes) -> bool:
    given, rest = key[:ID_OCTETS], MARK_OCTETS - ID_OCTETS
    asked = {"first": given + bytes(rest), "last": given + b"\xff" * rest, "text": text_mark}
    return connection.execute(_OTHER_TEXT, asked).first() is not None


def store(connection: Connection, rows: Sequence[PartRow]) -> None:
    """Insert parts; those that are joined already without their octets and addresses."""
    if not rows:
        return
    connection.execute(
        _STORE,
        [
            {
                "id": row.id,
                "text_mark": row.text_mark,
                "number": row.number,
                "total": row.total,
                "content_mark": row.content_mark,
                "once_key": row.once_key,
                "signature_mark": row.signature_mark,
                "link": row.link,
                "session": row.session,
                "sender": None if row.joined_at else row.sender,
                "recipient": None if row.joined_at else row.recipient,
                "octets": None if row.joined_at else row.octets,
                "wire": None if row.joined_at else row.wire,
                "data_coding": row.data_coding,
                "received_at": row.received_at,
                "joined_at": row.joined_at,
                "reply_link": row.reply_link,
            }
            for row in rows
        ],
    )


def join(connection: Connection, ids: Collection[int], *, at: datetime) -> None:
    """Mark parts as joined and drop what they said, which their text now holds."""
    if ids:
        connection.execute(_JOIN, {"ids": list(ids), "at": at})


def forget(connection: Connection, ids: Collection[int]) -> None:
    """Delete parts."""
    if ids:
        connection.execute(_FORGET, {"ids": list(ids)})


def find_overdue(connection: Connection, *, before: datetime, limit: int) -> list[bytes]:
    """Return the marks of texts of which no part has come since then, and some never did."""
    return [mark for (mark,) in _OVERDUE.fetch(connection, {"before": before, "most": limit})]


def forget_joined(connection: Connection, *, before: datetime, marked_before: datetime) -> int:
    """Delete parts whose text was joined before then, those with an id or a signature later; return how many."""
    bare = part.c.once_key.is_(None) & part.c.signature_mark.is_(None)
    ended = (part.c.joined_at < before) & or_(bare, part.c.joined_at < marked_before)
    return connection.execute(delete(part).where(ended)).rowcount


def set_aside(connection: Connection, text_mark: bytes, *, at: datetime) -> None:
    """Let no one wait for a text whose parts cannot be joined; what they say stays until they are forgotten."""
    connection.execute(
        update(part).where(part.c.text_mark == text_mark, part.c.joined_at.is_(None)).values(joined_at=at)
    )
