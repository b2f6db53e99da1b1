"""A network that is defined in this test alone: it takes a signed text, sends the answer and takes its report."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from db.schema import OutboundState, ReceiptState, inbound, outbound
from db.store.engine import Database, open_database
from sms_gateway.channels.address_kinds import address_kinds
from sms_gateway.channels.http.network import Arrivals, Network, ReceiptFields, TextFields, table_of
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.proofs.proof import Proved
from sms_gateway.channels.http.proofs.shared_secret import PathSecret
from sms_gateway.channels.http.request import Acknowledgement, IncomingRequest, RequestOutcome, fixed
from sms_gateway.channels.http.sending.departure import Departure, OutgoingRequest, OutgoingText, post_json
from sms_gateway.channels.http.sending.response_table import ResponseTable
from sms_gateway.channels.http.stored_request import read_kept_request
from sms_gateway.clock import Now, utc_now
from sms_gateway.log import TextFormatter
from sms_gateway.pipeline.ports import Refusal
from sms_gateway.process import keyfile
from sms_gateway.process.startup import opened
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import DatabaseSettings, Settings, WebSettings
from sms_gateway.wiring.gateway import Gateway
from tests.migrated import upgrade
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider
from tests.sms_gateway.pipeline.test_addresses import ADDRESS, CHAT, MASKED, USER

SECRET = "canary-sample-secret-1"
KEY = "canary-sample-key-0001"
PATH_SECRET = "canary-sample-path-01"
CITIZEN = "84905123456"


# The whole of the sample network


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestOfBody:
    """X-Sample-Digest: HMAC-SHA-512 of the body, in hexadecimal."""

    secret: str = field(repr=False)

    def __call__(self, request: IncomingRequest, now: datetime, /) -> Proved | None:
        del now
        wanted = digest(self.secret, request.content)
        given = request.header("X-Sample-Digest")
        return Proved(signature=wanted) if hmac.compare_digest(wanted.encode(), given.encode()) else None


def digest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()


def arrivals(settings: ChannelSettings) -> Arrivals:
    secret = settings.secret.get_secret_value()
    states = {"arrived": ReceiptState.DELIVERED, "lost": ReceiptState.UNDELIVERABLE, "moving": ReceiptState.ENROUTE}
    return Arrivals(
        proof=DigestOfBody(secret=secret),
        text=TextFields(sender="mo.phone", recipient="mo.code", text="mo.words", id="mo.ref"),
        receipt=ReceiptFields(id="ticket", state="news", error="why", read_state=states.get),
        receipt_proof=PathSecret(secret=settings.path_secret.get_secret_value()),
    )


def departure(settings: ChannelSettings) -> Departure:
    key = settings.password.get_secret_value()

    def build(text: OutgoingText) -> OutgoingRequest:
        fields = {"messages": [{"phone": text.recipient, "code": text.sender, "words": text.body}]}
        return post_json(settings.send_url, fields, {"X-Sample-Key": key})

    return Departure(
        url=settings.send_url,
        build=build,
        read=ResponseTable(
            ids="data.tickets[]",
            needs_id=True,
            code="data.code",
            codes={"0": None, "7": Refusal.PERMANENT, "9": Refusal.THROTTLED},
        ),
    )


def xml(status: int, word: str) -> Acknowledgement:
    return Acknowledgement(status=status, body=f"<ack>{word}</ack>", content_type="text/xml")


SAMPLE = Network(
    name="sample",
    title="Sample",
    arrivals=arrivals,
    acknowledge=fixed(
        {
            RequestOutcome.STORED: xml(200, "thanks"),
            RequestOutcome.DUPLICATE: xml(200, "again"),
            RequestOutcome.IGNORED: xml(200, "fine"),
            RequestOutcome.TRY_LATER: xml(503, "later"),
            RequestOutcome.BAD_REQUEST: xml(400, "what"),
            RequestOutcome.WRONG_PROOF: xml(403, "who"),
            RequestOutcome.TOO_LARGE: xml(413, "long"),
        }
    ),
    departure=departure,
    needs=("path_secret",),
)


CHAT_SAMPLE = replace(SAMPLE, name="chat-sample", sender_kind=CHAT)
"""The same for an application whose users are known by a number of their own."""


# The service with it


@pytest.fixture
def own_database(tmp_path: Path) -> DatabaseSettings:
    settings = DatabaseSettings(url=f"sqlite:///{tmp_path / 'gateway.db'}", key_file=tmp_path / "keys")
    database = open_database(settings.url, keyfile.load_or_make(settings.key_file))
    upgrade(database)
    database.close()
    return settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A service that runs, seen from the aggregator's side."""

    gateway: Gateway
    database: Database

    def post(self, path: str, fields: Mapping[str, object], *, secret: str = SECRET) -> tuple[int, str]:
        assert self.gateway.web is not None
        body = json.dumps(fields).encode()
        headers = {"Content-Type": "application/json", "X-Sample-Digest": digest(secret, body)}
        request = Request(f"http://127.0.0.1:{self.gateway.web.port}{path}", data=body, headers=headers)
        try:
            with urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def text(self, words: str, ref: str = "r-1", *, phone: str = CITIZEN, secret: str = SECRET) -> tuple[int, str]:
        fields = {"phone": phone, "code": "8188", "words": words, "ref": ref}
        return self.post("/mo/agg", {"mo": fields}, secret=secret)

    def report(self, ticket: str, news: str, **more: str) -> tuple[int, str]:
        return self.post(f"/dlr/agg/{PATH_SECRET}", {"ticket": ticket, "news": news, **more})

    def answers(self) -> list[tuple[OutboundState, str | None, bool]]:
        columns = (outbound.c.state, outbound.c.error, outbound.c.unsure)
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(outbound.c.id))]

    def wait_for(self, wanted: Callable[[list[tuple[OutboundState, str | None, bool]]], bool]) -> None:
        deadline = time.monotonic() + 15
        while not wanted(self.answers()):
            assert time.monotonic() < deadline, self.answers()
            time.sleep(0.02)


