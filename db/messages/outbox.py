r"""The outbox: answers from the moment they are written until their fate is known.

queued --claim--> claimed --taken by the carrier--> sent --receipt--> delivered | failed
  ^                 |  \--refused for good--> failed
  |                 |
  \--refused for now, lease over, no response (unsure)--/
queued --too old--> expired
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    String,
    bindparam,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

from db.processes.webhook_messages import noting_failures
from db.schema import OutboundState, outbound, segment
from db.store.address import Address
from db.store.column_types import keyring_of
from db.store.prepared_statements import Prepared
from db.store.record import record

LONGEST_PAUSE = timedelta(minutes=3)
"""No pause before the next try is so long; one that is was set before the clock went back."""

_EARLIER = outbound.alias("earlier")
# Word for word the condition of the partial indexes: with bound values SQLite could not know that they apply.
_UNSETTLED = text("outbound.state IN ('queued', 'claimed')")
_EARLIER_UNSETTLED = text("earlier.state IN ('queued', 'claimed')")


@record
class NewOutbound:
    """An answer to store; `masked` is what operators see when the body holds a secret."""

    id: int
    inbound_id: int | None
    link: str
    sender: str
    recipient: Address
    body: str
    masked: str | None
    reference: int
    created_at: datetime
    expires_at: datetime


@record
class ClaimedOutbound:
    """An answer that the claimer holds by a lease and is about to send."""

    id: int
    sender: str
    recipient: Address
    body: str
    reference: int
    expires_at: datetime
    attempts: int
    unanswered: int  # of the earlier tries: those of which nobody knows whether they arrived


@record
class SentSegment:
    """A segment that the carrier took; `message_key` is how receipts find it (db.messages.receipts.message_key)."""

    outbound_id: int
    number: int
    link: str
    message_id: str
    message_key: str
    sent_at: datetime
    submitted_at: datetime | None = None


@record
class Settlement:
    """What a try of sending came to. QUEUED means again, not before `not_before`."""

    outbound_id: int
    state: OutboundState
    data_coding: int | None
    segments: int | None
    error: str | None
    unsure: bool
    not_before: datetime
    perhaps_taken_by: str | None = None  # a provider that would send it once, however often it comes


_SEGMENT = ("outbound_id", "number", "link", "message_id", "message_key", "sent_at", "submitted_at")
_ADD_SEGMENTS_ON = {
    "sqlite": Prepared(insert_on_sqlite(segment).on_conflict_do_nothing(), *_SEGMENT),
    "postgresql": Prepared(insert_on_postgresql(segment).on_conflict_do_nothing(), *_SEGMENT),
}
_SETTLE = Prepared(
    update(outbound)
    .where(outbound.c.id == bindparam("row_id"), outbound.c.state == OutboundState.CLAIMED)
    .values(
        state=bindparam("new_state"),
        data_coding=bindparam("new_data_coding"),
        segments=bindparam("new_segments"),
        error=bindparam("new_error"),
        unsure=outbound.c.unsure | bindparam("new_unsure", type_=outbound.c.unsure.type),
        unanswered=outbound.c.unanswered + bindparam("newly_unanswered", type_=outbound.c.unanswered.type),
        not_before=bindparam("new_not_before"),
        sent_at=bindparam("new_sent_at"),
        settled_at=bindparam("new_settled_at"),
        lease_until=None,
        # A secret ends with the send: from here on only the masked text is left.
        body=case(
            (bindparam("final", type_=outbound.c.unsure.type) & outbound.c.masked.is_not(None), null()),
            else_=outbound.c.body,
        ),
    ),
    "row_id",
    "new_state",
    "new_data_coding",
    "new_segments",
    "new_error",
    "new_unsure",
    "newly_unanswered",
    "new_not_before",
    "new_sent_at",
    "new_settled_at",
    "final",
)


_UNSETTLED_TO = Prepared(
    select(outbound.c.recipient_mark).where(
        outbound.c.recipient_mark.in_(bindparam("marks", expanding=True)), _UNSETTLED
    )
)
_ANY_QUEUED = Prepared(
    select(outbound.c.id)
    .where(outbound.c.link == bindparam("link"), _UNSETTLED, outbound.c.lease_until.is_(None))
    .limit(1)
)
_DUE = (
    select(outbound.c.id)
    .where(
        outbound.c.link == bindparam("claimed_link"),
        _UNSETTLED,
        outbound.c.lease_until.is_(None),  # queued, not claimed, word for word as in the partial index
        or_(
            outbound.c.attempts == 0,  # due when it was written, whatever the clock says since
            outbound.c.not_before <= bindparam("now"),
            outbound.c.not_before > bindparam("implausible"),
        ),
        outbound.c.expires_at > bindparam("now"),
        # In a coalesce() PostgreSQL makes no join of it, which reads all that is unsettled for each answer: its
        # statistics, taken at rest, tell that nothing is.
        func.coalesce(
            ~exists().where(
                _EARLIER.c.recipient_mark == outbound.c.recipient_mark,
                _EARLIER.c.id < outbound.c.id,
                _EARLIER_UNSETTLED,
            ),
            false(),
        ),
    )
    .order_by(outbound.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # SQLite leaves this out: it has one writer
    .cte("due")  # as a mere subquery PostgreSQL may run it more than once, and claim more than the limit
)
_PERHAPS_ELSEWHERE = outbound.c.perhaps_taken_by.is_not(None) & outbound.c.perhaps_taken_by.is_distinct_from(
    bindparam("at", type_=String)
)
_CLAIM = Prepared(
    update(outbound)
    # The same here: rows are found by their ids, and not each among all that are queued.
    .where(outbound.c.id.in_(select(_DUE.c.id)), func.coalesce(outbound.c.state == OutboundState.QUEUED, false()))
    .values(
        state=OutboundState.CLAIMED,
        lease_until=bindparam("until"),
        attempts=outbound.c.attempts + 1,
        provider=bindparam("at", type_=String),
        # Our id means nothing to another provider: from here on it may go out twice.
        unsure=outbound.c.unsure | _PERHAPS_ELSEWHERE,
        unanswered=outbound.c.unanswered + case((_PERHAPS_ELSEWHERE, 1), else_=0),
        perhaps_taken_by=case((_PERHAPS_ELSEWHERE, null()), else_=outbound.c.perhaps_taken_by),
    )
    .returning(
        outbound.c.id,
        outbound.c.sender,
        outbound.c.recipient,
        outbound.c.body,
        outbound.c.reference,
        outbound.c.expires_at,
        outbound.c.attempts,
        outbound.c.unanswered,
    )
)


def unsettled_recipients(connection: Connection, recipients: Collection[Address]) -> set[Address]:
    """Return those citizens to whom an earlier answer is still on its way."""
    if not recipients:
        return set()
    keyring = keyring_of(connection.dialect)
    marks = {keyring.mark(b"phone", recipient.encode("utf-8", "surrogatepass")): recipient for recipient in recipients}
    return {marks[mark] for (mark,) in _UNSETTLED_TO.fetch(connection, {"marks": list(marks)})}


def states_of(connection: Connection, ids: Collection[int]) -> Sequence[OutboundState]:
    """Return the states of these texts, in no order."""
    return connection.scalars(select(outbound.c.state).where(outbound.c.id.in_(ids))).all()


def has_queued(connection: Connection, link: str) -> bool:
    """Return whether any answer waits to go out by this link."""
    return bool(_ANY_QUEUED.fetch(connection, {"link": link}))


def claim(
    connection: Connection,
    *,
    link: str,
    now: datetime,
    lease_until: datetime,
    limit: int,
    provider: str | None = None,
) -> list[ClaimedOutbound]:
    """Claim answers to send by this link, oldest first.

    An answer is passed over while an earlier one to the same citizen is unsettled, so answers arrive in order. One that
    another provider than this may have taken is unsure from now on. `provider` names one that sends an answer once,
    however often it comes with our id; None for all others.
    """
    values = {
        "claimed_link": link,
        "at": provider,
        "now": now,
        "implausible": now + LONGEST_PAUSE,
        "until": lease_until,
        "most": limit,
    }
    claimed = [
        ClaimedOutbound(
            id=row_id,
            sender=sender,
            recipient=recipient,
            body=body,
            reference=reference,
            expires_at=expires_at,
            attempts=attempts,
            unanswered=unanswered,
        )
        for row_id, sender, recipient, body, reference, expires_at, attempts, unanswered in _CLAIM.fetch(
            connection, values
        )
    ]
    return sorted(claimed, key=lambda answer: answer.id)


def note_provider(connection: Connection, ids: Collection[int], provider: str) -> None:
    """Note which provider gets these answers, which the caller has just stored as claimed."""
    connection.execute(update(outbound).where(outbound.c.id.in_(ids)).values(provider=provider))


def segments_taken(connection: Connection, ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return which segments of these answers the carrier took at an earlier try."""
    taken: dict[int, set[int]] = {}
    if ids:
        asked = select(segment.c.outbound_id, segment.c.number).where(segment.c.outbound_id.in_(ids))
        for outbound_id, number in connection.execute(asked):
            taken.setdefault(outbound_id, set()).add(number)
    return {outbound_id: frozenset(numbers) for outbound_id, numbers in taken.items()}


