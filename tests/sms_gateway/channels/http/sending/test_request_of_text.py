"""Answers that must name what came with their text: the fields of its request, from the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from db.messages.outbox import NewOutbound
from db.messages.outbox_insert import add
from db.schema import InboundState, inbound
from db.store.address import Address
from db.store.engine import Database
from db.store.ids import IDS_A_DAY, IDS_A_MINUTE, first_id_at
from sms_gateway.channels.http.sending.departure import (
    AcceptedText,
    DeclinedText,
    Departure,
    OutgoingRequest,
    OutgoingText,
    post_json,
)
from sms_gateway.channels.http.sending.request_of_text import with_request
from sms_gateway.channels.http.stored_request import keep_request
from sms_gateway.pipeline.ports import Refusal

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
CITIZEN = Address("84905123456")
SECRET = "canary-request-secret"


def departure(*needed: str) -> Departure:
    def build(text: OutgoingText) -> OutgoingRequest:
        return post_json("https://sms.example/", dict(text.request))

    return Departure(url="https://sms.example/", build=build, read=lambda _: AcceptedText(), needs_request=needed)


def store(
    database: Database,
    number: int,
    wire: bytes | None,
    *,
    is_answer: bool = True,
    link: str = "agg",
    sender: str = CITIZEN,
) -> None:
    """Store a text, and what goes to the citizen a hundred ids later."""
    with database.write() as connection:
        text = {"id": number, "link": link, "sender": sender, "sender_mark": sender, "recipient": "8188"}
        text |= {
            "fingerprint": str(number),
            "reply_link": "agg",
            "body": "HD",
            "octets": b"HD",
            "data_coding": 0,
            "received_at": NOW,
            "wire": wire,
        }
        connection.execute(insert(inbound).values(text | {"state": InboundState.HANDLED}))
        answer = NewOutbound(
            id=number + 100,
            inbound_id=number if is_answer else None,
            link="agg",
            sender="8188",
            recipient=CITIZEN,
            body="Xin chao",
            masked=None,
            reference=1,
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=15),
        )
        add(connection, [answer])


def built(database: Database, number: int, *needed: str) -> OutgoingRequest | DeclinedText:
    text = OutgoingText(key=str(number), sender="8188", recipient="84905123456", body="Xin chao", valid_seconds=900)
    return with_request(departure(*needed), database).build(text)


def kept(fields: Mapping[str, str]) -> bytes | None:
    content = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    return keep_request(method="POST", content_type="", content=content, secrets=(SECRET,), own=("id",))


def test_an_answer_is_built_with_the_fields_of_the_request_of_its_text(database: Database) -> None:
    store(database, 1, kept({"id": "7", "code": "HD", "checksum": SECRET}))
    store(database, 2, kept({"id": "8", "code": ""}))
    store(database, 3, b"\x00\x01 the PDU of an SMPP link")
    store(database, 4, None)
    store(database, 5, kept({"id": "9", "code": "HD"}), is_answer=False)
    request = built(database, 101, "id", "code")
    assert isinstance(request, OutgoingRequest)
    assert request.body == b'{"id":"7","code":"HD"}'
    for number, missing in ((102, "code"), (103, "id"), (104, "id"), (105, "id"), (999, "id")):
        wanted = DeclinedText(refusal=Refusal.PERMANENT, error=f"no text of this network to answer: {missing}")
        assert built(database, number, "id", "code") == wanted, number


def test_what_staff_write_names_the_last_text_that_the_citizen_sent_by_this_channel(database: Database) -> None:
    sent, day, minute = first_id_at(NOW), IDS_A_DAY, IDS_A_MINUTE
    store(database, sent - 8 * day, kept({"id": "1"}))
    store(database, sent - 100, None, is_answer=False)  # the text has no request; what goes out belongs to none
    too_old = DeclinedText(refusal=Refusal.PERMANENT, error="no text of this network to answer: id")
    assert built(database, sent, "id") == too_old
    store(database, sent - 6 * day, kept({"id": "2"}))
    store(database, sent - 5 * day, kept({"id": "3"}), link="other")
    store(database, sent - 4 * day, kept({"id": "4"}), sender="84905000001")
    store(database, sent + minute, kept({"id": "5"}))  # at each try the same
    request = built(database, sent, "id")
    assert isinstance(request, OutgoingRequest)
    assert request.body == b'{"id":"2"}'


def test_a_network_that_needs_no_request_asks_nothing(database: Database) -> None:
    plain = departure()
    assert with_request(plain, database) is plain


def test_an_answer_waits_while_the_database_cannot_be_asked(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("", {}, OSError())

    monkeypatch.setattr(sqlite_database.reader, "connect", fail)
    declined = built(sqlite_database, 101, "id")
    assert isinstance(declined, DeclinedText)
    assert declined.refusal is Refusal.NOT_SENT
