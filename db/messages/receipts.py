"""Delivery receipts: found by the carrier's message id, the last final one kept, folded into the answer's state.

Which segment a receipt means is told in db.messages.receipt_matching.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from db.messages.message_ids import MAX_LENGTH, keys_by_rule, message_key
from db.messages.outbox import SentSegment
from db.messages.receipt_matching import Hit, NewReceipt, learn, match
from db.processes.webhook_messages import noting_failures
from db.schema import OutboundState, ReceiptState, outbound, segment, stray_receipt
from db.store.prepared_statements import Prepared

FINAL = frozenset(
    {
        ReceiptState.DELIVERED,
        ReceiptState.EXPIRED,
        ReceiptState.DELETED,
        ReceiptState.UNDELIVERABLE,
        ReceiptState.REJECTED,
    }
)
"""States that say what became of a segment; only a later one of these replaces one.

ACCEPTED is none: carriers give it when they take a message, long before the phone has it. Nor is UNKNOWN.
"""

_LOST = FINAL - {ReceiptState.DELIVERED}

_SETTLED = (OutboundState.SENT, OutboundState.DELIVERED, OutboundState.FAILED)
"""States of an answer that a receipt changes."""

_BY_RECEIPT = "receipt:"
"""Begins the error of an answer that failed by a receipt."""

_NONE: Mapping[int, NewReceipt] = MappingProxyType({})

_Change = tuple[int, OutboundState, str | None, datetime | None]
"""An answer's id, its new state with an error, and since when; None while it is not settled."""

MAX_STRAYS = 10_000
"""Receipts kept of one link that found no message yet; more can only be a fault, and the oldest go."""

_WRITE = Prepared(
    update(segment)
    .where(segment.c.outbound_id == bindparam("row_id"), segment.c.number == bindparam("row_number"))
    .values(
        receipt=bindparam("new_receipt"), receipt_error=bindparam("new_error"), receipt_at=bindparam("new_receipt_at")
    ),
    "row_id",
    "row_number",
    "new_receipt",
    "new_error",
    "new_receipt_at",
)
_FOLDED = Prepared(
    select(
        outbound.c.id,
        outbound.c.segments,
        outbound.c.state,
        outbound.c.error,
        segment.c.receipt,
        segment.c.receipt_error,
    )
    .join(segment, segment.c.outbound_id == outbound.c.id)
    .where(
        outbound.c.id.in_(bindparam("ids", expanding=True)),
        outbound.c.state.in_(_SETTLED),
    )
)
_FOLD = Prepared(
    update(outbound)
    .where(outbound.c.id == bindparam("row_id"))
    .values(state=bindparam("new_state"), error=bindparam("new_error"), settled_at=bindparam("new_settled_at")),
    "row_id",
    "new_state",
    "new_error",
    "new_settled_at",
)
_KEEP = insert(stray_receipt)
_STRAYS = Prepared(
    select(
        stray_receipt.c.id,
        stray_receipt.c.link,
        stray_receipt.c.message_id,
        stray_receipt.c.state,
        stray_receipt.c.error,
        stray_receipt.c.sender_mark,
        stray_receipt.c.received_at,
    )
    .where(
        or_(
            stray_receipt.c.message_key.in_(bindparam("keys", expanding=True)),
            stray_receipt.c.sender_mark.in_(
                select(outbound.c.recipient_mark).where(outbound.c.id.in_(bindparam("ids", expanding=True)))
            ),
        ),
        stray_receipt.c.link.in_(bindparam("links", expanding=True)),
    )
    .order_by(stray_receipt.c.id)
)
_ANY_STRAY = Prepared(select(stray_receipt.c.id).limit(1))


def record(
    connection: Connection,
    receipts: Sequence[NewReceipt],
    *,
    at: datetime,
    by_own_id: Mapping[int, NewReceipt] = _NONE,
) -> int:
    """Write receipts to their segments and fold them; keep those whose message is unknown; return how many these are.

    `by_own_id` has the same receipts with our id of the answer, where the carrier names that too: an answer whose first
    response was lost may be known by no other. Safe to repeat: the last final state counts, so a receipt that comes
    twice changes nothing.
    """
    if not receipts:
        return 0
    hits, strays = match(connection, receipts)
    more, unknown = match(connection, [by_own_id[one.id] for one in strays if one.id in by_own_id])
    found = {hit.receipt.id for hit in more}
    strays = [one for one in strays if one.id not in by_own_id or by_own_id[one.id].id not in found]
    _keep(connection, [*strays, *unknown])
    _write(connection, [*hits, *more], at=at)
    return len(strays)


def adopt(connection: Connection, segments: Sequence[SentSegment], *, at: datetime) -> int:
    """Give receipts that came before their submit_sm_resp to the segments now known; return how many there were."""
    if not segments or not _ANY_STRAY.fetch(connection, {}):
        return 0
    keys = {key for sent in segments for keys in keys_by_rule(sent.message_id).values() for key in keys}
    asked = {
        "keys": list(keys),
        "ids": list({sent.outbound_id for sent in segments}),
        "links": list({sent.link for sent in segments}),
    }
    waiting = [
        NewReceipt(
            id=row_id,
            link=link,
            message_id=message_id,
            state=state,
            error=error,
            sender=sender_mark,
            received_at=received_at,
        )
        for row_id, link, message_id, state, error, sender_mark, received_at in _STRAYS.fetch(connection, asked)
    ]
    if not waiting:
        return 0
    hits, still_strays = match(connection, waiting)
    _write(connection, hits, at=at)
    found = {receipt.id for receipt in waiting} - {receipt.id for receipt in still_strays}
    connection.execute(delete(stray_receipt).where(stray_receipt.c.id.in_(found)))
    return len(found)


