"""Access tokens: renewed in time, by one process, committed before they are used; and what an operator must fix."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Thread
from urllib.parse import parse_qs

import pytest
from sqlalchemy import update

from db.processes.access_tokens import (
    TokenPair,
    claim_renewal,
    put_tokens,
    read_token_states,
    read_tokens,
    remove_tokens,
)
from db.schema import access_token
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep import rekey
from sms_gateway.channels.http.networks.zalo import SPENT
from sms_gateway.channels.http.sending.connection import ConnectionTerms
from sms_gateway.channels.http.sending.departure import ProviderResponse, TokenTerms, post_form
from sms_gateway.channels.http.sending.token_responses import TokensDeclined, read_token_response
from sms_gateway.channels.http.sending.tokens import TokenKeeper
from sms_gateway.clock import utc_now
from sms_gateway.log import TextFormatter
from tests.sms_gateway.channels.http.provider import Provider, Say, Seen, provider

HOUR, QUARTER = timedelta(hours=1), timedelta(days=90)


@dataclass(kw_only=True)
class TokenServer:
    """Gives a new pair for each refresh token, once."""

    number: int = 1
    hold: Event | None = None

    def __call__(self, seen: Seen) -> Say:
        if parse_qs(seen.body.decode())["refresh_token"] != [f"canary-refresh-{self.number}"]:
            return Say(status=400, body=b'{"error":"invalid_grant"}')
        self.number += 1
        tokens = {"access_token": access(self.number), "refresh_token": f"canary-refresh-{self.number}"}
        return Say(body=json.dumps(tokens | {"expires_in": 3600}).encode(), hold=self.hold)


@dataclass(kw_only=True)
class Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


def access(number: int) -> str:
    return f"canary-access-{number}"


def terms(url: str) -> TokenTerms:
    return TokenTerms(
        url=url,
        renew=lambda refresh: post_form(url, {"refresh_token": refresh}),
        redeem=lambda code, verifier: post_form(url, {"code": code, "code_verifier": verifier}),
        permission_url=lambda challenge, state: f"{url}?code_challenge={challenge}&state={state}",
        refresh_seconds=int(QUARTER.total_seconds()),
        spent=SPENT,
    )


def keeper(url: str, database: Database, now: Clock) -> TokenKeeper:
    connection = ConnectionTerms(url="http://127.0.0.1:1/send", connect_seconds=2, answer_seconds=5)
    return TokenKeeper("zalo", terms(url), connection, database, now=now)


@contextmanager
def authorised(database: Database, server: TokenServer) -> Iterator[tuple[Provider, Clock]]:
    clock = Clock(at=utc_now())
    pair = TokenPair(
        access=access(1),
        refresh="canary-refresh-1",
        access_until=clock.at + HOUR,
        refresh_until=clock.at + QUARTER,
    )
    with database.write() as connection:
        put_tokens(connection, "zalo", pair, now=clock.at)
    with provider(server) as sms:
        yield sms, clock


def test_a_token_is_renewed_after_four_fifths_of_its_life(database: Database) -> None:
    with authorised(database, TokenServer()) as (sms, clock):
        started = clock.at
        for minutes, wanted, asked in ((0, 1, 0), (47, 1, 0), (49, 2, 1), (49 + 47, 2, 1), (49 + 49, 3, 2)):
            clock.at = started + timedelta(minutes=minutes)
            one = keeper(sms.url, database, clock)
            assert one.current() is None  # nothing was read yet
            one.look()
            assert (one.current(), len(sms.seen), one.trouble()) == (access(wanted), asked, None), minutes
        with database.read() as connection:
            stored = read_tokens(connection, "zalo")
            [state] = read_token_states(connection)
    assert stored is not None
    assert (stored.pair.refresh, stored.state) == ("canary-refresh-3", state)
    assert (state.access_until, state.refresh_until) == (clock.at + HOUR, clock.at + QUARTER)


def test_two_processes_make_one_renewal(database: Database, keyring: Keyring) -> None:
    other = open_database(database.writer.url.render_as_string(hide_password=False), keyring)
    hold = Event()
    with authorised(database, TokenServer(hold=hold)) as (sms, clock):
        clock.at += 0.9 * HOUR
        keepers = [keeper(sms.url, one, clock) for one in (database, other)]
        threads = [Thread(target=one.look) for one in keepers]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 10
        while all(thread.is_alive() for thread in threads):  # the one without the claim ends at once
            assert time.monotonic() < deadline
            time.sleep(0.01)
        hold.set()
        for thread in threads:
            thread.join(10)
        # The one that lost the claim takes the tokens of the other, as soon as an answer is refused.
        assert sorted(one.renew(access(1)) or "" for one in keepers) == [access(2)] * 2
        assert len(sms.seen) == 1
    other.close()


def test_a_new_token_is_used_only_when_it_is_committed(database: Database) -> None:
    locked, go_on = Event(), Event()

    def lock_row() -> None:
        with database.write() as connection:
            connection.execute(update(access_token).values(link="zalo"))
            locked.set()
            go_on.wait(10)

    server = TokenServer()

    def answer(seen: Seen) -> Say:
        Thread(target=lock_row).start()
        assert locked.wait(10)
        return server(seen)

    with authorised(database, server) as (sms, clock):
        sms.answer = answer
        clock.at += 0.9 * HOUR
        one = keeper(sms.url, database, clock)
        looking = Thread(target=one.look)
        looking.start()
        sms.wait_for(1)
        time.sleep(0.1)
        assert one.current() == access(1)
        go_on.set()
        looking.join(10)
        assert one.current() == access(2)


def test_a_renewal_whose_response_was_lost_ends_with_a_call_for_an_operator(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    server = TokenServer()
    with authorised(database, server) as (sms, clock), caplog.at_level(logging.DEBUG, "sms_gateway"):
        clock.at += 2 * HOUR
        with database.write() as connection:  # a process that ended between the response and the commit
            [state] = read_token_states(connection)
            assert claim_renewal(connection, state, until=clock.at + timedelta(seconds=10), now=clock.at)
            assert not claim_renewal(connection, state, until=clock.at + timedelta(seconds=10), now=clock.at)
        server.number = 2
        one = keeper(sms.url, database, clock)
        one.look()
        assert (one.trouble(), sms.seen) == (
            "the access token could not be renewed: another process renews it",
            [],
        )
        clock.at += timedelta(seconds=11)
        for _ in range(3):
            one = keeper(sms.url, database, clock)
            one.look()
            assert one.current() is None
            assert one.trouble() == "the provider refused the refresh token; fix: sms-gateway tokens authorise zalo"
        assert len(sms.seen) == 1  # it is not tried again
        assert {"token_renewal_unfinished", "token_refused"} <= {record.message for record in caplog.records}
        pair = TokenPair(access=None, refresh="canary-refresh-2", access_until=None, refresh_until=clock.at + QUARTER)
        with database.write() as connection:
            put_tokens(connection, "zalo", pair, now=clock.at)
        one = keeper(sms.url, database, clock)
        one.look()
        assert one.current() == access(3)
    written = "".join(map(TextFormatter().format, caplog.records))
    assert "canary" not in written


def test_a_provider_that_cannot_be_reached_spends_no_token(database: Database) -> None:
    server = TokenServer()
    with authorised(database, server) as (sms, clock):
        clock.at += 0.9 * HOUR
        said = [Say(status=503), Say(cut=True), Say(body=b"<html>log in</html>")]
        for number in range(len(said)):
            sms.answer = lambda _: said[len(sms.seen)]
            one = keeper(sms.url, database, clock)
            one.look()
            assert (one.current(), one.trouble()) == (access(1), None), said[number]
        clock.at += HOUR
        assert (one.trouble() or "").startswith("the access token could not be renewed: HTTP 200")
        sms.answer = server
        one = keeper(sms.url, database, clock)
        one.look()
        assert one.current() == access(2)


def test_a_refusal_that_says_nothing_of_the_token_is_tried_again_and_calls_an_operator_after_hours(
    database: Database,
) -> None:
    server = TokenServer()
    with authorised(database, server) as (sms, clock):
        clock.at += 2 * HOUR
        sms.answer = lambda _: Say(status=401, body=b'{"error":"invalid_client"}')
        one = keeper(sms.url, database, clock)
        one.look()
        assert one.trouble() == "the access token could not be renewed: HTTP 401 code invalid_client"
        clock.at += 4 * HOUR
        assert one.trouble() == "the provider refused the refresh token; fix: sms-gateway tokens authorise zalo"
        sms.answer = server
        one = keeper(sms.url, database, clock)  # the password was corrected: the tokens are still good
        one.look()
        assert (one.current(), one.trouble()) == (access(2), None)


def test_a_clock_that_was_ahead_stops_no_renewal(database: Database) -> None:
    with authorised(database, TokenServer()) as (sms, clock):
        one = keeper(sms.url, database, clock)
        clock.at -= timedelta(days=1)  # what was stored is of tomorrow
        one.look()
        assert (one.current(), len(sms.seen)) == (access(2), 1)
        clock.at += timedelta(days=1)
        assert one.renew(access(2)) == access(3)
        clock.at -= timedelta(hours=20)
        assert one.renew(access(3)) == access(4)
        clock.at += 2 * HOUR
        with database.write() as connection:  # a process ended in a renewal while its clock was ahead
            connection.execute(update(access_token).values(renewing_until=clock.at + timedelta(days=1)))
        one = keeper(sms.url, database, clock)
        one.look()
        assert one.current() == access(5)


def test_a_refused_token_is_renewed_once_a_minute_at_most(database: Database) -> None:
    with authorised(database, TokenServer()) as (sms, clock):
        one = keeper(sms.url, database, clock)
        assert one.renew(access(1)) is None  # it is new
        one.look()
        assert one.current() == access(1)
        clock.at += timedelta(minutes=2)
        assert one.renew(access(1)) == access(2)
        assert one.renew(access(1)) == access(2)  # of another thread, whose answer was refused meanwhile
        assert one.renew(access(2)) is None
        assert len(sms.seen) == 1


def test_a_channel_without_tokens_says_how_to_get_them(database: Database) -> None:
    with authorised(database, TokenServer()) as (sms, clock):
        with database.write() as connection:
            assert remove_tokens(connection, "zalo")
            assert not remove_tokens(connection, "zalo")
        one = keeper(sms.url, database, clock)
        one.look()
        assert (one.current(), one.trouble()) == (None, "no access token; fix: sms-gateway tokens authorise zalo")


def test_tokens_are_sealed_and_sealed_anew_with_another_key(database: Database) -> None:
    with authorised(database, TokenServer()):
        [sealed] = [one for one in rekey.sealed_tables() if one.table is access_token]
        assert {column.name for column in sealed.columns} == {"access", "refresh"}
        with database.read() as connection:
            row = connection.exec_driver_sql("SELECT access, refresh FROM access_token").one()
        assert not any(b"canary" in bytes(value) for value in row)
        with database.read() as connection:
            stored = read_tokens(connection, "zalo")
        assert "canary" not in repr(stored)


RESPONSES = [
    ("taken", 200, {"access_token": "a", "refresh_token": "r", "expires_in": 3600}, ("a", "r", 3600)),
    ("a number as text", 200, {"access_token": "a", "refresh_token": "r", "expires_in": "90000"}, ("a", "r", 90000)),
    ("without a time", 200, {"access_token": "a", "refresh_token": "r"}, ("a", "r", 3600)),
    ("the old one stays", 200, {"access_token": "a", "expires_in": 60}, ("a", "old", 60)),
    ("refused by status", 400, {"error": "invalid_grant"}, (True, "HTTP 400 code invalid_grant")),
    ("spent, by a number", 200, {"error": -14014, "error_name": "x"}, (True, "HTTP 200 code -14014")),
    ("a limit", 200, {"error": -32}, (False, "HTTP 200 code -32")),
    ("a proxy", 404, {"status": 404, "error": "Not Found"}, (False, "HTTP 404")),
    ("a wrong password", 401, {"error": "invalid_client"}, (False, "HTTP 401 code invalid_client")),
    ("later", 400, {"error": "temporarily_unavailable"}, (False, "HTTP 400 code temporarily_unavailable")),
    ("out of order", 500, {"error": "server_error"}, (False, "HTTP 500 code server_error")),
    ("too many", 429, {"error": "slow_down"}, (False, "HTTP 429 code slow_down")),
    ("says nothing", 200, {}, (False, "HTTP 200")),
    ("no header can hold it", 200, {"access_token": "a\nb", "refresh_token": "r"}, (False, "HTTP 200")),
    ("too long", 200, {"access_token": "a" * 5000, "refresh_token": "r"}, (False, "HTTP 200")),
    ("words in place of a code", 400, {"error": "your name here!"}, (False, "HTTP 400")),
]


def test_a_response_gives_tokens_refuses_them_or_says_nothing() -> None:
    now = utc_now()
    old = TokenPair(access=None, refresh="old", access_until=None, refresh_until=now + QUARTER)
    for label, status, fields, wanted in RESPONSES:
        response = ProviderResponse(status=status, body=json.dumps(fields).encode())
        read = read_token_response(response, terms("http://sms.example"), now, before=old)
        if isinstance(read, TokensDeclined):
            assert (read.is_spent, read.error) == wanted, label
        else:
            assert read.access_until is not None
            life = round((read.access_until - now).total_seconds())
            assert (read.access, read.refresh, life) == wanted, label
