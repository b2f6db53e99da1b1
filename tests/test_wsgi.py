"""wsgi:application, as any WSGI server loads it."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.store.engine import open_database
from sms_gateway.process import keyfile
from tests.migrated import upgrade

ROOT = Path(__file__).parent.parent


def migrated(directory: Path) -> dict[str, str]:
    """Make a database and its keys; return the settings that name them."""
    url = f"sqlite:///{directory / 'gateway.db'}"
    database = open_database(url, keyfile.load_or_make(directory / "keys"))
    upgrade(database)
    database.close()
    return {"SMS_GATEWAY_DATABASE__URL": url, "SMS_GATEWAY_DATABASE__KEY_FILE": str(directory / "keys")}


def test_importing_it_starts_nothing_and_the_first_request_builds_it(tmp_path: Path) -> None:
    code = (
        "import os, threading; os.environ['SMS_GATEWAY_CONFIG'] = '/nowhere/gateway.toml'; "
        "from wsgi import application; del os.environ['SMS_GATEWAY_CONFIG']; "
        "print(threading.active_count()); "
        "from werkzeug.test import Client; print(Client(application).get('/healthz').status_code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **migrated(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.split() == ["1", "200"], done.stderr


@dataclass(frozen=True, kw_only=True, slots=True)
class Served:
    """A web tier alone: its port, and the directory of its database and keys."""

    port: int
    directory: Path


@pytest.fixture(scope="module")
def waitress(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """waitress-serve with the options of the manual."""
    directory = tmp_path_factory.mktemp("wsgi")
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8").replace("\\\n", "")
    found = re.search(r"bin/waitress-serve (.+)", manual)
    assert found is not None
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    options = [one for one in shlex.split(found[1]) if not one.startswith("--listen")]
    variables = {
        **migrated(directory),
        "SMS_GATEWAY_WEB__TRUSTED_PROXIES": "127.0.0.1",
        "SMS_GATEWAY_WEB__METRICS_TOKEN": "a token of the metrics",
    }
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", *options]
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}, stderr=subprocess.PIPE, text=True)
    with child:
        assert child.stderr is not None
        assert "Serving on" in child.stderr.readline()
        yield Served(port=port, directory=directory)
        child.terminate()


def ask(port: int, octets: bytes) -> bytes:
    answer = b""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)) as connection:
        connection.sendall(octets)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answer += piece
    return answer


def log_in(port: int, address: str) -> bytes:
    """Log in wrongly by a form of ours, as somebody behind the proxy."""
    head = f"Host: h\r\nConnection: close\r\nX-Forwarded-For: {address}\r\n".encode()
    page = ask(port, b"GET /admin/log-in HTTP/1.1\r\n" + head + b"\r\n").decode()
    token, cookie = re.search(r'name="csrf" value="([^"]+)"', page), re.search(r"(?im)^set-cookie: ([^;]+)", page)
    assert token is not None
    assert cookie is not None
    body = f"csrf={token[1]}&name=nobody&password=wrong"
    head += f"Cookie: {cookie[1]}\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()
    return ask(
        port, b"POST /admin/log-in HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s" % (head, len(body), body.encode())
    )


def test_the_options_of_the_manual_bring_bounds_and_the_real_address(waitress: Served) -> None:
    long = b"POST /mo/x HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n"
    assert ask(waitress.port, long).startswith(b"HTTP/1.1 413")
    assert (
        b" 431 " in ask(waitress.port, b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 33000 + b"\r\n\r\n").splitlines()[0]
    )
    assert log_in(waitress.port, "203.0.113.9").startswith(b"HTTP/1.1 401")
    database = open_database(
        f"sqlite:///{waitress.directory / 'gateway.db'}", keyfile.load_or_make(waitress.directory / "keys")
    )
    with closing(database), database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM address_try").all()
    assert len(rows) == 2  # the address, and the stand-in that a name of nobody's gets


def test_metrics_need_the_token_there(waitress: Served) -> None:
    head = b"GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
    assert ask(waitress.port, head + b"\r\n").startswith(b"HTTP/1.1 403")
    token = b"Authorization: Bearer a token of the metrics\r\n"
    assert ask(waitress.port, head + token + b"\r\n").startswith(b"HTTP/1.1 200")
