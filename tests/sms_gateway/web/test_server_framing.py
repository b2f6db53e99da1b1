"""What two servers could read as different requests is answered once, with a refusal, and ends the connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from db.store.engine import Database
from sms_gateway.application import create_app
from sms_gateway.settings.model import WebSettings
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.server import WebServer
from tests.sms_gateway.web.sockets import connect, read_all

INNER = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
POST = b"POST /mo/gapit HTTP/1.1\r\nHost: h\r\n"
SMUGGLED = [
    ("length and chunks", POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("chunks and length", POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", b"400"),
    ("length 0 and chunks", POST + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("chunks twice", POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", b"400"),
    (
        "two lines of chunks",
        POST + b"Transfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"400",
    ),
    ("chunks and nothing", POST + b"Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n", b"400"),
    ("an empty coding", POST + b"Transfer-Encoding:\r\nContent-Length: 0\r\n\r\n", b"400"),
    ("an empty coding beside chunks", POST + b"Transfer-Encoding: , chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("identity", POST + b"Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n", b"501"),
    ("not chunked", POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", b"501"),
    ("a vertical tab", POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", b"400"),
    ("chunks by HTTP/1.0", POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("a blank before the colon", POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("a folded line", POST + b"X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: +0\r\n\r\n", b"400"),
    ("two lengths", POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n", b"400"),
    ("the same length twice", POST + b"Content-Length: 0, 0\r\n\r\n", b"400"),
    ("a signed length", POST + b"Content-Length: +0\r\n\r\n", b"400"),
    ("a negative length", POST + b"Content-Length: -1\r\n\r\n", b"400"),
    ("a length in hexadecimal", POST + b"Content-Length: 0x0\r\n\r\n", b"400"),
    ("an empty length", POST + b"Content-Length:\r\n\r\n", b"400"),
    ("a signed chunk", POST + b"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n", b"400"),
    ("a chunk with 0x", POST + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n", b"400"),
    ("a chunk longer than told", POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", b"400"),
    ("a bare line feed in a header", POST + b"X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("a bare carriage return", POST + b"X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
    ("two hosts", b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about framing."""
    return sqlite_database


@pytest.fixture
def port(parts: WebDependencies) -> Iterator[int]:
    """The port of a server with the real application."""
    server = WebServer(create_app(parts), WebSettings(port=0))
    server.start()
    yield server.port
    server.stop(5)


@pytest.mark.parametrize(("octets", "code"), [case[1:] for case in SMUGGLED], ids=[case[0] for case in SMUGGLED])
def test_what_could_be_read_in_two_ways_is_refused_and_ends_the_connection(
    port: int, octets: bytes, code: bytes
) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(octets + INNER)
        answer = read_all(connection)
    assert answer.split()[1] == code
    assert answer.count(b"HTTP/1.") == 1
    assert json.dumps({"database": True})[1:-1].encode() not in answer


def test_an_underscore_is_no_hyphen(port: int) -> None:
    with closing(connect(port)) as connection:
        connection.sendall(
            POST
            + b"Content_Length: 5\r\nTransfer_Encoding: chunked\r\n\r\n"
            + b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        )
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 401")  # without a body, as every server reads it
    assert answer.count(b"HTTP/1.1") == 2
