"""What a stranger can do at the HTTP endpoints: replay, forge, send too much, hold a connection, plant entities."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import func, select

from db.schema import inbound
from db.store.engine import Database
from sms_gateway.channels.http.proofs.signature import sign
from sms_gateway.settings.link_model import ChannelSettings
from sms_gateway.settings.model import Settings, WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.request_reader import LARGEST_BODY
from sms_gateway.web.server import LARGEST_HEADERS, WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import NOON, SECRET, Clock

NOW = int(NOON.timestamp())
BODY = json.dumps({"from": "0905123456", "to": "8188", "text": "HD", "id": "1"}).encode()


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about the HTTP endpoints."""
    return sqlite_database


@pytest.fixture
def signing(parts: WebDependencies) -> FlaskClient:
    channel = ChannelSettings(secret=SecretStr(SECRET), auth="signed", reply_link="viettel")
    return create_app(replace(parts, settings=Settings(channels={"signed": channel}))).test_client()


@pytest.fixture
def server(parts: WebDependencies) -> Iterator[WebServer]:
    server = WebServer(create_app(parts), WebSettings(port=0))
    server.start()
    yield server
    server.stop(5)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/mo/agg/x/y", "/mo/", "/mo", "/dlr", "/dlr/agg/x/y"])
def test_a_door_that_does_not_exist_answers_a_program(signing: FlaskClient, method: str, path: str) -> None:
    answer = signing.open(path, method=method, data=BODY, content_type="application/json")
    assert answer.status_code == 404
    assert answer.json == {"error": "Not Found"}


def test_a_method_that_no_door_has_answers_a_program(signing: FlaskClient) -> None:
    answer = signing.put("/mo/signed", data=BODY)
    assert (answer.status_code, answer.json) == (405, {"error": "Method Not Allowed"})


def post(
    client: FlaskClient, *, stamp: object = NOW, secret: str = SECRET, body: bytes = BODY, signed: bytes | None = None
) -> int:
    signed = body if signed is None else signed
    headers = {
        "X-Timestamp": str(stamp),
        "X-Signature": sign(secret=secret, stamp=str(stamp), content=signed),
        "Content-Type": "application/json",
    }
    return client.post("/mo/signed", data=body, headers=headers).status_code


def stored(database: Database) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(inbound)).scalar_one()


def test_a_signed_text_is_taken_and_its_copy_does_nothing_twice(signing: FlaskClient, database: Database) -> None:
    assert post(signing) == 200
    assert post(signing) == 200
    with database.read() as connection:
        states = list(connection.scalars(select(inbound.c.state).order_by(inbound.c.id)))
    assert [state.value for state in states] == ["received", "redelivery"]


@pytest.mark.parametrize("form", ["{}", "sha256={}"])
def test_a_copy_without_an_id_is_known_by_its_signature(
    signing: FlaskClient, database: Database, clock: Clock, form: str
) -> None:
    body = BODY.replace(b', "id": "1"', b"")
    signature = sign(secret=SECRET, stamp=str(NOW), content=body)
    for written in (signature, form.format(signature), form.format(signature.upper())):
        headers = {"X-Timestamp": str(NOW), "X-Signature": written}
        response = signing.post("/mo/signed", data=body, headers=headers, content_type="application/json")
        assert response.status_code == 200
        clock.now += timedelta(minutes=1)  # longer than a double tap, within the window
    later = {"X-Timestamp": str(NOW + 180), "X-Signature": sign(secret=SECRET, stamp=str(NOW + 180), content=body)}
    assert signing.post("/mo/signed", data=body, headers=later).json == {"status": "stored"}  # the citizen asks again
    with database.read() as connection:
        states = list(connection.scalars(select(inbound.c.state).order_by(inbound.c.id)))
    assert [state.value for state in states] == ["received", "redelivery", "redelivery", "received"]


def test_a_copy_is_known_whose_id_another_text_has_too(signing: FlaskClient, database: Database, clock: Clock) -> None:
    other = BODY.replace(b"0905123456", b"0905222222")  # the provider gives every text the id "1"
    assert post(signing) == 200
    assert post(signing, body=other) == 200
    for _ in range(3):
        clock.now += timedelta(seconds=61)  # longer than a double tap, within the window
        assert post(signing) == 200
    later = NOW + 183
    assert post(signing, stamp=later) == 200  # signed anew: the citizen asks again
    with database.read() as connection:
        states = [state.value for state in connection.scalars(select(inbound.c.state).order_by(inbound.c.id))]
    assert states == ["received", "received", "redelivery", "redelivery", "redelivery", "received"]


@pytest.mark.parametrize("stamp", [NOW - 301, NOW + 301, "", "now", "-1", "1" * 40, f" {NOW}"])
def test_a_copy_outside_the_window_is_refused(signing: FlaskClient, database: Database, stamp: object) -> None:
    assert post(signing, stamp=stamp) == 401
    assert stored(database) == 0


