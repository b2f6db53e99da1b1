"""The network `smsgate`: signed events of a telephone, and answers that it sends once however often they come."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from typing import Any

import pytest

from db.schema import OutboundState
from sms_gateway.channels.http.proofs.body_then_stamp import sign
from sms_gateway.log import TextFormatter
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.networks.rows import (
    CITIZEN,
    PASSWORD,
    SECRET,
    call,
    channel,
    kept,
    texts,
    try_once,
)
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import Service, own_database, running, states

__all__ = ["own_database"]

CHANGES = channel("smsgate").model_dump(include={"network", "secret", "user", "password", "options"})
STORED = (200, '{"status":"stored"}\n')
DUPLICATE = (200, '{"status":"duplicate"}\n')
IGNORED = (200, '{"status":"ignored"}\n')


def send(service: Service, fields: dict[str, Any], *, path: str = "/mo/agg", secret: str = SECRET) -> tuple[int, str]:
    """Send an event as the app does; it signs each try again."""
    body, stamp = json.dumps(fields).encode(), str(int(time.time()))
    signature = sign(secret=secret, content=body, stamp=stamp)
    headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": signature}
    return call(service, path, body, headers)


def received(number: str, words: str, **payload: object) -> dict[str, Any]:
    inside = {"messageId": "8d5e0f2a", "message": words, "sender": f"+{CITIZEN}", "recipient": None, "simNumber": 1}
    inside |= {"receivedAt": "2026-11-22T10:00:00.000+07:00"}
    return event("sms:received", number, **inside | payload)


def event(name: str, number: str, **payload: object) -> dict[str, Any]:
    return {"deviceId": "ffff", "event": name, "id": number, "webhookId": "LreFUt-Z3", "payload": payload}


def takes(seen: Seen) -> Say:
    """Take a message as the server does: it gives back the id that it was given."""
    number = json.loads(seen.body)["id"]
    return Say(status=202, body=json.dumps({"id": number, "deviceId": "ffff", "state": "Pending"}).encode())


def test_a_text_is_answered_and_its_reports_are_taken(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        provider(takes) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        text = received("event-1", "HD")
        assert [send(service, text), send(service, text)] == [STORED, DUPLICATE]
        answer = json.loads(sms.wait_for(1)[0].body)
        service.wait_for(states(OutboundState.SENT))
        for name, path, state in (
            ("sms:sent", "/mo/agg", OutboundState.SENT),
            ("sms:delivered", "/dlr/agg", OutboundState.DELIVERED),
            ("sms:sent", "/mo/agg", OutboundState.DELIVERED),
        ):
            report = event(name, "event-2", messageId=answer["id"], phoneNumber=f"+{CITIZEN}")
            assert send(service, report, path=path, secret=SECRET[:-1])[0] == 401, name
            assert send(service, report, path=path) == STORED, name
            service.wait_for(states(state))
        others = [event("system:ping", "event-3", health={"status": "pass"}), event("mms:received", "event-4")]
        assert [send(service, other) for other in others] == [IGNORED, IGNORED]
        # Two texts may share a messageId, and older versions of the app name the sender otherwise.
        assert send(service, received("event-5", "DVC 1", recipient="8188")) == STORED
        assert send(service, received("event-6", "Đ", sender=None, phoneNumber="0905123457")) == STORED
        assert send(service, event("sms:received", "event-7", message="HD"))[0] == 400
        assert texts(service.database) == [
            (CITIZEN, "8188", "HD"),
            (CITIZEN, "8188", "DVC 1"),
            ("84905123457", "8188", "Đ"),
        ]
        stored = kept(service.database)
    assert len(sms.seen) == 3
    shown = "".join(map(TextFormatter().format, caplog.records)) + repr(stored)
    assert [one for one in (SECRET, PASSWORD) if one in shown] == []


def test_a_failed_report_says_why(own_database: DatabaseSettings) -> None:
    with provider(takes) as sms, running(own_database, sms, **CHANGES) as service:
        send(service, received("event-1", "HD"))
        answer = json.loads(sms.wait_for(1)[0].body)
        send(service, event("sms:failed", "event-2", messageId=answer["id"], reason="RADIO_OFF"))
        service.wait_for(states(OutboundState.FAILED))
        assert service.answers() == [(OutboundState.FAILED, "receipt:undeliverable:RADIO_OFF", False)]


@pytest.mark.long  # the second try comes after five seconds
def test_an_answer_without_response_is_sent_once_and_is_not_unsure(own_database: DatabaseSettings) -> None:
    exists = Say(status=409, body=b'{"message":"Message with id already exists"}')
    with (
        provider(lambda _: exists if sms.seen else Say(cut=True)) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        send(service, received("event-1", "HD"))
        service.wait_for(states(OutboundState.SENT))
        assert service.answers() == [(OutboundState.SENT, None, False)]
    assert len({json.loads(seen.body)["id"] for seen in sms.seen}) == 1
    assert len(sms.seen) == 2


def test_an_answer_is_one_message_of_ours() -> None:
    for options, card in (({}, {}), ({"sim": "2"}, {"simNumber": 2})):
        tried = try_once(channel("smsgate", options=options), Say(status=202, body=b'{"id":"1","state":"Pending"}'))
        fields = json.loads(tried.seen.body)
        assert 600 <= fields.pop("ttl") <= 900
        assert fields == card | {
            "id": "1",
            "textMessage": {"text": "Xin chao"},
            "phoneNumbers": [f"+{CITIZEN}"],
            "withDeliveryReport": True,
        }
        assert tried.seen.headers["authorization"] == "Basic " + b64encode(f"city:{PASSWORD}".encode()).decode()
        assert tried.outcome == ("taken", "1")


def test_a_response_is_taken_or_one_of_our_refusals() -> None:
    cases = [
        (Say(status=409, body=b"{}"), ("taken", "1"), True),
        (Say(status=400, body=b'{"message":"invalid phone number"}'), ("permanent", "HTTP 400"), True),
        (Say(status=401), ("temporary", "HTTP 401"), False),
        (Say(status=503), ("temporary", "HTTP 503"), True),
        (Say(cut=True), ("unanswered", "no response"), False),  # it goes again under the same id
        (Say(body=b"<html>Log in</html>"), ("unanswered", "HTTP 200"), True),
    ]
    for said, wanted, up in cases:
        tried = try_once(channel("smsgate"), said)
        assert (tried.outcome, tried.up) == (wanted, up), said
