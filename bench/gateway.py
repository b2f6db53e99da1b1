"""The gateway as a user runs it: a settings file, a database brought up to date, and `serve` in its own process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.carrier import CODE, DOSSIERS, FIRST_DOSSIER, BenchError, free_port

SECRET = "bench-bench-bench-bench"  # noqa: S105 - of an HTTP endpoint on loopback, for as long as the run
_PASSWORD = "bench"  # noqa: S105 - as above
_START_SECONDS = 60
_STOP_SECONDS = 20
_PAUSE = 0.005


class Installation:
    """A directory with everything that one gateway needs; its links are `main` and, when asked for, `second`."""

    def __init__(self, directory: Path, url: str | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.url = url or f"sqlite:///{directory / 'gateway.db'}"
        self.key_file = directory / "keys"
        self.ports = {"main": free_port(), "second": free_port()}
        self.web_port = free_port()
        self._logs = 0

    def prepare(self, dossiers: int = DOSSIERS) -> None:
        """Make tables, keys and dossiers."""
        self.configure()
        self.command("db", "upgrade")
        table = self.directory / "dossiers.csv"
        codes = (CODE.replace("{n}", str(FIRST_DOSSIER + number)) for number in range(dossiers))
        lines = ["code,status,received_on,due_on", *(f"{code},4,2023-08-15,2023-08-30" for code in codes)]
        table.write_text("\n".join(lines) + "\n", "utf-8")
        self.command("dossiers", "import", str(table))

    def configure(self, *, window: int = 100, links: Sequence[str] = ("main",), more: str = "") -> None:
        """Write the settings, and `more` sections; what is not named has its default, as at a user's."""
        text = f"""\
[database]
url = "{self.url}"
key_file = "{self.key_file}"

[web]
second_factor = []
port = {self.web_port}

[channels.bench]
secret_file = "{self._secret_file("bench", SECRET)}"
reply_link = "{links[0]}"

[limits]
accounts_an_hour = 1000000  # one carrier here opens more accounts in a minute than a city does in an hour
answers_an_hour = 0
"""
        for link in links:
            text += f"""
[links.{link}]
host = "127.0.0.1"
port = {self.ports[link]}
system_id = "{link}"
password_file = "{self._secret_file(link, _PASSWORD)}"
window = {window}
reconnect_seconds = 0.2
"""
        self.settings.write_text(f"{text}\n{more}", "utf-8")

    def _secret_file(self, name: str, secret: str) -> Path:
        path = self.directory / f"{name}.secret"
        path.touch(mode=0o600)
        path.write_text(f"{secret}\n", "ascii")
        return path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.directory / "gateway.toml"

    def command(self, *words: str) -> str:
        """Run a command of the gateway to its end and return what it says."""
        done = subprocess.run(  # noqa: S603 - our own command
            self._words(*words), capture_output=True, check=False, text=True, env=_environment()
        )
        if done.returncode:
            raise BenchError(f"sms-gateway {' '.join(words)}: {done.stderr or done.stdout}")
        return done.stdout

    @contextmanager
    def serving(self, *, roles: str | None = None, through: Sequence[str] = ()) -> Iterator[Served]:
        """Run the service until the block ends; `through` is another program of Python that becomes it."""
        self._logs += 1
        log = self.directory / f"serve-{self._logs}.log"
        words = self._words("serve", through=through) + (["--roles", roles] if roles else [])
        started = time.monotonic()
        with log.open("wb") as out:
            process = subprocess.Popen(words, stdout=out, stderr=out, env=_environment())  # noqa: S603
        try:
            served = Served(process, log, started)
            served.await_event("serving")
            yield served
        finally:
            end(process)

    def _words(self, *words: str, through: Sequence[str] = ()) -> list[str]:
        program = through or [str(Path(sys.executable).with_name("sms-gateway"))]
        return [sys.executable, *program, *words, "--config", str(self.settings)]


class Served:
    """One running process of the service."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, started: float) -> None:
        self._process = process
        self._started = started
        self.log = log
        self.pid = process.pid

    def await_event(self, name: str) -> float:
        """Wait until the log tells this event; return the seconds since the process was started."""
        deadline = self._started + _START_SECONDS
        while f" {name} " not in self.log.read_text("utf-8", "replace").replace("\n", " "):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise BenchError(f"the gateway did not tell `{name}`:\n{self.log.read_text('utf-8', 'replace')}")
            time.sleep(_PAUSE)
        return time.monotonic() - self._started

    def faults(self) -> list[str]:
        """Return the lines of the log that tell of errors."""
        return [line for line in self.log.read_text("utf-8", "replace").splitlines() if " ERROR " in line.upper()]


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process of ours, gently if it can be."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SMS_GATEWAY_")}
