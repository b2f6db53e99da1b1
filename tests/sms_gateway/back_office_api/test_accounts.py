"""Accounts for the city's own system: the first log-in, slower with each miss, the same for every name, and audited."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from db.back_office.api_clients import Scope, add_client, find_by_key
from db.citizens.accounts import Account, open_account
from db.schema import AccountState, account, audit_entry
from db.store.address import Address, Msisdn
from db.store.engine import Database
from db.store.ids import first_id_at
from handlers.first_passwords import prepare
from sms_gateway.back_office.account_check import AccountCheck, Busy, Checked, Misses, Right, TooSoon, Wrong
from sms_gateway.back_office_api.accounts import verify_operation
from sms_gateway.back_office_api.operation import ApiCall
from sms_gateway.back_office_api.operations import operations_of
from sms_gateway.settings.back_office_model import AccountMode, BackOfficeSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.account_parts import account_jobs
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, Clock

PORTAL_KEY = "sgk_canary-key-of-the-portal"
PORTAL = {"Authorization": f"Bearer {PORTAL_KEY}"}
FIRST = prepare()
ACCOUNT = Account(
    id=(1 << 60) + 1,
    user_name="nguyenvana",
    id_number="048201499999",
    full_name="Nguyễn Văn A",
    birth_date="1990-12-20",
    phone=Msisdn(Address("84905123456")),
    password_expires_at=NOON + timedelta(days=3),
    state=AccountState.FIRST_PASSWORD,
    created_at=NOON,
    inbound_id=7,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Portal:
    """What the city's own system does."""

    client: FlaskClient
    database: Database

    def verify(self, password: str = FIRST.clear, name: str = "nguyenvana", **more: str) -> TestResponse:
        body = {"user_name": name, "password": password, **more}
        return self.client.post("/back-office/accounts/verify", json=body, headers=PORTAL)

    def read(self, account_id: object = ACCOUNT.id) -> TestResponse:
        return self.client.get(f"/back-office/accounts/{account_id}", headers=PORTAL)

    def activated(self, account_id: object = ACCOUNT.id) -> TestResponse:
        return self.client.post(f"/back-office/accounts/{account_id}/activated", headers=PORTAL)

    def audited(self) -> list[tuple[str, str, str]]:
        columns = (audit_entry.c.operator, audit_entry.c.action, audit_entry.c.subject)
        with self.database.read() as connection:
            return [tuple(row) for row in connection.execute(select(*columns).order_by(audit_entry.c.number))]


@pytest.fixture
def portal(back_office_app: Flask, database: Database) -> Portal:
    with database.write() as connection:
        add_client(
            connection, client_id=9, name="portal", scopes=[Scope.ACCOUNTS], key=PORTAL_KEY, secret=None, now=NOON
        )
        assert open_account(connection, ACCOUNT, password_hash=FIRST.hashed)
    return Portal(client=back_office_app.test_client(), database=database)


def test_the_first_log_in_is_verified_taken_over_and_audited(portal: Portal) -> None:
    answer = portal.verify()
    assert answer.status_code == 200
    assert answer.json == {
        "valid": True,
        "must_change": True,
        "account": str(ACCOUNT.id),
        "expires_at": "2026-11-25T05:00:00Z",
    }
    profile = portal.read()
    assert profile.status_code == 200
    assert profile.json is not None
    assert (profile.json["full_name"], profile.json["phone"]) == ("Nguyễn Văn A", "84905123456")
    assert not re.search(r"argon2|password_hash", profile.text)
    for _ in range(2):  # safe to repeat
        assert portal.activated().json == {"account": str(ACCOUNT.id), "active": True}
    assert portal.verify().status_code == 403, "the first password has ended"
    subject = f"account:{ACCOUNT.id}"
    assert portal.audited() == [
        ("api:portal", "account_verified", subject),
        ("api:portal", "account_read", subject),
        ("api:portal", "account_activated", subject),
    ]


