"""The network `kannel`: its texts, answers in the response and by sendsms, and reports in its numbers."""

from __future__ import annotations

import logging
from base64 import b64encode
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest

from db.schema import OutboundState, ReceiptState
from sms_gateway.channels.http.networks import kannel
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ReplyWay
from sms_gateway.settings.model import DatabaseSettings
from tests.sms_gateway.channels.http.networks.rows import (
    CITIZEN,
    IN_PATH,
    PASSWORD,
    PATH_SECRET,
    PUBLIC_URL,
    SECRET,
    call,
    channel,
    kept,
    texts,
    try_once,
)
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running, states

__all__ = ["own_database"]

BASIC = {"Authorization": "Basic " + b64encode(f"gateway:{SECRET}".encode()).decode()}
CHANGES = channel("kannel").model_dump(include={"network", "secret", "path_secret", "public_url", "user", "password"})
TAKES = Say(status=202, body=b"0: Accepted for delivery")


def text(words: bytes, number: str, charset: str = "UTF-8") -> str:
    """Return the target of a text as smsbox 1.4.5 writes it."""
    return "/mo/agg?" + urlencode(
        {"from": f"+{CITIZEN}", "to": "8188", "text": words, "id": number, "charset": charset}
    )


def test_a_text_is_answered_by_sendsms_and_its_reports_are_taken(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        provider(lambda _: TAKES) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        for _ in range(2):
            assert call(service, text(b"HD", "79e52016"), headers=BASIC) == (200, "")
        sent = {name: values[0] for name, values in parse_qs(urlsplit(sms.wait_for(1)[0].target).query).items()}
        service.wait_for(states(OutboundState.SENT))
        reported = urlsplit(sent["dlr-url"].replace("%d", "8").replace("%%", "%"))
        assert reported.path == f"/dlr/agg/{IN_PATH}"
        refused = call(service, f"/dlr/agg/guess?{reported.query}")
        assert refused == call(service, f"/dlr/nobody/guess?{reported.query}")
        assert refused[0] == 401
        assert call(service, f"{reported.path}?{reported.query}") == (200, "")
        assert service.answers() == [(OutboundState.SENT, None, False)]
        for _ in range(2):
            assert call(service, f"{reported.path}?{reported.query}".replace("state=8", "state=1")) == (200, "")
        service.wait_for(states(OutboundState.DELIVERED))
        assert call(service, f"{reported.path}?id=12345&state=1") == (200, "")  # of no answer: it waits for one
        assert texts(service.database) == [(CITIZEN, "8188", "HD")]
        stored = kept(service.database)
    assert len(sms.seen) == 1
    shown = "".join(map(TextFormatter().format, caplog.records)) + repr(stored)
    assert [one for one in (SECRET, PASSWORD, PATH_SECRET, IN_PATH) if one in shown] == []


def test_the_answer_is_in_the_response_in_any_alphabet(own_database: DatabaseSettings) -> None:
    cases = [
        ("ASCII", b"HD", "UTF-8", "HD"),
        ("UCS-2", b"\x01\x10", "UTF-16BE", "Đ"),
        ("GSM 03.38, which Kannel writes as UTF-8", "a  b @_é [x]".encode(), "UTF-8", "a  b @_é [x]"),
    ]
    changes = CHANGES | {"send_url": "", "reply": ReplyWay.BODY}
    with provider(lambda _: TAKES) as sms, running(own_database, sms, **changes) as service:
        for number, (label, words, charset, wanted) in enumerate(cases):
            target = text(words, f"id-{number}", charset)
            answered = call(service, target, headers=BASIC)
            assert answered[0] == 200, label
            assert answered[1], label
            assert call(service, target, headers=BASIC) == answered, label
            assert texts(service.database)[-1] == (CITIZEN, "8188", wanted), label
        assert call(service, text(b"HD", "id-9"))[0] == 401
        assert len(texts(service.database)) == len(cases)
    assert sms.seen == []


def query_of(seen: Seen) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(seen.target).query).items()}


def test_an_answer_is_one_request_to_sendsms() -> None:
    wanted = {
        "username": "city",
        "password": PASSWORD,
        "from": "8188",
        "to": CITIZEN,
        "charset": "UTF-8",
        "dlr-mask": "27",
        "dlr-url": f"{PUBLIC_URL}/dlr/agg/{IN_PATH.replace('%', '%%')}?id=1&state=%d",
    }
    for body, coding in (("Xin chao @ [x]", "0"), ("Hồ sơ", "2")):
        tried = try_once(channel("kannel"), TAKES, body=body)
        query = query_of(tried.seen)
        assert 10 <= int(query.pop("validity")) <= 15
        assert (tried.seen.method, query) == ("GET", wanted | {"text": body, "coding": coding})
        assert tried.outcome == ("taken", "1")
        assert unquote(IN_PATH) == PATH_SECRET


def test_a_response_of_smsbox_is_taken_or_one_of_our_refusals() -> None:
    cases = [
        (TAKES, ("taken", "1"), True),
        (Say(status=202, body=b"3: Queued for later delivery"), ("taken", "1"), True),
        (Say(status=202, body=b"Sent. Message splits: 2"), ("taken", "1"), True),
        (Say(status=503, body=b"Temporal failure, try again later."), ("temporary", "HTTP 503"), True),
        (Say(status=403, body=b"Authorization failed for sendsms"), ("temporary", "HTTP 403"), False),
        (Say(status=403, body=b"Not routable. Do not try again."), ("temporary", "HTTP 403"), False),
        (
            Say(status=403, body=b"Number(s) has/have been denied by white- and/or black-lists."),
            ("permanent", "HTTP 403 code Number"),
            True,
        ),
        (Say(status=400, body=b"Charset or body misformed, rejected"), ("permanent", "HTTP 400"), True),
        (Say(status=500, body=b"Sending failed."), ("temporary", "HTTP 500"), True),
        (Say(status=200, body=b"<html>Log in</html>"), ("unanswered", "HTTP 200"), True),
    ]
    for said, wanted, up in cases:
        tried = try_once(channel("kannel"), said)
        assert (tried.outcome, tried.up) == (wanted, up), said


def test_each_number_of_a_report_is_a_state() -> None:
    wanted = {"1": "DELIVERED", "2": "UNDELIVERABLE", "16": "REJECTED", "34": "EXPIRED"}
    wanted |= dict.fromkeys(("4", "8", "32"), "ENROUTE")
    assert {number: kannel.STATES[number] for number in kannel.STATES} == {
        number: ReceiptState[state] for number, state in wanted.items()
    }
