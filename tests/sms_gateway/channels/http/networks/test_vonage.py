"""Vonage, by the acceptance table: texts, parts, reports and answers as its documents have them."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from vonage_http_client.auth import Auth

from db.schema import inbound
from parsers import GAP
from sms_gateway.channels.http.networks import vonage
from sms_gateway.channels.http.sending.departure import DeclinedText, ProviderResponse
from sms_gateway.channels.smpp.coding.long_texts import LongTexts
from sms_gateway.log import TextFormatter
from sms_gateway.metrics import Metrics
from sms_gateway.pipeline.intake.batch import Reception
from sms_gateway.pipeline.intake.reassembly import OVERDUE
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import Channel, answered, channel, probed
from tests.sms_gateway.channels.http.provider import Say
from tests.sms_gateway.conftest import NOON, Clock, Counts

pytestmark = pytest.mark.long_on_postgresql

SIGNATURE_SECRET = "canary-vonage-signature-1"
API_SECRET = "canary-vonage-api-secret"
SETTINGS = ChannelSettings(
    network="vonage",
    secret=SecretStr(SIGNATURE_SECRET),
    password=SecretStr(API_SECRET),
    user="key1",
    public_url="https://sms.example",
    send_url="https://rest.nexmo.com",
    options={"signature": "sha256"},
)
TEXT = {"msisdn": "84905123456", "to": "8188", "messageId": "0A1", "text": "HD", "type": "text", "keyword": "HD"}


def get(agg: Channel, path: str, fields: Mapping[str, str], *, secret: str = SIGNATURE_SECRET) -> tuple[int, str]:
    """Get with fields signed by Vonage's own library."""
    sent = {"timestamp": str(int(NOON.timestamp())), "nonce": "n-1", **fields}
    signer = Auth(api_key="key1", signature_secret=secret, signature_method="sha256")
    response = agg.client.get(f"{path}?{urlencode(sent | {'sig': signer.sign_params(dict(sent))})}")
    return response.status_code, response.text


def test_a_text_is_stored_once(parts: WebDependencies, clock: Clock) -> None:
    agg = channel(parts, SETTINGS)
    for nonce in ("n-1", "n-1", "n-2"):
        assert get(agg, "/mo/agg", TEXT | {"nonce": nonce}) == (200, "")
        clock.advance(timedelta(hours=8))
    assert agg.texts() == [("84905123456", "8188", "HD")]
    clock.advance(timedelta(hours=2))
    assert get(agg, "/mo/agg", TEXT | {"messageId": "0A2"})[0] == 401  # its timestamp is 26 hours old


def test_the_parts_of_a_long_text_are_joined(parts: WebDependencies, clock: Clock) -> None:
    agg = channel(parts, SETTINGS)

    def bring(number: int, reference: str) -> tuple[int, str]:
        words = {"1": "DVC 000.00.12", "2": ".H17-230815-0007"}[str(number)]
        more = {"concat": "true", "concat-ref": reference, "concat-total": "2", "concat-part": str(number)}
        return get(agg, "/mo/agg", TEXT | more | {"messageId": f"{reference}-{number}", "text": words})

    for number in (2, 2, 1, 1):  # each twice, the second part first
        assert bring(number, "7") == (200, "")
    assert agg.texts() == [("84905123456", "8188", "DVC 000.00.12.H17-230815-0007")]
    assert bring(1, "8") == (200, "")
    reception = Reception(
        database=parts.database,
        new_id=parts.new_id,
        lease=None,
        now=clock,
        read_parts=LongTexts({}),
        metrics=Metrics(),
    )
    clock.advance(OVERDUE)
    reception.join_overdue()
    assert [words for _, _, words in agg.texts()][1:] == [f"DVC 000.00.12{GAP}"]


