"""Twilio, by the acceptance table: texts, reports and answers as its documents have them."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from sms_gateway.channels.http.networks import twilio
from sms_gateway.channels.http.request import RequestOutcome, Said
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import Channel, answered, channel, probed
from tests.sms_gateway.channels.http.provider import Say
from tests.sms_gateway.conftest import Clock

pytestmark = pytest.mark.long_on_postgresql

TOKEN = "canary-twilio-auth-token-01"
SETTINGS = ChannelSettings(
    network="twilio",
    secret=SecretStr(TOKEN),
    password=SecretStr(TOKEN),
    user="AC11",
    public_url="https://sms.example",
    send_url="https://api.twilio.com",
    options={"messaging_service": ""},
)
TEXT = {
    "MessageSid": "SM11",
    "AccountSid": "AC11",
    "From": "+84905123456",
    "To": "+84236888188",
    "Body": "DVC 1 Đà Nẵng",
    "NumMedia": "0",
}
NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def post(
    agg: Channel, path: str, fields: Mapping[str, str], *, token: str = TOKEN, sent: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Post fields signed by Twilio's own library; `sent` are those that come in their place."""
    signature = RequestValidator(token).compute_signature(f"https://sms.example{path}", dict(fields))
    headers = {"X-Twilio-Signature": signature, "Host": "127.0.0.1:8188"}
    response = agg.client.post(path, data=sent or fields, headers=headers)
    return response.status_code, response.content_type.partition(";")[0], response.text


def test_a_text_is_stored_once_and_twilio_sends_nothing(parts: WebDependencies, clock: Clock) -> None:
    agg = channel(parts, SETTINGS)
    for _ in range(2):
        assert post(agg, "/mo/agg", TEXT) == (200, "text/xml", NOTHING)
        clock.advance(timedelta(hours=3))
    assert post(agg, "/mo/agg", TEXT | {"NumMedia": "1"}) == (200, "text/xml", NOTHING)  # the same MessageSid
    assert agg.texts() == [("84905123456", "84236888188", "DVC 1 Đà Nẵng")]


def test_the_acceptance_table_signature_fits_and_the_host_header_does_not_count(parts: WebDependencies) -> None:
    settings = SETTINGS.model_copy(update={"secret": SecretStr("12345")})
    agg = channel(parts, settings)
    headers = {"X-Twilio-Signature": RequestValidator("12345").compute_signature("https://sms.example/mo/agg", TEXT)}
    assert agg.client.post("/mo/agg", data=TEXT, headers=headers | {"Host": "evil.example"}).status_code == 200
    forged = {"X-Twilio-Signature": RequestValidator("12345").compute_signature("http://evil.example/mo/agg", TEXT)}
    refused = agg.client.post("/mo/agg", data=TEXT, headers=forged | {"Host": "evil.example"})
    assert refused.status_code == 401


