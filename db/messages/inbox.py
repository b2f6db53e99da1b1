r"""The inbox: citizens' texts from the moment they are stored until they are handled.

received --handled--> handled
   |  \--handling failed, or ended its process, N times--> parked
   |--seen before--> redelivery | double_tap        (never handled)
   \--no address that can be answered--> unanswerable      (never handled)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy import Boolean, Connection, bindparam, case, insert, literal, or_, select, update

from db.schema import InboundState, inbound
from db.store.address import Address
from db.store.prepared_statements import Prepared
from db.store.record import record

LONGEST_LEASE = timedelta(minutes=3)
"""No lease and no pause before the next try is so long; one that is was given before the clock went back."""

BATCH = 500
"""Rows asked for at once: enough for the fullest round, few enough for every database's limit of parameters."""


@record
class NewInbound:
    """A row to store. `once` marks the provider's id with its link, `fingerprint` the sender, recipient and text.

    `signature` marks that of a signed request.
    """

    id: int
    link: str
    reply_link: str
    session: int | None
    once: bytes | None
    fingerprint: bytes
    sender: str
    recipient: str
    data_coding: int
    octets: bytes
    wire: bytes | None
    body: str
    received_at: datetime
    state: InboundState
    duplicate_of: int | None
    lease_until: datetime | None
    signature: bytes | None = None


@record
class WaitingText:
    """A stored text that somebody holds by a lease and is about to handle; `link` is where its answer goes out.

    `attempts` counts the claims, this one too, and 0 is one that its claimer has just stored.
    """

    id: int
    link: str
    sender: Address
    recipient: str
    body: str
    received_at: datetime
    lease_until: datetime
    attempts: int


@record
class Handled:
    """How a text was read and what came of it; both free of personal data. `told` is the column's."""

    id: int
    state: InboundState
    reading: str | None
    outcome: str | None
    told: bytes | None = None


_STORE = Prepared(
    insert(inbound),
    "id",
    "link",
    "reply_link",
    "session",
    "once_key",
    "fingerprint",
    "sender",
    "sender_mark",
    "recipient",
    "data_coding",
    "octets",
    "wire",
    "body",
    "received_at",
    "state",
    "duplicate_of",
    "lease_until",
    "reading",
    "outcome",
    "handled_at",
    "told",
    "signature_mark",
)
_HELD = select(inbound.c.id).where(
    inbound.c.id.in_(bindparam("ids", expanding=True)),
    inbound.c.state == InboundState.RECEIVED,
    inbound.c.lease_until == bindparam("lease"),
)
_HELD_BY_LOCK = Prepared(_HELD.with_for_update())
_HELD_ALONE = Prepared(_HELD)  # on SQLite, which has one writer
_FINISH = Prepared(
    update(inbound)
    .where(inbound.c.id == bindparam("row_id"))
    .values(
        state=bindparam("new_state"),
        reading=bindparam("new_reading"),
        outcome=bindparam("new_outcome"),
        handled_at=bindparam("at"),
        told=bindparam("new_told"),
        lease_until=None,
    ),
    "row_id",
    "new_state",
    "new_reading",
    "new_outcome",
    "at",
    "new_told",
)
_FREE = Prepared(
    select(
        inbound.c.attempts,
        inbound.c.id,
        inbound.c.reply_link,
        inbound.c.sender,
        inbound.c.recipient,
        inbound.c.body,
        inbound.c.received_at,
    )
    .where(
        inbound.c.state == InboundState.RECEIVED,
        or_(
            inbound.c.lease_until.is_(None),
            inbound.c.lease_until <= bindparam("now"),
            inbound.c.lease_until > bindparam("implausible"),
        ),
        or_(inbound.c.attempts == 0, bindparam("tried_too", type_=Boolean())),
    )
    .order_by(inbound.c.id)
    .limit(bindparam("most"))
    # The rows stay locked until the update; SQLite, which has one writer, leaves the words out.
    .with_for_update(skip_locked=True)
)
_CLAIM = Prepared(
    update(inbound)
    .where(inbound.c.id == bindparam("row_id"))
    .values(lease_until=bindparam("until"), attempts=inbound.c.attempts + 1),
    "row_id",
    "until",
)
_LET_GO = (
    update(inbound)
    .where(inbound.c.id == bindparam("row_id"))
    .values(lease_until=bindparam("until"), attempts=bindparam("earlier_attempts"))
)
_RENEW = (
    update(inbound).where(inbound.c.id.in_(bindparam("ids", expanding=True))).values(lease_until=bindparam("longer"))
)
_RELEASE = (
    update(inbound)
    .where(inbound.c.id.in_(bindparam("ids", expanding=True)), inbound.c.state == InboundState.RECEIVED)
    .values(lease_until=bindparam("retry_at"), attempts=case((inbound.c.attempts == 0, 1), else_=inbound.c.attempts))
)


