"""Events on the wire: signed so that their own library agrees, tried again with one id, stopped, slowed, killed."""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import event, insert
from sqlalchemy.exc import TimeoutError as NoTurn
from standardwebhooks import Webhook, WebhookVerificationError

from db.processes.webhook_deliveries import (
    Delivery,
    DeliveryFilter,
    EndpointState,
    count_deliveries,
    give_receivers,
    list_deliveries,
    read_endpoint,
    start_again,
)
from db.processes.webhook_events import note_event
from db.schema import WebhookState, WebhookType, webhook
from db.store.engine import Database
from sms_gateway.channels.webhooks.sender import WebhookSender, WebhookTerms
from sms_gateway.clock import utc_now
from sms_gateway.metrics import Metrics
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider

NAME = "lgsp"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OLD_SECRET = "whsec_cHJldmlvdXMtc2VjcmV0LW9mLTMyLW9jdGV0cy0hIQ=="
DEAD = "http://127.0.0.1:9/hooks"  # the port "discard", on which nothing listens


@dataclass(kw_only=True)
class Clock:
    at: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        return self.at

    def go(self, **amount: float) -> None:
        self.at += timedelta(**amount)


@dataclass(frozen=True, kw_only=True)
class Office:
    """A receiver, the sender to it, and a clock that both tests and sender go by."""

    database: Database
    receiver: Provider
    clock: Clock
    metrics: Metrics
    seconds: float
    made: list[WebhookSender] = field(default_factory=list)

    def sender(self, *secrets: str, url: str = "", database: Database | None = None) -> WebhookSender:
        """Make a sender; the test closes it."""
        given = secrets or (SECRET,)
        terms = WebhookTerms(name=NAME, url=url or self.receiver.url, secrets=given, answer_seconds=self.seconds)
        made = WebhookSender(terms, database or self.database, self.metrics, now=self.clock)
        self.made.append(made)
        return made

    def send(self) -> int:
        """Let a new sender send what is due."""
        return self.sender().send_due()

    def note(self, *accounts: int) -> None:
        with self.database.write() as connection:
            for account in accounts:
                note_event(connection, WebhookType.ACCOUNT_OPENED, {"account": str(account)}, at=self.clock())

    def state(self) -> EndpointState:
        with self.database.read() as connection:
            return read_endpoint(connection, NAME)

    def states(self) -> list[WebhookState]:
        with self.database.read() as connection:
            return [one.state for one in list_deliveries(connection, DeliveryFilter())]


@contextmanager
def office(database: Database, *says: Say, seconds: float = 5) -> Iterator[Office]:
    """Run a receiver that says these things in turn, and 204 from then on."""
    give_receivers(database, {WebhookType.ACCOUNT_OPENED: (NAME,)})
    rest = iter(says)
    with provider(lambda _: next(rest, Say(status=204))) as receiver:
        one = Office(database=database, receiver=receiver, clock=Clock(), metrics=Metrics(), seconds=seconds)
        try:
            yield one
        finally:
            for sender in one.made:
                sender.stop()


def ids(seen: list[Seen]) -> list[str]:
    return [one.headers["webhook-id"] for one in seen]


def verify(secret: str, seen: Seen) -> object:
    return Webhook(secret).verify(seen.body, dict(seen.headers))


def test_the_published_vector_goes_out_as_published(sqlite_database: Database) -> None:
    with office(sqlite_database) as one:
        one.clock.at = datetime.fromtimestamp(1614265330, UTC)
        row: Mapping[str, object] = {
            "key": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "endpoint": NAME,
            "type": WebhookType.ACCOUNT_OPENED,
            "payload": '{"test": 2432232314}',
            "made_at": one.clock(),
            "state": WebhookState.WAITING,
            "next_try": one.clock(),
            "tries": 0,
        }
        with sqlite_database.write() as connection:
            connection.execute(insert(webhook).values(row))
        assert one.send() == 1
        (seen,) = one.receiver.seen
        assert seen.headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        assert (seen.method, seen.body) == ("POST", b'{"test": 2432232314}')


def test_tries_have_one_id_and_one_body_and_a_timestamp_of_their_own(sqlite_database: Database) -> None:
    with office(sqlite_database, Say(status=500), Say(status=500)) as one:
        one.note(7)
        for wait in (0, 6, 331):
            one.clock.go(seconds=wait)
            assert one.send() == 1
        seen = one.receiver.seen
        assert len(set(ids(seen))) == 1
        assert len({each.body for each in seen}) == 1
        stamps = [int(each.headers["webhook-timestamp"]) for each in seen]
        assert [later - stamps[0] for later in stamps] == [0, 6, 337]
        assert one.states() == [WebhookState.DELIVERED]
        body = json.loads(seen[0].body)
        assert (body["type"], body["data"]) == ("account.opened", {"account": "7"})
        assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
        counted = one.metrics.render().decode()
        assert 'sms_webhook_tries_total{endpoint="lgsp",outcome="failed"} 2.0' in counted
        assert 'sms_webhook_tries_total{endpoint="lgsp",outcome="delivered"} 1.0' in counted


def test_while_the_secret_is_changed_both_secrets_fit_and_afterwards_one(sqlite_database: Database) -> None:
    with office(sqlite_database) as one:
        one.note(1)
        one.sender(SECRET, OLD_SECRET).send_due()
        both = one.receiver.seen[0]
        assert verify(SECRET, both) == verify(OLD_SECRET, both)
        one.note(2)
        one.sender(SECRET).send_due()
        assert verify(SECRET, one.receiver.seen[1])
        with pytest.raises(WebhookVerificationError):
            verify(OLD_SECRET, one.receiver.seen[1])


