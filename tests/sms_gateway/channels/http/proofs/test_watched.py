"""`proof = "watch"`, through the endpoint; and the address that a proof covers."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from db.schema import inbound
from db.store.engine import Database
from sms_gateway.channels.http.network import table_of
from sms_gateway.channels.http.networks import plain
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.request import IncomingRequest
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import SECRET, Clock, Counts

PATH_SECRET = "canary-path-secret-78"
TEXT = {"from": "0905123456", "to": "8188", "text": "HD"}


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestOfUrl:
    """A signature over the address."""

    secret: str

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        del now
        fits = request.url and hmac.compare_digest(request.header("X-Sum"), signed(request.url))
        return Proved() if fits else None


def signed(url: str) -> str:
    return hmac.new(SECRET.encode(), url.encode(), sha256).hexdigest()


BY_URL = replace(
    plain.NETWORK,
    name="by-url",
    arrivals=lambda settings: replace(
        plain.arrivals(settings), proof=DigestOfUrl(secret=settings.secret.get_secret_value())
    ),
)
CHANNEL = ChannelSettings(
    network="by-url",
    secret=SecretStr(SECRET),
    path_secret=SecretStr(PATH_SECRET),
    reply_link="viettel",
    public_url="https://sms.example/city",
)


def test_the_signed_address_is_that_of_the_settings(parts: WebDependencies, database: Database) -> None:
    channels = {"agg": CHANNEL, "bare": CHANNEL.model_copy(update={"public_url": ""})}
    client = create_app(
        replace(parts, settings=Settings(channels=channels), networks=table_of([plain.NETWORK, BY_URL]))
    ).test_client()
    cases = [
        ("/mo/agg", "https://sms.example/city/mo/agg", 200),
        ("/mo/agg?a=%2B&b=1%20", "https://sms.example/city/mo/agg?a=%2B&b=1%20", 200),
        ("/mo/agg/s%C4%91", "https://sms.example/city/mo/agg/s%C4%91", 200),
        ("/mo/agg/", "https://sms.example/city/mo/agg/", 200),
        ("/mo/agg", "https://sms.example/city/mo/agg?a=1", 401),
        ("/mo/agg", "http://forged.example/mo/agg", 401),
        ("/mo/bare", "/mo/bare", 401),
        ("/mo/bare", "", 401),
    ]
    for number, (path, url, status) in enumerate(cases):
        headers = {"X-Sum": signed(url), "Host": "forged.example", "X-Forwarded-Host": "forged.example"}
        response = client.post(path, json=TEXT | {"id": str(number)}, headers=headers)
        assert response.status_code == status, (path, url)
    with database.read() as connection:
        assert len(connection.scalars(select(inbound.c.id)).all()) == 4


def test_a_watched_signature_is_counted_and_the_path_decides(
    parts: WebDependencies, database: Database, counts: Counts, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    channels = {"agg": CHANNEL.model_copy(update={"proof": "watch"})}
    client = create_app(
        replace(parts, settings=Settings(channels=channels), networks=table_of([plain.NETWORK, BY_URL]))
    ).test_client()
    good = {"X-Sum": signed("https://sms.example/city/mo/agg")}
    cases = [
        ("signed", "/mo/agg", good, 200, None),
        ("unsigned", "/mo/agg", {}, 401, "wrong_secret"),
        ("a wrong path", "/mo/agg/guess", {}, 401, "wrong_secret"),
        ("a path alone", f"/mo/agg/{PATH_SECRET}", {}, 200, "watched"),
        ("a path and a wrong signature", f"/mo/agg/{PATH_SECRET}", good, 200, "watched"),
    ]
    with caplog.at_level(logging.WARNING):
        for number, (label, path, headers, status, counted) in enumerate(cases):
            counts.seen.clear()
            response = client.post(path, json=TEXT | {"id": str(number)}, headers=headers)
            assert response.status_code == status, label
            assert ("agg", counted) in counts.seen or counted is None, label
            assert (counted == "watched") == (("agg", "watched") in counts.seen), label
        clock.now += timedelta(minutes=1)
        client.post(f"/mo/agg/{PATH_SECRET}", json=TEXT | {"id": "last"})
    lines = [record for record in caplog.records if record.getMessage() == "signature_watched"]
    assert len(lines) == 2
    with database.read() as connection:
        kept = connection.scalars(select(inbound.c.wire)).all()
    assert len(kept) == 4
    assert PATH_SECRET not in caplog.text + repr(kept)
