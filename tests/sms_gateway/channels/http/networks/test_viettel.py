"""Viettel's bulk SMS, by the acceptance table: answers as a SOAP client makes them, and what is said to them."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from lxml import etree
from pydantic import SecretStr

from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import answered, channel
from tests.sms_gateway.channels.http.networks.wsdl import envelope
from tests.sms_gateway.channels.http.provider import Say

pytestmark = pytest.mark.long_on_postgresql

PASSWORD = "canary<viettel>&pass-01"
SETTINGS = ChannelSettings(
    network="viettel",
    user="city",
    password=SecretStr(PASSWORD),
    send_url="http://127.0.0.1:8998",
    options={"cp_code": "CITY", "request_id": "4"},
)


def said(message: str, result: int) -> Say:
    body = (
        '<?xml version="1.0" ?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        '<ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return>'
        f"<message>{message}</message><result>{result}</result></return></ns2:wsCpMtResponse></S:Body></S:Envelope>"
    )
    return Say(body=body.encode(), headers={"Content-Type": "text/xml;charset=utf-8"})


OK = said("Insert MT_QUEUE: OK", 1)
WORDS = [
    ("Xin chao", "0"),
    ('Ho so <1> cua "ong" da xong', "0"),
    ("A & B", "1"),  # a text without accents must not hold it
    ("Đã nhận", "1"),
]


def values(body: bytes) -> list[tuple[str, str]]:
    """Return the elements of the operation by their qualified names."""
    [operation] = etree.fromstring(body).iterfind(".//{http://impl.bulkSms.ws/}wsCpMt")
    return [(str(element.tag), str(element.text)) for element in operation]


def test_an_answer_is_what_a_soap_client_makes_of_it(tmp_path: Path) -> None:
    for words, content_type in WORDS:
        sent = answered(SETTINGS, OK, words)
        assert sent.outcomes == [("taken", "1")], words
        assert (sent.seen.method, sent.seen.headers["soapaction"]) == ("POST", '""')
        assert sent.seen.headers["content-type"] == "text/xml; charset=utf-8"
        fields = {
            "User": "city",
            "Password": PASSWORD,
            "CPCode": "CITY",
            "RequestID": "4",
            "UserID": "84905123456",
            "ReceiverID": "84905123456",
            "ServiceID": "8188",
            "CommandCode": "bulksms",
            "Content": words,
            "ContentType": content_type,
        }
        assert values(sent.seen.body) == values(envelope(tmp_path, "http://impl.bulkSms.ws/", "wsCpMt", fields)), words
    brand = SETTINGS.model_copy(update={"options": {"cp_code": "CITY", "service_id": "CITY HALL"}})
    fields = dict(values(answered(brand, OK).seen.body))
    assert (fields["RequestID"], fields["ServiceID"]) == ("1", "CITY HALL")


TEMPLATE = "Check template: CONTENT_NOT_MATCH_TEMPLATE"
PASSWORD_WRONG = "Authenticate: WRONG_INFORMATION_AUTHENTICATE"
REFUSED = [
    (said(TEMPLATE, 0), "permanent", TEMPLATE, True),
    (said("Check ReceiverID: 84905123456 FORMAT_ERROR", 0), "permanent", "Check ReceiverID: # FORMAT_ERROR", True),
    (said("Authenticate: IP_INVALID (IP: 10.0.0.7)", 0), "temporary", "Authenticate: IP_INVALID #IP: #.#.#.#", False),
    (said(PASSWORD_WRONG, 0), "temporary", PASSWORD_WRONG, False),
    (Say(body=b"<html><body>Sorry</body></html>"), "unanswered", "HTTP 200", True),
    (Say(status=500, body=b"<faultstring>no</faultstring>"), "temporary", "HTTP 500", True),
    (Say(cut=True), "unanswered", "no response", False),
]


def test_what_viettel_refuses_is_read_as_what_it_is() -> None:
    for response, refusal, error, stays_up in REFUSED:
        sent = answered(SETTINGS, response)
        assert (sent.outcomes, sent.is_up) == ([(refusal, error)], stays_up), error


def test_nothing_is_taken_from_anybody(parts: WebDependencies, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        agg = channel(parts, SETTINGS)
        stranger = agg.client.post("/mo/nobody", data={"UserID": "84905123456", "Content": "HD"})
        for path in ("/mo/agg", f"/mo/agg/{PASSWORD}", "/dlr/agg", "/mo/agg/"):
            refused = agg.client.post(path, data={"UserID": "84905123456", "Content": "HD"}, auth=("city", PASSWORD))
            assert (refused.status_code, refused.text) == (401, stranger.text), path
        answered(SETTINGS, Say(status=401))
    assert (agg.texts(), agg.strays()) == ([], [])
    assert PASSWORD not in "".join(map(TextFormatter().format, caplog.records))
