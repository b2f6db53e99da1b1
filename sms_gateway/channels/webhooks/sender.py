"""Sends the events of one receiver: one thread in the one process that has its duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

from db.processes.webhook_deliveries import Delivery, Tried, TryResult, find_due, read_endpoint, record_tries
from db.processes.webhook_dossiers import STEP, has_asked, spread_asked
from db.store.engine import Database
from sms_gateway.channels.http.proofs.standard_webhooks import key_of, sign
from sms_gateway.channels.http.sending.connection import ConnectionTerms, ProviderConnection
from sms_gateway.channels.http.sending.departure import OutgoingRequest, target_of
from sms_gateway.channels.webhooks.plan import after_try
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import event, logger_of

LOOKED_EVERY = 0.5
"""Seconds between two looks for events that are due."""

AT_ONCE = 50
"""Events of one look: a receiver that stops or slows down is noticed after each."""

MOST_UNWRITTEN, UNWRITTEN_SECONDS = 50, 0.25
"""How many results, and of how long, are written in one commit: on SQLite each commit waits for the disk, and texts
wait for the commit. A process that dies sends these events again, with the ids that they had."""

WATCHED_EVERY = 0.5
"""Seconds between two looks at the response in hand: one that trickles in has a deadline, too."""

CONNECT_SECONDS = 5.0
STOP_SECONDS = 0.3
"""How long a stop waits for the request in hand. Its event goes again later, with the same id."""

_LOG = logger_of(__name__)


class WebhookCounters(Protocol):
    """What counts tries."""

    def webhook_tried(self, endpoint: str, outcome: str) -> None:
        """Count a try: `delivered`, `failed`, `given_up` or `stopped`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookTerms:
    """Where events go, and what signs them."""

    name: str
    url: str = field(repr=False)
    secrets: Sequence[str] = field(repr=False)  # the current one first; both sign while it is changed
    answer_seconds: float
    ca_file: Path | None = None


class WebhookSender:
    """Sends what is due, oldest first, one request at a time. It may be started again after a stop.

    Each event goes at least once, always with the same id: its result is written soon after the response. A process
    that dies between the two sends it again, and so does another one that takes the duty over.
    """

    def __init__(self, terms: WebhookTerms, database: Database, counters: WebhookCounters, *, now: Now) -> None:
        self._terms = terms
        self._database = database
        self._counters = counters
        self._now = now
        self._stopping = Event()
        self._connection = ProviderConnection(
            ConnectionTerms(
                url=terms.url,
                connect_seconds=min(CONNECT_SECONDS, terms.answer_seconds),
                answer_seconds=terms.answer_seconds,
                ca_file=terms.ca_file,
            )
        )
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to send."""
        self._stopping = stopping = Event()
        self._thread = Thread(target=self._run, args=(stopping,), name=f"webhook-{self._terms.name}", daemon=True)
        self._thread.start()
        Thread(target=self._watch, args=(stopping,), name=f"webhook-{self._terms.name}-watch", daemon=True).start()

    def stop(self) -> None:
        """End soon: the request in hand is cut."""
        self._stopping.set()
        thread, self._thread = self._thread, None
        if thread is None:
            self._connection.close()
            return
        self._connection.cut()
        thread.join(STOP_SECONDS)

    def send_due(self, stopping: Event | None = None) -> int:
        """Send what is due now, and write what came of it; return how many events were tried."""
        name = self._terms.name
        self._spread()
        with self._database.read() as connection:
            endpoint = read_endpoint(connection, name)
            now = self._now()
            if endpoint.stopped_at is not None or (endpoint.not_before is not None and endpoint.not_before > now):
                return 0
            due = find_due(connection, name, now=now, limit=AT_ONCE)
        return self._send_each(due, endpoint.failures, stopping)

    def _send_each(self, due: Sequence[Delivery], failures: int, stopping: Event | None) -> int:
        """Send events one after another, up to the first that fails; write what came of them, some in one commit."""
        tried, unwritten, since = 0, list[Tried](), monotonic()
        try:
            for one in due:
                if stopping is not None and stopping.is_set():
                    break
                since = since if unwritten else monotonic()
                result = self._send(one, failures)
                tried += 1
                unwritten.append((one, result))
                if not result.delivered:
                    break  # the receiver rests
                if len(unwritten) >= MOST_UNWRITTEN or monotonic() - since >= UNWRITTEN_SECONDS:
                    self._write(unwritten)
                    unwritten = []
        finally:
            self._write(unwritten)
        return tried

    def _spread(self) -> None:
        """Make the events of dossiers that citizens asked for, also those of other receivers."""
        with self._database.read() as connection:
            waits = has_asked(connection)
        while waits:
            with self._database.write() as connection:
                waits = spread_asked(connection) == STEP

    def _watch(self, stopping: Event) -> None:
        while not stopping.wait(WATCHED_EVERY):
            self._connection.cut_if_late()

    def _run(self, stopping: Event) -> None:
        while not stopping.is_set():
            try:
                tried = self.send_due(stopping)
            except Exception as error:  # noqa: BLE001 - the database is away, most likely; the next look tries again
                event(_LOG, "webhook_round_failed", level="warning", endpoint=self._terms.name, error=error)
                tried = 0
            if tried < AT_ONCE:
                stopping.wait(LOOKED_EVERY)
        self._connection.close()

    def _send(self, one: Delivery, failures: int) -> TryResult:
        came = self._connection.send(self._request(one))
        return after_try(came, tries=one.tries, failures=failures, now=self._now())

    def _write(self, tried: Sequence[Tried]) -> None:
        if not tried:
            return
        with self._database.write() as connection:
            written = record_tries(connection, tried)
        for one, result in written:
            outcome = _outcome(result)
            self._counters.webhook_tried(one.endpoint, outcome)
            if outcome != "delivered":
                event(
                    _LOG,
                    "webhook_failed",
                    level="error" if result.stops else "warning",
                    endpoint=one.endpoint,
                    outcome=outcome,
                    status=result.status,
                    tries=one.tries + 1,
                )

    def _request(self, one: Delivery) -> OutgoingRequest:
        body = one.payload.encode()
        stamp = str(int(self._now().timestamp()))
        keys = [key for secret in self._terms.secrets if (key := key_of(secret)) is not None]
        signatures = [sign(key=key, name=one.key, stamp=stamp, body=body) for key in keys]
        return OutgoingRequest(
            method="POST",
            target=target_of(self._terms.url),
            headers={
                "Content-Type": "application/json",
                "webhook-id": one.key,
                "webhook-timestamp": stamp,
                "webhook-signature": " ".join(signatures),
            },
            body=body,
        )


def _outcome(result: TryResult) -> str:
    if result.delivered:
        return "delivered"
    if result.stops:
        return "stopped"
    return "failed" if result.next_try is not None else "given_up"