def test_a_forged_text_is_refused(signing: FlaskClient, database: Database) -> None:
    assert post(signing, secret="another secret 42") == 401
    assert post(signing, signed=BODY.replace(b"HD", b"TK")) == 401
    assert signing.post("/mo/signed", data=BODY, content_type="application/json").status_code == 401
    plain = {"X-Gateway-Secret": SECRET}
    assert signing.post("/mo/signed", data=BODY, headers=plain, content_type="application/json").status_code == 401
    assert stored(database) == 0


def test_a_signed_query_is_taken_as_it_came(signing: FlaskClient) -> None:
    query = b"from=0905123456&to=8188&text=HD"
    headers = {"X-Timestamp": str(NOW), "X-Signature": sign(secret=SECRET, stamp=str(NOW), content=query)}
    assert signing.get(f"/mo/signed?{query.decode()}", headers=headers).status_code == 200
    assert signing.get(f"/mo/signed?{query.decode()}&x=1", headers=headers).status_code == 401


def exchange(server: WebServer, octets: bytes) -> bytes:
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as connection:
        connection.sendall(octets)
        answer = b""
        try:
            while piece := connection.recv(65536):
                answer += piece
        except ConnectionResetError:  # the server closed while we were still sending: what it said came first
            return answer
        return answer


def test_a_body_that_is_too_long_is_refused_before_it_is_read(server: WebServer, database: Database) -> None:
    head = b"POST /mo/gapit HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Gateway-Secret: %s\r\n" % SECRET.encode()
    octets = head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (LARGEST_BODY + 1)
    assert exchange(server, octets).startswith(b"HTTP/1.1 413")
    assert stored(database) == 0


def test_headers_that_are_too_long_are_refused(server: WebServer) -> None:
    octets = (
        b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX: " + b"x" * (LARGEST_HEADERS + 1) + b"\r\n\r\n"
    )
    assert b" 431 " in exchange(server, octets).splitlines()[0]


@pytest.fixture
def hasty(parts: WebDependencies) -> Iterator[WebServer]:
    """A server whose patience is a second."""
    server = WebServer(create_app(parts), WebSettings(port=0), idle_seconds=1)
    server.start()
    yield server
    server.stop(5)


def is_closed(connection: socket.socket) -> bool:
    connection.settimeout(0.1)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


HEAD = b"POST /mo/gapit HTTP/1.1\r\nHost: h\r\n"
HALVES = [
    ("nothing at all", b"", b""),
    ("half a header", HEAD, b""),
    ("a header in drops", HEAD, b"X"),
    ("half a body", HEAD + b"Content-Length: 9000\r\n\r\n{", b""),
    ("a body in drops", HEAD + b"Content-Length: 9000\r\n\r\n{", b" "),
]


def test_a_connection_that_brings_no_whole_request_is_closed(hasty: WebServer) -> None:
    with ExitStack() as stack:
        still_open = {}
        for what, first, drop in HALVES:
            connection = socket.create_connection(("127.0.0.1", hasty.port), timeout=5)
            still_open[what] = (stack.enter_context(closing(connection)), drop)
            connection.sendall(first)
        deadline = time.monotonic() + 15
        while still_open:
            assert time.monotonic() < deadline, sorted(still_open)
            for what, (connection, drop) in list(still_open.items()):
                if is_closed(connection):
                    del still_open[what]
                    continue
                with suppress(ConnectionError):
                    connection.sendall(drop)


def test_a_connection_may_be_used_again_and_again(hasty: WebServer) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=5)) as connection:
        connection.connect()
        first = connection.sock
        started = time.monotonic()
        while time.monotonic() < started + 2.5:  # longer than an idle connection is open
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
            time.sleep(0.05)
        assert connection.sock is first


BOMB = b"""<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c SYSTEM "file:///etc/passwd">]><m>&b;&c;</m>"""


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/json", "text/plain"])
def test_xml_with_a_document_type_is_refused(client: FlaskClient, database: Database, kind: str) -> None:
    answer = client.post("/mo/gapit", data=BOMB, content_type=kind, headers={"X-Gateway-Secret": SECRET})
    assert answer.status_code == 400
    assert "root:" not in answer.text
    assert "aaaa" not in answer.text
    assert stored(database) == 0


@pytest.mark.parametrize("depth", [1000, 15000])
def test_json_in_json_in_json_is_refused(client: FlaskClient, depth: int) -> None:
    body = b'{"from":' + b"[" * depth + b"]" * depth + b"}"
    answer = client.post("/mo/gapit", data=body, content_type="application/json", headers={"X-Gateway-Secret": SECRET})
    assert answer.status_code == 400