def settle(connection: Connection, settlements: Sequence[Settlement], *, at: datetime) -> None:
    """Write what became of claimed answers; one that is no longer claimed is left as it is, so twice does no harm."""
    failing = [item.outbound_id for item in settlements if item.state is OutboundState.FAILED]
    with noting_failures(connection, failing, at=at):
        _SETTLE.run_many(
            connection,
            [
                (
                    item.outbound_id,
                    item.state,
                    item.data_coding,
                    item.segments,
                    item.error,
                    item.unsure,
                    int(item.unsure),
                    item.not_before,
                    at if item.state is OutboundState.SENT else None,
                    at if item.state is OutboundState.FAILED else None,
                    item.state is not OutboundState.QUEUED,
                )
                for item in settlements
            ],
        )
    for item in settlements:
        if item.perhaps_taken_by is not None:
            row = outbound.c.id == item.outbound_id
            connection.execute(update(outbound).where(row).values(perhaps_taken_by=item.perhaps_taken_by))


def add_segments(connection: Connection, segments: Sequence[SentSegment]) -> None:
    """Insert segments that the carrier took; one that is there already stays, so twice does no harm.

    A second one comes when a commit succeeded and its word was lost, or when two processes sent the same answer.
    """
    _ADD_SEGMENTS_ON[connection.dialect.name].run_many(
        connection,
        [
            (
                item.outbound_id,
                item.number,
                item.link,
                item.message_id,
                item.message_key,
                item.sent_at,
                item.submitted_at,
            )
            for item in segments
        ],
    )
