"""Rows of messages, written straight into the tables, for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from db.schema import InboundState, OutboundState, ReceiptState, event, inbound, outbound, segment
from db.store.engine import Database

SENDER = "84905123456"


@contextmanager
def message_rows(database: Database, new_id: Callable[[], int], now: datetime) -> Iterator[MessageRows]:
    """Open a transaction to write messages in, until its `commit`."""
    with ExitStack() as open_yet:
        connection = open_yet.enter_context(database.write())
        yield MessageRows(connection=connection, new_id=new_id, now=now, commit=open_yet.close)


@dataclass(kw_only=True)
class MessageRows:
    """Writes messages; each call returns the id it made."""

    connection: Connection
    new_id: Callable[[], int]
    now: datetime
    commit: Callable[[], None] = lambda: None  # ends the transaction, so that requests can write

    def text(
        self,
        body: str,
        *,
        sender: str = SENDER,
        state: InboundState = InboundState.HANDLED,
        reading: str | None = "help",
        outcome: str | None = "helped",
        octets: bytes | None = None,
        data_coding: int = 0,
        link: str = "viettel",
        duplicate_of: int | None = None,
    ) -> int:
        made = self.new_id()
        values = {
            "id": made,
            "link": link,
            "reply_link": link,
            "session": 7,
            "fingerprint": body,
            "sender": sender,
            "sender_mark": sender,
            "recipient": "8188",
            "data_coding": data_coding,
            "octets": body.encode("utf-8", "surrogatepass") if octets is None else octets,
            "body": body,
            "received_at": self.now,
            "state": state,
            "attempts": 1,
            "reading": reading,
            "outcome": outcome,
            "handled_at": self.now + timedelta(milliseconds=4) if state is InboundState.HANDLED else None,
            "duplicate_of": duplicate_of,
        }
        self.connection.execute(insert(inbound).values(values))
        return made

    def answer(
        self,
        inbound_id: int | None,
        body: str | None,
        *,
        masked: str | None = None,
        state: OutboundState = OutboundState.DELIVERED,
        error: str | None = None,
        segments: int = 1,
        link: str = "viettel",
    ) -> int:
        made = self.new_id()
        sent = state in {OutboundState.SENT, OutboundState.DELIVERED}
        settled = state in {OutboundState.DELIVERED, OutboundState.FAILED, OutboundState.EXPIRED}
        values = {
            "id": made,
            "inbound_id": inbound_id,
            "link": link,
            "sender": "8188",
            "recipient": SENDER,
            "recipient_mark": SENDER,
            "body": body,
            "masked": masked,
            "reference": 1,
            "state": state,
            "created_at": self.now + timedelta(milliseconds=4),
            "not_before": self.now,
            "expires_at": self.now + timedelta(minutes=15),
            "attempts": 1,
            "data_coding": 0 if sent else None,
            "segments": segments if sent else None,
            "sent_at": self.now + timedelta(milliseconds=9) if sent else None,
            "settled_at": self.now + timedelta(seconds=2) if settled else None,
            "error": error,
        }
        self.connection.execute(insert(outbound).values(values))
        for number in range(1, segments + 1 if sent else 1):
            self._segment(made, number, delivered=state is OutboundState.DELIVERED)
        return made

    def event(
        self, kind: str, *, inbound_id: int | None = None, outbound_id: int | None = None, detail: str | None = None
    ) -> None:
        self.connection.execute(
            insert(event).values(
                id=self.new_id(),
                inbound_id=inbound_id,
                outbound_id=outbound_id,
                at=self.now + timedelta(milliseconds=6),
                kind=kind,
                detail=detail,
                submitted_at=None if outbound_id is None else self.now + timedelta(milliseconds=5),
            )
        )

    def _segment(self, outbound_id: int, number: int, *, delivered: bool) -> None:
        self.connection.execute(
            insert(segment).values(
                outbound_id=outbound_id,
                number=number,
                link="viettel",
                message_id=f"0A{outbound_id % 99991:05d}{number}",
                message_key=f"a{outbound_id % 99991:05d}{number}",
                sent_at=self.now + timedelta(milliseconds=9),
                submitted_at=self.now + timedelta(milliseconds=7),
                receipt=ReceiptState.DELIVERED if delivered else None,
                receipt_error="000" if delivered else None,
                receipt_at=self.now + timedelta(seconds=2) if delivered else None,
            )
        )
