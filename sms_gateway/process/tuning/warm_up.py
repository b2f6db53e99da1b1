"""The warm-up: before the first text comes, two texts pass every step in a transaction that is rolled back.

Statements are compiled at their first use, and the readers make their tables then. Without a warm-up the first text
takes 31 ms instead of 8 to 10, and the texts behind it wait. The warm-up leaves no row, no metric and no PDU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from db.messages.inbox import WaitingText
from db.schema import ReceiptState
from db.store.engine import Database
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.delivery import receipts, sending
from sms_gateway.pipeline.dispatch import handling
from sms_gateway.pipeline.dispatch.guessing import GuessLimits
from sms_gateway.pipeline.dispatch.handling import DispatchContext, ReadText
from sms_gateway.pipeline.intake import storage
from sms_gateway.pipeline.ports import DeliveryReceipt, InboundText, SegmentTaken, SendReport

_LINK = "warm-up"
_BODIES = ("DVC 000.00.00.H00-200101-0000", "DVC000.00.00.H00-200101-0001")
_ROUNDS = (1, 2)  # a statement with a list is another one for two members
_LEASE = timedelta(minutes=1)
_NEVER = 1 << 31


def warm_up(
    database: Database, desk: DispatchContext, read: Callable[[WaitingText], ReadText], *, now: Callable[[], datetime]
) -> None:
    """Carry texts from intake to receipts; raises what the database raises."""
    # No alarm: the guesser of this look-up is nobody.
    guesses = GuessLimits(area_misses=_NEVER, overall_misses=_NEVER)
    quiet = replace(desk.limits, countries=("",), answers_an_hour=0, guesses=guesses)
    unseen = replace(desk, metrics=Metrics(), limits=quiet)
    for texts in _ROUNDS:
        with database.write() as connection:
            _carry(connection, texts, unseen, read, at=now())
            connection.rollback()


def _carry(
    connection: Connection, texts: int, desk: DispatchContext, read: Callable[[WaitingText], ReadText], *, at: datetime
) -> None:
    arrived = [_text(number, at) for number in range(texts)]
    looked = storage.look_at(connection, arrived, new_id=desk.new_id, lease_until=at)
    waiting = [read(one.waiting) for one in looked.stored if one.waiting is not None]
    answers, handled = handling.handle_texts(connection, waiting, desk, now=at)
    storage.write_texts(connection, looked.rows, looked.happened, handled, at=at)
    claimed = sending.store_and_claim(connection, answers, {_LINK: texts}, lease=_LEASE, now=at)
    flights = {one.submission.outbound_id: one.in_flight for one in claimed}
    taken = [_report(outbound_id, at) for outbound_id in flights]
    sending.settle(connection, taken, flights, new_id=desk.new_id, now=at)
    delivered = [_receipt(outbound_id, at) for outbound_id in flights]
    receipts.record_receipts(connection, delivered, new_id=desk.new_id, now=at)


def _text(number: int, at: datetime) -> InboundText:
    body = _BODIES[number]
    return InboundText(
        link=_LINK,
        session=None,
        provider_id=None,
        sender=f"8490000000{number}",
        recipient="",
        body=body,
        octets=body.encode(),
        data_coding=0,
        received_at=at,
    )


def _report(outbound_id: int, at: datetime) -> SendReport:
    taken = SegmentTaken(number=1, message_id=str(outbound_id), submitted_at=at)
    return SendReport(outbound_id=outbound_id, data_coding=0, total=1, segments=(taken,), at=at)


def _receipt(outbound_id: int, at: datetime) -> DeliveryReceipt:
    state = ReceiptState.DELIVERED
    return DeliveryReceipt(link=_LINK, message_id=str(outbound_id), state=state, error=None, received_at=at)