def test_a_first_password_that_ends_while_it_is_compared_is_wrong(portal: Portal) -> None:
    class TakenOver(AccountCheck):
        def check(self, database: Database, user_name: str, password: str, *, address: str, now: datetime) -> Checked:
            found = super().check(database, user_name, password, address=address, now=now)
            assert isinstance(found, Right)
            assert portal.activated().status_code == 200
            return found

    operation = verify_operation(TakenOver())
    body = json.dumps({"user_name": "nguyenvana", "password": FIRST.clear}).encode()
    with portal.database.read() as connection:
        client = find_by_key(connection, PORTAL_KEY, NOON)
    assert client is not None
    with portal.client.application.app_context():
        answer = operation.view(ApiCall(client=client, at=NOON, now=NOON, body=body, query={}))
    assert answer.status == 403
    assert [action for _, action, _ in portal.audited()] == ["account_activated"]


def test_misses_slow_down_and_say_nothing_of_the_name(portal: Portal, clock: Clock) -> None:
    known = [portal.verify("wrong").status_code for _ in range(6)]
    unknown = [portal.verify("wrong", name="nobody").status_code for _ in range(6)]
    assert known == unknown == [403] * 5 + [429]
    told = {portal.verify("wrong", name=f"other{number}").text for number in range(2)}
    clock.advance(timedelta(seconds=2))
    assert told == {portal.verify("wrong").text}, "one answer for a wrong name and a wrong password"
    slow = portal.verify()
    assert (slow.status_code, slow.headers["Retry-After"]) == (429, "2"), "also for the right password"
    clock.advance(timedelta(seconds=3))
    assert portal.verify().status_code == 200, "nothing is locked"
    assert portal.verify("wrong").status_code == 403, "the name begins anew"


def test_one_person_with_wrong_passwords_shuts_nobody_out(portal: Portal) -> None:
    tries = [portal.verify("wrong", name=f"name{number}", client_address="203.0.113.9") for number in range(700)]
    assert Counter(one.status_code for one in tries) == {403: 20, 429: 680}
    assert portal.verify(client_address="198.51.100.7").status_code == 200
    assert portal.read().status_code == 200


def test_a_first_password_that_is_over_and_an_account_that_is_closed_are_wrong(portal: Portal, clock: Clock) -> None:
    clock.advance(timedelta(days=4))
    assert portal.verify().status_code == 403
    with portal.database.write() as connection:
        connection.execute(update(account).values(state=AccountState.DISABLED))
    assert (portal.read().status_code, portal.activated().status_code) == (200, 409)
    with portal.database.write() as connection:
        connection.execute(update(account).values(state=AccountState.RELEASED))
    assert (portal.read().status_code, portal.activated().status_code) == (404, 404)


def test_bad_requests_change_nothing_and_are_told_so(portal: Portal) -> None:
    for path_id in (0, 5, "x", "-1", "9" * 19, "9" * 400, "%00", "١"):
        assert portal.read(path_id).status_code == 404, path_id
        assert portal.activated(path_id).status_code == 404, path_id
    url = "/back-office/accounts/verify"
    for body in (b"", b"[]", b"{", b"\xff", b'{"user_name":"a"}', b'{"user_name":"a","password":1}', b"[" * 4000):
        assert portal.client.post(url, data=body, headers=PORTAL).status_code == 400, body[:20]
    long = json.dumps({"user_name": "a", "password": "b" * 129})
    assert portal.client.post(url, data=long, headers=PORTAL).status_code == 400
    assert portal.client.post(url, data=b"a" * 5000, headers=PORTAL).status_code == 413
    assert portal.client.get("/back-office/accounts/1").status_code == 401
    with_dossiers_only = {"Authorization": "Bearer sgk_canary-key-of-the-signer"}
    assert portal.client.get(f"/back-office/accounts/{ACCOUNT.id}", headers=with_dossiers_only).status_code == 403
    assert portal.audited() == []


def test_there_are_no_such_endpoints_unless_the_settings_say_so(back_office_parts: WebDependencies) -> None:
    off = BackOfficeSettings(enabled=True)
    settings = back_office_parts.settings.model_copy(update={"back_office": off})
    rules = {str(rule) for rule in create_app(replace(back_office_parts, settings=settings)).url_map.iter_rules()}
    assert not [rule for rule in rules if "/back-office/accounts" in rule]
    assert {one.name for one in operations_of(off, has_tables=True)}.isdisjoint({"verify_account", "read_account"})