@contextmanager
def running(
    own: DatabaseSettings,
    sms: Provider,
    *,
    port: int = 0,
    stop_seconds: float | None = None,
    now: Now = utc_now,
    **changes: object,
) -> Iterator[Service]:
    channel = ChannelSettings(
        network="sample",
        secret=SecretStr(SECRET),
        path_secret=SecretStr(PATH_SECRET),
        send_url=sms.url,
        password=SecretStr(KEY),
        reconnect_seconds=0.05,
    ).model_copy(update=changes)
    settings = Settings(database=own, web=WebSettings(port=port), channels={"agg": channel})
    with opened(settings) as database:
        gateway = Gateway(settings, database, networks=table_of([*NETWORKS.values(), SAMPLE, CHAT_SAMPLE]), now=now)
        gateway.start()
        try:
            yield Service(gateway=gateway, database=database)
        finally:
            gateway.stop(stop_seconds)


def takes(*tickets: str) -> Callable[[Seen], Say]:
    """Take every text under the next of these ids."""
    left = iter(tickets)
    return lambda _: Say(status=201, body=json.dumps({"data": {"code": 0, "tickets": [next(left)]}}).encode())


def states(*wanted: OutboundState) -> Callable[[list[tuple[OutboundState, str | None, bool]]], bool]:
    return lambda answers: tuple(state for state, _, _ in answers) == wanted


def test_a_network_may_know_its_senders_by_something_else_than_a_phone(own_database: DatabaseSettings) -> None:
    with provider(takes("T-1")) as sms, running(own_database, sms, network="chat-sample") as service:
        assert service.text("HD", phone=USER) == (200, "<ack>thanks</ack>")
        sent = json.loads(sms.wait_for(1)[0].body)
        assert sent["messages"][0]["phone"] == USER
        with service.database.read() as connection:
            assert connection.execute(select(inbound.c.sender)).scalar_one() == ADDRESS
        assert address_kinds(table_of([CHAT_SAMPLE])).mask(ADDRESS) == MASKED


def test_a_signed_text_is_answered_and_its_report_taken(own_database: DatabaseSettings) -> None:
    with provider(takes("T-1")) as sms, running(own_database, sms) as service:
        assert service.text("HD") == (200, "<ack>thanks</ack>")
        seen = sms.wait_for(1)[0]
        service.wait_for(states(OutboundState.SENT))
        assert service.report("T-1", "moving") == (200, "<ack>thanks</ack>")
        assert service.report("T-1", "arrived") == (200, "<ack>thanks</ack>")
        service.wait_for(states(OutboundState.DELIVERED))
        assert service.text("HD") == (200, "<ack>again</ack>")
        assert service.answers() == [(OutboundState.DELIVERED, None, False)]
        [state] = service.gateway.channel_states()
    sent = json.loads(seen.body)["messages"][0]
    assert (seen.method, seen.headers["x-sample-key"], sent["phone"], sent["code"]) == ("POST", KEY, CITIZEN, "8188")
    assert "TK" in sent["words"]
    assert len(sms.seen) == 1
    assert (state.name, state.up) == ("agg", True)


