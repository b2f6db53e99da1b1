"""What tests of one network share: requests to a service that runs, and one answer sent to a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from pydantic import SecretStr
from sqlalchemy import select

from db.schema import InboundState, inbound
from db.store.engine import Database
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.clock import utc_now
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.wiring.channel_parts import sender_terms
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.channels.http.sending.senders import Reports, outcome, submission, until
from tests.sms_gateway.wiring.test_gateway_sample_network import Service

CITIZEN = "84905123456"
SECRET = "canary-row-secret-01"
PASSWORD = "canary-row-passw-01"
PATH_SECRET = "canary-row-path-%01"  # what a URL must escape
IN_PATH = "canary-row-path-%2501"
PUBLIC_URL = "https://sms.example"


def channel(network: str, **changes: object) -> ChannelSettings:
    """Return a channel of a network as its users set it."""
    return ChannelSettings(
        network=network,
        secret=SecretStr(SECRET),
        path_secret=SecretStr(PATH_SECRET),
        public_url=PUBLIC_URL,
        send_url="https://provider.example/send",
        user="city",
        password=SecretStr(PASSWORD),
        reconnect_seconds=0.05,
        answer_seconds=2,
    ).model_copy(update=changes)


def call(
    service: Service, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Send a request to a service as an aggregator does: a GET, or a POST of this body."""
    assert service.gateway.web is not None
    request = Request(f"http://127.0.0.1:{service.gateway.web.port}{path}", data=body, headers=dict(headers or {}))
    try:
        with urlopen(request, timeout=15) as response:
            return response.status, response.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def texts(database: Database) -> list[tuple[str, str, str]]:
    """Return sender, recipient and words of every text that was stored, without those that came again."""
    columns = (inbound.c.sender, inbound.c.recipient, inbound.c.body)
    with database.read() as connection:
        first = select(*columns).where(inbound.c.state != InboundState.REDELIVERY).order_by(inbound.c.id)
        return [tuple(row) for row in connection.execute(first)]


def kept(database: Database) -> list[Mapping[str, bytes | None]]:
    """Return the fields that are stored beside each text and shown to operators."""
    with database.read() as connection:
        found = [read_kept_request(wire or b"") for wire in connection.scalars(select(inbound.c.wire))]
    return [{field.name: field.value for field in one.fields} for one in found if one is not None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """One answer that was sent: the request, what became of it, and whether the channel is still up."""

    seen: Seen
    outcome: tuple[str, str]
    up: bool


def try_once(settings: ChannelSettings, said: Say, *, body: str = "Xin chao") -> Tried:
    """Send one answer to a provider that responds in this way."""
    with provider(lambda _: said) as sms, sending_by(settings, sms.url) as (sender, reports):
        until(lambda: sender.state().up)
        sender.submit([submission(body=body)])
        [report] = reports.wait_for(1)
        return Tried(seen=sms.seen[0], outcome=outcome(report), up=sender.state().up)


@contextmanager
def sending_by(settings: ChannelSettings, url: str) -> Iterator[tuple[HttpSender, Reports]]:
    """Run the sender of a channel at this address."""
    terms = sender_terms("agg", settings.model_copy(update={"send_url": url}), NETWORKS[settings.network])
    assert terms is not None
    reports = Reports()
    sender = HttpSender("agg", terms, reports, now=utc_now)
    sender.start()
    try:
        yield sender, reports
    finally:
        assert sender.stop(10)
