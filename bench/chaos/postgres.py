"""A PostgreSQL that can be stopped and started again on the same port and data."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.postgres import binaries

_START_SECONDS = 30
_UNPRIVILEGED = "nobody"


class Postgres:
    """A cluster of its own, with fsync on as in earnest; PostgreSQL refuses root, so for root it runs as `nobody`."""

    def __init__(self) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="sms-chaos-pg-", dir="/tmp"))  # sockets want short paths
        self._install, self._user = binaries(), None
        if os.geteuid() == 0:
            package = self._install.parent  # the programs look for their libraries beside their package
            shutil.copytree(package.with_name(f"{package.name}.libs"), self._home / f"{package.name}.libs")
            self._install = Path(shutil.copytree(self._install, self._home / package.name / self._install.name))
            self._user = _UNPRIVILEGED
            self._home.chmod(0o755)
        self._data = self._home / "data"
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(self._data, account.pw_uid, account.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The cluster's address, without a database's name."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        settings = [f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC"]
        with (self._home / "log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own binaries
                [self._install / "bin/postgres", "-D", self._data, *(f"--{setting}" for setting in settings)],
                stdout=log,
                stderr=log,
                user=self._user,
                env=_environment(),
                cwd="/",
            )
        self._await_ready()

    def stop(self) -> None:
        """Throw every client out and stop, as in an emergency: no checkpoint, the next start recovers."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT: immediate shutdown
            self._process.wait(20)
            self._process = None

    def remove(self) -> None:
        """Stop and delete everything."""
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def _await_ready(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        ready = [str(self._install / "bin/pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False, env=_environment()).returncode:  # noqa: S603 - our own binaries
            if time.monotonic() > deadline:
                raise TimeoutError("postgres did not start")
            time.sleep(0.05)

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(  # noqa: S603 - our own binaries
            [str(self._install / "bin" / program), *words],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            env=_environment(),
            cwd="/",
        )


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "TZ": "UTC"}
