"""Kannel under the load of the benchmark: Debian's bearerbox and smsbox, and an application that looks a dossier up.

    python -m bench.kannel DOSSIERS.db PORT     # only the application, on loopback

Kannel passes each text to the application over HTTP, and sends the body of its response as the answer. Its store is on
disk (`store-type = spool`), as in the example of its user guide. It does not sync the store.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.carrier import BenchError, free_port
from bench.gateway import end

_ROOT = Path(__file__).parents[1]
_CODE = re.compile(rb"\d[\d.]*\.H17-\d{6}-\d+")
_START_SECONDS = 15
_PAUSE = 0.05

SETTINGS = """
group = core
admin-port = {admin}
admin-password = bench
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
store-type = spool
store-location = {store}
dlr-storage = internal
log-file = {log}/bearerbox.log
log-level = 3

group = smsc
smsc = smpp
smsc-id = bench
host = 127.0.0.1
port = {carrier}
transceiver-mode = true
smsc-username = plain
smsc-password = plain
system-type = bench
max-pending-submits = {window}
reconnect-delay = 1
source-addr-ton = 0
source-addr-npi = 1
dest-addr-ton = 1
dest-addr-npi = 1

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {boxes}
sendsms-port = {send}
sendsms-interface = 127.0.0.1
log-file = {log}/smsbox.log
log-level = 3
global-sender = 8188

group = sms-service
keyword = default
catch-all = true
get-url = "http://127.0.0.1:{application}/?text=%b"
max-messages = 1
omit-empty = true
accept-x-kannel-headers = true
"""
"""Settings of bearerbox, of its link and of smsbox; {window} is the window of the row."""


def _find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def is_installed() -> bool:
    """Tell whether Debian's package `kannel` is there."""
    return _find("bearerbox") is not None and _find("smsbox") is not None


@contextmanager
def kannel(directory: Path, dossiers: Path, *, carrier: int, window: int) -> Iterator[Sequence[int]]:
    """Run the application and Kannel; give the numbers of the three processes. Kannel binds by itself."""
    if not is_installed():
        raise BenchError("Kannel is not installed; fix: apt-get install kannel, or leave its rows out with --rows")
    store = directory / "kannel"
    (store / "store").mkdir(parents=True, exist_ok=True)
    ports = {name: free_port() for name in ("admin", "boxes", "send", "application")}
    places = {**ports, "carrier": carrier, "window": window, "log": store, "store": store / "store"}
    settings = store / "kannel.conf"
    settings.write_text(SETTINGS.format(**places), "ascii")
    programs = [
        (ports["application"], [sys.executable, "-m", "bench.kannel", str(dossiers), str(ports["application"])]),
        (ports["boxes"], [str(_find("bearerbox")), "-v", "4", str(settings)]),
        (ports["send"], [str(_find("smsbox")), "-v", "4", str(settings)]),
    ]
    with ExitStack() as stack:
        pids = []
        for port, words in programs:
            process = subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - programs of this table
            stack.callback(end, process)
            _await_port(port, process, words[0])
            pids.append(process.pid)
        yield pids


def _await_port(port: int, process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_PAUSE)
    raise BenchError(f"{name} does not listen on its port")


class _Application(asyncio.Protocol):
    """The city's program behind Kannel: one look-up a request, over connections that stay open."""

    def __init__(self, rows: sqlite3.Connection) -> None:
        self._rows = rows
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection, to answer by it."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what a server is given
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            found = _CODE.search(head)
            code = found[0].decode("ascii") if found else ""
            row = self._rows.execute("SELECT code, status FROM dossier WHERE code = ?", (code,)).fetchone()
            words = f"Ho so {row[0]}: trang thai {row[1]}. Hoi them: 1022" if row else "Khong tim thay. Hoi them: 1022"
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=UTF-8\r\nX-Kannel-DLR-Mask: 3\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(words), words.encode())
            )


async def _serve(dossiers: str, port: int) -> None:
    rows = sqlite3.connect(dossiers)
    server = await asyncio.get_running_loop().create_server(lambda: _Application(rows), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