def test_many_checks_at_once_are_bounded_and_the_rest_is_sent_away(portal: Portal) -> None:
    checks, found, gate = AccountCheck(), [], Barrier(40)

    def try_one(number: int) -> None:
        gate.wait(20)
        found.append(checks.check(portal.database, f"name{number}", "wrong", address="", now=NOON))

    threads = [Thread(target=try_one, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {type(one) for one in found} == {Wrong, Busy}
    assert len(found) == 40
    right = checks.check(portal.database, "NguyenVanA ", FIRST.clear, address="", now=NOON)
    assert isinstance(right, Right), "being sent away is no miss"
    assert (right.account_id, right.expires_at) == (ACCOUNT.id, NOON + timedelta(days=3))


def test_every_name_costs_one_hash(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is that of the hash. So it is counted, which a busy machine cannot disturb."""
    from argon2 import PasswordHasher  # noqa: PLC0415 - only here

    computed: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: str) -> bool:
        computed.append(hashed.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    portal.verify("wrong")
    portal.verify("wrong", name="nobody")
    portal.verify("wrong", name="a\0b")
    with portal.database.write() as connection:
        connection.execute(update(account).values(state=AccountState.DISABLED, password_hash="!"))
    portal.verify("wrong")
    assert len(computed) == 4
    assert len(set(computed)) == 1, "with the same costs"


def test_misses_count_by_address_and_in_all_and_are_forgotten() -> None:
    by_address = Misses()
    waits = [by_address.begin(f"name{number}", "192.0.2.1", NOON) for number in range(21)]
    assert waits == [0] * 20 + [1]
    assert by_address.begin("name", "192.0.2.2", NOON) == 0
    in_all = Misses()
    waits = [in_all.begin(f"name{number}", "", NOON) for number in range(301)]
    assert (waits[299], waits[300]) == (0, 60)
    assert in_all.begin("name", "", NOON + timedelta(minutes=1)) == 0
    long = Misses()
    now, waited = NOON, []
    for _ in range(14):
        wait = long.begin("name", "", now)
        waited.append(wait)
        now += timedelta(seconds=wait)
        if wait:
            assert long.begin("name", "", now) == 0
    assert waited[-1] == 60, "the wait is a minute at most"
    assert long.begin("name", "", now + timedelta(minutes=16)) == 0
    assert long.begin("name", "", now + timedelta(minutes=16)) == 0, "forgotten after a quarter of an hour"
    assert TooSoon(seconds=1) == TooSoon(seconds=1)


def test_accounts_never_in_use_are_released_where_the_settings_say_so(portal: Portal, clock: Clock) -> None:
    on = BackOfficeSettings(enabled=True, accounts=AccountMode.VERIFY, release_unused_after_days=90)
    for changes in ({"enabled": False}, {"accounts": AccountMode.OFF}, {"release_unused_after_days": 0}):
        assert account_jobs(on.model_copy(update=changes)) == (), changes
    used = replace(ACCOUNT, id=2, user_name="used", id_number="048201499998")
    with portal.database.write() as connection:
        assert open_account(connection, used, password_hash=FIRST.hashed)
    portal.activated(2)
    with portal.database.write() as connection:  # an operator sent it a new password, which nobody used
        connection.execute(
            update(account).where(account.c.id == 2).values(state=AccountState.FIRST_PASSWORD, password_expires_at=NOON)
        )
    (job,) = account_jobs(on)
    run: Callable[[], int] = lambda: job.run(portal.database, clock, None)  # type: ignore[arg-type]  # noqa: E731 - a job of one step does not look at it
    clock.advance(timedelta(days=93))
    assert run() == 0, "not after the opening, but after the end of the password"
    clock.advance(timedelta(seconds=1))
    assert (run(), run()) == (1, 0)
    with portal.database.read() as connection:
        rows = {row.id: row for row in connection.execute(select(account))}
    assert rows[2].state is AccountState.FIRST_PASSWORD
    assert rows[ACCOUNT.id].state is AccountState.RELEASED
    assert rows[ACCOUNT.id].released_id == first_id_at(clock.now - timedelta(days=30))
    assert portal.audited()[-1] == ("schedule", "account_released", f"account:{ACCOUNT.id}")
