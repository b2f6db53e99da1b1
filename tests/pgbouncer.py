"""A real PgBouncer for the tests, as Debian ships it, in front of a PostgreSQL of the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.postgres import ROLE, START_SECONDS, UNPRIVILEGED, Postgres, free_port, own

PROGRAM = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin:/usr/local/bin")

needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed; Debian has it")


@contextmanager
def running_pgbouncer(server: Postgres, *, mode: str) -> Iterator[str]:
    """Run a pooler and give its URL for the role; in transaction mode the service has more connections than it has."""
    assert PROGRAM is not None
    servers = 4 if mode == "transaction" else 40
    home = Path(tempfile.mkdtemp(prefix="sms-gateway-pgb-", dir="/tmp"))
    port = free_port()
    (home / "users").write_text(f'"{ROLE}" ""\n')
    (home / "pgbouncer.ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = trust\nauth_file = {home / 'users'}\n"
        f"pool_mode = {mode}\ndefault_pool_size = {servers}\n"
    )
    user = None
    if os.geteuid() == 0:
        user = UNPRIVILEGED
        for path in (home, *home.iterdir()):
            own(path)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, home / "pgbouncer.ini"], stdout=log, stderr=log, user=user, cwd="/")
    try:
        _await_port(process, port)
        yield f"postgresql+psycopg://{ROLE}@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, "pgbouncer ended at its start"
            assert time.monotonic() < deadline, "pgbouncer did not start"
            time.sleep(0.05)
        else:
            return
