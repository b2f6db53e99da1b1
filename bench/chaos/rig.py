"""The rig: a database, a simulated carrier, and the gateway as processes of its own that may be killed."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text

from bench.chaos.carriers import RigCarrier, SmppCarrier
from db.store.engine import Database, open_database
from db.store.sealing import Keyring
from db.upkeep.revision import upgrade
from sms_gateway.demo.simulator import Faults
from sms_gateway.process import keyfile
from tests.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30.0
_NAME = "chaos"
_MIB = 1 << 20


class Home(Protocol):
    """Where the rows are, and what can be done to it."""

    url: str

    def open(self, keyring: Keyring) -> Database:
        """Open the database to count in it."""

    def lock(self, seconds: float) -> None:
        """Hold the database against all writers."""

    def vanish(self, seconds: float) -> None:
        """Let the database be gone, or full, for so long."""

    def remove(self) -> None:
        """Delete everything."""


class SqliteHome:
    """An SQLite file, on a small file system of its own when root may mount one."""

    def __init__(self, directory: Path, *, size_mib: int = 512) -> None:
        self._disk = directory / "disk"
        self._disk.mkdir()
        self.mounted = _mount(self._disk, size_mib)
        self.path = self._disk / "gateway.db"
        self.url = f"sqlite:///{self.path}"

    def open(self, keyring: Keyring) -> Database:
        """Open the database to count in it."""
        return open_database(self.url, keyring)

    def lock(self, seconds: float) -> None:
        """Hold the file's write lock."""
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=20)
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    def vanish(self, seconds: float) -> None:
        """Fill the disk for so long; without a disk of our own the file is only locked."""
        if not self.mounted:
            self.lock(seconds)
            return
        filler = self._disk / "filler"
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(b"\0" * _MIB)
                    file.flush()
            except OSError:  # full
                pass
        time.sleep(seconds)
        filler.unlink()

    def remove(self) -> None:
        """Unmount, and leave the rows in the directory."""
        if self.mounted:
            shutil.copy(self.path, self._disk.parent)
            subprocess.run(["umount", "--lazy", str(self._disk)], check=False)  # noqa: S603, S607 - the system's own umount


class PostgresHome:
    """A PostgreSQL of its own."""

    def __init__(self) -> None:
        self._server = Postgres()
        self.url = self._server.start().create_database(_NAME)

    def open(self, keyring: Keyring) -> Database:
        """Open the database to count in it."""
        return open_database(self.url, keyring)

    def lock(self, seconds: float) -> None:
        """Hold the tables of the pipeline against all writers."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE inbound, outbound IN EXCLUSIVE MODE"))
            time.sleep(seconds)
        engine.dispose()

    def vanish(self, seconds: float) -> None:
        """Stop the server as in an emergency, and start it again after so long."""
        self._server.stop()
        time.sleep(seconds)
        self._server.start()

    def remove(self) -> None:
        """Stop and delete it."""
        self._server.remove()


class Process:
    """One process of the gateway, started again under the same settings as often as wanted."""

    def __init__(self, rig: Rig, number: int, roles: str | None) -> None:
        self._rig = rig
        self._roles = roles
        self._log = rig.directory / f"gateway-{number}.log"
        self._web_port = rig.carrier.web_port(number)
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0

    def start(self, die: str | None = None, poison: str | None = None) -> None:
        """Start it; with `die` it ends by itself at that point, with `poison` of each text that holds it."""
        words = ["serve", "--config", str(self._rig.config)]
        words += ["--roles", self._roles] if self._roles else []
        fate = [*(["--die", die] if die else []), *(["--poison", poison] if poison else [])]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "bench.chaos.launcher", *fate, "--clock", str(self._rig.clock), "--", *words],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={
                    **os.environ,
                    "SMS_GATEWAY_WEB__PORT": str(self._web_port),
                    "SMS_GATEWAY_LOG__LEVEL": "info",
                },
            )
        self.starts += 1

    @property
    def pid(self) -> int:
        """The process's number; 0 when it was never started."""
        return 0 if self._process is None else self._process.pid

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._process is not None and self._process.poll() is None

    def await_death(self, seconds: float) -> int | None:
        """Wait for its end; None when it lives on."""
        try:
            return None if self._process is None else self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """Kill it as nothing else kills: it learns nothing of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def tell(self, number: signal.Signals) -> None:
        """Send a signal."""
        if self.alive() and self._process is not None:
            self._process.send_signal(number)

    def stop(self, seconds: float = 20.0) -> int | None:
        """Ask it to stop and return its exit code; None when it had to be killed."""
        self.tell(signal.SIGTERM)
        code = self.await_death(seconds)
        if code is None:
            self.kill()
        return code

    def peak_mib(self) -> float:
        """Return the most memory it had, in MiB."""
        if not self.alive() or self._process is None:
            return 0.0
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024

    def log(self) -> str:
        """Return what it has logged, of all its starts."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""


class Rig:
    """Everything that a run needs, in a directory of its own."""

    def __init__(
        self,
        directory: Path,
        home: Home,
        *,
        roles: Sequence[str | None] = (None,),
        window: int = 10,
        faults: Faults | None = None,
        carrier: RigCarrier | None = None,
        more: str = "",
    ) -> None:
        self.directory = directory
        self.home = home
        self.clock = directory / "clock"
        self.clock.write_text("0", encoding="ascii")
        self.config = directory / "gateway.toml"
        self.carrier: RigCarrier = carrier or SmppCarrier(faults=faults)
        key_file = directory / "keys"
        self.keyring = keyfile.load_or_make(key_file)
        self.config.write_text(
            f'[database]\nurl = "{home.url}"\nkey_file = "{key_file}"\n'
            f"{self.carrier.section(directory, window)}"
            f"[limits]\naccounts_an_hour = 1000000\nanswers_an_hour = 0\n{more}",
            encoding="utf-8",
        )
        self.database = home.open(self.keyring)
        upgrade(self.database)
        self.carrier.prepare(self.database)
        self.carrier.start()
        self.processes = [Process(self, number, role) for number, role in enumerate(roles, start=1)]

    def skew(self, seconds: float) -> None:
        """Set the gateway's clock wrong by so much."""
        self.clock.write_text(str(seconds), encoding="ascii")
        for process in self.processes:
            process.tell(signal.SIGUSR1)

    @property
    def smsc(self) -> SmppCarrier:
        """The carrier of a rig with an SMPP link."""
        if not isinstance(self.carrier, SmppCarrier):
            raise TypeError("this rig has no SMSC")
        return self.carrier

    def await_bind(self, seconds: float = START_SECONDS) -> float:
        """Wait until the carrier reaches the gateway; return for how long."""
        started = time.monotonic()
        self.carrier.await_gateway(seconds)
        return time.monotonic() - started

    def close(self) -> None:
        """End everything."""
        for process in self.processes:
            process.stop()
        self.carrier.stop()
        self.database.close()
        self.home.remove()


def _mount(directory: Path, size_mib: int) -> bool:
    if os.geteuid() != 0:
        return False
    words = ["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "tmpfs", str(directory)]
    return subprocess.run(words, check=False, capture_output=True).returncode == 0  # noqa: S603 - the system's own mount


def raise_limits() -> None:
    """Let this process have the sockets that a long run wants."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
