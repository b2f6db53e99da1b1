"""The network `jasmin`: texts as octets with their data_coding, the acknowledgement it wants, sending and reports."""

from __future__ import annotations

import logging
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from db.schema import OutboundState, ReceiptState
from sms_gateway.channels.http.networks import jasmin
from sms_gateway.log import TextFormatter
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.networks.rows import (
    CITIZEN,
    IN_PATH,
    PASSWORD,
    PATH_SECRET,
    PUBLIC_URL,
    call,
    channel,
    kept,
    texts,
    try_once,
)
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running, states

__all__ = ["own_database"]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CHANGES = channel("jasmin").model_dump(include={"network", "path_secret", "public_url", "user", "password"})
ID = "07033084-5cfd-4812-90a4-e4d24ffb6e3d"
TAKES = Say(body=f'Success "{ID}"'.encode())
ACK = (200, "ACK/Jasmin")


def text(words: bytes, number: str, **more: str | bytes) -> bytes:
    fields = {"id": number, "from": CITIZEN, "to": "8188", "origin-connector": "viettel", "priority": "1"}
    return urlencode(fields | {"content": words, "binary": words.hex(), "coding": "0"} | more).encode()


TEXTS = [
    ("GSM 03.38", text(b"\x05v\x05nement", "1001"), "événement"),
    ("UCS-2", text("Đà Nẵng".encode("utf-16-be"), "1002", coding="8"), "Đà Nẵng"),
    ("hexadecimal in capital letters", text(b"", "1003", binary="4A4B"), "JK"),
    ("without the octets", text(b"HD", "1004", binary="no"), "HD"),
    ("a data_coding that is none", text(b"HD 5", "1005", coding="999"), "HD 5"),
]


def test_a_text_is_answered_and_its_reports_are_taken(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    reports = [
        ({"level": "1", "message_status": "ESME_ROK"}, OutboundState.SENT),
        ({"level": "2", "message_status": "DELIVRD", "err": "000", "dlvrd": "001"}, OutboundState.DELIVERED),
    ]
    with (
        caplog.at_level(logging.DEBUG),
        provider(lambda _: TAKES) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        for _ in range(2):
            assert call(service, f"/mo/agg/{IN_PATH}?{text(b'HD', '1000').decode()}") == ACK  # Jasmin's method GET
        service.wait_for(states(OutboundState.SENT))
        for report, state in reports:
            body = urlencode(report | {"id": ID, "connector": "viettel"}).encode()
            refused = call(service, "/dlr/agg/guess", body, FORM)
            assert (refused[0], refused) == (401, call(service, "/dlr/nobody/guess", body, FORM))
            for _ in range(2):
                assert call(service, f"/dlr/agg/{IN_PATH}", body, FORM) == ACK
            service.wait_for(states(state))
        for label, body, words in TEXTS:
            for _ in range(2):
                assert call(service, f"/mo/agg/{IN_PATH}", body, FORM) == ACK, label
            assert texts(service.database)[-1] == (CITIZEN, "8188", words), label
        assert call(service, "/mo/agg/guess", TEXTS[0][1], FORM)[0] == 401
        assert len(texts(service.database)) == len(TEXTS) + 1
        stored = kept(service.database)
    shown = "".join(map(TextFormatter().format, caplog.records)) + repr(stored)
    assert [one for one in (PASSWORD, PATH_SECRET, IN_PATH) if one in shown] == []


def query_of(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(seen.body.decode()).items()}


def test_an_answer_is_one_request_in_the_alphabet_that_it_needs() -> None:
    wanted = {
        "username": "city",
        "password": PASSWORD,
        "from": "8188",
        "to": CITIZEN,
        "dlr": "yes",
        "dlr-level": "3",
        "dlr-method": "POST",
        "dlr-url": f"{PUBLIC_URL}/dlr/agg/{IN_PATH}",
    }
    cases = [
        ("Xin chao @", {"coding": "0", "content": "Xin chao @"}),
        ("Hồ sơ", {"coding": "8", "hex-content": "00481ed300200073 01a1".replace(" ", "")}),
    ]
    for body, content in cases:
        tried = try_once(channel("jasmin"), TAKES, body=body)
        fields = query_of(tried.seen)
        assert 10 <= int(fields.pop("validity-period")) <= 15
        assert (tried.seen.method, urlsplit(tried.seen.target).query, fields) == ("POST", "", wanted | content)
        assert tried.outcome == ("taken", ID)


def test_a_response_of_jasmin_is_taken_or_one_of_our_refusals() -> None:
    cases = [
        (TAKES, ("taken", ID), True),
        (Say(status=412, body=b'Error "No route found"'), ("temporary", "HTTP 412 code No route found"), False),
        (
            Say(status=412, body=b'Error "Failover route has no bound connectors"'),
            ("temporary", "HTTP 412 code Failover route"),
            False,
        ),
        (
            Say(status=403, body=b'Error "User throughput exceeded"'),
            ("throttled", "HTTP 403 code User throughput exceeded"),
            True,
        ),
        (Say(status=403, body=b'Error "Authentication failure for username:city"'), ("temporary", "HTTP 403"), False),
        (Say(status=400, body=b'Error "Argument [to] has an invalid value"'), ("permanent", "HTTP 400"), True),
        (Say(status=500, body=b'Error "Cannot send submit_sm"'), ("temporary", "HTTP 500"), True),
        (Say(body=b"<html>Log in</html>"), ("unanswered", "HTTP 200"), True),
        (Say(body=b"Success"), ("unanswered", "no response with an id"), True),
    ]
    for said, wanted, up in cases:
        tried = try_once(channel("jasmin"), said)
        assert (tried.outcome, tried.up) == (wanted, up), said


def test_each_word_of_a_report_is_a_state() -> None:
    cases = {"ESME_ROK": "ENROUTE", "ESME_RINVDSTADR": "REJECTED", "ACCEPTD": "ACCEPTED", "DELIVRD": "DELIVERED"}
    cases |= {"UNDELIV": "UNDELIVERABLE", "EXPIRED": "EXPIRED", "REJECTD": "REJECTED", "DELETED": "DELETED"}
    for word, state in cases.items():
        assert jasmin.read_state(word) is ReceiptState[state], word
    assert jasmin.read_state("delivered or not") is None