def test_what_is_not_signed_is_refused_like_an_unknown_channel(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    stranger = agg.client.post("/mo/nobody", data=TEXT)
    answer = (401, "application/json", stranger.text)
    assert post(agg, "/mo/agg", TEXT, sent=TEXT | {"Body": "DVC 2 Đà Nẵng"}) == answer
    assert post(agg, "/mo/agg", TEXT, token="canary-another-token") == answer
    assert post(agg, "/dlr/agg", {"MessageSid": "SM9", "MessageStatus": "sent"}, token="another") == answer
    assert "DVC" not in stranger.text
    assert (agg.texts(), agg.strays()) == ([], [])


def test_the_answer_may_be_in_the_response() -> None:
    said = Said(outcome=RequestOutcome.STORED, method="POST", answers_in_response=True, answer="A < B & C")
    message = "<Response><Message>A &lt; B &amp; C</Message></Response>"
    assert twilio.acknowledge(said).body == NOTHING.replace("<Response/>", message)


def test_an_answer_is_one_form() -> None:
    taken = Say(status=201, body=b'{"sid": "SM9", "status": "queued", "error_code": null}')
    sent = answered(SETTINGS, taken)
    assert sent.outcomes == [("taken", "SM9")]
    assert (sent.seen.method, sent.seen.target) == ("POST", "/2010-04-01/Accounts/AC11/Messages.json")
    assert sent.seen.headers["authorization"] == "Basic " + b64encode(f"AC11:{TOKEN}".encode()).decode()
    fields = dict(parse_qsl(sent.seen.body.decode()))
    assert 890 <= int(fields.pop("ValidityPeriod")) <= 900
    assert fields == {
        "To": "+84905123456",
        "From": "8188",
        "Body": "Xin chao",
        "StatusCallback": "https://sms.example/dlr/agg",
    }
    authorization = sent.seen.headers["authorization"]
    assert probed(SETTINGS) == ("GET", "/2010-04-01/Accounts/AC11.json", authorization)
    service = SETTINGS.model_copy(update={"options": {"messaging_service": "MG1"}})
    fields = dict(parse_qsl(answered(service, taken).seen.body.decode()))
    assert (fields["MessagingServiceSid"], "From" in fields) == ("MG1", False)


REFUSED = [
    (Say(status=400, body=b'{"code": 21610}'), ("permanent", "HTTP 400 code 21610 (stopped)"), True),
    (Say(status=429, body=b'{"code": 20429}'), ("throttled", "HTTP 429 code 20429 (too fast)"), True),
    (Say(status=429), ("throttled", "HTTP 429"), True),
    (Say(status=401, body=b'{"code": 20003}'), ("temporary", "HTTP 401 code 20003 (account)"), False),
    (Say(status=503), ("temporary", "HTTP 503"), True),
    (Say(status=201, body=b"<html>"), ("unanswered", "no response with an id"), True),
    (Say(cut=True), ("unanswered", "no response"), False),
]


def test_what_twilio_refuses_is_read_as_what_it_is() -> None:
    for said, wanted, stays_up in REFUSED:
        sent = answered(SETTINGS, said)
        assert (sent.outcomes, sent.is_up) == ([wanted], stays_up), said


def test_reports_are_read(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    first, second, third, fourth = (agg.sent(f"SM{number}") for number in (9, 10, 11, 12))
    story = [
        ("SM9", "sent", {}, first, ("sent", None)),
        ("SM9", "delivered", {}, first, ("delivered", None)),
        ("SM9", "sent", {}, first, ("delivered", None)),
        ("SM10", "undelivered", {"ErrorCode": "30003"}, second, ("failed", "receipt:undeliverable:30003")),
        ("SM11", "failed", {"ErrorCode": "30007"}, third, ("failed", "receipt:rejected:30007")),
        ("SM12", "partially_delivered", {}, fourth, ("sent", None)),
    ]
    for sid, status, more, answer, wanted in story:
        report = {"MessageSid": sid, "MessageStatus": status, "To": "+84905123456", "AccountSid": "AC11", **more}
        for _ in range(2):
            assert post(agg, "/dlr/agg", report) == (200, "text/xml", NOTHING)
        assert agg.state(answer) == wanted, (sid, status)
    assert post(agg, "/dlr/agg", {"MessageSid": "SM99", "MessageStatus": "delivered"})[0] == 200
    assert agg.strays() == ["SM99"]


def test_no_secret_is_kept_or_logged(
    parts: WebDependencies, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        agg = channel(parts, SETTINGS)
        post(agg, "/mo/agg", TEXT | {"Other": TOKEN})
        answered(SETTINGS, Say(status=401))
    written = "".join(map(TextFormatter().format, caplog.records))
    assert TOKEN not in written
    assert TOKEN.encode() not in agg.kept()
    assert b"SM11" in agg.kept()
    page = agg.pages(logged_in)
    assert "SM11" in page
    assert TOKEN not in page
