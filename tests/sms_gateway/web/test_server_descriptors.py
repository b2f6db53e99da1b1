"""The web server with few descriptors: it waits, takes no core for that, and says so once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sms_gateway.settings.model import WebSettings
from sms_gateway.web.server import WebServer

SERVED = """
import json, logging, os, resource, sys, threading, time
from sms_gateway.log import setup
from sms_gateway.settings.model import LogSettings, WebSettings
from sms_gateway.web.server import WebServer

def application(environ, start_response):
    while sys.argv[1] == "busy" and not is_over.is_set():
        time.sleep(0.1)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

is_over = threading.Event()
setup(LogSettings())
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
server = WebServer(application, WebSettings(port=0, threads=2))
resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
server.start()
held = []
if sys.argv[1] == "starved":
    while True:
        try:
            held.append(os.dup(0))
        except OSError:
            break
print(server.port, flush=True)
sys.stdin.readline()
started = time.process_time()
time.sleep(2)
used = time.process_time() - started
for one in held:
    os.close(one)
spare = 0
try:
    while spare < 10:
        held.append(os.dup(0))
        spare += 1
except OSError:
    pass
for one in held[-spare:]:
    os.close(one)
is_over.set()
print(json.dumps({"seconds": used, "spare": spare}), flush=True)
sys.stdin.readline()
server.stop(2)
"""


@contextmanager
def served(how: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the server in a process of its own with 64 descriptors; give it and its port."""
    child = subprocess.Popen(
        [sys.executable, "-c", SERVED, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        yield child, int(child.stdout.readline())


def say(child: subprocess.Popen[str]) -> None:
    assert child.stdin is not None
    child.stdin.write("\n")
    child.stdin.flush()


@pytest.mark.parametrize(
    ("how", "told_of"),
    [
        ("starved", 'accept_paused reason="no descriptors left"'),
        ("busy", 'accept_paused reason="too many connections"'),  # each brought a whole request: none gives way
        ("idle", "connections_closed connections=1 address=127.0.0.1"),
    ],
)
def test_connections_wait_without_a_busy_core_or_a_full_log(how: str, told_of: str) -> None:
    with served(how) as (child, port):
        connections = []
        for _ in range(100):
            connections.append(socket.create_connection(("127.0.0.1", port), timeout=10))
            connections[-1].sendall(b"GET / HTTP/1.0\r\n\r\n" if how == "busy" else b"")
        say(child)
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        assert told["seconds"] < 0.5  # of two
        assert told["spare"] == 10  # links and database could still open something
        for one in connections:
            one.close()
        with socket.create_connection(("127.0.0.1", port), timeout=10) as late:
            late.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert late.recv(100).startswith(b"HTTP/1.0 200")
        say(child)
        _, log = child.communicate(timeout=20)
    assert child.returncode == 0
    lines = [line for line in log.splitlines() if line]
    assert len(lines) <= 2, log
    assert told_of in lines[-1]


def test_a_stop_writes_to_no_descriptor_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that ends wakes the server's thread too; here it does so just before `stop` does."""
    server = WebServer(lambda _environ, _start_response: [], WebSettings(port=0))
    server.start()
    write = os.write
    pulled: list[int] = []

    def write_late(descriptor: int, octets: bytes) -> int:
        if not pulled:
            pulled.append(write(descriptor, octets))
            deadline = time.monotonic() + 10
            while server.alive():
                assert time.monotonic() < deadline
                time.sleep(0.01)
        return write(descriptor, octets)

    monkeypatch.setattr(os, "write", write_late)
    server.stop(5)
    assert pulled == [1]
    assert not server.alive()
