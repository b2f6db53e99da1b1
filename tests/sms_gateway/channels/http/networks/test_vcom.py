"""The network `vcom`: texts with a checksum, a status of 200 for everything, and answers that name their text."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from db.schema import OutboundState
from sms_gateway.channels.http.networks import vcom
from sms_gateway.log import TextFormatter
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.channels.http.networks.rows import CITIZEN, call, channel, kept, texts
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.http.sending.test_response_table import said
from tests.sms_gateway.wiring.test_gateway_sample_network import own_database, running, states

__all__ = ["own_database"]

KEY = "5fdc57e97198o1"  # of the example on V-COM's page
CHANNEL = channel("vcom", secret=SecretStr(KEY), user="demo", password=SecretStr(""), options={"is_charged": "0"})
CHANGES = CHANNEL.model_dump(include={"network", "secret", "user", "password", "options"})
TAKEN = (200, '{"data":{"code":200,"status":"success","message":""}}')
JSON = {"Content-Type": "application/json"}


def text(words: str, number: int, *, stamp: int | None = None, checksum: str | None = None) -> bytes:
    stamp = int(time.time()) if stamp is None else stamp
    digest = hashlib.sha256(f"demo{number}{CITIZEN}{KEY}{stamp}".encode()).digest()
    fields = {"type": "new", "client_id": "demo", "request_id": number, "service_id": "8188", "command_code": "HD"}
    fields |= {"message": words, "telco": "VT", "phone": CITIZEN, "time": stamp}
    return json.dumps(fields | {"checksum": checksum or b64encode(digest).decode()}).encode()


def error(answered: tuple[int, str]) -> tuple[int, int]:
    return answered[0], json.loads(answered[1])["errors"]["code"]


def test_the_text_of_the_acceptance_table_is_taken(parts: WebDependencies) -> None:
    then = datetime.fromtimestamp(1606200000, tz=UTC)
    settings = Settings(channels={"agg": CHANNEL.model_copy(update={"send_url": "", "reply_link": "viettel"})})
    client = create_app(replace(parts, settings=settings, now=lambda: then)).test_client()
    fields = {"client_id": "demo", "request_id": "1297875832", "phone": "84901234567", "time": 1606200000}
    fields |= {"service_id": "8188", "command_code": "HD", "message": "HD", "telco": "VT", "type": "new"}
    right, wrong = "fGsEUmTr1dOg7bFuvFKEjiCcXbTOb5/f9X6RduMKiPY=", "AAsEUmTr1dOg7bFuvFKEjiCcXbTOb5/f9X6RduMKiPY="
    for checksum, code in ((wrong, 106), (right, 200), (right, 200)):
        response = client.post("/mo/agg", json=fields | {"checksum": checksum})
        assert response.status_code == 200
        inside = response.json or {}
        assert (inside.get("data") or inside.get("errors") or {}).get("code") == code
    assert texts(parts.database) == [("84901234567", "8188", "HD")]


def test_a_text_is_answered_with_the_id_of_its_request(
    own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        provider(lambda _: Say(body=TAKEN[1].encode())) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        body = text("HD", 1297875832)
        assert [call(service, "/mo/agg", body, JSON), call(service, "/mo/agg", body, JSON)] == [TAKEN, TAKEN]
        sent = json.loads(sms.wait_for(1)[0].body)
        service.wait_for(states(OutboundState.SENT))
        assert error(call(service, "/mo/agg", text("HD", 2, checksum="x"), JSON)) == (200, 106)
        assert error(call(service, "/mo/agg", text("HD", 3, stamp=int(time.time()) - 4000), JSON)) == (200, 106)
        assert error(call(service, "/mo/agg", b"{}", JSON)) == (200, 106)
        assert call(service, "/dlr/agg", text("HD", 4), JSON)[1] == vcom.WRONG.body  # it has no reports
        assert texts(service.database) == [(CITIZEN, "8188", "HD")]
        stored = kept(service.database)
    assert len(sms.seen) == 1
    stamp, key = sent.pop("time"), sent["mt_code"]
    assert abs(stamp - time.time()) < 60
    assert sent.pop("checksum") == vcom.checksum("demo", "1297875832", key, KEY, stamp)
    assert "TK" in sent.pop("message")
    assert sent == {
        "client_id": "demo",
        "request_id": "1297875832",
        "service_id": "8188",
        "command_code": "HD",
        "mt_code": key,
        "is_charged": 0,
    }
    assert stored[0]["checksum"] is None
    assert KEY not in "".join(map(TextFormatter().format, caplog.records)) + repr(stored)


@pytest.mark.long  # the second try comes after five seconds
def test_an_answer_whose_response_was_lost_is_sent_once(own_database: DatabaseSettings) -> None:
    exists = Say(body=b'{"errors":{"code":104,"status":"error","message":"MT code existed"}}')
    with (
        provider(lambda _: exists if sms.seen else Say(cut=True)) as sms,
        running(own_database, sms, **CHANGES) as service,
    ):
        call(service, "/mo/agg", text("HD", 1297875832), JSON)
        service.wait_for(states(OutboundState.SENT))
        assert service.answers() == [(OutboundState.SENT, None, False)]
    assert len({json.loads(seen.body)["mt_code"] for seen in sms.seen}) == 1


def test_a_code_is_taken_or_one_of_our_refusals() -> None:
    assert ChannelSettings.model_validate(CHANGES).network == "vcom"
    taken = vcom.RESPONSES(said(200, TAKEN[1].encode()))
    assert taken == vcom.RESPONSES(said(200, b'{"errors":{"code":104}}'))
    for code, refusal, all_of_them in ((102, "temporary", False), (106, "permanent", False), (108, "temporary", True)):
        read = vcom.RESPONSES(said(200, json.dumps({"errors": {"code": code, "status": "error"}}).encode()))
        assert read != taken, code
        assert getattr(read, "refusal", None) == refusal, code
        assert getattr(read, "declines_all", None) is all_of_them, code
    assert getattr(vcom.RESPONSES(said(200, b"<html>")), "refusal", None) == "unanswered"
