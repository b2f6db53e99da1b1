"""A machine: a PostgreSQL and a process of the gateway, in a namespace of the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from bench.two_machines.network import NET, Network, address_of
from tests.postgres import ROLE, UNPRIVILEGED, binaries, own

ROOT = Path(__file__).resolve().parents[2]
NAME = "gateway"
ADMINISTRATOR = "postgres"
_PROGRAM = "from sms_gateway.cli import main; main(prog_name='sms-gateway')"
_START_SECONDS = 30
_CONNECT_SECONDS = 2
_TEXT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.environ["PATH"]}

SERVER_SETTINGS = (
    "listen_addresses = '*'",
    "unix_socket_directories = ''",
    "wal_keep_size = '256MB'",
    "wal_sender_timeout = '10s'",
    "wal_receiver_timeout = '10s'",
    "wal_retrieve_retry_interval = '1s'",
)
"""Beside PostgreSQL's own; docs/how-to/two-machines.md gives the same."""


class Machine:
    """One of the two; `directory` is its disk."""

    def __init__(self, network: Network, name: str, directory: Path) -> None:
        self.name = name
        self.address = address_of(name)
        self._network = network
        self._directory = directory
        self._data = directory / f"{name}-data"
        self._server: subprocess.Popen[bytes] | None = None
        self._gateway: subprocess.Popen[bytes] | None = None
        self._log = directory / f"{name}-gateway.log"

    def make_primary(self) -> None:
        """Make a cluster with the gateway's role and database, and start it."""
        self._make_disk()
        self._as_server("initdb", "-D", str(self._data), "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8")
        with (self._data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write("\n".join(SERVER_SETTINGS) + "\n")
        with (self._data / "pg_hba.conf").open("a", encoding="ascii") as file:
            file.write(f"host all all {NET} trust\nhost replication all {NET} trust\n")
        self.start_server()
        self.administer(f"CREATE ROLE {ROLE} LOGIN")
        self.administer(f"CREATE DATABASE {NAME} OWNER {ROLE}")

    def follow(self, primary: Machine) -> None:
        """Become the standby of a machine, under the name of this one, and start."""
        self._make_disk()
        source = f"host={primary.address} user={ADMINISTRATOR} application_name={self.name} connect_timeout=3"
        self._as_server("pg_basebackup", "-D", str(self._data), "-d", source, "-R", "-c", "fast", "-X", "stream")
        self.start_server()

    def start_server(self) -> None:
        """Start PostgreSQL, and wait until it takes connections."""
        with (self._directory / f"{self.name}-postgres.log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603 - PostgreSQL
                self._server_words("postgres", "-D", str(self._data)), stdout=log, stderr=log, env=_TEXT, cwd="/",
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                return self.administer("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def promote(self) -> None:
        """Make the standby the primary."""
        self.administer("SELECT pg_promote()")

    def administer(self, statement: str) -> None:
        """Run a statement as the superuser."""
        address = f"postgresql://{ADMINISTRATOR}@{self.address}/postgres?connect_timeout={_CONNECT_SECONDS}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def start_gateway(self, config: Path) -> None:
        """Start the gateway with these settings."""
        with self._log.open("ab") as log:
            self._gateway = subprocess.Popen(  # noqa: S603 - our own program
                self._gateway_words("serve", "--config", str(config)), stdout=log, stderr=log, cwd=ROOT,
                start_new_session=True,
            )  # fmt: skip

    def await_gateway(self) -> None:
        """Wait until the gateway serves; raises TimeoutError."""
        deadline = time.monotonic() + _START_SECONDS
        while " serving " not in self._log.read_text("utf-8", "replace"):
            if time.monotonic() > deadline:
                raise TimeoutError("the gateway does not serve")
            time.sleep(0.1)

    def revive_gateway(self, config: Path) -> None:
        """Start the gateway again if it ended by itself, as systemd does."""
        if self._gateway is not None and self._gateway.poll() is not None:
            self.start_gateway(config)

    def command(self, config: Path, *words: str) -> str:
        """Run a command of the gateway on this machine and return what it prints; raises CalledProcessError."""
        done = subprocess.run(  # noqa: S603 - our own program
            self._gateway_words(*words, "--config", str(config)), cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def kill_gateway(self) -> None:
        """Kill the gateway: it learns nothing of it."""
        if self._gateway is not None:
            self._gateway.kill()
            self._gateway.wait(10)
            self._gateway = None

    def stop_gateway(self) -> int | None:
        """Ask the gateway to stop; return its exit code, None when it had to be killed or does not run."""
        gateway, self._gateway = self._gateway, None
        if gateway is None or gateway.poll() is not None:
            return None
        gateway.send_signal(signal.SIGTERM)
        try:
            return gateway.wait(20)
        except subprocess.TimeoutExpired:
            gateway.kill()
            gateway.wait(10)
            return None

    def lose_power(self) -> None:
        """Take the cable out, so that nobody is told, and kill everything."""
        self._network.unplug(self.name)
        self.kill_gateway()
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGKILL)  # backends have groups of their own and end without the first
            self._server.wait(10)
            self._server = None

    def _make_disk(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        own(self._data)

    def _as_server(self, program: str, *words: str) -> None:
        subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            self._server_words(program, *words), check=True, capture_output=True, env=_TEXT, cwd="/"
        )

    def _server_words(self, program: str, *words: str) -> Sequence[str]:
        as_user = ("setpriv", "--reuid", UNPRIVILEGED, "--regid", "nogroup", "--clear-groups")
        return self._network.inside(self.name, *as_user, str(binaries() / "bin" / program), *words)

    def _gateway_words(self, *words: str) -> Sequence[str]:
        return self._network.inside(self.name, sys.executable, "-c", _PROGRAM, *words)
