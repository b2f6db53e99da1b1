"""Infobip, by the acceptance table: several texts and reports in one request, and answers by version 3 of its API."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import answered, channel, probed
from tests.sms_gateway.channels.http.provider import Say
from tests.sms_gateway.conftest import Clock

pytestmark = pytest.mark.long_on_postgresql

PATH_SECRET = "canary-infobip-path-0001"
PASSWORD = "canary-infobip-password-1"
API_KEY = "canary-infobip-api-key-01"
SETTINGS = ChannelSettings(
    network="infobip",
    secret=SecretStr(PASSWORD),
    path_secret=SecretStr(PATH_SECRET),
    password=SecretStr(API_KEY),
    public_url="https://sms.example",
    send_url="https://x1.api.infobip.com",
    options={"proof": "path"},
)
TEXTS, REPORTS = f"/mo/agg/{PATH_SECRET}", f"/dlr/agg/{PATH_SECRET}"


def text(number: int, sender: str = "385916242493", words: str = "HD") -> dict[str, object]:
    return {
        "messageId": f"81741{number}",
        "from": sender,
        "to": "8188",
        "text": words,
        "cleanText": "",
        "keyword": words,
        "receivedAt": "2016-10-06T09:28:39.220+0000",
        "smsCount": 1,
        "price": {"pricePerMessage": 0, "currency": "EUR"},
        "callbackData": None,
    }


def test_every_text_of_a_request_is_stored_once(parts: WebDependencies, clock: Clock) -> None:
    agg = channel(parts, SETTINGS)
    first, second = text(1), text(2, "84905123456", "DVC 1")
    for results in ([first], [first], [first, second], [second, second]):
        body = {"results": results, "messageCount": len(results), "pendingMessageCount": 0}
        response = agg.client.post(TEXTS, json=body)
        assert (response.status_code, response.text) == (200, "")
        clock.advance(timedelta(hours=1))
    assert agg.texts() == [("385916242493", "8188", "HD"), ("84905123456", "8188", "DVC 1")]
    assert b"385916242493" in agg.kept()


def wide_report(number: int) -> dict[str, object]:
    """Return a report with every field of Infobip's model."""
    return {
        "bulkId": "b" * 20,
        "messageId": f"wide-{number}",
        "to": "84905123456",
        "sentAt": "2026-11-29T10:00:00.000+0000",
        "doneAt": "2026-11-29T10:00:01.000+0000",
        "messageCount": 1,
        "mccMnc": "45204",
        "callbackData": "x",
        "price": {"pricePerMessage": 0.01, "currency": "EUR"},
        "status": {"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "X", "description": "to handset"},
        "error": {"groupId": 0, "groupName": "OK", "id": 0, "name": "N", "description": "No", "permanent": False},
        "platform": {"entityId": "e", "applicationId": "a"},
    }


def test_of_a_large_request_everything_is_stored_or_it_is_refused(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    small = [{"messageId": f"s{number}", "status": {"groupName": "DELIVERED"}} for number in range(1001)]
    requests: list[tuple[str, object, int, int]] = [
        ("a hundred with all fields", {"results": [wide_report(number) for number in range(100)]}, 200, 100),
        ("a thousand", {"results": small[:1000]}, 200, 1000),
        ("too many entries", {"results": small}, 400, 0),
        ("an entry without an id", {"results": [*small[:3], {"status": {"groupName": "DELIVERED"}}]}, 400, 0),
        ("an entry of nothing that is read", {"results": [*small[:3], {"other": 1}]}, 400, 0),
        ("none", {"results": []}, 200, 0),
        ("no list", {"messages": small[:3]}, 400, 0),
    ]
    for label, body, status, stored in requests:
        before = len(agg.strays())
        assert agg.client.post(REPORTS, data=json.dumps(body, separators=(",", ":"))).status_code == status, label
        assert len(agg.strays()) - before == stored, label
    texts = [text(number, f"8490512{number:04}") | {"extra": {f"k{n}": n for n in range(12)}} for number in range(100)]
    assert agg.client.post(TEXTS, json={"results": texts}).status_code == 200
    assert len(agg.texts()) == 100


def test_without_its_secret_a_request_is_refused_like_an_unknown_channel(parts: WebDependencies) -> None:
    basic = channel(parts, SETTINGS.model_copy(update={"options": {"proof": "basic"}}))
    stranger = basic.client.post("/mo/nobody", json={})
    body = {"results": [text(1)]}
    report = {"results": [{"messageId": "1", "status": {"groupName": "DELIVERED"}}]}
    by_path = channel(parts, SETTINGS).client
    refused = [
        by_path.post("/mo/agg", json=body),
        by_path.post(f"{TEXTS}x", json=body),
        by_path.post("/mo/agg", json=body, auth=("city", PASSWORD)),
        basic.client.post(TEXTS, json=body),
        basic.client.post("/mo/agg", json=body, auth=("city", PATH_SECRET)),
        by_path.post("/dlr/agg", json=report),
        by_path.post("/dlr/agg/guess", json=report),
        basic.client.post("/dlr/agg", json=report, auth=("city", PASSWORD)),
    ]
    assert {(each.status_code, each.text) for each in refused} == {(401, stranger.text)}
    assert (basic.texts(), basic.strays()) == ([], [])
    assert basic.client.post("/mo/agg", json=body, auth=("city", PASSWORD)).status_code == 200
    assert basic.client.post(REPORTS, json=report).status_code == 200
    assert (len(basic.texts()), basic.strays()) == (1, ["1"])


def test_an_answer_names_our_id_and_where_to_report() -> None:
    taken = {"bulkId": "b", "messages": [{"messageId": "1", "status": {"groupId": 1, "groupName": "PENDING"}}]}
    sent = answered(SETTINGS, Say(body=json.dumps(taken).encode()), "Đã nhận")
    assert sent.outcomes == [("taken", "1")]
    assert (sent.seen.method, sent.seen.target) == ("POST", "/sms/3/messages")
    assert sent.seen.headers["authorization"] == f"App {API_KEY}"
    assert probed(SETTINGS) == ("GET", "/account/1/balance", f"App {API_KEY}")
    [message] = json.loads(sent.seen.body)["messages"]
    validity = message.pop("options")["validityPeriod"]
    assert 890 <= validity.pop("amount") <= 900
    assert validity == {"timeUnit": "SECONDS"}
    assert message == {
        "sender": "8188",
        "destinations": [{"to": "84905123456", "messageId": "1"}],
        "content": {"text": "Đã nhận"},
        "webhooks": {
            "delivery": {"url": f"https://sms.example/dlr/agg/{PATH_SECRET}", "intermediateReport": True},
            "contentType": "application/json",
        },
    }


def group(number: int) -> bytes:
    return b'{"messages": [{"messageId": "1", "status": {"groupId": %d}}]}' % number


REFUSED = [
    (Say(body=group(3)), ("taken", "1"), True),
    (Say(body=group(5)), ("permanent", "HTTP 200 code 5"), True),
    (Say(body=group(2)), ("permanent", "HTTP 200 code 2"), True),
    (Say(body=b"<html>"), ("unanswered", "HTTP 200"), True),
    (Say(status=400, body=b'{"errorCode": "E400"}'), ("permanent", "HTTP 400"), True),
    (Say(status=401), ("temporary", "HTTP 401"), False),
    (Say(status=429), ("throttled", "HTTP 429"), True),
    (Say(status=500), ("temporary", "HTTP 500"), True),
    (Say(cut=True), ("unanswered", "no response"), False),
]


def test_what_infobip_says_is_read_as_what_it_is() -> None:
    for said, wanted, stays_up in REFUSED:
        sent = answered(SETTINGS, said)
        assert (sent.outcomes, sent.is_up) == ([wanted], stays_up), said


def test_reports_are_read(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    answers = [agg.sent(f"id-{number}") for number in range(5)]
    said: list[tuple[str, int | None, str, str | None]] = [
        ("DELIVERED", None, "delivered", None),
        ("EXPIRED", None, "failed", "receipt:expired"),
        ("VANISHED", None, "sent", None),
        ("PENDING", 0, "sent", None),
        ("UNDELIVERABLE", 27, "failed", "receipt:undeliverable:27"),
    ]
    results = [
        {
            "bulkId": "b",
            "messageId": f"id-{number}",
            "to": "84905123456",
            "status": {"groupId": 5, "groupName": word, "id": 5},
            "error": None if error is None else {"groupId": 1, "id": error, "permanent": True},
        }
        for number, (word, error, _, _) in enumerate(said)
    ]
    for _ in range(2):
        assert agg.client.post(REPORTS, json={"results": results}).status_code == 200
    assert [agg.state(answer) for answer in answers] == [(state, error) for _, _, state, error in said]


def test_no_secret_is_kept_or_logged(
    parts: WebDependencies, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        agg = channel(parts, SETTINGS)
        agg.client.post(TEXTS, json={"results": [text(1) | {"callbackData": PATH_SECRET}]})
        agg.client.post("/mo/agg/canary-infobip-guess", json={})
        answered(SETTINGS, Say(status=401))
    written = "".join(map(TextFormatter().format, caplog.records))
    assert not any(secret in written for secret in (PATH_SECRET, PASSWORD, API_KEY, "canary-infobip-guess"))
    assert PATH_SECRET.encode() not in agg.kept()
    assert b"817411" in agg.kept()
    page = agg.pages(logged_in)
    assert "817411" in page
    assert PATH_SECRET not in page
