"""Webhooks while their receiver is down and the service is killed: each event arrives, always with the same id.

Run `.venv/bin/python -m bench.webhook_chaos [--texts 300] [--kills 20] [--speed 60] [--database sqlite]`. The real
service runs on a clock that is `speed` times as fast, so an hour of outage takes a minute. For this hour the receiver
is not there. Then it answers some events with 500, and some so late that the service is killed before it notes the
result. Texts come by HTTP, and each is sent until it is acknowledged. What holds at the end:

- each text has one event, which arrived at least once, and no event is of another text
- an event has one id, however often it arrived
- no event is lost, made up or made twice by a SIGKILL
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.request import Request, urlopen

import click

from bench.carrier import CODE, FIRST_DOSSIER, free_port
from bench.clusters import Cluster
from bench.gateway import SECRET, Installation
from bench.run import workplace

HOUR = 3600.0
ANCHOR = "BENCH_ANCHOR"
"""Variable of the child process: when the fast clock began, in seconds of the real one."""

_SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_ERRORS, _LATE = 0.1, 0.1  # parts of the requests
_LATE_SECONDS = 0.8
_PATIENCE = 240.0
_FIRST_CITIZEN = 84_970_000_000


class Receiver:
    """A system of the city: it keeps what came, and is not there before `open`."""

    def __init__(self, seed: int) -> None:
        self.port = free_port()
        self.calm = Event()  # no more errors
        self.came: dict[str, list[str]] = defaultdict(list)  # ids by code
        self.refused = 0
        self._lock, self._random = Lock(), random.Random(seed)  # noqa: S311 - when it answers badly

    def open(self) -> None:
        """Be there from now on."""
        server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()

    def take(self, key: str, body: Mapping[str, Mapping[str, str]]) -> int:
        """Keep an event; return the status of the response."""
        with self._lock:
            draw = 1.0 if self.calm.is_set() else self._random.random()
            if draw < _ERRORS:
                self.refused += 1
                return 500
            self.came[body["data"]["dossier"]].append(key)
        if draw < _ERRORS + _LATE:
            time.sleep(_LATE_SECONDS)
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self.take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = take(self.headers["webhook-id"], body)
                with suppress(OSError):  # the service was killed meanwhile
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


class Citizens(Thread):
    """Send texts one after another, each until it is acknowledged."""

    def __init__(self, port: int, count: int, seconds: float) -> None:
        super().__init__(daemon=True)
        self._port, self._count, self._pause = port, count, seconds / count
        self.codes = [CODE.replace("{n}", str(FIRST_DOSSIER + number)) for number in range(count)]
        self.again = 0

    def run(self) -> None:
        """Send them all."""
        for number, code in enumerate(self.codes):
            while not self._send(number, code):
                self.again += 1
                time.sleep(0.1)
            time.sleep(self._pause)

    def _send(self, number: int, code: str) -> bool:
        fields = {"from": str(_FIRST_CITIZEN + number), "to": "8188", "text": f"DVC {code}", "id": f"c{number}"}
        headers = {"Content-Type": "application/json", "X-Gateway-Secret": SECRET}
        url = f"http://127.0.0.1:{self._port}/mo/bench"
        try:
            with urlopen(Request(url, json.dumps(fields).encode(), headers), timeout=5) as response:
                return bool(response.status < HTTP_REFUSED)
        except (OSError, HTTPException):
            return False


HTTP_REFUSED = 300


def serve(speed: float, words: list[str]) -> None:
    """Be `sms-gateway` on a clock that is faster from the anchor on."""
    anchor = float(os.environ[ANCHOR])

    def fast_now() -> datetime:
        return datetime.fromtimestamp(anchor + (time.time() - anchor) * speed, UTC)

    importlib.import_module("sms_gateway.clock").utc_now = fast_now  # type: ignore[attr-defined]  # before it is imported anywhere
    importlib.import_module("sms_gateway.cli").main(words, prog_name="sms-gateway")


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait; return whether it came to hold."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.1)
    return holds()


@click.command()
@click.option("--texts", type=click.IntRange(1), default=300, show_default=True)
@click.option("--kills", type=click.IntRange(0), default=20, show_default=True)
@click.option("--speed", type=float, default=60, show_default=True, help="Seconds of the service in one second.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", type=int, default=19, show_default=True)
def main(texts: int, kills: int, speed: float, database: str, seed: int) -> None:
    """Kill and refuse, then compare what was asked with what arrived."""
    draw = random.Random(seed)  # noqa: S311 - when processes are killed
    with ExitStack() as stack:
        directory = stack.enter_context(workplace())
        url = stack.enter_context(Cluster()).database("hooks") if database == "postgresql" else None
        receiver, place = Receiver(seed), Installation(directory / "place", url)
        place.prepare(dossiers=texts)
        secret = Path(directory) / "webhook.secret"
        secret.touch(mode=0o600)
        secret.write_text(f"{_SIGNING}\n", "ascii")
        place.configure(
            more=f'[webhooks.lgsp]\nurl = "http://127.0.0.1:{receiver.port}/hooks"\nsecret_file = "{secret}"\n'
            'events = ["dossier.asked"]\nanswer_seconds = 1\n',
        )
        os.environ[ANCHOR] = str(time.time())
        started = time.monotonic()
        citizens = Citizens(place.web_port, texts, seconds=2 * HOUR / speed)
        through = ["-m", "bench.webhook_chaos", "--serve", str(speed)]
        opener = Thread(target=lambda: (time.sleep(HOUR / speed), receiver.open()), daemon=True)
        for number in range(kills + 1):
            with place.serving(through=through) as served:
                if number == 0:
                    citizens.start()
                    opener.start()
                if number < kills:
                    time.sleep(draw.uniform(0.2, 2 * HOUR / speed / kills))
                    os.kill(served.pid, signal.SIGKILL)
                    continue
                receiver.calm.set()
                citizens.join(_PATIENCE)
                opener.join(_PATIENCE)
                until(lambda: len(receiver.came) == texts, _PATIENCE)
                time.sleep(5)  # what would come twice, comes
    asked, came = set(citizens.codes), receiver.came
    total = sum(map(len, came.values()))
    double_ids = [code for code, keys in came.items() if len(set(keys)) > 1]
    click.echo(
        f"{texts} texts, {citizens.again} sent again; {kills} processes killed; receiver away for an hour, x{speed:.0f}"
    )
    click.echo(f"events that arrived: {len(came)}; tries that arrived: {total}; refused with 500: {receiver.refused}")
    click.echo(
        f"lost: {len(asked - came.keys())}; of no text: {len(came.keys() - asked)}; with two ids: {len(double_ids)}"
    )
    click.echo(f"{time.monotonic() - started:.0f} s")
    if asked != came.keys() or double_ids:
        raise click.ClickException("an event was lost, made up, or got another id")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(float(sys.argv[2]), sys.argv[3:])
    else:
        main()
