"""Standard Webhooks: their own library signs what we check, and checks what we sign."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from standardwebhooks import Webhook, WebhookVerificationError

from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.proofs.standard_webhooks import StandardWebhook, key_of, sign
from sms_gateway.channels.http.request import IncomingRequest, Way
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from tests.sms_gateway.channels.http.networks.acceptance import channel
from tests.sms_gateway.conftest import Clock

KEY = b"canary-standard-webhook!"
SECRET = f"whsec_{b64encode(KEY).decode()}"
NOW = datetime.now(tz=UTC).replace(microsecond=0)  # their library reads the clock
STAMP = str(int(NOW.timestamp()))
BODY = '{"from": "84905123456", "to": "8188", "text": "HD", "id": "1"}'


def headers_of(name: str, signature: str, *, stamp: str = STAMP) -> dict[str, str]:
    return {"webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": signature}


def is_proven(
    headers: Mapping[str, str],
    body: str = BODY,
    *,
    secret: str = SECRET,
    method: str = "POST",
    now: datetime = NOW,
) -> bool:
    request = IncomingRequest(
        way=Way.TEXTS,
        method=method,
        content_type="application/json",
        query=b"",
        header=lambda name: headers.get(name.lower(), ""),
        read_body=body.encode,
        read_password=str,
    )
    return StandardWebhook(secret=secret, seconds=300)(request, now) is not None


def test_what_fits_and_what_does_not() -> None:
    signature = Webhook(SECRET).sign("msg_1", NOW, BODY)
    good = headers_of("msg_1", signature)
    cases = [
        ("as they sign it", is_proven(good), True),
        ("without the prefix of the secret", is_proven(good, secret=SECRET.removeprefix("whsec_")), True),
        ("beside others", is_proven(headers_of("msg_1", f"v1a,AAAA v1,AAAA {signature}")), True),
        ("behind too many others", is_proven(headers_of("msg_1", "v1,AAAA " * 8 + signature)), False),
        ("another version", is_proven(headers_of("msg_1", signature.replace("v1,", "v2,"))), False),
        ("another id", is_proven(good | {"webhook-id": "msg_2"}), False),
        ("another time", is_proven(good | {"webhook-timestamp": str(int(STAMP) + 1)}), False),
        ("another body", is_proven(good, BODY + " "), False),
        ("another secret", is_proven(good, secret=b64encode(b"another").decode()), False),
        ("an old copy", is_proven(good, now=NOW + timedelta(seconds=301)), False),
        ("a GET, whose query is not signed", is_proven(good, method="GET"), False),
        ("nothing", is_proven({}), False),
        ("no secret", is_proven(headers_of("a", sign(key=b"", name="a", stamp=STAMP, body=b"")), "", secret=""), False),
        ("no id", is_proven(headers_of("", sign(key=KEY, name="", stamp=STAMP, body=b"")), ""), False),
    ]
    assert [label for label, found, wanted in cases if found is not wanted] == []


@settings(max_examples=60, deadline=None)
@given(
    key=st.binary(min_size=1, max_size=40),
    name=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=20),
    body=st.text(max_size=60),
    change=st.sampled_from(["", "", "body", "signature"]),
)
def test_both_decide_the_same(*, key: bytes, name: str, body: str, change: str) -> None:
    secret = "whsec_" + b64encode(key).decode()
    assert key_of(secret) == key
    theirs = Webhook(secret)
    now = datetime.now(tz=UTC)  # for each example: theirs refuses what is five minutes old
    stamp = str(int(now.timestamp()))
    signature = sign(key=key, name=name, stamp=stamp, body=body.encode())
    assert signature == theirs.sign(name, now.replace(microsecond=0), body)
    sent = body + "x" if change == "body" else body
    headers = headers_of(name, signature[:-5] + "AAAA=" if change == "signature" else signature, stamp=stamp)
    try:
        theirs.verify(sent, headers, json_parse=False)
        fits = True
    except WebhookVerificationError:
        fits = False
    assert is_proven(headers, sent, secret=secret, now=now) is fits


@pytest.mark.long_on_postgresql
def test_a_repetition_is_known_by_its_id_and_the_secret_is_not_kept(parts: WebDependencies, clock: Clock) -> None:
    agg = channel(parts, ChannelSettings(auth="standard-webhooks", secret=SecretStr(SECRET), reply_link="viettel"))
    for number in (1, 2):  # the second with a field more, and no id of its own
        body = BODY.replace('"id": "1"', f'"try": {number}')
        stamp = str(int(clock.now.timestamp()))
        signature = sign(key=KEY, name="msg_1", stamp=stamp, body=body.encode())
        headers = headers_of("msg_1", signature, stamp=stamp) | {"Content-Type": "application/json"}
        assert agg.client.post("/mo/agg", data=body, headers=headers).status_code == 200
        clock.advance(timedelta(hours=1))
        assert agg.client.post("/mo/agg", data=body, headers=headers).status_code == 401
    assert agg.texts() == [("84905123456", "8188", "HD")]
    assert SECRET.encode() not in agg.kept()


def test_a_secret_that_is_no_base64_is_a_fault() -> None:
    agg = ChannelSettings(auth="standard-webhooks", secret=SecretStr("no Base64 at all"))
    assert [str(fault) for fault in network_faults(Settings(channels={"agg": agg}), NETWORKS)] == [
        "channels.agg.secret: is no Base64; fix: copy it as the provider shows it: whsec_ and Base64"
    ]