def test_a_wrong_proof_stores_nothing(own_database: DatabaseSettings) -> None:
    with provider(takes("T-1")) as sms, running(own_database, sms) as service:
        assert service.text("HD", secret="another-secret-00") == (403, "<ack>who</ack>")
        assert service.post("/dlr/agg/guess", {"ticket": "T-1", "news": "arrived"}) == (403, "<ack>who</ack>")
        assert service.answers() == []
    assert sms.seen == []


def test_a_report_that_comes_before_the_response_waits_for_it(own_database: DatabaseSettings) -> None:
    early: list[tuple[int, str]] = []

    def answer(_: Seen) -> Say:
        early.append(service.report("T-1", "lost", why="E5"))
        return takes("T-1")(_)

    with provider(answer) as sms, running(own_database, sms) as service:
        service.text("HD")
        service.wait_for(states(OutboundState.FAILED))
        assert service.answers() == [(OutboundState.FAILED, "receipt:undeliverable:E5", False)]
    assert early == [(200, "<ack>thanks</ack>")]


REFUSED = [
    ("for good", Say(body=b'{"data": {"code": 7}}'), OutboundState.FAILED, "HTTP 200 code 7"),
    ("by its status", Say(status=400, body=b"no"), OutboundState.FAILED, "HTTP 400"),
]


@pytest.mark.parametrize(("said", "state", "error"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_refused_answer_fails(own_database: DatabaseSettings, said: Say, state: OutboundState, error: str) -> None:
    with provider(lambda _: said) as sms, running(own_database, sms) as service:
        service.text("HD")
        service.wait_for(states(state))
        assert service.answers() == [(state, error, False)]


def test_an_answer_waits_while_nobody_listens(own_database: DatabaseSettings) -> None:
    with provider(takes("T-1")) as sms, running(own_database, sms, send_url="http://127.0.0.1:1/send") as service:
        assert service.text("HD") == (200, "<ack>thanks</ack>")
        time.sleep(1)
        assert service.answers() == [(OutboundState.QUEUED, None, False)]
        [state] = service.gateway.channel_states()
    assert (state.up, state.last_error) == (False, "127.0.0.1 port 1: Connection refused")


def test_an_answer_that_was_on_its_way_when_the_service_ended_goes_again_and_is_unsure(
    own_database: DatabaseSettings,
) -> None:
    hold = Event()
    with provider(lambda _: Say(hold=hold)) as sms:
        with running(own_database, sms, stop_seconds=0.5) as service:
            service.text("HD")
            sms.wait_for(1)
        hold.set()
        sms.answer = takes("T-2")
        with running(own_database, sms) as service:
            service.wait_for(states(OutboundState.SENT))
            assert service.answers() == [(OutboundState.SENT, None, True)]
    assert len(sms.seen) == 2


def test_no_secret_is_kept_or_logged(own_database: DatabaseSettings, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), provider(lambda _: Say(status=401)) as sms:
        with running(own_database, sms) as service:
            fields = {"phone": CITIZEN, "code": "8188", "words": "HD", "ref": "r-1"}
            service.post("/mo/agg", {"mo": fields | {"token": "canary-token"}, "extra": {"key": SECRET}})
            sms.wait_for(1)
            service.report("T-9", "arrived")
            service.post("/dlr/agg/canary-guess", {})
        with opened(Settings(database=own_database)) as database, database.read() as connection:
            kept = read_kept_request(connection.scalars(select(inbound.c.wire)).one() or b"")
    assert kept is not None
    assert {field.name: field.value for field in kept.fields} == {
        "mo.phone": CITIZEN.encode(),
        "mo.code": b"8188",
        "mo.words": b"HD",
        "mo.ref": b"r-1",
        "mo.token": None,
        "extra": None,
    }
    written = "".join(map(TextFormatter().format, caplog.records))
    for canary in (SECRET, KEY, PATH_SECRET, "canary-guess", "canary-token", CITIZEN):
        assert canary not in written