def store(
    connection: Connection, rows: Sequence[NewInbound], handled: Sequence[Handled] = (), *, at: datetime | None = None
) -> None:
    """Insert the rows; those that were handled already, `at` that time, as handled.

    An id of a provider, or a signature, stored meanwhile by another process raises IntegrityError.
    """
    ends = {end.id: end for end in handled}
    _STORE.run_many(connection, [_values(row, ends.get(row.id), at) for row in rows])


def _values(row: NewInbound, end: Handled | None, at: datetime | None) -> tuple[object, ...]:
    """Return the values of a row in the order of _STORE."""
    return (
        row.id,
        row.link,
        row.reply_link,
        row.session,
        row.once,
        row.fingerprint,
        row.sender,
        row.sender,  # becomes its mark
        row.recipient,
        row.data_coding,
        row.octets,
        row.wire,
        row.body,
        row.received_at,
        row.state if end is None else end.state,
        row.duplicate_of,
        row.lease_until if end is None else None,
        None if end is None else end.reading,
        None if end is None else end.outcome,
        None if end is None else at,
        None if end is None else end.told,
        row.signature,
    )


def claim_waiting(
    connection: Connection, *, now: datetime, lease_until: datetime, limit: int, tried_too: bool = True
) -> list[WaitingText]:
    """Claim texts that nobody holds, oldest first: left over by a crash, stored by another process, or due again.

    One that was claimed before is claimed alone: it may have ended the process, and must not take others with it.
    Without `tried_too` such texts are left.
    """
    asked = {"now": now, "implausible": now + LONGEST_LEASE, "tried_too": tried_too, "most": limit}
    free = _FREE.fetch(connection, asked)
    chosen = list(takewhile(lambda row: row[0] == 0, free)) or free[:1]
    _CLAIM.run_many(connection, [(row_id, lease_until) for _, row_id, *_ in chosen])
    return [
        WaitingText(
            id=row_id,
            link=link,
            sender=Address(sender),
            recipient=recipient,
            body=body,
            received_at=received_at,
            lease_until=lease_until,
            attempts=attempts + 1,
        )
        for attempts, row_id, link, sender, recipient, body, received_at in chosen
    ]


def renew(connection: Connection, texts: Sequence[WaitingText], *, lease_until: datetime) -> list[WaitingText]:
    """Hold texts for longer; return those that were still ours, with their new lease."""
    held = still_held(connection, texts)
    if held:
        connection.execute(_RENEW, {"ids": [text.id for text in held], "longer": lease_until})
    return [replace(text, lease_until=lease_until) for text in held]


def still_held(connection: Connection, texts: Sequence[WaitingText]) -> list[WaitingText]:
    """Return those texts that are still ours, each once.

    A lease that ran out may have been taken over, by another process or by our own: then the later claim holds.
    """
    held: dict[int, datetime] = {}
    by_lease: dict[datetime, list[int]] = {}
    for text in texts:
        by_lease.setdefault(text.lease_until, []).append(text.id)
    for lease, ids in by_lease.items():
        statement = _HELD_ALONE if connection.dialect.name == "sqlite" else _HELD_BY_LOCK
        held.update((row_id, lease) for (row_id,) in statement.fetch(connection, {"ids": ids, "lease": lease}))
    return list({text.id: text for text in texts if held.get(text.id) == text.lease_until}.values())


def finish(connection: Connection, handled: Sequence[Handled], *, at: datetime) -> None:
    """Mark texts as handled or parked."""
    _FINISH.run_many(connection, [(text.id, text.state, text.reading, text.outcome, at, text.told) for text in handled])


def put_back(connection: Connection, ids: Collection[int], *, retry_at: datetime) -> None:
    """Let the texts be claimed again at that time; a failed handling counts, as a claim or of a new text by itself."""
    connection.execute(_RELEASE, {"ids": list(ids), "retry_at": retry_at})


def let_go(connection: Connection, texts: Sequence[WaitingText], *, until: datetime | None = None) -> None:
    """Take our claims back, uncounted: another process, or the next start, may claim at once, or from `until` on."""
    for text in still_held(connection, texts):
        earlier = max(0, text.attempts - 1)
        connection.execute(_LET_GO, {"row_id": text.id, "until": until, "earlier_attempts": earlier})


def release_all(connection: Connection, *, tried_again_at: datetime) -> int:
    """Give up every lease, at the start of the one process that owns the database; return how many there were.

    What was in hand alone when a process died rests until `tried_again_at`.
    """
    released = connection.execute(
        update(inbound)
        .where(inbound.c.state == InboundState.RECEIVED, inbound.c.lease_until.is_not(None))
        .values(
            lease_until=case((inbound.c.attempts > 1, literal(tried_again_at, inbound.c.lease_until.type)), else_=None)
        )
    )
    return released.rowcount
