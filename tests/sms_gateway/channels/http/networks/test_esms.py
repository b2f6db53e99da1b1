"""The network `esms`: signed texts answered in XML, and answers under a RequestId of ours."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from hashlib import md5
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr

from db.schema import OutboundState, ReceiptState
from sms_gateway.channels.http.networks import esms
from sms_gateway.channels.http.request import RequestOutcome, Said
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ReplyWay
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
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running, states

__all__ = ["own_database"]

KEY = "17417a0d20114d36a902e49cad0e97f3"  # of the example in eSMS's paper
CHANGES = channel("esms").model_dump(
    include={"network", "path_secret", "public_url", "user", "password", "options"}
) | {"secret": SecretStr(KEY)}
TAKES = Say(body=b'{"CodeResult":"100","CountRegenerate":0,"SMSID":"d533459ee42b2b9525ba9eabf6a8156"}')


def text(content: str, number: str, *, in_hex: bool = False, sign: str | None = None) -> str:
    fields = {"cpid": "CP1", "smsid": number, "content": content, "receiverTime": "20261122100000"}
    digest = md5("".join([*fields.values(), KEY]).encode(), usedforsecurity=False)
    signed = digest.hexdigest() if in_hex else b64encode(digest.digest()).decode()
    more = {"sender": CITIZEN, "serviceNumber": "8188", "keyword": content.partition(" ")[0], "sign": sign or signed}
    return "/mo/agg?" + urlencode(fields | more)


def answer(inside: str, number: str) -> tuple[int, str]:
    return 200, (
        f"<ClientResponse><Message>{inside}</Message><Smsid>{number}</Smsid>"
        f"<Receiver>{CITIZEN}</Receiver></ClientResponse>"
    )


def test_a_signed_text_is_answered_in_its_response(own_database: DatabaseSettings) -> None:
    changes = CHANGES | {"send_url": "", "reply": ReplyWay.BODY}
    given = text("DVC 1", "9f8e", sign="pVBOsEbAtOBfPmAoBRwVmg==")  # acceptance row 38
    assert given == text("DVC 1", "9f8e")
    assert "a5504eb046c0b4e05f3e6028051c159a" in text("DVC 1", "9f8e", in_hex=True)
    with provider(lambda _: TAKES) as sms, running(own_database, sms, **changes) as service:
        for target, number in ((given, "9f8e"), (text("Hỏi & đáp <b>", "9f8f", in_hex=True), "9f8f")):
            first = call(service, target)
            body = first[1].partition("<Message>")[2].partition("</Message>")[0]
            assert body, number
            assert first == answer(body, number), number
            assert call(service, target) == first, number
        assert call(service, given.replace("DVC", "HD+"))[0] == 401
        assert texts(service.database) == [(CITIZEN, "8188", "DVC 1"), (CITIZEN, "8188", "Hỏi & đáp <b>")]
    assert sms.seen == []


def test_an_answer_is_escaped() -> None:
    said = Said(outcome=RequestOutcome.STORED, method="GET", answer='<b> & "\x00', provider_id="1&2", sender="84<")
    assert esms.acknowledge(said).body == (
        '<ClientResponse><Message>&lt;b&gt; &amp; "</Message><Smsid>1&amp;2</Smsid>'
        "<Receiver>84&lt;</Receiver></ClientResponse>"
    )


def test_an_answer_is_sent_and_its_reports_are_taken(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        provider(lambda _: TAKES) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        assert [call(service, text("HD", "1")), call(service, text("HD", "1"))] == [answer("", "1")] * 2
        sms.wait_for(1)
        service.wait_for(states(OutboundState.SENT))
        numbers = {"SMSID": "d533459ee42b2b9525ba9eabf6a8156", "phonenumber": "0905123456", "RequestId": ""}
        for status, success, state in (("7", "0", OutboundState.SENT), ("5", "1", OutboundState.DELIVERED)):
            report = urlencode(numbers | {"SendStatus": status, "SendSuccess": success, "SendFailed": "0"})
            refused = call(service, f"/dlr/agg/guess?{report}")
            assert (refused[0], refused) == (401, call(service, f"/dlr/nobody/guess?{report}"))
            for _ in range(2):
                assert call(service, f"/dlr/agg/{IN_PATH}?{report}")[0] == 200
            service.wait_for(states(state))
        stored = kept(service.database)
    assert len(sms.seen) == 1
    assert stored[0]["sign"] is None
    shown = "".join(map(TextFormatter().format, caplog.records)) + repr(stored)
    assert [one for one in (KEY, PASSWORD, PATH_SECRET, IN_PATH) if one in shown] == []


def test_an_answer_that_esms_has_under_our_id_alone_gets_its_report(own_database: DatabaseSettings) -> None:
    with (
        provider(lambda _: Say(body=b'{"CodeResult":"124","ErrorMessage":"RequestId existed"}')) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        call(service, text("HD", "1"))
        ours = json.loads(sms.wait_for(1)[0].body)["RequestId"]
        service.wait_for(states(OutboundState.SENT))
        report = {"SMSID": "d533459ee42b2b9525ba9eabf6a8156", "phonenumber": "0905123456", "RequestId": ours}
        done = urlencode(report | {"SendStatus": "5", "SendSuccess": "1", "SendFailed": "0"})
        assert call(service, f"/dlr/agg/{IN_PATH}?{done}")[0] == 200
        service.wait_for(states(OutboundState.DELIVERED))


def test_an_answer_is_one_request_with_an_id_of_ours() -> None:
    options = {"brandname": "", "sandbox": "0"}
    cases = [
        ("Xin chao", options, {"SmsType": "8", "IsUnicode": "0", "Sandbox": "0"}),
        (
            "Hồ sơ",
            options | {"brandname": "DANANG", "sandbox": "1"},
            {"SmsType": "2", "Brandname": "DANANG", "IsUnicode": "1", "Sandbox": "1"},
        ),
    ]
    for body, given, wanted in cases:
        tried = try_once(channel("esms", options=given), TAKES, body=body)
        assert json.loads(tried.seen.body) == wanted | {
            "ApiKey": "city",
            "SecretKey": PASSWORD,
            "Phone": CITIZEN,
            "Content": body,
            "RequestId": "1",
            "CallbackUrl": f"{PUBLIC_URL}/dlr/agg/{IN_PATH}",
        }
        assert tried.outcome == ("taken", "d533459ee42b2b9525ba9eabf6a8156")


def test_a_code_is_taken_or_one_of_our_refusals() -> None:
    cases = [
        ("124", ("taken", "1"), True),
        ("160", ("throttled", "HTTP 200 code 160 (too fast)"), True),
        ("146", ("permanent", "HTTP 200 code 146 (template)"), True),
        ("101", ("temporary", "HTTP 200 code 101 (account)"), False),
        ("103", ("temporary", "HTTP 200 code 103 (money)"), False),
        ("777", ("permanent", "HTTP 200 code 777"), True),
    ]
    for code, wanted, up in cases:
        tried = try_once(channel("esms"), Say(body=json.dumps({"CodeResult": code, "ErrorMessage": "no"}).encode()))
        assert (tried.outcome, tried.up) == (wanted, up), code
    assert try_once(channel("esms"), Say(body=b"<html>Log in</html>")).outcome == ("unanswered", "HTTP 200")


def test_the_numbers_of_a_report_say_the_state() -> None:
    cases = {
        ("1", "0", "0"): ReceiptState.ENROUTE,
        ("2", "0", "0"): ReceiptState.ENROUTE,
        ("7", "0", "0"): ReceiptState.ENROUTE,
        ("4", "0", "0"): ReceiptState.REJECTED,
        ("5", "1", "0"): ReceiptState.DELIVERED,
        ("5", "0", "1"): ReceiptState.UNDELIVERABLE,
        ("5", "1", "1"): ReceiptState.UNDELIVERABLE,
        ("5", "0", "0"): None,
        ("6", "1", "0"): None,
    }
    for (status, success, failed), state in cases.items():
        item = {"SendStatus": status.encode(), "SendSuccess": success.encode(), "SendFailed": failed.encode()}
        assert esms.state_of(item) is state, item