def test_what_is_no_text_is_acknowledged_and_counted(
    parts: WebDependencies, counts: Counts, clock: Clock, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    agg = channel(parts, SETTINGS)
    assert get(agg, "/mo/agg", TEXT | {"type": "binary", "data": "00FF", "udh": "06"}) == (200, "")
    assert (agg.texts(), agg.kept()) == ([], b"")
    with caplog.at_level(logging.DEBUG, "sms_gateway"):
        for fields in ({"to": "8188", "text": "HD"}, TEXT | {"text": "A" * 17_000}):
            for _ in range(2):
                assert get(agg, "/mo/agg", fields) == (200, "")  # it would come again for a day
                clock.advance(timedelta(minutes=1))
    assert counts.seen == [("agg", "ignored"), *[("agg", "bad_request")] * 4]
    shown = [TextFormatter().format(record) for record in caplog.records if record.message == "request_unreadable"]
    assert [line.partition("request_unreadable ")[2] for line in shown] == [
        "channel=agg address=127.0.0.1 refused=1"
    ] * 4
    assert agg.texts() == []
    with agg.database.read() as connection:
        rows = connection.execute(select(inbound.c.sender, inbound.c.state).order_by(inbound.c.id)).all()
    assert [(row.sender, row.state.value) for row in rows] == [
        ("", "unanswerable"),
        ("", "redelivery"),
        ("84905123456", "unanswerable"),
        ("84905123456", "redelivery"),
    ]
    assert b"A" * 17_000 in agg.kept()  # an operator can reveal what the service could not read
    assert "messageId" in agg.pages(logged_in)
    assert SIGNATURE_SECRET not in agg.pages(logged_in)


def test_what_is_not_signed_is_refused_like_an_unknown_channel(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    stranger = (401, agg.client.get("/mo/nobody").text)
    assert get(agg, "/mo/agg", TEXT, secret="canary-another-secret") == stranger
    assert get(agg, "/dlr/agg", {"messageId": "a", "status": "delivered"}, secret="another") == stranger
    unsigned = channel(parts, SETTINGS.model_copy(update={"options": {"signature": "none"}}))
    assert unsigned.client.get("/mo/agg", query_string=TEXT).status_code == 401  # no path_secret is set
    by_path = {"options": {"signature": "none"}, "path_secret": SecretStr("canary-vonage-path-01")}
    opened = channel(parts, SETTINGS.model_copy(update=by_path))
    assert opened.client.post("/mo/agg/canary-vonage-path-01", json=TEXT).status_code == 200
    assert opened.client.post("/mo/agg/canary-vonage-path-02", json=TEXT).status_code == 401
    assert agg.texts() == [("84905123456", "8188", "HD")]


def test_an_answer_has_an_id_for_each_segment() -> None:
    body = b"""{"message-count": "3", "messages": [
        {"status": "0", "message-id": "a"}, {"status": "0", "message-id": "b"}, {"status": "0", "message-id": "c"}]}"""
    sent = answered(SETTINGS, Say(body=body), "Đ" * 200)
    assert sent.outcomes == [("taken", "a"), ("taken", "b"), ("taken", "c")]
    assert (sent.seen.method, sent.seen.target) == ("POST", "/sms/json")
    fields = dict(parse_qsl(sent.seen.body.decode()))
    assert 890_000 <= int(fields.pop("ttl")) <= 900_000
    assert fields == {
        "api_key": "key1",
        "api_secret": API_SECRET,
        "from": "8188",
        "to": "84905123456",
        "text": "Đ" * 200,
        "type": "unicode",
        "client-ref": "1",
        "callback": "https://sms.example/dlr/agg",
    }
    authorization = "Basic " + b64encode(f"key1:{API_SECRET}".encode()).decode()
    assert probed(SETTINGS) == ("GET", "/account/get-balance", authorization)
    one = answered(SETTINGS, Say(body=b'{"messages": [{"status": "0", "message-id": "a"}]}'))
    assert dict(parse_qsl(one.seen.body.decode()))["type"] == "text"


WAIT = b'"error-text": "Throughput Rate Exceeded - please wait [ 250 ] and retry"'
REFUSED = [
    (Say(body=b'{"messages": [{"status": "1", %s}]}' % WAIT), ("throttled", "HTTP 200 code 1 (too fast)"), True),
    (Say(body=b'{"messages": [{"status": "5"}]}'), ("temporary", "HTTP 200 code 5"), True),
    (Say(body=b'{"messages": [{"status": "9"}]}'), ("temporary", "HTTP 200 code 9 (money)"), False),
    (Say(body=b'{"messages": [{"status": "3"}]}'), ("permanent", "HTTP 200 code 3"), True),
    (
        Say(body=b'{"messages": [{"status": "0", "message-id": "a"}, {"status": "5"}]}'),
        ("unanswered", "HTTP 200 code 5"),
        True,
    ),
    (Say(body=b"<html>"), ("unanswered", "HTTP 200"), True),
    (Say(status=429), ("throttled", "HTTP 429"), True),
    (Say(cut=True), ("unanswered", "no response"), False),
]


def test_what_vonage_refuses_is_read_as_what_it_is() -> None:
    for said, wanted, stays_up in REFUSED:
        sent = answered(SETTINGS, said)
        assert (sent.outcomes, sent.is_up) == ([wanted], stays_up), said
    throttled = vonage.READ(ProviderResponse(status=200, body=REFUSED[0][0].body))
    assert isinstance(throttled, DeclinedText)
    assert throttled.wait_seconds == 0.25


def test_reports_are_read_and_each_segment_has_its_own(parts: WebDependencies) -> None:
    agg = channel(parts, SETTINGS)
    whole, refused = agg.sent("a", "b", "c"), agg.sent("d")
    story = [
        ("a", "buffered", "0", whole, ("sent", None)),
        ("a", "delivered", "0", whole, ("sent", None)),
        ("b", "delivered", "0", whole, ("sent", None)),
        ("c", "delivered", "0", whole, ("delivered", None)),
        ("d", "lost in space", "1", refused, ("sent", None)),
        ("d", "rejected", "6", refused, ("failed", "receipt:rejected:6")),
    ]
    for message_id, status, error, answer, wanted in story:
        report = {"messageId": message_id, "status": status, "err-code": error, "msisdn": "84905123456", "to": "8188"}
        for _ in range(2):
            assert get(agg, "/dlr/agg", report) == (200, "")
        assert agg.state(answer) == wanted, (message_id, status)


def test_no_secret_is_kept_or_logged(
    parts: WebDependencies, logged_in: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        agg = channel(parts, SETTINGS)
        get(agg, "/mo/agg", TEXT | {"other": SIGNATURE_SECRET})
        get(agg, "/mo/agg", TEXT, secret="canary-another-secret")
        answered(SETTINGS, Say(status=401))
    written = "".join(map(TextFormatter().format, caplog.records))
    assert not any(secret in written for secret in (SIGNATURE_SECRET, API_SECRET))
    assert SIGNATURE_SECRET.encode() not in agg.kept()
    assert b"0A1" in agg.kept()
    page = agg.pages(logged_in)
    assert "0A1" in page
    assert SIGNATURE_SECRET not in page
