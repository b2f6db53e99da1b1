"""A network under test: its channel `agg` at the real endpoints, and its answers by the real sender."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import insert, select

from db.messages.message_ids import message_key
from db.schema import InboundState, OutboundState, inbound, outbound, segment, stray_receipt
from db.store.address import Address, Msisdn
from db.store.engine import Database
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.sender import HttpSender
from sms_gateway.clock import utc_now
from sms_gateway.pipeline.ports import SegmentTaken, SendReport
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from sms_gateway.wiring.channel_parts import sender_terms
from tests.sms_gateway.channels.http.provider import Say, Seen, provider
from tests.sms_gateway.channels.http.sending.senders import Reports, submission, until
from tests.sms_gateway.conftest import NOON

CITIZEN = Msisdn(Address("84905123456"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A channel `agg` seen from the provider's side."""

    client: FlaskClient
    database: Database
    new_id: Callable[[], int]

    def texts(self) -> list[tuple[str, str, str]]:
        """Return sender, recipient and words of every text that was stored and is no repetition."""
        columns = (inbound.c.sender, inbound.c.recipient, inbound.c.body)
        is_new = inbound.c.state == InboundState.RECEIVED
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).where(is_new).order_by(inbound.c.id))]

    def kept(self) -> bytes:
        """Return everything that is stored of the requests."""
        with self.database.read() as connection:
            return b"".join(wire or b"" for wire in connection.scalars(select(inbound.c.wire)))

    def pages(self, operator: FlaskClient) -> str:
        """Return the page of every message, as an operator sees it."""
        with self.database.read() as connection:
            ids = list(connection.scalars(select(inbound.c.id)))
        pages = [operator.get(f"/admin/messages/{one}") for one in ids]
        assert pages
        assert {page.status_code for page in pages} == {200}
        return "".join(page.text for page in pages)

    def strays(self) -> list[str]:
        """Return the ids of reports on answers that nobody knows."""
        with self.database.read() as connection:
            return list(connection.scalars(select(stray_receipt.c.message_id)))

    def sent(self, *ids: str) -> int:
        """Store an answer that the provider took under these ids."""
        made = self.new_id()
        values = {
            "id": made,
            "link": "agg",
            "sender": "8188",
            "recipient": CITIZEN,
            "recipient_mark": CITIZEN,
            "body": "Xin chao",
            "reference": 1,
            "state": OutboundState.SENT,
            "segments": len(ids),
            "created_at": NOON,
            "not_before": NOON,
            "expires_at": NOON + timedelta(minutes=15),
        }
        with self.database.write() as connection:
            connection.execute(insert(outbound).values(values))
            for number, one in enumerate(ids, 1):
                part = {"outbound_id": made, "number": number, "link": "agg", "sent_at": NOON}
                connection.execute(insert(segment).values(part | {"message_id": one, "message_key": message_key(one)}))
        return made

    def state(self, outbound_id: int) -> tuple[str, str | None]:
        """Return the state and the error of an answer."""
        columns = (outbound.c.state, outbound.c.error)
        with self.database.read() as connection:
            row = connection.execute(select(*columns).where(outbound.c.id == outbound_id)).one()
        return row.state.value, row.error


def channel(parts: WebDependencies, settings: ChannelSettings) -> Channel:
    """Return the channel `agg` with these settings."""
    app = create_app(replace(parts, settings=Settings(channels={"agg": settings})))
    return Channel(client=app.test_client(), database=parts.database, new_id=parts.new_id)


@contextmanager
def sender_to(url: str, settings: ChannelSettings) -> Iterator[tuple[HttpSender, Reports]]:
    """Run the sender of the channel `agg`."""
    quick = {"send_url": url, "reconnect_seconds": 60, "connect_seconds": 2, "window": 1}
    terms = sender_terms("agg", settings.model_copy(update=quick), NETWORKS[settings.network])
    assert terms is not None
    reports = Reports()
    sender = HttpSender("agg", terms, reports, now=utc_now)
    sender.start()
    try:
        yield sender, reports
    finally:
        assert sender.stop(10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """One answer that was sent: the request, what became of each segment, and whether the channel is up after it."""

    seen: Seen
    outcomes: Sequence[tuple[str, str]]  # `taken` and an id, or the refusal and its error
    is_up: bool
    report: SendReport


def answered(settings: ChannelSettings, said: Say, body: str = "Xin chao") -> Answered:
    """Send one answer to a provider that says this."""
    with provider(lambda _: said) as sms, sender_to(sms.url.removesuffix("/send"), settings) as (sender, reports):
        until(lambda: sender.state().up)
        sender.submit([submission(body=body)])
        report = reports.wait_for(1)[0]
        return Answered(seen=sms.seen[0], outcomes=outcomes(report), is_up=sender.state().up, report=report)


def probed(settings: ChannelSettings) -> tuple[str, str, str]:
    """Return method, target and password of the call that costs nothing."""
    departure = NETWORKS[settings.network].departure
    probe = None if departure is None else departure(settings).probe
    assert probe is not None
    return probe.method, probe.target, probe.headers["Authorization"]


def outcomes(report: SendReport) -> Sequence[tuple[str, str]]:
    """Return what became of each segment."""
    return [
        ("taken", one.message_id) if isinstance(one, SegmentTaken) else (one.refusal.value, one.error)
        for one in report.segments
    ]
