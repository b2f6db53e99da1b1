"""A proxy that connects to a UNIX socket: believed without an address, and nobody else is."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sms_gateway.settings.checks.unsafe import unsafe
from sms_gateway.settings.model import Settings, WebSettings
from sms_gateway.web.proxies import FROM_HERE, BehindProxies
from sms_gateway.web.server import WebServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERS, GUESSER = "203.0.113.9", "198.51.100.7"


def show(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    seen = (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ[FROM_HERE])
    return [" ".join(map(str, seen)).encode()]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """The socket and the port of a server."""
    path = tmp_path / "web.sock"
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))  # as a process leaves it that was killed
    stale.close()
    server = WebServer(BehindProxies(show, []), WebSettings(port=0, socket=path, threads=2))
    server.start()
    yield path, server.port
    server.stop(5)


def ask(address: str | tuple[str, int], *headers: str) -> str:
    """Return the body of the answer."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as connection:
        connection.settimeout(10)
        connection.connect(address)
        lines = ["GET / HTTP/1.1", "Host: sms.example", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        return b"".join(iter(lambda: connection.recv(4096), b"")).partition(b"\r\n\r\n")[2].decode()


def test_what_the_proxy_says_on_the_socket_is_believed_and_on_the_port_it_is_not(place: tuple[Path, int]) -> None:
    path, port = place
    said = (f"X-Forwarded-For: {GUESSER}, {HERS}", "X-Forwarded-Proto: https")
    cases: list[tuple[str, str | tuple[str, int], tuple[str, ...], str]] = [
        ("by the proxy", str(path), said, f"{HERS} https False"),
        ("by a proxy that names nobody", str(path), (), "unix-socket http False"),
        ("by a proxy that names no address", str(path), ("X-Forwarded-For: unknown",), "unix-socket http False"),
        ("by a program of this machine", ("127.0.0.1", port), said, "127.0.0.1 http False"),
        ("by a monitor of this machine", ("127.0.0.1", port), (), "127.0.0.1 http True"),
    ]
    for name, address, headers, expected in cases:
        assert ask(address, *headers) == expected, name
    assert path.stat().st_mode & 0o777 == 0o660


def test_a_socket_makes_no_caution_of_proxies_without_a_name() -> None:
    def cautions(web: WebSettings) -> list[str]:
        return [one.where for one in unsafe(Settings(web=web)) if one.where == "web.trusted_proxies"]

    assert cautions(WebSettings(secure_cookie=True)) == ["web.trusted_proxies"]
    assert cautions(WebSettings(secure_cookie=True, socket=Path("/run/sms-gateway/web.sock"))) == []


def test_a_folder_that_is_not_there_is_a_fault_of_the_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        WebServer(show, WebSettings(port=0, socket=tmp_path / "nowhere" / "web.sock"))
