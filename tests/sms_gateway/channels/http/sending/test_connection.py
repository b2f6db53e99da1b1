"""A connection to a provider: what was surely not sent, what may have been, and the one deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from sms_gateway.channels.http.sending.connection import (
    LARGEST_RESPONSE,
    ConnectionTerms,
    NoResponse,
    NotSent,
    ProviderConnection,
)
from sms_gateway.channels.http.sending.departure import OutgoingRequest, ProviderResponse
from tests.sms_gateway.channels.http.provider import Say, provider
from tests.sms_gateway.channels.smpp.fixtures.certificates import Authority

REQUEST = OutgoingRequest(method="POST", target="/send?v=1", headers={"X-Key": "k"}, body=b"{}")


def connection_to(
    url: str, *, connect_seconds: float = 2, answer_seconds: float = 5, ca_file: Path | None = None
) -> ProviderConnection:
    terms = ConnectionTerms(url=url, connect_seconds=connect_seconds, answer_seconds=answer_seconds, ca_file=ca_file)
    return ProviderConnection(terms)


def test_one_connection_carries_many_requests() -> None:
    with provider(lambda _: Say(status=202, body=b"ok", headers={"X-Id": "7"})) as sms:
        connection = connection_to(sms.url)
        said = [connection.send(REQUEST) for _ in range(3)]
        connection.close()
    assert {type(each) for each in said} == {ProviderResponse}
    first = said[0]
    assert isinstance(first, ProviderResponse)
    assert (first.status, first.body, first.headers["x-id"]) == (202, b"ok", "7")
    assert {seen.headers["user-agent"] for seen in sms.seen} == {"sms-gateway"}
    assert [(seen.method, seen.target, seen.body, seen.connection) for seen in sms.seen] == [
        ("POST", "/send?v=1", b"{}", 1)
    ] * 3


def test_a_connection_that_the_provider_closed_is_made_again_before_anything_is_written() -> None:
    with provider(lambda _: Say(headers={"Connection": "close"})) as sms:
        connection = connection_to(sms.url)
        for _ in range(2):
            assert isinstance(connection.send(REQUEST), ProviderResponse)
            time.sleep(0.1)
        connection.close()
    assert [seen.connection for seen in sms.seen] == [1, 2]


def test_a_redirect_is_not_followed() -> None:
    with provider(lambda _: Say(status=302, headers={"Location": "/elsewhere"})) as sms:
        connection = connection_to(sms.url)
        said = connection.send(REQUEST)
        connection.close()
    assert isinstance(said, ProviderResponse)
    assert said.status == 302
    assert len(sms.seen) == 1


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with provider(lambda _: Say()) as sms:
        connection = connection_to(sms.url)
        assert isinstance(connection.send(REQUEST), ProviderResponse)
        connection.close()


def test_a_port_where_nobody_listens_is_told_as_not_sent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    assert connection_to(f"http://127.0.0.1:{port}/").send(REQUEST) == NotSent(
        error=f"127.0.0.1 port {port}: Connection refused"
    )


def test_a_name_that_is_no_host_is_told_as_not_sent() -> None:
    assert connection_to("https://sms.invalid/").send(REQUEST) == NotSent(
        error="sms.invalid: no such host (it cannot be looked up)"
    )


def test_a_request_whose_response_is_lost_may_have_been_taken() -> None:
    with provider(lambda _: Say(cut=True)) as sms:
        connection = connection_to(sms.url)
        assert connection.send(REQUEST) == NoResponse(error="connection closed")
        connection.close()


def test_a_provider_that_says_nothing_is_waited_for_until_the_deadline() -> None:
    hold = Event()
    with provider(lambda _: Say(hold=hold)) as sms:
        connection = connection_to(sms.url, answer_seconds=0.3)
        started = time.monotonic()
        assert connection.send(REQUEST) == NoResponse(error="no answer")
        assert time.monotonic() - started < 2
        connection.close()
        hold.set()


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Run a server of raw octets for one connection."""
    listening = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        try:
            connection, _ = listening.accept()
            with closing(connection):
                serve(connection)
        except OSError:
            pass

    thread = Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    listening.close()
    thread.join(5)


def test_a_response_in_drops_is_cut_at_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(4096)
        while True:
            connection.sendall(b"H")
            time.sleep(0.05)

    with server(drip) as url:
        connection = connection_to(url, answer_seconds=0.5)
        said: list[object] = []
        thread = Thread(target=lambda: said.append(connection.send(REQUEST)))
        thread.start()
        deadline = time.monotonic() + 5
        while thread.is_alive() and time.monotonic() < deadline:
            connection.cut_if_late()
            time.sleep(0.05)
        thread.join(1)
        connection.close()
    assert [type(each) for each in said] == [NoResponse]


def test_a_response_without_end_is_read_to_its_bound() -> None:
    with provider(lambda _: Say(body=b"x" * (LARGEST_RESPONSE + 1000))) as sms:
        connection = connection_to(sms.url)
        said = connection.send(REQUEST)
        connection.close()
    assert isinstance(said, ProviderResponse)
    assert len(said.body) == LARGEST_RESPONSE


def test_what_is_no_http_is_no_response() -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"220 mail.example ESMTP\r\n")

    with server(serve) as url:
        connection = connection_to(url)
        assert isinstance(connection.send(REQUEST), NoResponse)
        connection.close()


def provider_tls(authority: Authority, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue(name))
    return context


def test_tls_with_a_certificate_of_the_named_authority_is_used(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with provider(lambda _: Say(body=b"ok"), tls=provider_tls(authority, "localhost")) as sms:
        connection = connection_to(sms.url.replace("127.0.0.1", "localhost"), ca_file=authority.file)
        assert isinstance(connection.send(REQUEST), ProviderResponse)
        connection.close()


@pytest.mark.parametrize("name", ["localhost", "other.example"])
def test_a_stranger_gets_no_request(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    trusted = None if name == "localhost" else authority.file  # a private CA without the file; a wrong name
    with provider(lambda _: Say(), tls=provider_tls(authority, name)) as sms:
        connection = connection_to(sms.url.replace("127.0.0.1", "localhost"), ca_file=trusted)
        said = connection.send(REQUEST)
    assert isinstance(said, NotSent)
    assert said.error.startswith("certificate refused: ")
    assert sms.seen == []


def test_a_server_that_speaks_no_tls_gets_no_request() -> None:
    heard: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with server(serve) as url:
        said = connection_to(url.replace("http:", "https:")).send(REQUEST)
    assert isinstance(said, NotSent)
    assert b"/send" not in heard[0]
