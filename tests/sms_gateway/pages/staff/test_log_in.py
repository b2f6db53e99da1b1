"""Logging in and out, the lock, the one-time password."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update

from db.schema import OperatorRole, operator, operator_session
from db.staff.address_lockout import FREE_TRIES as ADDRESS_TRIES
from db.staff.log_in_attempts import FREE_TRIES
from db.staff.operators import add_operator
from db.store.engine import Database
from sms_gateway.pages.staff.passwords import hashing_slot
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import HASHED, NAME, NOON, PASSWORD, Clock, form_token, log_in

NEW = "another canary phrase"


def sessions(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(operator_session)).scalar_one()


def cookie_of(client: FlaskClient, name: str = "session") -> str | None:
    found = client.get_cookie(name)
    return None if found is None else found.value


def change(client: FlaskClient, *, current: str = PASSWORD, new: str = NEW, again: str | None = None) -> int:
    token = form_token(client.get("/admin/password"))
    fields = {"csrf": token, "current": current, "new": new, "again": new if again is None else again}
    return client.post("/admin/password", data=fields).status_code


@pytest.fixture
def first_time(database: Database, new_id: Callable[[], int]) -> None:
    """An operator with a one-time password."""
    with database.write() as connection:
        add_operator(
            connection, operator_id=new_id(), name=NAME, password_hash=HASHED, role=OperatorRole.VIEWER, now=NOON
        )


@pytest.mark.usefixtures("operator_id")
def test_the_right_password_opens_the_log(client: FlaskClient) -> None:
    response = log_in(client, name=" LAN ")
    assert (response.status_code, response.location) == (303, "/admin")
    page = client.get("/admin")
    assert page.status_code == 200
    assert NAME in page.text


@pytest.mark.usefixtures("operator_id")
def test_every_failure_has_the_same_words(client: FlaskClient, database: Database) -> None:
    wrong = log_in(client, password="wrong")
    nobody = log_in(client, name="nobody")
    with database.write() as connection:
        connection.execute(update(operator).values(disabled=True))
    disabled = log_in(client)
    assert wrong.status_code == nobody.status_code == disabled.status_code == 401
    assert wrong.text == nobody.text.replace('value="nobody"', f'value="{NAME}"') == disabled.text
    assert sessions(database) == 0


@pytest.mark.usefixtures("operator_id")
def test_after_five_wrong_passwords_the_right_one_waits(client: FlaskClient, clock: Clock) -> None:
    for _ in range(FREE_TRIES):
        assert log_in(client, password="wrong").status_code == 401
    assert log_in(client).status_code == 401
    clock.advance(timedelta(minutes=1))
    assert log_in(client).status_code == 303


@pytest.mark.usefixtures("operator_id")
def test_a_log_in_never_takes_a_token_that_the_browser_brought(client: FlaskClient) -> None:
    client.set_cookie("session", "planted")
    log_in(client)
    first = cookie_of(client)
    assert first not in {None, "planted"}
    client.delete_cookie("session")
    log_in(client)
    assert cookie_of(client) not in {None, first}


def test_a_logged_in_operator_is_led_past_the_form(logged_in: FlaskClient) -> None:
    assert logged_in.get("/admin/log-in").location == "/admin"


def test_logging_out_ends_the_session_in_the_database_too(logged_in: FlaskClient, database: Database) -> None:
    kept = cookie_of(logged_in)
    assert kept is not None
    token = form_token(logged_in.get("/admin"))
    assert logged_in.post("/admin/log-out", data={"csrf": token}).location == "/admin/log-in"
    assert sessions(database) == 0
    logged_in.set_cookie("session", kept)
    assert logged_in.get("/admin").location == "/admin/log-in"


def test_a_session_ends_by_itself(logged_in: FlaskClient, clock: Clock) -> None:
    clock.advance(timedelta(hours=10))
    assert logged_in.get("/admin").location == "/admin/log-in"


def test_the_last_use_is_noted_once_a_minute(logged_in: FlaskClient, database: Database, clock: Clock) -> None:
    def seen() -> timedelta:
        with database.read() as connection:
            found = connection.execute(select(operator_session.c.seen_at)).scalar_one()
        assert isinstance(found, datetime)
        return found - NOON

    clock.advance(timedelta(seconds=59))
    logged_in.get("/admin")
    assert seen() == timedelta()
    clock.advance(timedelta(seconds=1))
    logged_in.get("/admin")
    assert seen() == timedelta(minutes=1)


@pytest.mark.usefixtures("first_time")
def test_a_one_time_password_leads_to_its_change(client: FlaskClient) -> None:
    log_in(client)
    for path in ("/admin", "/admin/messages/1"):
        assert client.get(path).location == "/admin/password"
    assert change(client) == 303
    assert client.get("/admin").status_code == 200


@pytest.mark.usefixtures("first_time")
def test_with_a_one_time_password_one_can_log_out(client: FlaskClient) -> None:
    log_in(client)
    token = form_token(client.get("/admin/password"))
    assert client.post("/admin/log-out", data={"csrf": token}).location == "/admin/log-in"


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"new": "short"}, id="too short"),
        pytest.param({"new": "x" * 201}, id="too long"),
        pytest.param({"again": "something else"}, id="typed differently"),
        pytest.param({"current": "wrong"}, id="present password wrong"),
        pytest.param({"new": PASSWORD}, id="the same again"),
    ],
)
def test_a_new_password_must_be_a_good_one(logged_in: FlaskClient, fields: dict[str, str]) -> None:
    assert change(logged_in, **fields) == 400
    logged_in.delete_cookie("session")
    assert log_in(logged_in).status_code == 303


def test_a_new_password_ends_every_other_session(
    logged_in: FlaskClient, database: Database, client: FlaskClient
) -> None:
    elsewhere = client.application.test_client()
    log_in(elsewhere)
    before = cookie_of(logged_in)
    assert change(logged_in) == 303
    assert cookie_of(logged_in) != before
    assert elsewhere.get("/admin").location == "/admin/log-in"
    assert logged_in.get("/admin").status_code == 200
    assert sessions(database) == 1
    assert log_in(elsewhere, password=NEW).status_code == 303


def test_guessing_the_present_password_locks_the_account(logged_in: FlaskClient) -> None:
    for _ in range(FREE_TRIES):
        assert change(logged_in, current="wrong") == 400
    assert change(logged_in) == 400


def test_the_token_is_stored_nowhere(logged_in: FlaskClient, database: Database) -> None:
    token = cookie_of(logged_in)
    assert token
    with database.read() as connection:
        row = connection.execute(text("SELECT * FROM operator_session")).one()
    assert token not in str(row)
    assert token.encode() not in bytes(row.token_mark)


@pytest.mark.usefixtures("operator_id")
def test_a_crowd_at_the_log_in_is_sent_away_at_once(client: FlaskClient) -> None:
    with hashing_slot() as first, hashing_slot() as second:
        assert (first, second) == (True, True)
        assert log_in(client).status_code == 503
    assert log_in(client).status_code == 303


@pytest.mark.usefixtures("operator_id")
def test_log_ins_are_logged_without_names_or_passwords(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        log_in(client, name="canary-name", password="canary-wrong")
        log_in(client)
        change(client)
    said = {record.message for record in caplog.records}
    assert {"log_in_refused", "logged_in", "password_changed"} <= said
    for canary in ("canary", PASSWORD, NEW, NAME + " "):
        assert canary not in caplog.text


class TestOnAFullDisk:
    @pytest.fixture
    def database(self, sqlite_database: Database) -> Database:
        """Only SQLite can be kept from writing from here."""
        return sqlite_database

    def test_the_log_is_still_shown(self, logged_in: FlaskClient, database: Database, clock: Clock) -> None:
        clock.advance(timedelta(minutes=5))
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        assert logged_in.get("/admin").status_code == 200


class TestByHttps:
    @pytest.fixture
    def web_settings(self) -> WebSettings:
        return WebSettings(secure_cookie=True)

    @pytest.mark.usefixtures("operator_id")
    def test_cookies_are_secure_and_bound_to_the_host(self, client: FlaskClient) -> None:
        page = client.get("/admin/log-in", base_url="https://localhost")
        fields = {"csrf": form_token(page), "name": NAME, "password": PASSWORD}
        response = client.post("/admin/log-in", base_url="https://localhost", data=fields)
        cookies = page.headers.getlist("Set-Cookie") + response.headers.getlist("Set-Cookie")
        chosen = client.post("/language", base_url="https://localhost", data={**fields, "language": "en", "back": "/"})
        cookies += chosen.headers.getlist("Set-Cookie")
        assert {one.partition("=")[0] for one in cookies} >= {"__Host-session", "__Host-visitor"}
        for one in cookies:
            assert one.startswith("__Host-")
            assert "Domain" not in one
            assert "; Secure" in one
            assert "; HttpOnly" in one
            assert "; SameSite=Lax" in one
            assert "; Path=/" in one
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"

    @pytest.mark.usefixtures("operator_id")
    def test_the_line_of_the_form_before_and_a_known_browser_come_by_https_too(self, client: FlaskClient) -> None:
        home = {"base_url": "https://localhost"}
        page = client.get("/admin/log-in", **home)
        fields = {"csrf": form_token(page), "name": NAME, "password": PASSWORD}
        assert client.post("/admin/log-in", data=fields, **home).status_code == 303
        token = form_token(client.get("/admin/sessions", **home))
        answer = client.post("/admin/sessions/end", data={"csrf": token, "session": "others"}, **home)
        assert 'id="was-done"' in client.get(answer.location, **home).text
        assert 'id="was-done"' not in client.get(answer.location, **home).text
        client.delete_cookie("__Host-session")
        for _ in range(ADDRESS_TRIES):
            stranger = client.application.test_client()
            stranger.environ_base["REMOTE_ADDR"] = client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
            token = form_token(stranger.get("/admin/log-in", **home))
            wrong = {"csrf": token, "name": "nobody", "password": "wrong"}
            assert stranger.post("/admin/log-in", data=wrong, **home).status_code == 401
        token = form_token(stranger.get("/admin/log-in", **home))
        assert stranger.post("/admin/log-in", data={**fields, "csrf": token}, **home).status_code == 401
        fields["csrf"] = form_token(client.get("/admin/log-in", **home))
        assert client.post("/admin/log-in", data=fields, **home).status_code == 303

    def test_a_planted_cookie_without_the_prefix_opens_nothing_by_https(self, client: FlaskClient) -> None:
        client.set_cookie("visitor", "planted")
        client.set_cookie("lang", "en")
        page = client.get("/admin/log-in", base_url="https://localhost", headers={"Accept-Language": "vi"})
        assert "__Host-visitor=" in page.headers["Set-Cookie"]
        assert '<html lang="vi"' in page.text

    def test_names_below_the_host_only_by_the_setting(self, parts: WebDependencies) -> None:
        web = WebSettings(secure_cookie=True, hsts_subdomains=True)
        client = create_app(replace(parts, settings=parts.settings.model_copy(update={"web": web}))).test_client()
        told = client.get("/admin/log-in").headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"
