"""The row of `make bench` for Zalo: how fast its webhook responds while a carrier brings DVC at full speed.

Zalo waits two seconds for a response, and turns a webhook off that is late too often.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Lock, Thread

from bench.carrier import CODE, DOSSIERS, FIRST_DOSSIER, BenchError, Load
from bench.gateway import Installation
from bench.measured import Bench, Row, Target

PATIENCE_MS = 2000
"""How long Zalo waits."""

EVENTS_A_SECOND = 50
_SENDERS = 4
_FIRST_USER = 6_142_494_823_000_001
_APP = "1234567890"
_OA_SECRET = "bench-zalo-account-key"  # noqa: S105 - on loopback, for as long as the run
_SECONDS_TO_ANSWER = 15


@dataclass
class Api:
    """A double of Zalo's API: it gives tokens, and takes every answer."""

    answered: int = 0
    lock: Lock = field(default_factory=Lock)

    def respond(self, path: str) -> dict[str, object]:
        """Return the response to a request."""
        if path == "/token":
            return {"access_token": "bench-access", "refresh_token": "bench-refresh", "expires_in": "90000"}
        with self.lock:
            self.answered += 1
            return {"error": 0, "message": "Success", "data": {"message_id": f"m{self.answered}"}}


@dataclass
class Webhook:
    """Zalo's side of the webhook: events of different people, and how long each response took."""

    port: int
    milliseconds: list[float] = field(default_factory=list)
    refused: int = 0
    users: Iterator[int] = field(default_factory=lambda: count(_FIRST_USER))
    lock: Lock = field(default_factory=Lock)

    def send_on(self, over: Event) -> None:
        """Send events at a steady rate until it is over."""
        every = _SENDERS / EVENTS_A_SECOND
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            while not over.wait(every):
                with self.lock:
                    user = next(self.users)
                body, headers = signed_event(user)
                began = time.perf_counter()
                connection.request("POST", "/mo/zalo", body, headers)
                response = connection.getresponse()
                response.read()
                took = (time.perf_counter() - began) * 1000
                with self.lock:
                    self.milliseconds.append(took)
                    self.refused += response.status != 200  # noqa: PLR2004 - OK

    def quantile(self, share: float) -> float:
        """Return the milliseconds within which this share of the responses came."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def signed_event(user: int) -> tuple[bytes, dict[str, str]]:
    """Return the body and the headers of a text."""
    code = CODE.replace("{n}", str(FIRST_DOSSIER + random.randrange(DOSSIERS)))  # noqa: S311 - no secret
    stamp = str(int(time.time() * 1000))
    fields = {
        "app_id": _APP,
        "sender": {"id": str(user)},
        "recipient": {"id": "3662729599332560487"},
        "event_name": "user_send_text",
        "message": {"text": f"DVC {code}", "msg_id": f"bench-{user}"},
        "timestamp": stamp,
    }
    body = json.dumps(fields, separators=(",", ":")).encode()
    digest = sha256(_APP.encode() + body + stamp.encode() + _OA_SECRET.encode()).hexdigest()
    return body, {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={digest}"}


def zalo(bench: Bench) -> Row:
    """Measure the webhook beside DVC by SMPP, window 100."""
    place = Installation(bench.directory / "zalo")
    place.prepare()
    with _api() as (api, url):
        _configure(place, url)
        with place.serving() as served:
            load = Load(port=place.ports["main"], count=200, window=100, pids=(served.pid,))
            bench.generator.run(load)
            webhook = Webhook(port=place.web_port)
            with _sending(webhook):
                report = bench.generator.run(replace(load, count=bench.sizes.texts))
            _await(api, len(webhook.milliseconds))
    sent = len(webhook.milliseconds)
    p99 = webhook.quantile(0.99)
    return Row(
        name="zalo",
        title=f"DVC, window 100, receipts; beside it {EVENTS_A_SECOND} texts a second by Zalo",
        report=report,
        extra={
            "zalo_texts": sent,
            "zalo_p50_ms": round(webhook.quantile(0.5), 1),
            "zalo_p99_ms": round(p99, 1),
            "zalo_max_ms": round(webhook.quantile(1), 1),
        },
        reference="plain100",
        same_work="plain100_receipts",
        targets=[
            Target(name="p99 ms of Zalo's webhook", value=p99, bound=PATIENCE_MS),
            Target(
                name="texts by Zalo refused or without an answer", value=webhook.refused + sent - api.answered, bound=0
            ),
        ],
    )


@contextmanager
def _api() -> Iterator[tuple[Api, str]]:
    """Run the double of the API; give it with its address."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            """Take what was sent."""
            self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = json.dumps(api.respond(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        yield api, f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def _configure(place: Installation, url: str) -> None:
    """Set a channel of Zalo beside the link, and authorise it."""
    files = {"oa": _OA_SECRET, "app": "bench-zalo-app-key-01", "refresh": "bench-refresh-0"}
    for name, secret in files.items():
        (place.directory / f"zalo-{name}").touch(mode=0o600)
        (place.directory / f"zalo-{name}").write_text(f"{secret}\n", "ascii")
    place.configure(
        more=f"""
[channels.zalo]
network = "zalo"
secret_file = "{place.directory / "zalo-oa"}"
password_file = "{place.directory / "zalo-app"}"
send_url = "{url}/send"
options = {{ app_id = "{_APP}", token_url = "{url}/token" }}
"""
    )
    place.command("tokens", "authorise", "zalo", "--file", str(place.directory / "zalo-refresh"))


@contextmanager
def _sending(webhook: Webhook) -> Iterator[None]:
    """Send events while the block runs."""
    over = Event()
    threads = [Thread(target=webhook.send_on, args=(over,), daemon=True) for _ in range(_SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(40)
    if not webhook.milliseconds:
        raise BenchError("no text by Zalo was sent: the run was too short")


def _await(api: Api, wanted: int) -> None:
    """Wait until every text by Zalo has its answer, for some seconds."""
    deadline = time.monotonic() + _SECONDS_TO_ANSWER
    while api.answered < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