def test_410_stops_the_receiver_until_it_is_started_again(sqlite_database: Database) -> None:
    with office(sqlite_database, Say(status=410)) as one:
        one.note(1, 2)
        assert one.send() == 1
        one.clock.go(days=2)
        assert one.send() == 0
        assert one.state().stopped_at is not None
        with sqlite_database.write() as connection:
            assert start_again(connection, NAME)
        assert one.send() == 2
        assert one.states() == [WebhookState.DELIVERED] * 2


def test_a_redirect_is_a_failure_and_is_not_followed(sqlite_database: Database) -> None:
    with office(sqlite_database, Say(status=307, headers={"Location": "http://127.0.0.1:9/"})) as one:
        one.note(1)
        one.send()
        assert one.states() == [WebhookState.WAITING]
        assert len(one.receiver.seen) == 1


def test_retry_after_slows_every_event_of_the_receiver_down(sqlite_database: Database) -> None:
    with office(sqlite_database, Say(status=429, headers={"Retry-After": "120"})) as one:
        one.note(1, 2, 3)
        assert one.send() == 1
        one.clock.go(seconds=119)
        assert one.send() == 0
        one.clock.go(seconds=2)
        assert one.send() == 3


def test_a_receiver_that_hangs_is_cut_off_and_asked_again(sqlite_database: Database) -> None:
    hold = Event()
    with office(sqlite_database, Say(hold=hold), seconds=0.2) as one:
        one.note(1)
        one.send()
        hold.set()
        (row,) = _rows(sqlite_database)
        assert (row.state, row.last_status, row.last_error) == (WebhookState.WAITING, None, "no answer")
        one.clock.go(seconds=6)
        one.send()
        assert one.states() == [WebhookState.DELIVERED]


def test_a_response_that_trickles_in_is_cut_off(sqlite_database: Database) -> None:
    with office(sqlite_database, seconds=0.3) as one, socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                for octet in b"HTTP/1.1 204 No Content\r\nX: " + b"x" * 1000:
                    connection.send(bytes([octet]))
                    time.sleep(0.05)

        Thread(target=trickle, daemon=True).start()
        one.note(1)
        sender = one.sender(url=f"http://127.0.0.1:{server.getsockname()[1]}/hooks")
        sender.start()
        deadline = time.monotonic() + 10
        while one.state().failures == 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        sender.stop()
        assert one.states() == [WebhookState.WAITING]


def test_results_of_a_fast_receiver_are_written_in_few_commits(sqlite_database: Database) -> None:
    commits = 0

    def count(_: object) -> None:
        nonlocal commits
        commits += 1

    with office(sqlite_database, *(Say(status=204) for _ in range(20)), Say(status=500)) as one:
        one.note(*range(22))
        event.listen(sqlite_database.writer, "commit", count)
        assert one.send() == 21, "it rests after the failure"
        assert commits < 16
        assert sorted(one.states()) == [*[WebhookState.DELIVERED] * 20, *[WebhookState.WAITING] * 2]
        one.clock.go(seconds=6)
        assert one.send() == 2
        assert set(one.states()) == {WebhookState.DELIVERED}
        assert len(set(ids(one.receiver.seen))) == 22


def test_the_last_try_of_the_plan_gives_the_event_up(sqlite_database: Database) -> None:
    with office(sqlite_database) as one:
        one.note(1)
        dead = one.sender(url=DEAD)
        for _ in range(10):
            dead.send_due()
            one.clock.go(hours=27)
        assert one.states() == [WebhookState.GIVEN_UP]
        assert one.send() == 0
        with sqlite_database.read() as connection:
            assert count_deliveries(connection)[NAME].given_up == 1


def test_each_event_arrives_with_one_id_though_the_receiver_is_down_and_senders_die(
    sqlite_database: Database,
) -> None:
    """The short chaos test: an hour down, 20 senders killed at any point, each event at least once, with its id."""
    drawn = random.Random(27)
    with office(sqlite_database, *(Say(cut=True) if drawn.random() < 0.3 else Say() for _ in range(40))) as one:
        dead = one.sender(url=DEAD)
        one.note(*range(30))
        known = {row.key: row.payload for row in _rows(sqlite_database)}
        for _ in range(12):  # an hour
            dead.send_due()
            one.clock.go(minutes=5)
        for _ in range(20):
            _kill(one)
            if drawn.random() < 0.5:
                one.send()
            one.clock.go(minutes=2)
        for _ in range(300):
            one.clock.go(minutes=10)
            one.send()
            if set(one.states()) == {WebhookState.DELIVERED}:
                break
        arrived = {seen.headers["webhook-id"]: seen.body.decode() for seen in one.receiver.seen}
        assert arrived == known, "each event, by its one id, with its one body"
        assert len(one.receiver.seen) >= len(known)


def _kill(one: Office) -> None:
    """Let a sender die between a response and its commit: it cannot write, so what it did is lost."""
    with one.database.turns.take(5):
        dying = one.sender(database=replace(one.database, wait_seconds=0.001))
        with suppress(NoTurn):
            dying.send_due()


def _rows(database: Database) -> list[Delivery]:
    with database.read() as connection:
        return list(list_deliveries(connection, DeliveryFilter()))
