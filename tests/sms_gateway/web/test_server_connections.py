"""Many connections, and long bodies of strangers: what keeps the server free for those who mean it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from db.schema import OperatorRole, dossier_upload
from db.store.engine import Database
from sms_gateway.settings.model import WebSettings
from sms_gateway.web import request_reader
from sms_gateway.web import server as server_module
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.web.request_reader import LONG_BODIES
from sms_gateway.web.server import MOST_OF_ONE_ADDRESS, WebServer
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import form_token
from tests.sms_gateway.web.connections import HEALTH, connect, half_open, health, is_open, read_all, which_are_open

AT_FIRST = 0.3
"""Seconds after which a connection is idle here, in place of `IDLE_AT_FIRST`."""

WHILE = AT_FIRST + 0.3


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """One database is enough for what is about connections."""
    return sqlite_database


@pytest.fixture
def serve(parts: WebDependencies, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., WebServer]]:
    """Starts servers on the real application."""
    monkeypatch.setattr(server_module, "IDLE_AT_FIRST", AT_FIRST)
    with ExitStack() as stack:

        def start(idle_seconds: int = 30, **settings: object) -> WebServer:
            server = WebServer(
                create_app(parts), WebSettings.model_validate({"port": 0, **settings}), idle_seconds=idle_seconds
            )
            server.start()
            stack.callback(server.stop, 5)
            return server

        yield start


@pytest.mark.parametrize(
    ("who", "addresses"),
    [("one address", ["127.0.0.1"]), ("twenty", [f"127.0.1.{number}" for number in range(1, 21)])],
)
def test_seven_hundred_half_requests_keep_no_good_one_waiting(
    serve: Callable[..., WebServer], who: str, addresses: list[str]
) -> None:
    server = serve()
    with ExitStack() as stack:
        half_open(stack, server.port, 700, addresses)
        for asking in (addresses[0], "127.0.0.99"):
            is_answered, seconds = health(server.port, asking)
            assert is_answered, who
            assert seconds < 5  # not when the others have had their thirty seconds


def test_an_address_has_so_many_and_its_oldest_give_way(serve: Callable[..., WebServer]) -> None:
    server = serve()
    with ExitStack() as stack:
        neighbour = half_open(stack, server.port, 1, ["127.0.0.7"])
        made = half_open(stack, server.port, MOST_OF_ONE_ADDRESS + 20, ["127.0.0.8"])
        time.sleep(WHILE)
        assert health(server.port, "127.0.0.8")[0]
        assert which_are_open(made) == [False] * 21 + [True] * (MOST_OF_ONE_ADDRESS - 1)
        assert is_open(neighbour[0])


def test_a_trusted_proxy_may_have_more(serve: Callable[..., WebServer]) -> None:
    server = serve(trusted_proxies=["127.0.0.8"])
    with ExitStack() as stack:
        made = half_open(stack, server.port, MOST_OF_ONE_ADDRESS + 20, ["127.0.0.8"])
        time.sleep(WHILE)
        assert health(server.port, "127.0.0.8")[0]
        assert all(which_are_open(made))


SLOW = """
import sys, threading
from sms_gateway.settings.model import WebSettings
from sms_gateway.web import server as server_module
from sms_gateway.web.server import WebServer

server_module.IDLE_AT_FIRST = float(sys.argv[1])
go_on = threading.Event()
def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        go_on.wait()
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

