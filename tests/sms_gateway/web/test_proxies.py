"""Behind a reverse proxy operators are told apart, and nobody can pretend to be another."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

import pytest
from flask import Flask, jsonify, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import select

from db.schema import OperatorRole, operator_session
from db.staff.address_lockout import FREE_TRIES
from db.store.engine import Database
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.proxies import MOST_UNNAMED, caller
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NAME, form_token, log_in

PROXY, OUTER_PROXY = "127.0.0.1", "10.0.0.2"
TRUSTED = [ip_network(PROXY), ip_network("10.0.0.0/30")]
HERS, GUESSER = "203.0.113.7", "198.51.100.66"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about headers."""
    return sqlite_database


@pytest.fixture
def web_settings() -> WebSettings:
    return WebSettings.model_validate({"trusted_proxies": ["127.0.0.1", "10.0.0.0/30"], "second_factor": []})


@pytest.fixture
def app(parts: WebDependencies) -> Flask:
    app = create_app(parts)
    app.add_url_rule("/seen", "seen", lambda: jsonify(address=request.remote_addr, https=request.is_secure))
    return app


CHAINS = [
    ("no proxy", HERS, None, HERS),
    ("a stranger's claim", GUESSER, HERS, GUESSER),
    ("a stranger claims to be this machine", GUESSER, "127.0.0.1", GUESSER),
    ("one proxy", PROXY, HERS, HERS),
    ("one proxy, and a claim before it", PROXY, f"{HERS}, {GUESSER}", GUESSER),
    ("a claim to come from a proxy", PROXY, f"{HERS}, {OUTER_PROXY}, {GUESSER}", GUESSER),
    ("a claim to be this machine", PROXY, f"127.0.0.1, {GUESSER}", GUESSER),
    ("two proxies", PROXY, f"{HERS}, {OUTER_PROXY}", HERS),
    ("two proxies, and a claim before them", PROXY, f"{HERS}, {GUESSER}, {OUTER_PROXY}", GUESSER),
    ("a proxy that says nothing", PROXY, None, PROXY),
    ("a proxy that does not know", PROXY, "unknown", PROXY),
    ("words among addresses", PROXY, f"{HERS}, nonsense, {OUTER_PROXY}", OUTER_PROXY),
    ("with a port", PROXY, f"{HERS}:4711", HERS),
    ("IPv6 with a port", PROXY, "[2001:db8::9]:4711", "2001:db8::9"),
    ("IPv4 in IPv6", f"::ffff:{PROXY}", HERS, HERS),
    ("a very long list", PROXY, ", ".join([HERS] * 5000 + [GUESSER]), GUESSER),
]


@pytest.mark.parametrize(("peer", "told", "expected"), [case[1:] for case in CHAINS], ids=[case[0] for case in CHAINS])
def test_the_caller_is_told_from_the_right(client: FlaskClient, peer: str, told: str | None, expected: str) -> None:
    headers = {} if told is None else {"X-Forwarded-For": told}
    assert client.get("/seen", headers=headers, environ_base={"REMOTE_ADDR": peer}).json == {
        "address": expected,
        "https": False,
    }


@given(claims=st.lists(st.ip_addresses().map(str) | st.text(max_size=20), max_size=30))
def test_whatever_a_stranger_claims_changes_nothing(claims: list[str]) -> None:
    """The proxy adds the address that it sees: what came before it from the stranger has no say."""
    claimed = ", ".join([*claims, GUESSER])
    assert str(caller(ip_address(PROXY), claimed, TRUSTED)) == GUESSER


@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-Host", "X-Real-IP", "X-Forwarded-Port", "X-Forwarded-Prefix"]
)
def test_other_claims_go_no_further(app: Flask, name: str) -> None:
    app.add_url_rule("/told", "told", lambda: request.headers.get(name, "-"))
    client = app.test_client()
    assert client.get("/told", headers={name: f"for={HERS}"}, environ_base={"REMOTE_ADDR": PROXY}).text == "-"


