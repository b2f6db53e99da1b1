"""The second factor, recovery codes, sessions, and addresses that guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from db.schema import OperatorRole
from db.staff.address_lockout import FREE_TRIES
from db.staff.audit import Action, read_page, verify
from db.staff.operators import reset_password
from db.store.engine import Database
from sms_gateway.pages.staff.one_time_codes import matching_step
from tests.sms_gateway.conftest import HASHED, NAME, NOON, PASSWORD, Clock, form_token, log_in
from tests.sms_gateway.pages.acting import act

SECOND = "/admin/log-in/second"


def field(page: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.text)
    assert found, name
    return found.group(1)


def enrol(client: FlaskClient, clock: Clock) -> tuple[str, list[str]]:
    """Set the second factor up as a person would; return its secret and the recovery codes."""
    page = client.get("/admin/second-factor")
    assert "<svg" in page.text
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    assert found
    secret = found.group(1)
    data = {"csrf": form_token(page), "secret": field(page, "secret"), "current": PASSWORD, "code": code(secret, clock)}
    answer = client.post("/admin/second-factor", data=data)
    assert answer.status_code == 303
    page = client.get(answer.location)
    return secret, re.findall(r"<code>([A-Z2-7-]{19})</code>", page.text)


def code(secret: str, clock: Clock) -> str:
    return pyotp.TOTP(secret).at(clock.now)


def second(client: FlaskClient, typed: str) -> TestResponse:
    page = log_in(client)
    assert page.status_code == 200
    data = {"csrf": form_token(page), "pending": field(page, "pending"), "code": typed}
    return client.post(SECOND, data=data)


def actions(database: Database) -> list[str]:
    with database.read() as connection:
        assert verify(connection).broken is None
        return [entry.action for entry in reversed(read_page(connection))]


@pytest.fixture
def enrolled(logged_in: FlaskClient, clock: Clock) -> tuple[str, list[str]]:
    made = enrol(logged_in, clock)
    logged_in.delete_cookie("session")
    clock.advance(timedelta(minutes=1))
    return made


def test_a_password_alone_no_longer_opens(client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock) -> None:
    assert log_in(client).status_code == 200
    assert client.get("/admin").status_code == 302
    assert second(client, code(enrolled[0], clock)).status_code == 303
    assert client.get("/admin").status_code == 200


def test_a_code_serves_once(client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock) -> None:
    typed = code(enrolled[0], clock)
    assert second(client, typed).status_code == 303
    client.delete_cookie("session")
    assert second(client, typed).status_code == 401
    clock.advance(timedelta(seconds=30))
    client.delete_cookie("session")
    assert second(client, code(enrolled[0], clock)).status_code == 303


def test_a_recovery_code_serves_once_however_it_is_typed(
    client: FlaskClient, enrolled: tuple[str, list[str]], database: Database
) -> None:
    codes = enrolled[1]
    assert len(set(codes)) == 10
    assert second(client, codes[3].lower().replace("-", " ")).status_code == 303
    client.delete_cookie("session")
    assert second(client, codes[3]).status_code == 401
    assert second(client, codes[4]).status_code == 303
    assert "8" in client.get("/admin/second-factor").text
    assert actions(database).count(Action.RECOVERY_CODE_USED) == 2


def test_guessing_codes_locks_the_account_and_has_lines(
    client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock, database: Database
) -> None:
    page = log_in(client)
    data = {"csrf": form_token(page), "pending": field(page, "pending"), "code": "000000"}
    for _ in range(5):
        assert client.post(SECOND, data=data).status_code == 401
    assert client.post(SECOND, data={**data, "code": code(enrolled[0], clock)}).status_code == 401
    assert log_in(client).status_code == 401
    assert actions(database).count(Action.LOG_IN_REFUSED) == 5  # the right password is no wrong try


def test_a_second_step_that_comes_too_late_has_a_line(
    client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock, database: Database
) -> None:
    page = log_in(client)
    data = {"csrf": form_token(page), "pending": field(page, "pending"), "code": code(enrolled[0], clock)}
    clock.advance(timedelta(minutes=6))
    assert client.post(SECOND, data=data).status_code == 401
    assert actions(database).count(Action.LOG_IN_REFUSED) == 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "x" * 40])
def test_what_is_no_code_is_none(client: FlaskClient, enrolled: tuple[str, list[str]], typed: str) -> None:
    del enrolled
    assert second(client, typed).status_code == 401


def test_the_first_step_is_forgotten_after_five_minutes(
    client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock
) -> None:
    page = log_in(client)
    clock.advance(timedelta(minutes=5))
    data = {"csrf": form_token(page), "pending": field(page, "pending"), "code": code(enrolled[0], clock)}
    assert client.post(SECOND, data=data).status_code == 401
    assert client.post(SECOND, data={**data, "pending": "forged"}).status_code == 401


def test_it_is_removed_against_password_and_code_only(
    client: FlaskClient, enrolled: tuple[str, list[str]], clock: Clock, database: Database
) -> None:
    second(client, code(enrolled[0], clock))
    elsewhere = client.application.test_client()
    clock.advance(timedelta(seconds=30))
    second(elsewhere, code(enrolled[0], clock))
    clock.advance(timedelta(seconds=30))
    data = {"csrf": form_token(client.get("/admin/second-factor")), "current": PASSWORD}
    remove = "/admin/second-factor/remove"
    assert client.post(remove, data={**data, "current": "wrong", "code": code(enrolled[0], clock)}).status_code == 400
    assert client.post(remove, data=data).status_code == 400
    assert client.post(remove, data={**data, "code": "000000"}).status_code == 400
    before = client.get_cookie("session")
    answer = client.post(remove, data={**data, "code": code(enrolled[0], clock)})
    assert answer.status_code == 303
    assert client.get_cookie("session") != before
    told = client.get(answer.location, headers={"Accept-Language": "en"}).text
    assert "The second factor is off. Every other session of yours has ended." in told
    assert elsewhere.get("/admin").location == "/admin/log-in"
    client.delete_cookie("session")
    assert log_in(client).status_code == 303
    assert actions(database)[-2:] == [Action.SECOND_FACTOR_REMOVED, Action.LOGGED_IN]


def test_a_reset_takes_a_lost_telephone_away(
    client: FlaskClient, enrolled: tuple[str, list[str]], database: Database, clock: Clock
) -> None:
    del enrolled
    with database.write() as connection:
        assert reset_password(connection, NAME, HASHED, clock.now)
    assert log_in(client).location == "/admin"


def test_it_is_not_set_with_a_wrong_code_or_a_secret_of_ones_own(logged_in: FlaskClient) -> None:
    page = logged_in.get("/admin/second-factor")
    data = {"csrf": form_token(page), "secret": field(page, "secret"), "current": PASSWORD, "code": "000000"}
    assert logged_in.post("/admin/second-factor", data=data).status_code == 400
    assert logged_in.post("/admin/second-factor", data={**data, "secret": "A" * 32}).status_code == 400


def test_secret_and_codes_are_stored_nowhere_in_clear(database: Database, enrolled: tuple[str, list[str]]) -> None:
    with database.read() as connection:
        kept = str(connection.execute(text("SELECT * FROM operator")).all())
        kept += str(connection.execute(text("SELECT * FROM recovery_code")).all())
    assert enrolled[0] not in kept
    assert not any(one in kept or one.replace("-", "") in kept for one in enrolled[1])


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_codes_of_the_neighbouring_half_minutes_are_taken(seconds: int, *, fits: bool) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    typed = pyotp.TOTP(secret).at(NOON + timedelta(seconds=seconds))
    assert (matching_step(secret, typed, NOON) is not None) is fits


class TestSessions:
    def test_others_are_listed_and_ended(self, logged_in: FlaskClient, database: Database) -> None:
        others = [logged_in.application.test_client() for _ in range(2)]
        for other in others:
            log_in(other)
        page = logged_in.get("/admin/sessions", headers={"Accept-Language": "en"})
        assert page.text.count("End</button>") == 2
        assert "this one" in page.text
        mark = re.findall(r'name="session" value="([0-9a-f]{32})"', page.text)[0]
        logged_in.post("/admin/sessions/end", data={"csrf": form_token(page), "session": mark})
        assert sum(other.get("/admin").status_code == 200 for other in others) == 1
        logged_in.post("/admin/sessions/end", data={"csrf": form_token(page), "session": "others"})
        assert [other.get("/admin").status_code for other in others] == [302, 302]
        assert logged_in.get("/admin").status_code == 200
        assert actions(database).count(Action.SESSION_REVOKED) == 2

    @pytest.mark.parametrize("mark", ["", "zz", "00" * 16])
    def test_a_made_up_one_ends_nothing_and_says_so(
        self, logged_in: FlaskClient, database: Database, mark: str
    ) -> None:
        page = act(logged_in, "/admin/sessions/end", session=mark).text
        assert "There is no such session, or it has ended already." in page
        assert "The session is ended." not in page
        assert logged_in.get("/admin").status_code == 200
        assert Action.SESSION_REVOKED not in actions(database)


class TestAddresses:
    def try_from(self, client: FlaskClient, address: str, *, name: str = "nobody", password: str = "wrong") -> int:
        page = client.get("/admin/log-in")
        data = {"csrf": form_token(page), "name": name, "password": password}
        return client.post("/admin/log-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code

    @pytest.fixture
    def guessed(self, client: FlaskClient, operator_id: int) -> str:
        """An address from which somebody guessed at many names."""
        del operator_id
        for _ in range(FREE_TRIES):
            assert self.try_from(client, "203.0.113.7") == 401
        return "203.0.113.7"

    def test_one_that_guesses_must_wait(self, client: FlaskClient, guessed: str, clock: Clock) -> None:
        assert self.try_from(client, guessed, name=NAME, password=PASSWORD) == 401
        assert self.try_from(client, "203.0.113.8", name=NAME, password=PASSWORD) == 303
        client.delete_cookie("session")
        clock.advance(timedelta(minutes=1))
        assert self.try_from(client, guessed, name=NAME, password=PASSWORD) == 303

    def test_this_machine_is_never_locked(self, client: FlaskClient, operator_id: int) -> None:
        del operator_id
        for _ in range(FREE_TRIES + 1):
            assert self.try_from(client, "127.0.0.1") == 401
        assert self.try_from(client, "127.0.0.1", name=NAME, password=PASSWORD) == 303

    def test_it_stands_nowhere_in_clear(self, guessed: str, database: Database) -> None:
        with database.read() as connection:
            kept = str(connection.execute(text("SELECT * FROM address_try")).all())
        assert guessed not in kept


def test_log_ins_stand_in_the_audit_log_without_what_was_mistyped(
    client: FlaskClient, make: Callable[[OperatorRole], None], database: Database
) -> None:
    make(OperatorRole.VIEWER)
    log_in(client, name="canary-password-typed-as-name")
    log_in(client, password="wrong")
    log_in(client)
    token = form_token(client.get("/admin"))
    client.post("/admin/log-out", data={"csrf": token})
    assert actions(database) == [Action.LOG_IN_REFUSED, Action.LOGGED_IN, Action.LOGGED_OUT]
    with database.read() as connection:
        assert {entry.operator for entry in read_page(connection)} == {NAME}