server = WebServer(application, WebSettings(port=0))
server.start()
print(server.port, flush=True)
sys.stdin.readline()
go_on.set()
sys.stdin.readline()
server.stop(2)
"""


def test_who_waits_for_an_answer_never_gives_way() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(AT_FIRST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    with child, ExitStack() as stack:
        port = int(child.stdout.readline())
        waiting = stack.enter_context(connect(port))
        waiting.sendall(b"GET /slow HTTP/1.0\r\n\r\n")
        half_open(stack, port, 3 * MOST_OF_ONE_ADDRESS, ["127.0.0.1"])
        time.sleep(WHILE)
        half_open(stack, port, 3, ["127.0.0.1"])
        child.stdin.write("\n")
        child.stdin.flush()
        assert read_all(waiting).startswith(b"HTTP/1.0 200")
        child.stdin.write("\n")
        child.stdin.flush()


def test_a_reader_that_reads_nothing_is_not_waited_for_for_ever(
    serve: Callable[..., WebServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_reader, "TIMES_FOR_A_FILE", 2)
    server = serve(idle_seconds=1)
    with closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(30)
        connection.connect(("127.0.0.1", server.port))
        asked = b"GET /static/style.css HTTP/1.1\r\nHost: h\r\n\r\n"
        started = time.monotonic()
        with suppress(TimeoutError, ConnectionError):
            while time.monotonic() < started + 25:  # a drop of the answers now and then, and new requests
                connection.settimeout(0.2)
                with suppress(TimeoutError):
                    connection.sendall(asked * 50)
                if connection.recv(100) == b"":
                    break
        assert time.monotonic() < started + 25


# Long bodies

UPLOAD = b"POST /admin/dossiers/import HTTP/1.1\r\nHost: h\r\n"
LONG = b"Content-Length: %d\r\n" % (LONG_BODIES[0].most - 1)
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def cookies(client: FlaskClient) -> bytes:
    found = client.get_cookie("session")
    assert found is not None
    return b"Cookie: session=%s\r\n" % found.value.encode()


@pytest.fixture
def stranger(request: pytest.FixtureRequest) -> Callable[[str], bytes]:
    """The cookie of somebody who may bring no file, by what they are."""

    def cookie(kind: str) -> bytes:
        match kind:
            case "nobody":
                return b""
            case "a made-up session":
                return b"Cookie: session=" + b"x" * 43 + b"\r\n"
            case "a viewer":
                client: FlaskClient = request.getfixturevalue("logged_in")
                request.getfixturevalue("make")(OperatorRole.VIEWER)
                return cookies(client)
            case _:
                client = request.getfixturevalue("logged_in")
                mine = cookies(client)
                client.post("/admin/log-out", data={"csrf": form_token(client.get("/admin/"))})
                return mine

    return cookie


@pytest.mark.parametrize("framing", [LONG, CHUNKED], ids=["long", "chunked"])
@pytest.mark.parametrize("kind", ["nobody", "a made-up session", "a viewer", "a session that is over"])
def test_nothing_is_read_of_a_strangers_long_body(
    serve: Callable[..., WebServer], stranger: Callable[[str], bytes], kind: str, framing: bytes
) -> None:
    head = UPLOAD + framing + stranger(kind) + b"\r\n"
    server = serve()
    with closing(connect(server.port)) as connection:
        connection.sendall(head)  # and not an octet of the body
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"log in again" in answer


def test_a_file_beyond_every_bound_is_refused_to_anybody(serve: Callable[..., WebServer]) -> None:
    with closing(connect(serve().port)) as connection:
        connection.sendall(UPLOAD + b"Content-Length: 10000000\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_an_operators_file_comes_in_whole(
    serve: Callable[..., WebServer], logged_in: FlaskClient, database: Database, framing: str
) -> None:
    token = form_token(logged_in.get("/admin/dossiers/import"))
    rows = "".join(f"000.00.12.H17-230815-{number:04d},2,\n" for number in range(9999))
    parts = [
        'Content-Disposition: form-data; name="csrf"\r\n\r\n' + token,
        'Content-Disposition: form-data; name="file"; filename="d.csv"\r\n\r\ncode,status,wanted\n' + rows,
    ]
    body = ("".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n").encode()
    assert len(body) > 200_000
    server = serve()
    head = UPLOAD + b"Connection: close\r\nContent-Type: multipart/form-data; boundary=b\r\n" + cookies(logged_in)
    with closing(connect(server.port)) as connection:
        if framing == "length":
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        else:
            connection.sendall(head + CHUNKED + b"\r\n")
            for start in range(0, len(body), 30_000):
                piece = body[start : start + 30_000]
                connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            connection.sendall(b"0\r\n\r\n")
        assert read_all(connection).startswith(b"HTTP/1.1 303")
    with database.read() as connection_:
        assert connection_.execute(select(func.count()).select_from(dossier_upload)).scalar_one() == 1


@pytest.mark.parametrize(
    ("kind", "least", "most"), [pytest.param("operator", 8, 30, marks=pytest.mark.long), ("nobody", 0, 3)]
)
def test_only_an_operators_file_has_longer_but_not_for_ever(
    serve: Callable[..., WebServer], logged_in: FlaskClient, kind: str, least: float, most: float
) -> None:
    server = serve(idle_seconds=1)
    cookie = cookies(logged_in) if kind == "operator" else b""
    with closing(connect(server.port)) as connection:
        connection.sendall(UPLOAD + LONG + cookie + b"\r\n")
        started = time.monotonic()
        while is_open(connection) and time.monotonic() < started + 40:
            with suppress(ConnectionError):
                connection.sendall(b" ")
            time.sleep(0.1)
        assert least <= time.monotonic() - started <= most


# Framing: what two servers could read as different requests is answered once, with a refusal, and ends the connection

INNER = b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"
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


@pytest.mark.parametrize(("octets", "code"), [case[1:] for case in SMUGGLED], ids=[case[0] for case in SMUGGLED])
def test_what_could_be_read_in_two_ways_is_refused_and_ends_the_connection(
    serve: Callable[..., WebServer], octets: bytes, code: bytes
) -> None:
    with closing(connect(serve().port)) as connection:
        connection.sendall(octets + INNER)
        answer = read_all(connection)
    assert answer.split()[1] == code
    assert answer.count(b"HTTP/1.") == 1
    assert json.dumps({"database": True})[1:-1].encode() not in answer


def test_an_underscore_is_no_hyphen(serve: Callable[..., WebServer]) -> None:
    with closing(connect(serve().port)) as connection:
        connection.sendall(POST + b"Content_Length: 5\r\nTransfer_Encoding: chunked\r\n\r\n" + HEALTH)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 401")  # without a body, as every server reads it
    assert answer.count(b"HTTP/1.1") == 2