@pytest.mark.parametrize(
    ("peer", "scheme", "https"),
    [(PROXY, "https", True), (PROXY, "http", False), (PROXY, "https, http", False), (GUESSER, "https", False)],
)
def test_the_cookie_is_secure_when_a_trusted_proxy_says_https(
    client: FlaskClient, peer: str, scheme: str, *, https: bool
) -> None:
    headers, base = {"X-Forwarded-Proto": scheme}, {"REMOTE_ADDR": peer}
    page = client.get("/admin/log-in", headers=headers, environ_base=base)
    assert ("Secure" in page.headers["Set-Cookie"]) is https
    assert ("Strict-Transport-Security" in page.headers) is https


def guess(client: FlaskClient, told: str, *, password: str = "wrong") -> int:
    base, headers = {"REMOTE_ADDR": PROXY}, {"X-Forwarded-For": told}
    token = form_token(client.get("/admin/log-in", headers=headers, environ_base=base))
    data = {"csrf": token, "name": "nobody", "password": password}
    return client.post("/admin/log-in", data=data, headers=headers, environ_base=base).status_code


@pytest.mark.usefixtures("operator_id")
def test_a_guesser_behind_the_proxy_locks_out_nobody_else(app: Flask) -> None:
    guesser, hers = app.test_client(), app.test_client()
    for number in range(FREE_TRIES + 1):
        # A new claim each time: the address that the proxy adds at the end is the one that counts.
        assert guess(guesser, f"192.0.2.{number}, {GUESSER}") == 401
    guesser.environ_base.update(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=GUESSER)
    assert log_in(guesser).status_code == 401  # even with the right password
    hers.environ_base.update(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=HERS)
    assert log_in(hers).status_code == 303


def test_a_session_shows_where_the_operator_really_is(
    app: Flask, database: Database, make: Callable[[OperatorRole], None]
) -> None:
    make(OperatorRole.VIEWER)
    client = app.test_client()
    client.environ_base.update(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"1.2.3.4, {HERS}")
    assert log_in(client, name=NAME).status_code == 303
    with database.read() as connection:
        assert list(connection.scalars(select(operator_session.c.address))) == [HERS]


class TestWithoutTheSetting:
    """By default nobody is believed, not even this machine."""

    @pytest.fixture
    def web_settings(self) -> WebSettings:
        return WebSettings()

    def test_no_header_counts(self, client: FlaskClient) -> None:
        headers = {"X-Forwarded-For": HERS, "X-Forwarded-Proto": "https"}
        told = client.get("/seen", headers=headers, environ_base={"REMOTE_ADDR": PROXY}).json
        assert told == {"address": PROXY, "https": False}


@pytest.fixture
def server(app: Flask, web_settings: WebSettings) -> Iterator[WebServer]:
    server = WebServer(app, web_settings.model_copy(update={"port": 0}))
    server.start()
    yield server
    server.stop(5)


def test_the_headers_come_through_the_server(server: WebServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("GET", "/seen")
    connection.putheader("X-Forwarded-For", GUESSER)
    connection.putheader("X-Forwarded-For", HERS)  # a proxy may add a line of its own
    connection.putheader("X-Forwarded-Proto", "https")
    connection.endheaders()
    answer = connection.getresponse().read()
    connection.close()
    assert HERS.encode() in answer
    assert b'"https":true' in answer.replace(b" ", b"")


@pytest.mark.parametrize("wrong", ["proxy.example.vn", "10.0.0.1/8", "999.1.1.1", 7.5])
def test_what_is_no_address_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        WebSettings.model_validate({"trusted_proxies": [wrong]})


def test_an_address_that_speaks_as_a_proxy_and_is_not_named_is_told_once(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def told() -> list[str]:
        return [record.getMessage() for record in caplog.records if "proxy_not_named" in record.getMessage()]

    client = app.test_client()
    with caplog.at_level("WARNING"):
        for peer in (PROXY, "192.0.2.9", "192.0.2.9"):
            client.get("/seen", headers={"X-Forwarded-For": HERS}, environ_base={"REMOTE_ADDR": peer})
        client.get("/seen", environ_base={"REMOTE_ADDR": GUESSER})
        assert len(told()) == 1
        for number in range(50):
            base = {"REMOTE_ADDR": f"198.51.100.{number}"}
            client.get("/seen", headers={"X-Forwarded-For": HERS}, environ_base=base)
        assert len(told()) == MOST_UNNAMED
    assert not any(HERS in one for one in told())
