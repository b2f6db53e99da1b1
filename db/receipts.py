"""Delivery receipts: found by the carrier's message id, moved forward only, folded into one state of the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from db.outbox import SentSegment
from db.schema import OutboundState, ReceiptState, outbound, segment, stray_receipt

FINAL = frozenset(
    {
        ReceiptState.DELIVERED,
        ReceiptState.ACCEPTED,
        ReceiptState.EXPIRED,
        ReceiptState.DELETED,
        ReceiptState.UNDELIVERABLE,
        ReceiptState.REJECTED,
    }
)
"""States after which a segment changes no more."""

ARRIVED = frozenset({ReceiptState.DELIVERED, ReceiptState.ACCEPTED})

_MESSAGE_ID_LENGTH = 65  # SMPP 3.4 §5.2.23
_DECIMAL = re.compile(r"[0-9]{1,20}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{1,16}", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewReceipt:
    """A receipt as it came; `id` is for the case that it must be kept until its message is known."""

    id: int
    link: str
    message_id: str
    state: ReceiptState
    error: str | None
    received_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hit:
    receipt: NewReceipt
    outbound_id: int
    number: int


def message_key(message_id: str) -> str:
    """Return the form in which a message id is matched: lower case, without leading zeros.

    >>> message_key("0E999F21"), message_key("000"), message_key(" 12 ")
    ('e999f21', '0', '12')
    """
    return message_id.strip().lower().lstrip("0")[:_MESSAGE_ID_LENGTH] or "0"


def other_keys(key: str) -> list[str]:
    """Return the same id in the other base, since some carriers write hex in one place and decimal in the other.

    >>> other_keys("255"), other_keys("ff"), other_keys("a-b")
    (['ff', '597'], ['255'], [])
    """
    found = [f"{int(key):x}"] if _DECIMAL.fullmatch(key) else []
    if _HEX.fullmatch(key):
        found.append(str(int(key, 16)))
    return [other for other in found if other != key]


_BY_KEYS = select(
    segment.c.outbound_id, segment.c.number, segment.c.link, segment.c.message_key, segment.c.receipt
).where(segment.c.message_key.in_(bindparam("keys", expanding=True)))
_WRITE = (
    update(segment)
    .where(segment.c.outbound_id == bindparam("row_id"), segment.c.number == bindparam("row_number"))
    .values(
        receipt=bindparam("new_receipt"), receipt_error=bindparam("new_error"), receipt_at=bindparam("new_receipt_at")
    )
)
_FOLDED = (
    select(outbound.c.id, outbound.c.segments, segment.c.receipt, segment.c.receipt_error)
    .join(segment, segment.c.outbound_id == outbound.c.id)
    .where(
        outbound.c.id.in_(bindparam("ids", expanding=True)),
        outbound.c.state.in_((OutboundState.SENT, OutboundState.FAILED)),
    )
)
_FOLD = (
    update(outbound)
    .where(outbound.c.id == bindparam("row_id"))
    .values(state=bindparam("new_state"), error=bindparam("new_error"), settled_at=bindparam("new_settled_at"))
)
_KEEP = insert(stray_receipt)
_STRAYS = select(stray_receipt).where(stray_receipt.c.message_key.in_(bindparam("keys", expanding=True)))


def record(connection: Connection, receipts: Sequence[NewReceipt], *, at: datetime) -> int:
    """Write receipts to their segments and fold them; keep those whose message is unknown; return how many these are.

    Safe to repeat: a final state is never changed, so a receipt that comes twice changes nothing.
    """
    if not receipts:
        return 0
    hits, strays = _match(connection, receipts)
    if strays:
        connection.execute(
            _KEEP,
            [
                {
                    "id": receipt.id,
                    "link": receipt.link,
                    "message_id": receipt.message_id[:_MESSAGE_ID_LENGTH],
                    "message_key": message_key(receipt.message_id),
                    "state": receipt.state,
                    "error": receipt.error,
                    "received_at": receipt.received_at,
                }
                for receipt in strays
            ],
        )
    _write(connection, hits, at=at)
    return len(strays)


def adopt(connection: Connection, segments: Sequence[SentSegment], *, at: datetime) -> int:
    """Give receipts that came before their submit_sm_resp to the segments now known; return how many there were."""
    if not segments:
        return 0
    keys = [key for sent in segments for key in (sent.message_key, *other_keys(sent.message_key))]
    links = {sent.link for sent in segments}
    rows = [row for row in connection.execute(_STRAYS, {"keys": keys}) if row.link in links]
    if not rows:
        return 0
    waiting = [
        NewReceipt(
            id=row.id,
            link=row.link,
            message_id=row.message_id,
            state=row.state,
            error=row.error,
            received_at=row.received_at,
        )
        for row in rows
    ]
    hits, still_strays = _match(connection, waiting)
    _write(connection, hits, at=at)
    found = {receipt.id for receipt in waiting} - {receipt.id for receipt in still_strays}
    connection.execute(delete(stray_receipt).where(stray_receipt.c.id.in_(found)))
    return len(found)


def forget_strays(connection: Connection, *, before: datetime) -> int:
    """Delete receipts that never found their message; return how many."""
    return connection.execute(delete(stray_receipt).where(stray_receipt.c.received_at < before)).rowcount


def _match(connection: Connection, receipts: Sequence[NewReceipt]) -> tuple[list[_Hit], list[NewReceipt]]:
    keys = {receipt.id: message_key(receipt.message_id) for receipt in receipts}
    known = _segments(connection, set(keys.values()))
    unknown = [receipt for receipt in receipts if (receipt.link, keys[receipt.id]) not in known]
    others = {receipt.id: other_keys(keys[receipt.id]) for receipt in unknown}
    if any(others.values()):
        known = {**_segments(connection, {key for found in others.values() for key in found}), **known}
    hits: dict[tuple[int, int], _Hit] = {}
    strays: list[NewReceipt] = []
    for receipt in receipts:
        tries = (keys[receipt.id], *others.get(receipt.id, ()))
        place = next((known[receipt.link, key] for key in tries if (receipt.link, key) in known), None)
        if place is None:
            strays.append(receipt)
            continue
        outbound_id, number, earlier = place
        newest = hits.get((outbound_id, number))
        before = newest.receipt.state if newest else earlier
        if before is None or before not in FINAL:
            hits[outbound_id, number] = _Hit(receipt=receipt, outbound_id=outbound_id, number=number)
    return list(hits.values()), strays


def _segments(connection: Connection, keys: set[str]) -> Mapping[tuple[str, str], tuple[int, int, ReceiptState | None]]:
    rows = connection.execute(_BY_KEYS, {"keys": list(keys)})
    # Carriers use ids again after a while: the newest message with the id is meant.
    ordered = sorted(rows, key=lambda row: row.outbound_id)
    return {(row.link, row.message_key): (row.outbound_id, row.number, row.receipt) for row in ordered}


def _write(connection: Connection, hits: Sequence[_Hit], *, at: datetime) -> None:
    if not hits:
        return
    connection.execute(
        _WRITE,
        [
            {
                "row_id": hit.outbound_id,
                "row_number": hit.number,
                "new_receipt": hit.receipt.state,
                "new_error": hit.receipt.error,
                "new_receipt_at": hit.receipt.received_at,
            }
            for hit in hits
        ],
    )
    _fold(connection, sorted({hit.outbound_id for hit in hits if hit.receipt.state in FINAL}), at=at)


def _fold(connection: Connection, ids: Sequence[int], *, at: datetime) -> None:
    """Fold segments into their answers: one that cannot arrive fails it, all arrived means delivered."""
    if not ids:
        return
    answers: dict[int, tuple[int, list[tuple[ReceiptState | None, str | None]]]] = {}
    for row in connection.execute(_FOLDED, {"ids": list(ids)}):
        answers.setdefault(row.id, (row.segments or 1, []))[1].append((row.receipt, row.receipt_error))
    changes = []
    for outbound_id, (total, parts) in answers.items():
        failed = next(((state, error) for state, error in parts if state in FINAL and state not in ARRIVED), None)
        if failed is not None:
            state, error = failed
            told = f"receipt:{state}:{error}" if error else f"receipt:{state}"
            changes.append(_change(outbound_id, OutboundState.FAILED, told, at))
        elif len(parts) == total and all(state in ARRIVED for state, _ in parts):
            changes.append(_change(outbound_id, OutboundState.DELIVERED, None, at))
    if changes:
        connection.execute(_FOLD, changes)


def _change(outbound_id: int, state: OutboundState, error: str | None, at: datetime) -> dict[str, object]:
    return {"row_id": outbound_id, "new_state": state, "new_error": error, "new_settled_at": at}
