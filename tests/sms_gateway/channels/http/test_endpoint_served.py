"""The HTTP endpoints behind the real server: what a test client would tidy up comes through a socket as it is."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from db.schema import inbound
from db.store.engine import Database
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import SECRET

Ask = Callable[[bytes], bytes]
KEY = f"X-Gateway-Secret: {SECRET}\r\n".encode()
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about the wire."""
    return sqlite_database


@pytest.fixture
def ask(parts: WebDependencies) -> Iterator[Ask]:
    server = WebServer(create_app(parts), WebSettings(port=0))
    server.start()

    def exchange(request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
        return answer

    yield exchange
    server.stop(5)


def request(line: bytes, *headers: bytes) -> bytes:
    return line + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + b"".join(headers) + b"\r\n"


def bodies(database: Database) -> list[tuple[str, bytes]]:
    with database.read() as connection:
        return [(row.body, row.octets) for row in connection.execute(select(inbound.c.body, inbound.c.octets))]


def test_octets_in_a_query_come_through_as_they_are(ask: Ask, database: Database) -> None:
    answer = ask(request(b"GET /mo/gapit?from=0905123456&to=8188&text=T%F4i&charset=ISO-8859-1", KEY))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"\r\n\r\n")
    assert bodies(database) == [("Tôi", b"T\xf4i")]


def test_a_query_that_is_no_query_is_refused_without_an_echo(ask: Ask, database: Database) -> None:
    answer = ask(request(b"GET /mo/gapit?from=0905123456&to=8188&text=T\xf4i", KEY))
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"0905123456" not in answer
    assert bodies(database) == []


def test_a_body_in_chunks_is_put_together(ask: Ask, database: Database) -> None:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (b"from=0905123456&to=8", b"188&text=HD", b""))
    answer = ask(request(b"POST /mo/gapit", KEY, FORM, b"Transfer-Encoding: chunked\r\n") + chunks)
    assert answer.startswith(b"HTTP/1.1 200")
    assert bodies(database) == [("HD", b"HD")]


def test_a_body_beyond_every_text_is_not_read(ask: Ask, database: Database) -> None:
    answer = ask(request(b"POST /mo/gapit", KEY, FORM, b"Content-Length: 70000\r\n"))
    assert answer.startswith(b"HTTP/1.1 413")
    assert bodies(database) == []


def test_a_secret_of_odd_octets_is_only_wrong(ask: Ask) -> None:
    answer = ask(request(b"GET /mo/gapit?from=1", b"X-Gateway-Secret: \xff\xfe\x80\r\n"))
    assert answer.startswith(b"HTTP/1.1 401")


def test_head_stores_nothing(ask: Ask, database: Database) -> None:
    answer = ask(request(b"HEAD /mo/gapit?from=0905123456&to=8188&text=HD", KEY))
    assert answer.startswith(b"HTTP/1.1 405")
    assert bodies(database) == []


def test_the_server_does_not_say_what_it_is(ask: Ask) -> None:
    answer = ask(request(b"GET /healthz")).lower()
    assert b"\r\nserver:" not in answer
    assert b"waitress" not in answer
    assert b"python" not in answer