def forget_strays(connection: Connection, *, before: datetime) -> int:
    """Delete receipts that never found their message; return how many."""
    return connection.execute(delete(stray_receipt).where(stray_receipt.c.received_at < before)).rowcount


def count_strays(connection: Connection) -> dict[str, int]:
    """Return by link how many receipts wait for a message that nobody knows (yet)."""
    counted = select(stray_receipt.c.link, func.count().label("waiting")).group_by(stray_receipt.c.link)
    return {row.link: row.waiting for row in connection.execute(counted)}


def _forward(hits: Sequence[Hit]) -> list[Hit]:
    """Keep of each segment the last word that counts: after a final state only another final one does.

    Carriers correct themselves both ways: they try a phone again that they gave up, and they say DELIVRD of what they
    have only passed on. So their last word is believed, not their first.
    """
    moving: dict[tuple[int, int], Hit] = {}
    for hit in hits:
        place = (hit.outbound_id, hit.number)
        before = moving[place].receipt.state if place in moving else hit.before
        if before is None or before not in FINAL or hit.receipt.state in FINAL:
            moving[place] = hit
    return list(moving.values())


def _keep(connection: Connection, strays: Sequence[NewReceipt]) -> None:
    """Keep receipts for messages that may be told of later; the oldest go when there are too many of a link."""
    if not strays:
        return
    connection.execute(
        _KEEP,
        [
            {
                "id": receipt.id,
                "link": receipt.link,
                "message_id": receipt.message_id[:MAX_LENGTH],
                "message_key": message_key(receipt.message_id),
                "state": receipt.state,
                "error": receipt.error,
                "sender_mark": receipt.sender,
                "received_at": receipt.received_at,
            }
            for receipt in strays
        ],
    )
    of_link = select(stray_receipt.c.id).where(stray_receipt.c.link == bindparam("of"))
    for link in {receipt.link for receipt in strays}:
        last = connection.scalar(of_link.order_by(stray_receipt.c.id.desc()).offset(MAX_STRAYS).limit(1), {"of": link})
        if last is not None:
            connection.execute(delete(stray_receipt).where(stray_receipt.c.link == link, stray_receipt.c.id <= last))


def _write(connection: Connection, found: Sequence[Hit], *, at: datetime) -> None:
    learn(connection, found, at)
    hits = _forward(found)
    if not hits:
        return
    _WRITE.run_many(
        connection,
        [(hit.outbound_id, hit.number, hit.receipt.state, hit.receipt.error, hit.receipt.received_at) for hit in hits],
    )
    final = [hit for hit in hits if hit.receipt.state in FINAL]
    lost = {hit.outbound_id for hit in final if hit.receipt.state in _LOST}
    with noting_failures(connection, lost, at=at):
        _FOLD.run_many(connection, [_ended(hit, at) for hit in final if _is_whole(hit)])
        _fold(connection, sorted({hit.outbound_id for hit in final if not _is_whole(hit)}), at=at)


def _is_whole(hit: Hit) -> bool:
    """Return whether the segment is its whole answer, as nearly every one is: then its end is the answer's."""
    return hit.total == 1 and hit.state in _SETTLED


def _ended(hit: Hit, at: datetime) -> _Change:
    if hit.receipt.state is ReceiptState.DELIVERED:
        return hit.outbound_id, OutboundState.DELIVERED, None, at
    return hit.outbound_id, OutboundState.FAILED, _tell(hit.receipt.state, hit.receipt.error), at


def _tell(state: ReceiptState | None, error: str | None) -> str:
    return f"{_BY_RECEIPT}{state}:{error}" if error else f"{_BY_RECEIPT}{state}"


def _fold(connection: Connection, ids: Sequence[int], *, at: datetime) -> None:
    """Fold segments into their answers: one that cannot arrive fails it, all arrived means delivered.

    One that failed by a receipt which the carrier took back, and has not arrived whole, is `sent` again.
    """
    if not ids:
        return
    answers: dict[int, _Answer] = {}
    for outbound_id, total, state, error, *part in _FOLDED.fetch(connection, {"ids": ids}):
        answers.setdefault(outbound_id, _Answer(total or 1, state, error or "", [])).parts.append(tuple(part))
    changes: list[_Change] = []
    for outbound_id, answer in answers.items():
        failed = next((_tell(state, error) for state, error in answer.parts if state in _LOST), None)
        if failed is not None:
            changes.append((outbound_id, OutboundState.FAILED, failed, at))
        elif [state for state, _ in answer.parts] == [ReceiptState.DELIVERED] * answer.total:
            changes.append((outbound_id, OutboundState.DELIVERED, None, at))
        elif answer.state is OutboundState.FAILED and answer.error.startswith(_BY_RECEIPT):
            changes.append((outbound_id, OutboundState.SENT, None, None))
    _FOLD.run_many(connection, changes)


class _Answer(NamedTuple):
    """An answer whose receipts are folded: its segments' receipts and their errors."""

    total: int
    state: OutboundState
    error: str
    parts: list[tuple[ReceiptState | None, str | None]]
